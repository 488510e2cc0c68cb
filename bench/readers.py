"""A library's file of readers: how quickly it is checked and taken over, in how much memory, and how readers are found.

The peer is what any program must do at least: read the same file with Python's csv module and copy its cells into a
table with the same keys, without checking, comparing or making them searchable.
"""

from __future__ import annotations

import csv
import itertools
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import figures, saying, scratch

LINES = 100_000
LIBRARIES = 10
"""So many libraries with the same readers are searched: a million in all."""

_ROUNDS = 50
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗单曾"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华文辉玲建国志红春梅雪晨宇轩涵怡"
_QUESTIONS = {
    "a number": "R0050000",
    "a name": "王秀英",
    "pinyin": "wangxiu",
    "initials": "wxy",
    "two words": "wang 英",
}


def measure(folder: Path) -> dict[str, Any]:
    """Bring the file into a fresh installation and return seconds, lines per second, and memory."""
    file = folder / "readers.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(_lines())
    with scratch.fresh(folder / "readers") as made, saying.doing(f"bringing {LINES:,} readers in"):
        for number in range(LIBRARIES):
            scratch.enter_library(made, f"R{number:02}")
        return made.inside("readers", str(file))


def _lines() -> Iterator[list[str]]:
    yield ["读者证号", "姓名", "类型", "院系", "邮箱", "有效期"]
    names = itertools.cycle(itertools.product(_SURNAMES, _GIVEN, _GIVEN))
    for number, name in zip(range(LINES), names, strict=False):
        kind = "本科生" if number % 5 else "教师"
        department, address = f"院系 {number % 40}", f"r{number}@example.org"
        yield [f"R{number:07}", "".join(name), kind, department, address, "2029-06-30"]


def ask(file: Path) -> dict[str, Any]:
    """Check, take over, check again, search; then do what the peer does (runs inside)."""
    from tongwen.core import tenancy
    from tongwen.domain.members import queries as members

    before = _memory()
    libraries = [one.id for one in members.institutions()][-LIBRARIES:]
    with tenancy.scope(libraries[0]):
        checking, taking = _bring_in(file, libraries[0])
        again, _ = _bring_in(file, libraries[0])
        grown = _memory() - before
        _copy_to(libraries)
        found = {name: _searched(text) for name, text in _QUESTIONS.items()}
    return {
        "lines": LINES,
        "checking": checking,
        "taking": taking,
        "again": again,
        "peer": _peer(file, libraries[0]),
        "megabytes": round(grown),
        "readers": LINES * LIBRARIES,
        "searches": found,
    }


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bring_in(file: Path, institution_id: int) -> tuple[float, float]:
    from tongwen.core import clock
    from tongwen.domain.identity import types
    from tongwen.domain.identity.services import readers

    began = time.perf_counter()
    with file.open("rb") as source:
        number = readers.receive_readers(
            institution_id=institution_id, file=source, file_name=file.name, actor="bench", now=clock.now()
        )
    readers.run_import(import_id=number, now=clock.now())
    checked = time.perf_counter()
    readers.take_over_readers(import_id=number, missing=types.Missing.EXPIRE, actor="bench", now=clock.now())
    readers.run_import(import_id=number, now=clock.now())
    return round(checked - began, 2), round(time.perf_counter() - checked, 2)


def _copy_to(libraries: list[int]) -> None:
    """Give the other libraries the same readers, each found under its own number."""
    from django.db import connection

    with connection.cursor() as cursor:
        for one in libraries[1:]:
            cursor.execute(
                "INSERT INTO reader (institution_id, number, display_name, category, department, email, expires_on,"
                " keys, entered_at, changed_at)"
                " SELECT %s, number, display_name, category, department, email, expires_on, array_to_tsvector(ARRAY("
                "  SELECT regexp_replace(word, '^[0-9]+/', %s) FROM unnest(tsvector_to_array(keys)) word)),"
                " entered_at, changed_at FROM reader WHERE institution_id = %s",
                [one, f"{one}/", libraries[0]],
            )
        cursor.execute("ANALYZE reader")


def _searched(text: str) -> dict[str, float]:
    from tongwen.core import clock
    from tongwen.domain.identity.queries import readers

    times, hits = [], 0
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        hits = readers.find_readers(text, today=clock.today())[1]
        times.append((time.perf_counter() - began) * 1000)
    return {"hits": hits, "ms": round(figures.median(times), 2), "slowest": round(max(times), 2)}


def _peer(file: Path, institution_id: int) -> float:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor, file.open(encoding="utf-8", newline="") as source:
        cursor.execute(
            "CREATE TEMP TABLE peer (institution bigint, number text, name text, category text, department text,"
            " email text, expires date, UNIQUE (institution, number))"
        )
        lines = csv.reader(source)
        next(lines)
        with cursor.copy("COPY peer FROM STDIN") as copy:
            for line in lines:
                copy.write_row((institution_id, *line))
    return round(time.perf_counter() - began, 2)
