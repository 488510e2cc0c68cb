"""Watch processes from outside: their computing time and memory, as Linux counts them in /proc."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_EVERY_SECONDS = 0.5
_SHARES_EVERY = 10
"""Shared memory is split among its users every tenth look: the kernel walks all pages to answer, which takes time from
what is measured."""

Kind = Callable[[str], str]
"""Names the kind of a process from its command line."""


@dataclass(slots=True)
class _Seen:
    kind: str
    began: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What the processes of one kind used: seconds of CPU, bytes of memory.

    `largest` is the peak of the largest single process with all memory it shares; `together` the peak of their
    sum with shared pages counted once (PSS), 0 where the system does not tell.
    """

    cpu_seconds: float
    largest: int
    together: int
    processes: int


class Watch:
    """The process trees below some roots, looked at twice a second while the block runs."""

    def __init__(self, roots: dict[int, Kind]) -> None:
        self._roots = roots
        self._seen: dict[int, _Seen] = {}
        self._together: dict[str, int] = defaultdict(int)
        self._stop = threading.Event()
        self._before = {root: tree_cpu(root) for root in roots}
        self._looks = 0

    def usage(self) -> dict[str, Usage]:
        """Return what each kind has used so far."""
        kinds: dict[str, list[_Seen]] = defaultdict(list)
        for one in self._seen.values():
            kinds[one.kind].append(one)
        return {
            kind: Usage(
                cpu_seconds=sum(one.cpu - one.began for one in ones),
                largest=max(one.peak for one in ones),
                together=self._together[kind],
                processes=len(ones),
            )
            for kind, ones in kinds.items()
        }

    def tree_seconds(self, root: int) -> float:
        """Return the CPU seconds that a living root, its children and those that have ended used since the start."""
        return tree_cpu(root) - self._before[root]

    @contextmanager
    def running(self) -> Iterator[Watch]:
        """Look while the block runs, and once more at its end."""
        self._look(first=True)
        looker = threading.Thread(target=self._go_on, name="watch", daemon=True)
        looker.start()
        try:
            yield self
        finally:
            self._stop.set()
            looker.join()
            self._look()

    def _go_on(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self._look()

    def _look(self, *, first: bool = False) -> None:
        self._looks += 1
        shares: dict[str, int] = defaultdict(int)
        for root, kind_of in self._roots.items():
            for pid in tree(root):
                with suppress(OSError, IndexError, ValueError):
                    self._look_at(pid, kind_of, first=first)
                    if self._looks % _SHARES_EVERY == 0:
                        shares[self._seen[pid].kind] += _share(pid)
        for kind, size in shares.items():
            self._together[kind] = max(self._together[kind], size)

    def _look_at(self, pid: int, kind_of: Kind, *, first: bool) -> None:
        own, _ = _cpu(pid)
        peak = _peak(pid)
        seen = self._seen.get(pid)
        if seen is None:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            # What a process did before the watch began is not the watch's; one born later counts from its birth.
            self._seen[pid] = _Seen(kind_of(line), own if first else 0.0, own, peak)
        else:
            seen.cpu, seen.peak = own, max(seen.peak, peak)


def tree(root: int) -> list[int]:
    """Return a process and all that descend from it, those that have ended meanwhile left out."""
    found = [root]
    for pid in found:
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found.extend(map(int, (task / "children").read_text().split()))
    return found


def tree_cpu(root: int) -> float:
    """Return the CPU seconds of a process tree, including children that have ended and were waited for."""
    total = 0.0
    for pid in tree(root):
        with suppress(OSError):
            total += sum(_cpu(pid))
    return total


def _cpu(pid: int) -> tuple[float, float]:
    """Return the CPU seconds of a process, and of those of its children that have ended (proc(5), stat 14-17)."""
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    user, system, children_user, children_system = map(int, fields[11:15])
    return (user + system) * _TICK, (children_user + children_system) * _TICK


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _share(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
