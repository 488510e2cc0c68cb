"""A file from the disk until all its records can be searched, by the command that people use; then the same again."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from bench import figures, following, peer, saying, scratch
from bench.watching import Usage, Watch

_STEPS_RECORDS = 20_000
_LOADED = "SELECT string_agg(DISTINCT state || ' ' || file_name, ', ') FROM batch"
_OUTCOMES = ("new", "matched", "review", "unchanged", "updated", "deleted", "rejected")


class Disagreement(RuntimeError):
    """What was loaded and what can be searched are not the same: the figures would be worth nothing."""


FAILURES = (Disagreement, peer.PeerFailed)


class _Seen(NamedTuple):
    """What was seen of a command: by the clock, its CPU with its workers', the database server's, and its report."""

    seconds: float
    command_cpu: float
    server_cpu: float
    usage: dict[str, Usage]
    progress: following.Progress
    report: dict[str, Any]


def measure(folder: Path, file: Path, *, records: int, runs: int) -> dict[str, Any]:
    """Load `runs` times on empty installations, Zebra after each; the last installation stays for other parts."""
    ours, again, zebra = [], [], []
    for number in range(1, runs + 1):
        home = folder / "installation"
        if (home / "setup.stamp").exists():
            scratch.remove(home)
        with scratch.installation(home) as made:
            saying.say(f"run {number} of {runs}: tongwen load, {records:,} records")
            ours.append(run(made, file, records))
            _check_searchable(made, records)
            saying.say(f"run {number} of {runs}: the same file again")
            again.append(run(made, file, records))
        zebra.append(peer.index(folder, file, records))
    steps = _steps(folder / "steps", file, records)
    typical = _typical(ours)
    rival = zebra[0] if "skipped" in zebra[0] else _typical(zebra)
    return {
        "records": records,
        "runs": runs,
        "file_bytes": file.stat().st_size,
        "tongwen": typical,
        "all_seconds": [one["seconds"] for one in ours],
        "reload": _typical(again),
        "zebra": rival,
        "ratio": None if "skipped" in rival else _ratio(typical, rival),
        "steps": steps,
    }


def _steps(home: Path, file: Path, records: int) -> Any:
    """Return where the time goes, seen on an installation of its own that is empty at first and gone afterwards."""
    if home.exists():
        scratch.remove(home)
    with scratch.installation(home) as made, saying.doing("where the time goes"):
        found = made.inside("steps", str(file), str(min(records, _STEPS_RECORDS)), str(made.server_pid))
    scratch.remove(home)
    return found


def _ratio(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """Return Tongwen's rate and CPU a record as multiples of the peer's."""
    return {
        "rate": round(ours["per_second"] / theirs["per_second"], 2),
        "cpu": round(ours["cpu_us"]["together"] / theirs["cpu_us"]["together"], 2),
    }


def prepare(folder: Path, file: Path) -> None:
    """Load the file without measuring, for the other parts, where that is not done yet."""
    home = folder / "installation"
    if (home / "setup.stamp").exists():
        with scratch.installation(home) as made:
            if made.value(_LOADED) == f"loaded {file.name}":
                return
        scratch.remove(home)
    with scratch.installation(home) as made, saying.doing("loading, unmeasured"):
        made.tongwen("load", str(file), "--library", scratch.LIBRARY, "--json")


def run(made: scratch.Installation, file: Path, records: int, *, library: str = scratch.LIBRARY) -> dict[str, Any]:
    """Run `tongwen load` to its end and return what it took and what came of it."""
    seen = _watched(made, made.command("load", str(file), "--library", library, "--json"))
    if seen.report["read"] != records:
        raise Disagreement(f"{records:,} records were given, {seen.report['read']:,} were read")
    workers = seen.usage["workers"].cpu_seconds if "workers" in seen.usage else 0.0
    cpu = _per_record({"main": seen.command_cpu - workers, "workers": workers, "postgres": seen.server_cpu}, records)
    rate = round(records / seen.seconds)
    saying.say(f"  {rate:,} records/s, {cpu['together']} µs CPU a record")
    return {
        "seconds": round(seen.seconds, 2),
        "per_second": rate,
        "cpu_us": cpu,
        "seconds_to_first": round(seen.progress.points[:2][-1][0], 2),
        "segments": _segments(seen.progress, records, seen.seconds),
        "pieces": seen.progress.pieces(min(following.SEGMENT, max(1, records // 5))),
        "sizes": seen.progress.sizes,
        "memory_mb": {
            kind: {"largest": figures.megabytes(one.largest), "together": figures.megabytes(one.together)}
            for kind, one in seen.usage.items()
        },
        "outcome": {name: seen.report[name] for name in _OUTCOMES},
    }


def _watched(made: scratch.Installation, command: list[str]) -> _Seen:
    """Run a loading command, watching it, its workers and the database server."""
    server = made.server_pid
    with (
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as errors,
        following.following(made) as progress,
    ):
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=made.environment)
        watch = Watch({process.pid: _kind_of_loader, server: lambda _line: "postgres"})
        with scratch.ended(process), watch.running():
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - progress.began
            server_cpu = watch.tree_seconds(server)
            process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        output.seek(0)
        if process.returncode:
            raise scratch.CommandFailed(f"tongwen load: {errors.read().strip()}")
        report = json.load(output)
    return _Seen(seconds, used.ru_utime + used.ru_stime, server_cpu, watch.usage(), progress, report)


def _kind_of_loader(line: str) -> str:
    if "spawn_main" in line:
        return "workers"
    return "tracker" if "resource_tracker" in line else "main"


def _segments(progress: following.Progress, records: int, seconds: float) -> list[dict[str, Any]]:
    """Return the rates of the first and last 50,000 records (a fifth, where there are fewer than 250,000).

    The first counts from the start of the command, the last until everything is searchable.
    """
    size = min(following.SEGMENT, records // 5)
    first, last = progress.seconds_at(size), seconds - progress.seconds_at(records - size)
    return [
        {"part": name, "records": size, "seconds": round(took, 2), "per_second": round(size / max(took, 1e-9))}
        for name, took in (("first", first), ("last", last))
    ]


def _check_searchable(made: scratch.Installation, records: int) -> None:
    check_index(made)
    holdings = made.value("SELECT count(*) FROM holding")
    rejected = made.value("SELECT (counts->>'rejected')::int FROM batch ORDER BY id DESC LIMIT 1") or 0
    if holdings + rejected > records:
        raise Disagreement(f"{holdings:,} holdings of {records:,} records, {rejected:,} rejected")


def check_index(made: scratch.Installation) -> int:
    """Return the number of active bibs; raises Disagreement unless exactly as many documents can be searched."""
    bibs: int = made.value("SELECT count(*) FROM bib WHERE state = 'active'")
    documents = made.inside("count")
    if documents != bibs:
        raise Disagreement(f"{documents:,} documents, {bibs:,} bibs")
    return bibs


def _per_record(cpu: dict[str, float], records: int) -> dict[str, float]:
    """Return µs a record by kind of process, and together."""
    parts = {kind: round(seconds * 1e6 / records, 1) for kind, seconds in cpu.items()}
    return {**parts, "together": round(sum(parts.values()), 1)}


def _typical(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the run of the median duration, whole: its parts belong together."""
    middle = figures.median([one["seconds"] for one in results])
    return next(one for one in results if one["seconds"] == middle)
