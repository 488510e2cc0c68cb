"""Files of readers: received, checked line by line, and taken over as a whole or not at all.

A check stages the lines by COPY in batches and compares them with what stands by SQL, so that neither the file nor the
readers are ever in memory as a whole. Taking over is one transaction.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone

from tongwen.core import audit, blobs, jobs, locks
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import readers as reading
from tongwen.domain.identity.rules import reader_files, searching
from tongwen.domain.identity.types import ImportState, LineFault

RUN_JOB = "identity.readers.run"
MOST_PROBLEMS = 10_000
"""So many problems of a file are kept; all are counted."""

_BATCH = 5_000
_BLOCK = 1 << 20
_COPY = (
    "COPY reader_staged (reader_import_id, line, number, display_name, category, department, email, expires_on, keys)"
    " FROM STDIN (FORMAT BINARY)"
)
_TYPES = ("int8", "int4", "varchar", "varchar", "varchar", "varchar", "varchar", "date", "text")
_SHARED = "the same bytes may have been handed in by another library"

Advance = Callable[[int, int], None]
"""Called with the bytes read and the lines read."""


@transaction.atomic
def receive_readers(*, institution_id: int, file: BinaryIO, file_name: str, actor: str, now: dt.datetime) -> int:
    """Keep a file of readers and have it checked; returns its number.

    Raises:
        UnreadableReaders: the file is empty. OSError: the disk is full.
    """
    key, size = blobs.keep(file)
    if not size:
        raise types.UnreadableReaders(LineFault.EMPTY_FILE)
    row = models.ReaderImport.objects.create(
        institution_id=institution_id,
        file_name=file_name[:255],
        blob_key=key,
        size=size,
        state=ImportState.WAITING.value,
        created_by=actor,
        created_at=now,
    )
    _defer(row)
    return row.pk


def _defer(row: models.ReaderImport) -> None:
    jobs.defer(RUN_JOB, once=f"readers {row.pk}", import_id=row.pk, institution_id=row.institution_id)


def _row(import_id: int, *, lock: bool = False) -> models.ReaderImport:
    rows = models.ReaderImport.objects.select_for_update() if lock else models.ReaderImport.objects
    row = rows.filter(pk=import_id).first()
    if row is None:
        raise types.UnknownImport(f"there is no file of readers {import_id}")
    return row


def run_import(*, import_id: int, now: dt.datetime, advance: Advance = lambda _bytes, _lines: None) -> None:
    """Do what a file of readers waits for: be checked, or be taken over. Where another process does, nothing."""
    with locks.try_hold(_lock(import_id)) as is_ours:
        if not is_ours:
            return
        state = ImportState(_row(import_id).state)
        if state is ImportState.WAITING:
            _check(import_id, now, advance)
        elif state is ImportState.TAKING:
            _take_over(import_id, now)


def _lock(import_id: int) -> str:
    return f"readers {import_id}"


def _check(import_id: int, now: dt.datetime, advance: Advance) -> None:
    row = _row(import_id)
    models.StagedReader.objects.filter(reader_import_id=import_id).delete()  # Of a check that was killed.
    models.ReaderProblem.objects.filter(reader_import_id=import_id).delete()
    row.findings = {}
    try:
        number, faults = _stage(row, advance)
    except types.UnreadableReaders as unreadable:
        row.findings |= {"fault": unreadable.fault.value, "line": unreadable.line, "what": unreadable.what}
        _finish(row, ImportState.UNREADABLE, now)
        return
    with transaction.atomic():
        row.counts = {"lines": number, "problems": faults, **_compared(row, now)}
        if row.counts["problems"]:
            _finish(row, ImportState.FAULTY, now)
        else:
            row.state = ImportState.CHECKED.value
            row.save()


def _finish(row: models.ReaderImport, state: ImportState, now: dt.datetime) -> None:
    """End the work on a file; what it says of people is not kept longer than it is needed."""
    row.state, row.finished_at = state.value, now
    row.save()
    models.StagedReader.objects.filter(reader_import_id=row.pk).delete()
    others = models.ReaderImport.objects.unscoped(_SHARED).filter(blob_key=row.blob_key, finished_at=None)
    if not others.exists():
        transaction.on_commit(lambda: blobs.remove(row.blob_key))


def _stage(row: models.ReaderImport, advance: Advance) -> tuple[int, int]:
    """Read the file into the staging table; returns how many lines it has and how many problems."""
    with blobs.read(row.blob_key) as source:
        charset = reader_files.charset_of(iter(lambda: source.read(_BLOCK), b""))
    with blobs.read(row.blob_key) as source, io.TextIOWrapper(source, charset, newline="") as text:
        lines = reader_files.rows(text)
        begins, cells = next(lines, (0, []))
        if not cells:
            raise types.UnreadableReaders(LineFault.EMPTY_FILE)
        head = reader_files.heading(cells)
        row.findings |= {"charset": charset, "columns": list(head.columns), "ignored": list(head.ignored)}
        number = faults = 0
        while batch := list(islice(lines, _BATCH)):
            number += len(batch)
            if number > reader_files.MOST_LINES:
                raise types.UnreadableReaders(LineFault.TOO_MANY_LINES, line=begins)
            faults += _stage_batch(row, batch, head, MOST_PROBLEMS - faults)
            row.offset = source.tell()
            row.counts = {"lines": number, "problems": faults}
            row.save(update_fields=["offset", "counts"])
            advance(row.offset, number)
            jobs.check_stopping()
    return number, faults


@transaction.atomic
def _stage_batch(
    row: models.ReaderImport, batch: list[tuple[int, list[str]]], head: reader_files.Heading, room: int
) -> int:
    good, bad = [], []
    for line, cells in batch:
        reader, problems = reader_files.read(line, cells, head)
        if reader is not None:
            good.append(reader)
        bad.extend(problems)
    _copy(row, good)
    models.ReaderProblem.objects.bulk_create(
        models.ReaderProblem(reader_import=row, line=one.line, column=one.column, code=one.fault.value, value=one.value)
        for one in bad[: max(0, room)]
    )
    return len(bad)


def _copy(row: models.ReaderImport, readers: list[reader_files.Line]) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for one in readers:
            keys = searching.reader_keys(row.institution_id, one.number, one.display_name)
            copy.write_row(
                (
                    row.pk,
                    one.line,
                    one.number,
                    one.display_name,
                    one.category,
                    one.department,
                    one.email,
                    one.expires_on,
                    keys,
                )
            )


def _facts(row: models.ReaderImport, now: dt.datetime) -> dict[str, Any]:
    return {
        "import": row.pk,
        "institution": row.institution_id,
        "today": timezone.localdate(now),
        "now": now,
        "limit": MOST_PROBLEMS,
    }


def _compared(row: models.ReaderImport, now: dt.datetime) -> dict[str, int]:
    """Compare the staged lines with each other and with what stands; returns the counts."""
    facts = _facts(row, now)
    with connection.cursor() as cursor:
        cursor.execute(reading.SQL["drop_identical"], facts)
        identical = cursor.rowcount
        cursor.execute(reading.SQL["note_doubles"], facts)
        doubles = cursor.rowcount
    problems = int(row.counts.get("problems", 0)) + doubles
    return {"identical": identical, "problems": problems, **_outcomes(row, now)}


def _outcomes(row: models.ReaderImport, now: dt.datetime) -> dict[str, int]:
    facts = _facts(row, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reader_staged")
        cursor.execute(reading.SQL["count_outcomes"], facts)
        new, changed, lines = cursor.fetchone()
        cursor.execute(reading.SQL["count_missing"], facts)
        return {
            "new": new,
            "changed": changed,
            "unchanged": lines - new - changed,
            "missing": int(cursor.fetchone()[0]),
        }


@transaction.atomic
def take_over_readers(*, import_id: int, missing: types.Missing, actor: str, now: dt.datetime) -> None:
    """Have a checked file taken over; `missing` says what becomes of readers whom it does not name.

    Raises:
        UnknownImport. NotImportable: the file is not checked, or has problems.
    """
    row = _row(import_id, lock=True)
    if row.state != ImportState.CHECKED:
        raise types.NotImportable(f"the file is {row.state}, not checked")
    row.state, row.missing = ImportState.TAKING.value, missing.value
    row.save(update_fields=["state", "missing"])
    audit.record(
        at=now,
        actor=actor,
        action="readers.import",
        subject=f"file of readers {row.pk}",
        institution_id=row.institution_id,
        choice=missing.value,
        counts=row.counts,
    )
    _defer(row)


@transaction.atomic
def _take_over(import_id: int, now: dt.datetime) -> None:
    """Make the readers those of the file; where they have changed since the check, show what would happen now."""
    row = _row(import_id, lock=True)
    locks.hold_until_commit(f"readers of {row.institution_id}")
    outcomes = _outcomes(row, now)
    if any(row.counts[name] != number for name, number in outcomes.items()):
        row.state = ImportState.CHECKED.value
        row.counts |= outcomes
        row.findings |= {"changed_since": True}
        row.save()
        return
    facts = _facts(row, now)
    with connection.cursor() as cursor:
        if row.missing == types.Missing.EXPIRE:
            cursor.execute(reading.SQL["expire_missing"], facts)
        cursor.execute(reading.SQL["take_over"], facts)
        cursor.execute(reading.SQL["follow_expiry"], facts)
    _finish(row, ImportState.DONE, now)


@transaction.atomic
def cancel_readers(*, import_id: int, actor: str, now: dt.datetime) -> None:
    """Throw a checked file away; nothing has been changed by it.

    Raises:
        UnknownImport. NotImportable: it is at work or at its end.
    """
    row = _row(import_id, lock=True)
    if row.state != ImportState.CHECKED:
        raise types.NotImportable(f"the file is {row.state}, not checked")
    _finish(row, ImportState.CANCELLED, now)
    audit.record(
        at=now,
        actor=actor,
        action="readers.cancel",
        subject=f"file of readers {row.pk}",
        institution_id=row.institution_id,
    )


def requeue_imports() -> int:
    """Put files of readers on the queue whose worker was killed; returns how many."""
    orphans = [
        (institution_id, import_id)
        for institution_id, import_id in reading.unfinished_imports()
        if not jobs.waits(f"readers {import_id}") and not locks.is_held(_lock(import_id))
    ]
    for institution_id, import_id in orphans:
        jobs.defer(RUN_JOB, once=f"readers {import_id}", import_id=import_id, institution_id=institution_id)
    return len(orphans)


@transaction.atomic
def fail_import(*, import_id: int, reason: str, now: dt.datetime) -> None:
    """End the work on a file that the system could not do; nothing has been changed by it."""
    row = _row(import_id, lock=True)
    row.findings |= {"reason": reason}
    _finish(row, ImportState.FAILED, now)


def report(import_id: int, words: Callable[[types.ReaderProblem], tuple[str, str]]) -> Iterator[str]:
    """Yield a CSV of a file's problems that is safe to open in a spreadsheet; `words` gives (column, sentence)."""
    yield "\ufeff"
    for one in reading.all_problems(import_id):
        column, sentence = words(one)
        cells = (str(one.line), column, sentence, reader_files.safe_cell(one.value))
        yield ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells) + "\r\n"
