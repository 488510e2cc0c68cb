"""The vocabulary of identity: who somebody is, where she belongs, and what she may do there."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field


class Role(enum.StrEnum):
    """What somebody is to a place. `rules/permissions.toml` says what each may do and which roles it may give."""

    READER = "reader"
    CATALOGUER = "cataloguer"
    ILL_LIBRARIAN = "ill_librarian"
    E_RESOURCE_LIBRARIAN = "e_resource_librarian"
    ACQUISITIONS_LIBRARIAN = "acquisitions_librarian"
    REFERENCE_LIBRARIAN = "reference_librarian"
    CURATOR = "curator"
    TRAINER = "trainer"
    INSTITUTION_ADMINISTRATOR = "institution_administrator"
    DOMAIN_ADMINISTRATOR = "domain_administrator"
    NATIONAL_ADMINISTRATOR = "national_administrator"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"


class Level(enum.StrEnum):
    """What kind of place a role belongs to."""

    INSTITUTION = "institution"
    DOMAIN = "domain"
    NATION = "nation"


class Permission(enum.StrEnum):
    """What somebody may do in the place she acts for. The one place that asks is `Actor.may`."""

    LOADS_MANAGE = "loads.manage"
    REVIEWS_DECIDE = "reviews.decide"
    BIBS_CHANGE = "bibs.change"
    BIBS_CHANGE_ANY = "bibs.change_any"
    LIBRARY_MANAGE = "library.manage"
    PEOPLE_MANAGE = "people.manage"
    READERS_IMPORT = "readers.import"
    ROLES_GIVE = "roles.give"
    SOURCES_MANAGE = "sources.manage"
    CLIENTS_MANAGE = "clients.manage"
    MEMBERS_MANAGE = "members.manage"
    DOMAINS_MANAGE = "domains.manage"
    MEMBERSHIP_DECIDE = "membership.decide"
    AUDIT_READ = "audit.read"


class SourceKind(enum.StrEnum):
    """How a library lets its people be recognised (统一认证 upstream)."""

    LOCAL = "local"
    LDAP = "ldap"
    SIP2 = "sip2"
    CAS = "cas"
    OIDC = "oidc"
    SAML = "saml"
    KIT = "kit"


class UnknownPerson(LookupError):
    """There is no such person in the scope that asks."""


class UnknownSource(LookupError):
    """There is no such identity source in the scope that asks."""


class MayNotGive(PermissionError):
    """The actor may not give this role in this place: an administrator gives only what she has."""


class WrongPlace(ValueError):
    """A role does not fit the place: a cataloguer belongs to an institution, a domain administrator to a domain."""


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
class Place:
    """Where a role holds: an institution, a sharing domain, or (neither) the whole installation."""

    institution_id: int | None = None
    domain_id: int | None = None

    @property
    def level(self) -> Level:
        """Say which kind of place this is."""
        if self.institution_id is not None:
            return Level.INSTITUTION
        return Level.NATION if self.domain_id is None else Level.DOMAIN

    def key(self) -> str:
        """Return the place as it stands in a session: `institution:12`, `domain:3` or `nation`."""
        if self.level is Level.NATION:
            return self.level.value
        return f"{self.level.value}:{self.institution_id if self.domain_id is None else self.domain_id}"

    @classmethod
    def of_key(cls, key: str) -> Place:
        """Read what `key` wrote; raises ValueError for anything else."""
        level, _, number = key.partition(":")
        if Level(level) is Level.NATION:
            return cls()
        return cls(institution_id=int(number)) if level == Level.INSTITUTION else cls(domain_id=int(number))


NATION = Place()

ACTING_FOR = "acting_for"
"""Where a session keeps the key of the place its person acts for."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which place, and with which rights. Nobody in particular has none."""

    person_id: int | None = None
    username: str = ""
    display_name: str = ""
    place: Place = NATION
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()

    @property
    def institution_id(self) -> int | None:
        """Return the institution acted for; None for domain and national roles, and for nobody."""
        return self.place.institution_id

    @property
    def domain_id(self) -> int | None:
        """Return the sharing domain acted for."""
        return self.place.domain_id

    @property
    def is_staff(self) -> bool:
        """Tell whether more than reading is asked of this person here."""
        return bool(self.roles - {Role.READER})

    def may(self, permission: Permission) -> bool:
        """Answer the one question of rights."""
        return permission in self.permissions


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Affiliation:
    """One role of one person in one place. It holds from `begins_on` to the day before `expires_on`."""

    id: int
    person_id: int
    role: Role
    place: Place
    begins_on: dt.date
    expires_on: dt.date | None
    given_by: str
    ended_at: dt.datetime | None = None

    def holds_on(self, date: dt.date) -> bool:
        """Tell whether the role holds on a date."""
        return self.ended_at is None and self.begins_on <= date and (self.expires_on is None or date < self.expires_on)


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


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a source says about somebody whom it has recognised. `subject` never changes there and is never re-used."""

    subject: str
    display_name: str = ""
    email: str = ""
    category: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where to send the browser, and what to keep in the session until it comes back."""

    url: str
    kept: dict[str, str]


class Denied(PermissionError):
    """The source does not recognise the person: wrong or missing password, or its answer was missing."""


class Unavailable(RuntimeError):
    """The source cannot be asked now. The text is for the operator's log; people are told to try again later."""


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
