"""Four libraries load overlapping files at once, beside a reader, an editor and a revert; then one after the other.

The union that comes of it must be the same: the same records at one bib, every holding once, no bib twice.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from bench import load, records, rewritten, saying, scratch

WHOLE = 50_000
_BYTES_A_RECORD = 40_000
"""Five files, kept in both installations, with five libraries' holdings."""

_LOG_BYTES = 9 << 30
_PARTS = (
    rewritten.Part("LIB1", 0.6, "forwards", None),
    rewritten.Part("LIB2", 0.6, "forwards", rewritten.own),
    rewritten.Part("LIB3", 0.6, "backwards", None),
    rewritten.Part("LIB4", 0.6, "shuffled", rewritten.brief),
)
_REVERTED = rewritten.Part("LIB5", 0.3, "shuffled", None)
_REVERT_AT = 0.2
"""The revert begins when so much of the files is stored."""

_POLL_SECONDS = 0.5
_EXAMPLES = 10
_HOLDINGS = """
SELECT i.code, h.source_id, h.bib_id, b.state FROM holding h JOIN institution i ON i.id = h.institution_id
JOIN bib b ON b.id = h.bib_id
"""
_EMPTY_BIBS = """
SELECT count(*) FROM bib WHERE state = 'active' AND NOT EXISTS (SELECT 1 FROM holding WHERE bib_id = bib.id)
"""
_LOGGED = re.compile(r"\b(?:ERROR|FATAL|PANIC):(?!  role .* does not exist).*")
"""What the server complained of; pg_isready asks without a user's name, which the server notes and answers."""

Number = tuple[str, str]
"""A library and its own number for a record."""


@dataclass(slots=True)
class _Files:
    """Each library's file, how many records are in it, and all numbers that must be held in the end."""

    paths: dict[str, Path] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def expected(self) -> set[Number]:
        return {(one.library, number) for one in _PARTS for number in self.numbers[one.library]}

    @property
    def records(self) -> int:
        return sum(len(self.numbers[one.library]) for one in _PARTS)


def measure(folder: Path, number: int) -> dict[str, Any]:
    """Load at once and in turn and compare.

    Raises:
        NoSpace, Disagreement (a holding lost or doubled, a deadlock, a process that failed), CommandFailed, NoRecords
    """
    number = min(number, records.ALL)
    scratch.need(folder, number * _BYTES_A_RECORD + _LOG_BYTES)
    source = records.provide(folder, number)
    files = _Files()
    with saying.doing("writing five overlapping files"):
        for part in (*_PARTS, _REVERTED):
            path, numbers = rewritten.overlapping(source, folder, part, number)
            files.paths[part.library], files.numbers[part.library] = path, numbers
    with scratch.fresh(folder / "at-once") as made:
        at_once = _at_once(made, files, source)
        union, facts = _seen(made, files)
        at_once |= facts
    with scratch.fresh(folder / "in-turn") as made:
        in_turn = _in_turn(made, files)
        expected, facts = _seen(made, files)
        in_turn |= facts
    for path in files.paths.values():
        path.unlink()
    return {
        "records": number,
        "delivered": files.records,
        "files": {
            one.library: {"records": len(files.numbers[one.library]), "order": one.order, "as": _manner(one)}
            for one in (*_PARTS, _REVERTED)
        },
        "at_once": at_once,
        "in_turn": in_turn,
        "comparison": _compared(union, expected),
    }


def _manner(part: rewritten.Part) -> str:
    return part.rewrite.__name__ if part.rewrite else "as delivered by LC"


def _prepare(made: scratch.Installation, files: _Files) -> int:
    """Enter the libraries, load the file that will be reverted, and return its batch."""
    for part in (*_PARTS, _REVERTED):
        scratch.enter_library(made, part.library)
    path = str(files.paths[_REVERTED.library])
    with saying.doing("loading the batch that will be reverted"):
        report = json.loads(made.tongwen("load", path, "--library", _REVERTED.library, "--json"))
    return int(report["batch"])


def _at_once(made: scratch.Installation, files: _Files, source: Path) -> dict[str, Any]:
    batch = _prepare(made, files)
    stop = made.home / "stop"
    inside = [sys.executable, "-m", "bench.inside"]
    with ExitStack() as stack:
        reader = stack.enter_context(_running(made, [*inside, "reader", str(source), str(stop)]))
        editor = stack.enter_context(_running(made, [*inside, "editor", str(stop)]))
        saying.say(f"four loads at once, {files.records:,} records")
        began = time.perf_counter()
        loads = [
            stack.enter_context(
                _running(made, made.command("load", str(files.paths[one.library]), "--library", one.library, "--json"))
            )
            for one in _PARTS
        ]
        _wait_for(made, batch, loads, round(files.records * _REVERT_AT))
        revert = stack.enter_context(_running(made, made.command("revert", str(batch), "--json")))
        reports = [_report(one) for one in loads]
        seconds = time.perf_counter() - began
        reverted = _report(revert)
        stop.touch()
        return {
            "seconds": round(seconds, 1),
            "per_second": round(files.records / seconds),
            "loads": [{name: one[name] for name in ("new", "matched", "review", "rejected")} for one in reports],
            "revert": {"state": reverted["state"], "left": len(reverted["left"])},
            "reader": _report(reader),
            "editor": _report(editor),
        }


class _Started(NamedTuple):
    """A running command, and the files that it writes to: a pipe that nobody empties would stop it."""

    process: subprocess.Popen[str]
    output: IO[str]
    errors: IO[str]


@contextmanager
def _running(made: scratch.Installation, command: list[str]) -> Iterator[_Started]:
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, stdout=output, stderr=errors, text=True, env=made.environment, cwd=scratch.ROOT
        )
        with scratch.ended(process):
            yield _Started(process, output, errors)


def _report(started: _Started) -> Any:
    """Wait for a command and return what it reports. Raises CommandFailed with what it said instead."""
    started.process.wait()
    started.output.seek(0)
    started.errors.seek(0)
    output = started.output.read()
    if started.process.returncode:
        raise scratch.CommandFailed(f"{started.process.args!r}: {started.errors.read().strip() or output.strip()}")
    return json.loads(output[output.index("{") :])


def _wait_for(made: scratch.Installation, earlier: int, loads: list[_Started], number: int) -> None:
    """Wait until the loads have stored so many records together, or one of them has ended."""
    statement = f"SELECT coalesce(sum((counts->>'read')::int), 0) FROM batch WHERE id > {earlier}"
    while all(one.process.poll() is None for one in loads) and made.value(statement) < number:
        time.sleep(_POLL_SECONDS)


def _in_turn(made: scratch.Installation, files: _Files) -> dict[str, Any]:
    batch = _prepare(made, files)
    saying.say("the same files one after the other")
    began = time.perf_counter()
    reports = [
        json.loads(made.tongwen("load", str(files.paths[one.library]), "--library", one.library, "--json"))
        for one in _PARTS
    ]
    seconds = time.perf_counter() - began
    made.tongwen("revert", str(batch), "--json")
    return {
        "seconds": round(seconds, 1),
        "per_second": round(files.records / seconds),
        "loads": [{name: one[name] for name in ("new", "matched", "review", "rejected")} for one in reports],
    }


def _seen(made: scratch.Installation, files: _Files) -> tuple[dict[Number, int], dict[str, Any]]:
    """Return where every holding stands, and facts of the union. Raises Disagreement where it is damaged."""
    bibs = load.check_index(made)
    with made.connect() as connection:
        rows = connection.execute(_HOLDINGS).fetchall()
    union = {(code, number): bib_id for code, number, bib_id, _ in rows}
    rejected = made.value("SELECT count(*) FROM batch_problem WHERE severity = 'error'")
    missing, extra = files.expected - union.keys(), union.keys() - files.expected
    astray = [row for row in rows if row[3] != "active"]
    if len(missing) > rejected or extra or astray or len(rows) != len(union):
        raise load.Disagreement(
            f"{len(missing)} holdings lost ({sorted(missing)[:3]}), {len(extra)} too many ({sorted(extra)[:3]}), "
            f"{len(astray)} at bibs that are not active, {len(rows) - len(union)} doubled"
        )
    logged = _LOGGED.findall((made.database_folder / "server.log").read_text(errors="replace"))
    if any("deadlock" in line for line in logged):
        raise load.Disagreement(f"the database saw a deadlock: {logged[:3]}")
    return union, {
        "bibs": bibs,
        "holdings": len(rows),
        "missing": len(missing),
        "bibs_without_holdings": made.value(_EMPTY_BIBS),
        "reviews": made.value("SELECT count(*) FROM review WHERE verdict = ''"),
        "errors_in_the_log": {"number": len(logged), "first": sorted(set(logged))[:_EXAMPLES]},
        "duplicates": made.inside("duplicates"),
    }


def _compared(union: dict[Number, int], expected: dict[Number, int]) -> dict[str, Any]:
    """Return whether the same records stand together, and examples of those that do not."""
    found, wanted = _partition(union), _partition(expected)
    differing = [number for number in sorted(expected) if found.get(number) != wanted[number]]
    groups = {wanted[number] for number in differing}
    return {
        "bibs": [len(set(union.values())), len(set(expected.values()))],
        "same": not differing,
        "records_that_stand_otherwise": len(differing),
        "examples": [
            {
                "in_turn": sorted(map(" ".join, group)),
                "at_once": sorted({tuple(sorted(map(" ".join, found.get(one, frozenset())))) for one in group}),
            }
            for group in sorted(groups, key=sorted)[:_EXAMPLES]
        ],
    }


def _partition(union: dict[Number, int]) -> dict[Number, frozenset[Number]]:
    groups: dict[int, set[Number]] = defaultdict(set)
    for number, bib_id in union.items():
        groups[bib_id].add(number)
    frozen = {bib_id: frozenset(group) for bib_id, group in groups.items()}
    return {number: frozen[bib_id] for number, bib_id in union.items()}
