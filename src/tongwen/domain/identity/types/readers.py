"""Readers of a library, and files that name them."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class ImportState(enum.StrEnum):
    """Where a file of readers stands."""

    WAITING = "waiting"
    CHECKED = "checked"
    FAULTY = "faulty"
    UNREADABLE = "unreadable"
    TAKING = "taking"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class LineFault(enum.StrEnum):
    """What can be wrong with a file of readers or a line of it."""

    EMPTY_FILE = "empty_file"
    UNDECODABLE = "undecodable"
    BROKEN_QUOTES = "broken_quotes"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    TOO_MANY_LINES = "too_many_lines"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    BAD_EMAIL = "bad_email"
    BAD_DATE = "bad_date"
    NUMBER_TWICE = "number_twice"


class UnreadableReaders(ValueError):
    """The file holds no readers that could be checked line by line; `fault` says why, `line` and `what` where."""

    def __init__(self, fault: LineFault, *, line: int = 0, what: str = "") -> None:
        super().__init__(f"line {line}: {fault.value} {what}".strip() if line else f"{fault.value} {what}".strip())
        self.fault, self.line, self.what = fault, line, what


class UnknownImport(LookupError):
    """There is no such file of readers in the scope that asks."""


class UnknownReader(LookupError):
    """The library has no such reader."""


class NotImportable(ValueError):
    """The file of readers is in a state in which this cannot be done with it."""


class ChangedSince(ValueError):
    """The readers have changed since the file was checked: what would happen is not what was shown."""


class Missing(enum.StrEnum):
    """What becomes of readers that a library has and its new file does not name."""

    LEAVE = "leave"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader as her library's file names her; `person_id` once she has signed in."""

    id: int
    institution_id: int
    number: str
    display_name: str
    category: str
    department: str
    email: str
    expires_on: dt.date | None
    person_id: int | None

    def holds_on(self, date: dt.date) -> bool:
        """Tell whether she is a reader on a date."""
        return self.expires_on is None or date < self.expires_on


@dataclass(frozen=True, slots=True)
class ReaderProblem:
    """What is wrong with a line of a file of readers; `column` is a name of `Reader`, "" for the whole line."""

    line: int
    column: str
    fault: LineFault
    value: str


@dataclass(frozen=True, slots=True)
class ReaderImport:
    """A file of readers. `counts`: lines, new, changed, unchanged, missing, identical, problems.

    `findings`: character set, columns, ignored columns, and why it is unreadable.
    """

    id: int
    institution_id: int
    file_name: str
    size: int
    offset: int
    state: ImportState
    missing: str
    counts: dict[str, int]
    findings: dict[str, object]
    created_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
