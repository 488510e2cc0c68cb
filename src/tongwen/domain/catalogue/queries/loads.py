"""Reading batches and their reports, in the scope of the library that loads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch, BatchEntry, BatchProblem
from tongwen.domain.catalogue.queries import records
from tongwen.standards.marc import types as marc

PAGE = 50
_TO_RUN = (types.BatchState.PREVIEWING.value, types.BatchState.LOADING.value)


def _batch(row: Batch) -> types.Batch:
    counts = types.BatchCounts(**row.counts)
    return types.Batch(
        id=row.pk,
        institution_id=row.institution_id,
        file_name=row.file_name,
        size=row.size,
        format=marc.Format(row.format) if row.format else None,
        charset=marc.Charset(row.charset) if row.charset else None,
        state=types.BatchState(row.state),
        counts=counts,
        preview_counts=types.BatchCounts(**row.preview_counts) if row.preview_counts is not None else None,
        offset=row.offset,
        message=row.message,
        evidence=row.evidence,
        created_by=row.created_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        rate=counts.read / row.seconds if row.seconds else 0.0,
        priority=types.Priority(row.priority),
        profile=row.profile["name"] if row.profile else "",
    )


class BatchSearch(NamedTuple):
    """Which batches are meant: part of the file's name, state, first and last day on which they were handed in."""

    text: str = ""
    state: types.BatchState | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None


_ALL = BatchSearch()


def batches(
    institution_id: int, page: int = 1, search: BatchSearch = _ALL, *, size: int = PAGE
) -> tuple[types.Batch, ...]:
    """Return a page of the institution's batches, the newest first. Days are those of the installation's time zone.

    State WAITING finds those that are to run and that nobody has begun.
    """
    rows = Batch.objects.filter(institution_id=institution_id)
    if search.text:
        rows = rows.filter(file_name__icontains=search.text)
    if search.state is types.BatchState.WAITING:
        rows = rows.filter(state__in=_TO_RUN, started_at__isnull=True)
    elif search.state is not None:
        rows = rows.filter(state=search.state.value)
        if search.state.value in _TO_RUN:
            rows = rows.filter(started_at__isnull=False)
    if search.from_date is not None:
        rows = rows.filter(created_at__gte=_midnight(search.from_date))
    if search.to_date is not None:
        rows = rows.filter(created_at__lt=_midnight(search.to_date + dt.timedelta(days=1)))
    start = (page - 1) * size
    return tuple(_batch(row) for row in rows.order_by("-pk")[start : start + size])


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def batch(batch_id: int) -> types.Batch:
    """Return a batch of the institution in scope. Raises UnknownBatch."""
    row = Batch.objects.filter(pk=batch_id).first()
    if row is None:
        raise types.UnknownBatch(f"no batch {batch_id} of this institution")
    return _batch(row)


def problems(
    batch_id: int, *, severity: marc.Severity | None = None, page: int = 1
) -> tuple[tuple[types.RecordProblem, ...], int]:
    """Return a page of a batch's findings in the order of the file, and how many there are in all."""
    batch(batch_id)
    rows = BatchProblem.objects.filter(batch_id=batch_id)
    if severity is not None:
        rows = rows.filter(severity=severity.value)
    start = (page - 1) * PAGE
    found = rows.order_by("ordinal", "pk").defer("raw").extra(select={"has_bytes": "raw IS NOT NULL"})
    return tuple(_problem(row) for row in found[start : start + PAGE]), rows.count()


def _problem(row: BatchProblem) -> types.RecordProblem:
    return types.RecordProblem(
        ordinal=row.ordinal,
        offset=row.offset,
        control_number=row.control_number,
        code=row.code,
        severity=marc.Severity(row.severity),
        tag=row.tag,
        position=row.position,
        detail=row.detail,
        has_bytes=bool(row.has_bytes),  # type: ignore[attr-defined]
    )


def rejected_bytes(batch_id: int) -> Iterator[bytes]:
    """Yield the bytes of a batch's rejected records in the order of the file. Raises UnknownBatch."""
    batch(batch_id)
    rows = BatchProblem.objects.filter(batch_id=batch_id, raw__isnull=False).order_by("ordinal")
    raws = rows.values_list("raw", flat=True).iterator(chunk_size=500)
    return (bytes(raw) for raw in raws if raw is not None)


class BatchBib(NamedTuple):
    """One record of a batch and the bib it became part of."""

    ordinal: int
    control_number: str
    bib_id: int
    title: str
    lang: str
    reverted: str


def batch_bibs(batch_id: int, outcome: types.Outcome, page: int = 1) -> tuple[tuple[BatchBib, ...], int]:
    """Return a page of the records with this outcome, with the titles of their bibs, and how many there are."""
    batch(batch_id)
    rows = BatchEntry.objects.filter(batch_id=batch_id, outcome=outcome.value).order_by("ordinal")
    start = (page - 1) * PAGE
    entries = list(rows[start : start + PAGE])
    found = records.bibs([entry.bib_id for entry in entries])
    return tuple(_batch_bib(entry, found.get(entry.bib_id)) for entry in entries), rows.count()


def _batch_bib(entry: BatchEntry, bib: types.Bib | None) -> BatchBib:
    title = bib.view.title if bib else marc.Text("")
    return BatchBib(entry.ordinal, entry.source_id, entry.bib_id, title.value, title.lang, entry.reverted)


def batch_institution(batch_id: int) -> int:
    """Return whose batch this is, for operators of the installation. Raises UnknownBatch."""
    rows = Batch.objects.unscoped("the operator names a batch by its number and acts in its owner's scope")
    found = rows.filter(pk=batch_id).values_list("institution_id", flat=True).first()
    if found is None:
        raise types.UnknownBatch(f"no batch has the number {batch_id}")
    return int(found)


def left_by_revert(batch_id: int) -> list[tuple[str, str]]:
    """Return (source number, reason) of the records that a revert left as they are."""
    rows = BatchEntry.objects.filter(batch_id=batch_id).exclude(reverted__in=("", "done")).order_by("ordinal")
    return list(rows.values_list("source_id", "reverted"))
