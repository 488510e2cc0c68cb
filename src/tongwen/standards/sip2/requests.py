"""What is asked of a library system. The moment comes in: the standard wants it in each message."""

from __future__ import annotations

import datetime as dt

from tongwen.standards.sip2.dialects import Dialect
from tongwen.standards.sip2.message import Message


def login(user: str, password: str, location: str, *, sequence: int = 0) -> Message:
    """93: name the terminal; both algorithms 0, that is, not encrypted (the standard leaves encryption open)."""
    fields = [("CN", user), ("CO", password), *([("CP", location)] if location else [])]
    return Message("93", "00", tuple(fields), sequence)


def sc_status(*, sequence: int = 0) -> Message:
    """99: ask what the system is and knows; 0 = we are well, 080 = print width, 2.00 = our version."""
    return Message("99", "00802.00", (), sequence)


def patron_status(
    patron: str, password: str, *, at: dt.datetime, dialect: Dialect, institution: str, sequence: int = 0
) -> Message:
    """23: ask whether patron and password are valid; AC, the terminal's password, is always empty."""
    fixed = dialect.language + moment(at)
    return Message("23", fixed, (("AO", institution), ("AA", patron), ("AC", ""), ("AD", password)), sequence)


def patron_information(
    patron: str, password: str, *, at: dt.datetime, dialect: Dialect, institution: str, sequence: int = 0
) -> Message:
    """63: ask for the patron's facts; no list of items is asked for (ten blanks in the summary)."""
    fixed = dialect.language + moment(at) + " " * 10
    return Message("63", fixed, (("AO", institution), ("AA", patron), ("AC", ""), ("AD", password)), sequence)


def resend() -> Message:
    """97: ask for the last answer again; it carries no sequence number of its own."""
    return Message("97")


def moment(at: dt.datetime) -> str:
    """Write a moment as YYYYMMDDZZZZHHMMSS; UTC has `   Z` for its zone."""
    in_utc = at.astimezone(dt.UTC)
    return f"{in_utc:%Y%m%d}   Z{in_utc:%H%M%S}"
