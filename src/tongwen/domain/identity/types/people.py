"""Persons, invitations, and what is wrong with what people enter."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tongwen.domain.identity.types.roles import Place, Role


class UnknownPerson(LookupError):
    """There is no such person in the scope that asks."""


class WeakPassword(ValueError):
    """The password does not meet the installation's rules; the message says which."""


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


class InvitationClosed(ValueError):
    """The invitation was accepted, revoked or has expired; its state says which."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(f"this invitation cannot be used: it is {state.value}")
        self.state = state


class InvitationState(enum.StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. Her places and roles are her affiliations."""

    id: int
    username: str
    display_name: str
    email: str
    is_active: bool
    language: str = ""
    """Interface language in which she is written to; "" where she has not chosen."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody is asked to take roles in a place. The link that accepts it is known to her mail only."""

    id: int
    email: str
    display_name: str
    language: str
    place: Place
    roles: tuple[Role, ...]
    state: InvitationState
    invited_by: str
    created_at: dt.datetime
    expires_at: dt.datetime
    accepted_at: dt.datetime | None = None
