"""What every log-in source can do, and how it says that it cannot."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tongwen.core.outbound import Deadline, Trust


class Denial(enum.StrEnum):
    """Why a person is not let in, where the source says so."""

    WRONG = "wrong"
    """Name and password do not fit together, or nobody has this name: which of the two is not told."""
    BLANK = "blank"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    REFUSED = "refused"
    """At the log-in page of the source: she broke off, or the source did not want her."""


class Denied(Exception):
    """The source was asked and says no. `message` is what the source wants the person to be told."""

    def __init__(self, reason: Denial, message: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.message = message


class Unavailable(Exception):
    """The source could not be asked, or did not answer as it must. `reason` is one word, `detail` is for the log.

    Neither holds anything that a person entered.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ExtraMissing(Unavailable):
    """The installation lacks the optional part that this kind of source needs; `detail` names it (ldap, saml)."""

    def __init__(self, extra: str) -> None:
        super().__init__("extra", extra)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a source says of a person whom it let in. `subject` never changes and is never given to somebody else."""

    subject: str
    display_name: str = ""
    email: str = ""
    category: str = ""
    expires_on: dt.date | None = None
    everything: Mapping[str, str] = field(default_factory=dict, repr=False)
    """All that the source said, by its own names: for the trial of a source, never kept."""


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where the browser is sent, and what must be known again when it comes back (kept in its session)."""

    url: str
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A source's settings and secrets, whole: every field of its kind is there (see `settings`)."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """Return a setting as text, "" where it is empty."""
        return str(self.settings.get(name) or "")

    def trust(self) -> Trust:
        """Return whose certificates are believed."""
        return Trust(self.text("certificates"))


class PasswordSource(Protocol):
    """Checks a name and a password elsewhere; neither is kept nor logged."""

    def authenticate(self, name: str, password: str, deadline: Deadline) -> Attributes:
        """Return who it is; raises Denied or Unavailable, and Denied(BLANK) before anything is asked."""


class RedirectSource(Protocol):
    """Lets the person log in at a page of its own and come back."""

    def begin(self, callback_url: str, state: str, deadline: Deadline) -> Redirection:
        """Return where to send the browser; raises Unavailable."""

    def complete(
        self, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], deadline: Deadline
    ) -> Attributes:
        """Return who came back; `kept` is that of this one beginning. Raises Denied or Unavailable."""
