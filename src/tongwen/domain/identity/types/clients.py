"""Services that log their people in here, and programs with rights of their own."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tongwen.domain.identity.types.roles import Permission, Place, Role


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


FRESH = "fresh"
"""The parameter of an address that asks for a new log-in although there is one: since when, signed."""


SINGLE_SIGN_ON = "single_sign_on"
"""Where a session keeps the name by which services know it."""
