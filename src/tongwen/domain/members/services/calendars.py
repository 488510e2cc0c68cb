"""The calendar of a library: vacations, closed days, and days on which it works nevertheless."""

from __future__ import annotations

import datetime as dt

from tongwen.core import audit
from tongwen.domain.members import models, queries, types
from tongwen.domain.members.rules import calendars, facts
from tongwen.domain.members.services.changing import register_changes

_LONGEST_LABEL = 100


def add_calendar_entry(
    *, institution_id: int, begins_on: dt.date, ends_on: dt.date, kind: str, label: str, actor: str, now: dt.datetime
) -> int:
    """Enter days of a library's calendar, both ends included, and return the entry's number.

    Raises:
        BadFacts
    """
    entry = types.CalendarEntry(
        begins_on, ends_on, calendars.read_kind(kind), facts.line("label", label, _LONGEST_LABEL)
    )
    with register_changes():
        calendars.check(entry, queries.calendar(institution_id))
        row = models.CalendarEntry.objects.create(
            institution_id=institution_id,
            begins_on=begins_on,
            ends_on=ends_on,
            kind=entry.kind.value,
            label=entry.label,
        )
        _record(row, "calendar.enter", actor, now)
        return row.pk


def remove_calendar_entry(*, institution_id: int, entry_id: int, actor: str, now: dt.datetime) -> None:
    """Take an entry out of a library's own calendar; one that is not there any more is as it should be."""
    with register_changes():
        row = models.CalendarEntry.objects.filter(institution_id=institution_id, pk=entry_id).first()
        if row is not None:
            _record(row, "calendar.remove", actor, now)
            row.delete()


def _record(row: models.CalendarEntry, action: str, actor: str, now: dt.datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        action=action,
        subject=f"{row.begins_on}/{row.ends_on}",
        institution_id=row.institution_id,
        kind=row.kind,
    )
