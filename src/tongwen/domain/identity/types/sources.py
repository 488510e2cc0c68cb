"""The vocabulary of log-in sources: what they are, what they say of somebody, and how they refuse."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field


class SourceKind(enum.StrEnum):
    """How a library lets its people be recognised (统一认证 upstream)."""

    LOCAL = "local"
    LDAP = "ldap"
    SIP2 = "sip2"
    CAS = "cas"
    OIDC = "oidc"
    SAML = "saml"
    KIT = "kit"


class UnknownSource(LookupError):
    """There is no such identity source in the scope that asks."""


@dataclass(frozen=True, slots=True)
class Source:
    """A library's way to recognise its people. Secrets are not in it: `services.sources` reads them."""

    id: int
    institution_id: int
    kind: SourceKind
    name_zh: str
    name_zh_hant: str
    name_en: str
    is_enabled: bool
    position: int
    settings: dict[str, object] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return the name in an interface language (`zh-hans`, `zh-hant`, `en`)."""
        if language.startswith("en"):
            return self.name_en
        return self.name_zh_hant if language == "zh-hant" else self.name_zh


class SourceField(enum.StrEnum):
    """What is entered in a field of a source's settings."""

    TEXT = "text"
    URL = "url"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    BLOCK = "block"
    """Text of many lines: certificates in PEM, metadata in XML."""
    SECRET = "secret"  # noqa: S105  The kind of a field, no secret.
    """Written, never shown again."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the settings of a kind of source (`queries.source_settings`)."""

    name: str
    field: SourceField = SourceField.TEXT
    default: str | int | bool = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()


class BadSource(ValueError):
    """A source's settings are not usable. `problems` are (field, code) in the order of the fields."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a source says about somebody whom it has recognised. `subject` never changes there and is never re-used."""

    subject: str
    display_name: str = ""
    email: str = ""
    category: str = ""
    expires_on: dt.date | None = None
    """The last day on which she belongs to the library."""
    everything: dict[str, str] = field(default_factory=dict, repr=False)
    """All that the source said, by its own names: for the trial of a source, never kept."""


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where to send the browser, and what to keep in the session until it comes back."""

    url: str
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom a source has let in, and where she now stands."""

    person_id: int
    institution_id: int
    is_new: bool = False


class Denial(enum.StrEnum):
    """Why somebody is not let in, as far as her source says."""

    WRONG = "wrong"
    """Name and password do not fit together, or nobody has this name: which of the two is not told."""
    BLANK = "blank"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    REFUSED = "refused"
    """At the log-in page of the source: she broke off, or the source did not want her."""
    CLOSED = "closed"
    """The source is switched off, or the library's membership is suspended."""
    INACTIVE = "inactive"
    """Her account here was deactivated."""


class Denied(PermissionError):
    """Nobody is let in. `message` is what the source wants the person to be told."""

    def __init__(self, reason: Denial = Denial.WRONG, message: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.message = message


class Unavailable(RuntimeError):
    """The source cannot be asked now, or did not answer as it must. People are told to try again later.

    `reason` is one word, `detail` is for the operator's log; neither holds anything that a person entered.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ExtraMissing(Unavailable):
    """The installation lacks the optional part that this kind of source needs; `detail` names it (ldap, saml)."""

    def __init__(self, extra: str) -> None:
        super().__init__("extra", extra)
