"""When a library works, for opening hours and for deadlines between libraries."""

from __future__ import annotations

import datetime as dt

from tongwen.domain.members import models, types
from tongwen.domain.members.queries import register
from tongwen.domain.members.rules import calendars


def calendar(institution_id: int, *, since: dt.date | None = None) -> tuple[types.CalendarEntry, ...]:
    """Return the entries of a library's calendar that end on or after a day, in their order."""
    rows = models.CalendarEntry.objects.filter(institution_id=institution_id).order_by("begins_on", "ends_on")
    if since is not None:
        rows = rows.filter(ends_on__gte=since)
    return tuple(
        types.CalendarEntry(row.begins_on, row.ends_on, types.CalendarKind(row.kind), row.label, row.pk) for row in rows
    )


def is_open(institution_id: int, date: dt.date) -> bool:
    """Tell whether a library works on a day. The shortest entry that holds the day decides, else the weekday."""
    return calendars.is_open(_weekdays(institution_id), calendar(institution_id, since=date), date)


def next_working_day(institution_id: int, date: dt.date) -> dt.date:
    """Return a library's first working day on or after a date.

    Raises:
        NeverOpen: there is none within 400 days.
    """
    return calendars.next_working_day(_weekdays(institution_id), calendar(institution_id, since=date), date)


def add_working_days(institution_id: int, date: dt.date, days: int) -> dt.date:
    """Return the date so many working days of a library after a date, for deadlines.

    Raises:
        NeverOpen: 400 days in a row without work.
    """
    return calendars.add_working_days(_weekdays(institution_id), calendar(institution_id, since=date), date, days)


def _weekdays(institution_id: int) -> str:
    one = register.current().institutions.get(institution_id)
    one = one or register.as_it_stands().institutions.get(institution_id)
    if one is None:
        raise types.UnknownInstitution(f"no institution has the number {institution_id}")
    return one.open_weekdays
