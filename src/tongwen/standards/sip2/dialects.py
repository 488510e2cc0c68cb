"""How a library system speaks SIP2: its characters, line ends, check sums, and which messages it knows."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Question(enum.StrEnum):
    """The message by which a patron's password is checked."""

    INFORMATION = "information"
    """63, answered by 64: also name, address and expiry."""
    STATUS = "status"
    """23, answered by 24: what systems of version 1 know."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of speaking SIP2 2.00. The defaults are the standard's own words (3M, Document Revision 2.12)."""

    name: str
    terminator: bytes = b"\r"
    """What ends a message when it is written; any of CR, LF and both are read."""
    has_checksum: bool = True
    """Whether messages carry a sequence number and a check sum (AY, AZ)."""
    charset: str = "utf-8"
    language: str = "000"
    """Three digits: 000 unknown, 001 English, 019 Chinese."""
    question: Question = Question.INFORMATION
    needs_valid_patron: bool = True
    """Whether an answer without BL is a refusal; where False, a missing BL counts as yes, an N never does."""
    category_fields: tuple[str, ...] = ("PC", "PT")
    expiry_fields: tuple[str, ...] = ("PA",)


STANDARD = Dialect("standard")

DIALECTS: dict[str, Dialect] = {
    one.name: one
    for one in (
        STANDARD,
        Dialect("unsummed", has_checksum=False),
        Dialect("crlf", terminator=b"\r\n"),
        Dialect("gb18030", charset="gb18030", language="019"),
        Dialect("gb18030-unsummed", charset="gb18030", language="019", has_checksum=False),
        Dialect("version-1", question=Question.STATUS, needs_valid_patron=False, charset="cp850"),
    )
}
"""Ways of speaking that are met often, by name; any part can be set otherwise with `dataclasses.replace`."""
