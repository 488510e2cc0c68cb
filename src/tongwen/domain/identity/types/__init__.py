"""The vocabulary of identity: who somebody is, where she belongs, and what she may do there."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tongwen.domain.identity.types.sources import (  # isort: skip  One list of what is handed on.
    Attributes as Attributes,
    BadSource as BadSource,
    Denial as Denial,
    Denied as Denied,
    ExtraMissing as ExtraMissing,
    Redirection as Redirection,
    Setting as Setting,
    SignedIn as SignedIn,
    Source as Source,
    SourceField as SourceField,
    SourceKind as SourceKind,
    Unavailable as Unavailable,
    UnknownSource as UnknownSource,
)


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


class UnknownPerson(LookupError):
    """There is no such person in the scope that asks."""


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


FRESH = "fresh"
"""The parameter of an address that asks for a new log-in although there is one: since when, signed."""

SINGLE_SIGN_ON = "single_sign_on"
"""Where a session keeps the name by which services know it."""

SESSION_RECORD = "security_record"
"""Where a session keeps the id under which its person finds it in her list."""


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


class ClientKind(enum.StrEnum):
    """How a service lets its people be logged in here (统一认证 downstream), or that it is a program of its own."""

    OIDC = "oidc"
    CAS = "cas"
    SAML = "saml"
    MACHINE = "machine"


class Entry(enum.StrEnum):
    """Whose people may enter a service: the owner's, those of some libraries, or everybody's."""

    OWN = "own"
    CHOSEN = "chosen"
    ALL = "all"


class Scope(enum.StrEnum):
    """What a token is good for: the first two for people's log-in, the others for programs (`SCOPE_PERMISSIONS`)."""

    OPENID = "openid"
    PROFILE = "profile"
    INTROSPECTION = "introspection"
    LOADS = "loads"
    READERS = "readers"
    AUDIT = "audit"


SCOPE_PERMISSIONS = {
    Scope.LOADS: Permission.LOADS_MANAGE,
    Scope.READERS: Permission.READERS_IMPORT,
    Scope.AUDIT: Permission.AUDIT_READ,
}
"""What a program may do with a scope, in the institution that owns it."""

PERSON_SCOPES = (Scope.OPENID, Scope.PROFILE)
MACHINE_SCOPES = (Scope.INTROSPECTION, *SCOPE_PERMISSIONS)


class UnknownClient(LookupError):
    """There is no such client in the scope that asks, or it is switched off."""


class NotAdmitted(PermissionError):
    """The service is not open to this person: `reason` is `nowhere`, `institution` or `role`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MayNotManage(PermissionError):
    """The actor may not manage clients, or acts for a place that has none of its own."""


class WrongClient(ValueError):
    """What was entered about a client cannot stand: (field, what is wrong) for each; the words are codes of pages."""

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{name}: {code}" for name, code in errors))
        self.errors = errors


class BadTicket(PermissionError):
    """A ticket or code is unknown, used, too old, or for another service: `code` is that of the CAS protocol."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Client:
    """A service that lets people be logged in here, or a program. Its secret is kept as a digest and never shown."""

    kind: ClientKind
    name_zh: str
    name_zh_hant: str
    name_en: str
    id: int = 0
    client_id: str = ""
    institution_id: int | None = None
    """The library that owns it; None for the centre's."""
    home_url: str = ""
    is_public: bool = False
    """A program without a secret, on the person's own device: OIDC with PKCE only."""
    is_trusted: bool = False
    """People are not asked for their consent: it is their own library's or the centre's service."""
    is_enabled: bool = True
    scopes: tuple[Scope, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    logout_redirect_uris: tuple[str, ...] = ()
    sector: str = ""
    """Clients of one sector know people by the same name (OpenID Connect Core 8.1)."""
    services: tuple[str, ...] = ()
    """CAS: addresses below which everything is this service."""
    saml_entity_id: str = ""
    saml_metadata: str = ""
    backchannel_uri: str = ""
    entry: Entry = Entry.OWN
    admitted_ids: tuple[int, ...] = ()
    roles: tuple[Role, ...] = ()
    """Who may enter; nothing: all roles."""

    def name(self, language: str) -> str:
        """Return the name in an interface language (`zh-hans`, `zh-hant`, `en`)."""
        if language.startswith("en"):
            return self.name_en
        return self.name_zh_hant if language == "zh-hant" else self.name_zh


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's log-in to a service, within one session here: what the service knows her by, and for which place."""

    id: int
    sid: str
    client: Client
    person_id: int
    place: Place
    subject: str
    scopes: frozenset[str]
    authenticated_at: dt.datetime
    issuer: str = ""
    """Who this installation is to the service: the address by which it was asked."""
    service: str = ""
    session_index: str = ""
    is_fresh: bool = False
    """She has proved who she is for this visit, not for one before it."""


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
