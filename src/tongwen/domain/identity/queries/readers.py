"""A library's readers: one by her number, many by what people type; and files of readers on their way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from tongwen.core import statements, tenancy
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import searching

SQL = statements.read(Path(__file__).resolve().parents[1] / "sql" / "readers.sql")
MOST_COUNTED = 10_001
"""Hits are counted up to here; nobody reads on, and counting a million takes longer than finding them."""

_RUNNING = "the worker looks after the files of all libraries"
_PAGE = 50


class Difference(NamedTuple):
    """A reader whom a file would enter, change or let expire; `before` has what stands where it differs."""

    line: int
    number: str
    values: dict[str, str]
    before: dict[str, str]


def reader_by_number(institution_id: int, number: str) -> types.Reader:
    """Return a library's reader by her number, capitals or not; raises UnknownReader.

    A connector whose subject is the number finds with it to whom a library's own log-in belongs.
    """
    with tenancy.scope(institution_id):
        row = models.Reader.objects.filter(number=number.strip().upper()).first()
    if row is None:
        raise types.UnknownReader("the library has no reader with this number")
    return _reader(row)


def reader(reader_id: int) -> types.Reader:
    """Return a reader of the institution in scope; raises UnknownReader."""
    row = models.Reader.objects.filter(pk=reader_id).first()
    if row is None:
        raise types.UnknownReader(f"there is no reader {reader_id}")
    return _reader(row)


def readers_of_person(person_id: int) -> tuple[types.Reader, ...]:
    """Return as which readers a person is known, in all libraries."""
    rows = models.Reader.objects.unscoped("a person may see where she is a reader").filter(person_id=person_id)
    return tuple(map(_reader, rows.order_by("pk")))


def find_readers(text: str, *, state: str = "", today: dt.date, page: int = 1) -> tuple[list[types.Reader], int]:
    """Return a page of the readers of the institution in scope whose words all begin so, and how many there are.

    `state`: `valid`, `expired` or "". Counted up to `MOST_COUNTED`.
    """
    institution_id = tenancy.current()
    facts: dict[str, Any] = {
        "institution": institution_id,
        "question": searching.reader_question(institution_id, text),
        "state": state,
        "today": today,
        "limit": _PAGE,
        "offset": (page - 1) * _PAGE,
        "most": MOST_COUNTED,
    }
    if text.strip() and not facts["question"]:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(SQL["find"], facts)
        found = [types.Reader(*row) for row in cursor.fetchall()]
        cursor.execute(SQL["count_found"], facts)
        return found, int(cursor.fetchone()[0])


def reader_import(import_id: int) -> types.ReaderImport:
    """Return a file of readers of the institution in scope; raises UnknownImport."""
    row = models.ReaderImport.objects.filter(pk=import_id).first()
    if row is None:
        raise types.UnknownImport(f"there is no file of readers {import_id}")
    return _import(row)


def reader_imports(*, limit: int = 20) -> tuple[types.ReaderImport, ...]:
    """Return the files of readers of the institution in scope, the newest first."""
    return tuple(map(_import, models.ReaderImport.objects.order_by("-pk")[:limit]))


def unfinished_imports() -> tuple[tuple[int, int], ...]:
    """Return (institution, number) of the files on which a worker has still to work."""
    rows = models.ReaderImport.objects.unscoped(_RUNNING).filter(
        state__in=[types.ImportState.WAITING.value, types.ImportState.TAKING.value]
    )
    return tuple(rows.values_list("institution_id", "pk"))


def problems(import_id: int, *, page: int = 1) -> list[types.ReaderProblem]:
    """Return a page of what is wrong with the lines of a file, in their order."""
    reader_import(import_id)
    rows = models.ReaderProblem.objects.filter(reader_import_id=import_id).order_by("line", "pk")
    return [_problem(row) for row in rows[(page - 1) * _PAGE : page * _PAGE]]


def all_problems(import_id: int) -> Iterator[types.ReaderProblem]:
    """Yield everything that is wrong with the lines of a file, in their order."""
    reader_import(import_id)
    rows = models.ReaderProblem.objects.filter(reader_import_id=import_id).order_by("line", "pk")
    return (_problem(row) for row in rows.iterator())


def differences(import_id: int, kind: str, *, today: dt.date, page: int = 1) -> list[Difference]:
    """Return a page of what a checked file would do; `kind` is new, changed or missing."""
    found = reader_import(import_id)
    facts: dict[str, Any] = {
        "import": import_id,
        "institution": found.institution_id,
        "today": today,
        "limit": _PAGE,
        "offset": (page - 1) * _PAGE,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL[f"list_{kind}"], facts)
        return [_difference(row) for row in cursor.fetchall()]


_COLUMNS = ("display_name", "category", "department", "email", "expires_on")


def _difference(row: tuple[object, ...]) -> Difference:
    line, number, *rest = row
    values = dict(zip(_COLUMNS, (_text(one) for one in rest[:5]), strict=True))
    stands = dict(zip(_COLUMNS, (_text(one) for one in rest[5:]), strict=False))
    before = {column: value for column, value in stands.items() if value != values[column]}
    return Difference(int(str(line)), str(number), values, before)


def _text(value: object) -> str:
    if isinstance(value, dt.date):
        return (value - dt.timedelta(days=1)).isoformat()
    return "" if value is None else str(value)


def _reader(row: models.Reader) -> types.Reader:
    return types.Reader(
        row.pk,
        row.institution_id,
        row.number,
        row.display_name,
        row.category,
        row.department,
        row.email,
        row.expires_on,
        row.person_id,
    )


def _problem(row: models.ReaderProblem) -> types.ReaderProblem:
    return types.ReaderProblem(row.line, row.column, types.LineFault(row.code), row.value)


def _import(row: models.ReaderImport) -> types.ReaderImport:
    return types.ReaderImport(
        id=row.pk,
        institution_id=row.institution_id,
        file_name=row.file_name,
        size=row.size,
        offset=row.offset,
        state=types.ImportState(row.state),
        missing=row.missing,
        counts=row.counts,
        findings=row.findings,
        created_by=row.created_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
