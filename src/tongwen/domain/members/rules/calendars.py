"""On which days a library works: its weekdays, and the entries of its calendar above them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tongwen.domain.members.types import BadFacts, CalendarEntry, CalendarKind, NeverOpen, Problem

HORIZON = 400
"""Days that are looked ahead for a working day."""

_LONGEST_ENTRY = 400
_DAY = dt.timedelta(days=1)


def is_open(weekdays: str, entries: Sequence[CalendarEntry], date: dt.date) -> bool:
    """Tell whether a library works on a day. The shortest entry that holds the day decides, else the weekday.

    Of entries of one length the one that says open decides: a working Saturday stands above the vacation around it.
    """
    holding = [one for one in entries if one.begins_on <= date <= one.ends_on]
    if not holding:
        return str(date.isoweekday()) in weekdays
    return min(holding, key=lambda one: (one.ends_on - one.begins_on, not one.kind.is_open)).kind.is_open


def next_working_day(weekdays: str, entries: Sequence[CalendarEntry], date: dt.date) -> dt.date:
    """Return the first working day on or after a date.

    Raises:
        NeverOpen: there is none within 400 days.
    """
    for ahead in range(HORIZON):
        day = date + ahead * _DAY
        if is_open(weekdays, entries, day):
            return day
    raise NeverOpen(f"no working day within {HORIZON} days of {date}")


def add_working_days(weekdays: str, entries: Sequence[CalendarEntry], date: dt.date, days: int) -> dt.date:
    """Return the date that lies so many working days after a date, which itself does not count; 0 is the next one."""
    if days <= 0:
        return next_working_day(weekdays, entries, date)
    for _ in range(days):
        date = next_working_day(weekdays, entries, date + _DAY)
    return date


def check(entry: CalendarEntry, others: Sequence[CalendarEntry]) -> None:
    """Refuse an entry that ends before it begins, is longer than a year, or says of the same days something else.

    Raises:
        BadFacts
    """
    if entry.ends_on < entry.begins_on:
        raise BadFacts(Problem("ends_on", "date_order"))
    if (entry.ends_on - entry.begins_on).days > _LONGEST_ENTRY:
        raise BadFacts(Problem("ends_on", "too_long_a_time"))
    if any((one.begins_on, one.ends_on) == (entry.begins_on, entry.ends_on) for one in others):
        raise BadFacts(Problem("begins_on", "same_days"))


def weekdays(given: str) -> str:
    """Return the ISO weekdays in their order, each once.

    Raises:
        BadFacts: there is none, or something else.
    """
    found = "".join(sorted(set(given) & set("1234567")))
    if not found or set(given) - set("1234567"):
        raise BadFacts(Problem("open_weekdays", "no_weekday"))
    return found


def read_kind(text: str) -> CalendarKind:
    """Return the kind of this name.

    Raises:
        BadFacts
    """
    if text not in set(CalendarKind):
        raise BadFacts(Problem("kind", "unknown_kind", text[:40]))
    return CalendarKind(text)
