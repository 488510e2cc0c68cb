"""What services learn about people, whom they admit, and which addresses may be theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from tongwen.domain.identity import types

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 2_000


def pairwise_subject(secret: str, sector: str, person_id: int) -> str:
    """Return the name by which the services of a sector know a person: the same always, and telling nothing.

    OpenID Connect Core 1.0, 8.1; also the value of SAML's pairwise-id, so it has letters and digits only.
    """
    digest = hmac.new(secret.encode(), f"{sector}\0{person_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def sector_of(client: types.Client) -> str:
    """Return the sector whose clients know people by one name: what was entered, else the host of the service."""
    if client.sector:
        return client.sector.lower()
    first = next(iter((*client.redirect_uris, *client.services)), "")
    host = (urlsplit(first).hostname or "") if first else client.saml_entity_id
    return host or f"client:{client.client_id}"


def check_admitted(client: types.Client, actor: types.Actor) -> None:
    """Let somebody enter a service, as she acts for a place.

    Raises:
        NotAdmitted: with the reason.
    """
    if not actor.roles:
        raise types.NotAdmitted("nowhere")
    if client.entry is types.Entry.OWN and actor.institution_id != client.institution_id:
        raise types.NotAdmitted("institution")
    if client.entry is types.Entry.CHOSEN and actor.institution_id not in client.admitted_ids:
        raise types.NotAdmitted("institution")
    if client.roles and not actor.roles & set(client.roles):
        raise types.NotAdmitted("role")


def asks_consent(client: types.Client) -> bool:
    """Tell whether people are asked before the service learns about them.

    A library may spare its own people the question, not those of others; the centre may spare everybody.
    """
    owned = client.institution_id is None or client.entry is types.Entry.OWN
    return not (client.is_trusted and owned)


def is_of_service(client: types.Client, address: str) -> bool:
    """Tell whether an address is one of this CAS service: the same host, and a path that stands below its own.

    No user in the address, no other port, no `..`: what a browser would read otherwise than we do is refused.
    """
    asked = web_address(address)
    if asked is None or ".." in asked.path.replace("%2e", ".").replace("%2E", ".").split("/"):
        return False
    return any(_is_below(asked, urlsplit(one)) for one in client.services)


def _is_below(asked: SplitResult, known: SplitResult) -> bool:
    if (asked.scheme, asked.hostname, asked.port) != (known.scheme, known.hostname, known.port):
        return False
    below = known.path.rstrip("/")
    return asked.path == below or asked.path.startswith(f"{below}/")


def web_address(address: str) -> SplitResult | None:
    """Return the parts of an address to which a browser may be sent: https, or http to this machine; else None."""
    if len(address) > _LONGEST or any(not 0x21 <= ord(letter) < 0x7F or letter in '\\"<>' for letter in address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  It raises where the port is no number.
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or "#" in address:
        return None
    is_plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return parts if parts.scheme == "https" or is_plain else None


def check(client: types.Client) -> None:
    """Refuse what cannot stand.

    Raises:
        WrongClient: `missing`, `address` (no https address) or `scope`, each with its field.
    """
    errors = tuple(_errors(client))
    if errors:
        raise types.WrongClient(errors)


def _errors(client: types.Client) -> Iterator[tuple[str, str]]:
    yield from ((name, "missing") for name in _needed(client) if not str(getattr(client, name) or "").strip())
    for name in ("redirect_uris", "logout_redirect_uris", "services"):
        if any(web_address(one) is None for one in getattr(client, name)):
            yield name, "address"
    for name in ("home_url", "backchannel_uri"):
        if getattr(client, name) and web_address(getattr(client, name)) is None:
            yield name, "address"
    if set(client.scopes) - set(scopes_for(client.kind, client.institution_id)):
        yield "scopes", "scope"
    is_centres = client.institution_id is None and client.kind is not types.ClientKind.MACHINE
    if client.entry is types.Entry.OWN and is_centres:
        yield "entry", "entry"
    if client.entry is types.Entry.CHOSEN and not client.admitted_ids:
        yield "admitted", "missing"


_NEEDED = {
    types.ClientKind.OIDC: ("redirect_uris",),
    types.ClientKind.CAS: ("services",),
    types.ClientKind.SAML: ("saml_metadata",),
    types.ClientKind.MACHINE: (),
}


def _needed(client: types.Client) -> tuple[str, ...]:
    return ("name_zh", "name_en", *_NEEDED[client.kind])


def scopes_for(kind: types.ClientKind, institution_id: int | None) -> Sequence[types.Scope]:
    """Return the scopes that may be given to such a client; rights in a library come from that library only."""
    if kind is types.ClientKind.MACHINE:
        return (types.Scope.INTROSPECTION,) if institution_id is None else types.MACHINE_SCOPES
    return types.PERSON_SCOPES


def permissions_of_scopes(scopes: Sequence[str]) -> frozenset[types.Permission]:
    """Return what a program may do with a token of these scopes."""
    return frozenset(right for scope, right in types.SCOPE_PERMISSIONS.items() if scope.value in scopes)


def claims(*, visit: types.Visit, actor: types.Actor, code: str, isil: str, name: str) -> dict[str, object]:
    """Return what the service of a visit may know: institution and roles, the name where she has agreed to that.

    Never the log-in name and never the library's number for its reader.
    """
    found: dict[str, object] = {"sub": visit.subject, "roles": sorted(actor.roles)}
    if code:
        found |= {"institution": code, "institution_name": name}
    if isil:
        found["institution_isil"] = isil
    if types.Scope.PROFILE in visit.scopes and actor.display_name:
        found["name"] = actor.display_name
    return found
