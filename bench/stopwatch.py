"""Time spent in named functions while they are called as ever: each second goes to the innermost of them."""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Step:
    """What a step took on this thread: seconds by the clock, and seconds of computing.

    `calls` counts its own calls, `inner` those of steps right inside it, for `without_costs`.
    """

    wall: float = 0.0
    cpu: float = 0.0
    calls: int = 0
    inner: int = 0


@dataclass(slots=True)
class _Open:
    wall: float
    cpu: float
    inner_wall: float = 0.0
    inner_cpu: float = 0.0
    inner: int = 0


class Stopwatch:
    """Steps in the order in which they are first met. One thread only."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.missing: list[str] = []
        self._open: list[_Open] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the block for the step, less what steps inside it count."""
        self._begin()
        try:
            yield
        finally:
            self._end(name)

    @contextmanager
    def watching(self, *functions: tuple[str, str]) -> Iterator[None]:
        """Count calls of the functions, each given as (`module:name` or `module:Class.name`, step), in the block.

        One that is not there (any more) is noted in `missing`: its time goes to the step around it.
        """
        replaced: list[tuple[Any, str, Any]] = []
        try:
            for path, step in functions:
                module, _, name = path.partition(":")
                *parents, last = name.split(".")
                owner: Any = importlib.import_module(module)
                for parent in parents:
                    owner = getattr(owner, parent, None)
                original = getattr(owner, last, None)
                if original is None:
                    self.missing.append(path)
                    continue
                replaced.append((owner, last, original))
                setattr(owner, last, self._timed(original, step))
            yield
        finally:
            for owner, name, original in reversed(replaced):
                setattr(owner, name, original)

    def _timed(self, function: Callable[..., Any], step: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            self._begin()
            try:
                return function(*arguments, **options)
            finally:
                self._end(step)

        return timed

    def _begin(self) -> None:
        self._open.append(_Open(time.perf_counter(), time.thread_time()))

    def _end(self, name: str) -> None:
        ended = self._open.pop()
        wall, cpu = time.perf_counter() - ended.wall, time.thread_time() - ended.cpu
        step = self.steps.setdefault(name, Step())
        step.wall += wall - ended.inner_wall
        step.cpu += cpu - ended.inner_cpu
        step.calls += 1
        step.inner += ended.inner
        if self._open:
            self._open[-1].inner += 1
            self._open[-1].inner_wall += wall
            self._open[-1].inner_cpu += cpu


_TRIES = 20_000


def without_costs(steps: dict[str, Step]) -> dict[str, Step]:
    """Return the steps less what looking at the clocks added to each and to the one around it."""
    watch = Stopwatch()
    nothing = watch._timed(lambda: None, "inside")  # noqa: SLF001  This module's own.
    with watch.step("around"):
        for _ in range(_TRIES):
            nothing()
    inside, around = watch.steps["inside"], watch.steps["around"]
    return {
        name: Step(
            max(0.0, one.wall - (one.calls * inside.wall + one.inner * around.wall) / _TRIES),
            max(0.0, one.cpu - (one.calls * inside.cpu + one.inner * around.cpu) / _TRIES),
            one.calls,
            one.inner,
        )
        for name, one in steps.items()
    }
