"""Second factors, sessions, and what protects them."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

SESSION_RECORD = "security_record"
"""Where a session keeps the id under which its person finds it in her list."""


class FactorPolicy(enum.StrEnum):
    """What is asked of staff besides the password: nothing, an offer they may put off, or a duty."""

    OFF = "off"
    ASKED = "asked"
    REQUIRED = "required"


class FactorKind(enum.StrEnum):
    """What a person holds in her hand: an app that shows numbers, or a key that signs."""

    TOTP = "totp"
    PASSKEY = "passkey"


class Step(enum.StrEnum):
    """What a session still lacks after the password."""

    NOTHING = "nothing"
    SECOND_FACTOR = "second_factor"
    ENROLMENT_OFFERED = "enrolment_offered"
    ENROLMENT_REQUIRED = "enrolment_required"


class WrongCode(ValueError):
    """The number is not the one that the app shows now, or was used already; or no such recovery code is left."""


class PasskeyRefused(ValueError):
    """The answer of the browser or of the key does not prove anything; the text is for the operator's log."""


class NoEnrolment(LookupError):
    """There is nothing to be confirmed: the enrolment was never begun, or is finished."""


class UnknownFactor(LookupError):
    """The person has no such factor."""


class UnknownSession(LookupError):
    """The person has no such session."""


class WrongPassword(ValueError):
    """The present password is not this one."""


class BadResetLink(ValueError):
    """The link for a new password is damaged, too old, or was used."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor that is ready for use. `id` counts within its kind."""

    kind: FactorKind
    id: int
    name: str
    made_at: dt.datetime | None
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator app that is being set up: the secret for typing, the same as an otpauth URI for the camera."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Site:
    """The portal as a browser knows it, to which passkeys are bound: `host` without port, `origin` with scheme."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody being logged in. `network` is her address without its last part, `near_id` the library whose it is."""

    id: str
    person_id: int
    method: str
    device: str
    network: str
    near_id: int | None
    begun_at: dt.datetime
    last_seen_at: dt.datetime
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Event: a session is over, by log-out, by time, by another session of the person, or by an administrator."""

    session_id: str
    person_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Protection:
    """How one member of staff is protected, for her administrator."""

    person_id: int
    username: str
    display_name: str
    factors: int
    sessions: int
