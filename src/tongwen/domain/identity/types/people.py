"""The vocabulary of addresses, readers, links by mail, and of what people may ask about themselves."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class TicketPurpose(enum.StrEnum):
    """What a link that works once is for."""

    EMAIL = "email"
    ACTIVATION = "activation"


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


class Missing(enum.StrEnum):
    """What becomes of readers that a library has and its new file does not name."""

    LEAVE = "leave"
    EXPIRE = "expire"


class UnreadableReaders(ValueError):
    """The file holds no readers that could be checked line by line; `fault` says why, `line` and `what` where."""

    def __init__(self, fault: LineFault, *, line: int = 0, what: str = "") -> None:
        super().__init__(f"line {line}: {fault.value} {what}".strip() if line else f"{fault.value} {what}".strip())
        self.fault, self.line, self.what = fault, line, what


class UnknownImport(LookupError):
    """There is no such file of readers in the scope that asks."""


class UnknownReader(LookupError):
    """The library has no such reader."""


class UnknownTicket(LookupError):
    """The link is none of ours, was used already, or has expired."""


class StandingObligations(ValueError):
    """The person cannot be erased yet; `reasons` says in the language of the moment what stands against it."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NotImportable(ValueError):
    """The file of readers is in a state in which this cannot be done with it."""


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
class Consent:
    """That a person agreed to a purpose, in the wording of a version; `withdrawn_at` once she has taken it back."""

    purpose: str
    version: str
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None = None


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


class AddressFault(enum.StrEnum):
    """What is wrong with an e-mail address."""

    NO_ADDRESS = "no_address"
    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    OTHER_LETTERS = "other_letters"
    BAD_DOMAIN = "bad_domain"
    LOOK_ALIKE = "look_alike"


_FAULTS = {
    AddressFault.NO_ADDRESS: "this is no e-mail address: it must look like name@library.edu.cn",
    AddressFault.TOO_LONG: "an e-mail address has at most 254 characters, 64 of them before the @",
    AddressFault.INVISIBLE: "the e-mail address holds a space or an invisible character",
    AddressFault.OTHER_LETTERS: "before the @ an e-mail address may have plain Latin letters only",
    AddressFault.BAD_DOMAIN: "the part behind the @ is no domain name",
    AddressFault.LOOK_ALIKE: "the domain mixes letters of several scripts that look alike: it may imitate another",
}


class BadAddress(ValueError):
    """The e-mail address cannot be used; `fault` says why."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(_FAULTS[fault])
        self.fault = fault


class BadName(ValueError):
    """The name is empty, too long, or holds characters that no name has."""


class UsernameTaken(ValueError):
    """Somebody else signs in under this name."""


class AlreadyInvited(ValueError):
    """An invitation of this address to this place is still open: send that one again."""


class UnknownInvitation(LookupError):
    """There is no such invitation, or not in the scope that asks."""


class InvitationState(enum.StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


class InvitationClosed(ValueError):
    """The invitation was accepted, revoked or has expired; its state says which."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(f"this invitation cannot be used: it is {state.value}")
        self.state = state
