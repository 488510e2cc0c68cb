"""What a library system answered, as values."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tongwen.standards.sip2.dialects import Dialect
from tongwen.standards.sip2.message import Malformed, Message

_DATE = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})")
_FLAGS = 14
_BLOCKS = (
    "charge_denied",
    "renewal_denied",
    "recall_denied",
    "hold_denied",
    "card_lost",
    "too_many_charged",
    "too_many_overdue",
    "too_many_renewals",
    "too_many_claims",
    "too_many_lost",
    "excessive_fines",
    "excessive_fees",
    "recall_overdue",
    "too_many_billed",
)


@dataclass(frozen=True, slots=True)
class Patron:
    """What 24 and 64 say of a patron. Nothing that is missing counts as a yes."""

    identifier: str
    name: str
    is_valid: bool
    has_valid_password: bool
    blocks: tuple[str, ...] = ()
    expires_on: dt.date | None = None
    category: str = ""
    email: str = ""
    message: str = ""
    """What the system wants to be shown to the patron (AF)."""
    fields: tuple[tuple[str, str], ...] = ()
    """All fields as they came, for extensions of the system's own."""


def is_logged_in(message: Message) -> bool:
    """Tell whether the terminal was let in by 94.

    Raises:
        Malformed: it is another message, or says neither 1 nor 0.
    """
    if message.code != "94" or message.fixed not in {"0", "1"}:
        raise Malformed("the answer to the log-in of the terminal is not 941 or 940")
    return message.fixed == "1"


def status(message: Message) -> dict[str, str]:
    """Return what 98 says of the system: whether it is online, its version, which messages it knows (BX).

    Raises:
        Malformed: it is another message.
    """
    if message.code != "98":
        raise Malformed("the answer to the question for the status is not 98")
    return {
        "online": message.fixed[:1],
        "version": message.fixed[-4:],
        "institution": message.first("AO"),
        "library": message.first("AM"),
        "supported": message.first("BX"),
    }


def patron(message: Message, dialect: Dialect) -> Patron:
    """Return what 24 or 64 says of a patron.

    Raises:
        Malformed: it is another message, or names no patron.
    """
    if message.code not in {"24", "64"}:
        raise Malformed("the answer is about no patron (24 or 64 was expected)")
    if not message.values("AA"):
        raise Malformed("the answer names no patron (AA)")
    return Patron(
        identifier=message.first("AA").strip(),
        name=message.first("AE").strip(),
        is_valid=_says_yes(message.values("BL"), if_missing=not dialect.needs_valid_patron),
        has_valid_password=_says_yes(message.values("CQ"), if_missing=False),
        blocks=_blocks(message.fixed),
        expires_on=_expiry(message, dialect),
        category=message.first(*dialect.category_fields).strip(),
        email=message.first("BE").strip(),
        message=" ".join(part.strip() for part in message.values("AF") if part.strip()),
        fields=message.fields,
    )


def _says_yes(values: tuple[str, ...], *, if_missing: bool) -> bool:
    """A field that stands twice and says yes and no says no."""
    return all(value.strip() == "Y" for value in values) if values else if_missing


def _blocks(fixed: str) -> tuple[str, ...]:
    flags = fixed[:_FLAGS]
    return tuple(name for name, flag in zip(_BLOCKS, flags, strict=False) if flag == "Y")


def _expiry(message: Message, dialect: Dialect) -> dt.date | None:
    found = _DATE.match(message.first(*dialect.expiry_fields).strip())
    if found is None:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
