"""Who did what to which thing: an append-only trail, written in the transaction of the act itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tongwen.core import tenancy
from tongwen.core.models import AuditEntry

_STEP = 1_000
_SEEN = "a search names the institutions that its asker may see; acts on the union belong to none"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(
    *, at: dt.datetime, actor: str, action: str, subject: str, institution_id: int | None = None, **detail: Any
) -> None:
    """Add an entry. `action` is a verb phrase of the field (`batch.revert`), `subject` names the thing (`batch 12`)."""
    with tenancy.reaching_all("acts on the union and on other institutions are kept like those of one's own"):
        AuditEntry.objects.create(
            at=at, institution_id=institution_id, actor=actor, action=action, subject=subject, detail=detail
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it stands in the trail."""

    id: int
    at: dt.datetime
    institution_id: int | None
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Empty words ask for everything.

    `institution_ids` is how far the asker may see: None is the whole trail, the acts that belong to no institution
    included. `text` is looked for in the subject and in the detail, `action` may be the beginning (`role`).
    `from_at` counts, `to_at` does not.
    """

    institution_ids: frozenset[int] | None
    actor: str = ""
    action: str = ""
    text: str = ""
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None

    def within(self, institution_id: int) -> Search:
        """Narrow the search to one institution; one that the asker may not see gives nothing."""
        seen = self.institution_ids is None or institution_id in self.institution_ids
        return replace(self, institution_ids=frozenset({institution_id}) if seen else frozenset())


def count(search: Search) -> int:
    """Return how many entries a search finds."""
    with tenancy.reaching_all(_SEEN):
        return _found(search).count()


def page(search: Search, *, number: int, size: int) -> tuple[Entry, ...]:
    """Return one page of a search, the latest entry first; pages count from 1."""
    begin = (number - 1) * size
    with tenancy.reaching_all(_SEEN):
        return tuple(map(_entry, _found(search)[begin : begin + size]))


def actions() -> tuple[str, ...]:
    """Return the kinds of acts that stand in the trail."""
    with tenancy.reaching_all(_SEEN):
        return tuple(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def entries(search: Search) -> Iterator[Entry]:
    """Return everything a search finds, the latest first, without holding it all; entries written meanwhile wait."""
    last = None
    while True:
        rows = _found(search) if last is None else _found(search).filter(pk__lt=last)
        with tenancy.reaching_all(_SEEN):
            found = list(rows[:_STEP])
        yield from map(_entry, found)
        if len(found) < _STEP:
            return
        last = found[-1].pk


def csv_lines(search: Search) -> Iterator[str]:
    """Write what a search finds as CSV (RFC 4180) that a spreadsheet may open: no cell is taken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([one.name for one in fields(Entry)])
    yield _emptied(buffer)
    for entry in entries(search):
        writer.writerow([_harmless(cell) for cell in _cells(entry)])
        yield _emptied(buffer)


def json_lines(search: Search) -> Iterator[str]:
    """Write what a search finds as one JSON object a line."""
    for entry in entries(search):
        facts = {one.name: getattr(entry, one.name) for one in fields(Entry)}
        yield json.dumps({**facts, "at": entry.at.isoformat()}, ensure_ascii=False, default=str) + "\n"


def _found(search: Search) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-pk")
    if search.institution_ids is not None:
        rows = rows.filter(institution_id__in=search.institution_ids)
    if search.text:
        rows = rows.annotate(detail_text=Cast("detail", TextField()))
        rows = rows.filter(Q(subject__icontains=search.text) | Q(detail_text__icontains=search.text))
    wanted = {
        "actor__iexact": search.actor,
        "action__startswith": search.action,
        "at__gte": search.from_at,
        "at__lt": search.to_at,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _entry(row: AuditEntry) -> Entry:
    return Entry(row.pk, row.at, row.institution_id, row.actor, row.action, row.subject, row.detail)


def _cells(entry: Entry) -> list[str]:
    institution = "" if entry.institution_id is None else str(entry.institution_id)
    detail = json.dumps(entry.detail, ensure_ascii=False, default=str)
    return [str(entry.id), entry.at.isoformat(), institution, entry.actor, entry.action, entry.subject, detail]


def _harmless(cell: str) -> str:
    """A spreadsheet takes such a beginning for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
