"""Services that log people in here, programs with tokens, and what their visits stand for."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from tongwen.domain.identity import models, types
from tongwen.domain.identity import queries as people
from tongwen.domain.identity.rules import clients as rules
from tongwen.domain.identity.rules import saml_metadata
from tongwen.domain.members import queries as members


def clients(institution_id: int | None) -> tuple[types.Client, ...]:
    """Return the clients of a library, or (None) the centre's, by name."""
    rows = models.Client.objects.filter(institution_id=institution_id)
    return tuple(client_of(row) for row in rows.order_by("kind", "name_zh", "pk"))


def client(client_number: int, institution_id: int | None) -> types.Client:
    """Return one client of a library, or (None) of the centre.

    Raises:
        UnknownClient: it is not theirs.
    """
    row = models.Client.objects.filter(pk=client_number, institution_id=institution_id).first()
    if row is None:
        raise types.UnknownClient(f"there is no client {client_number}")
    return client_of(row)


def scopes_for(kind: types.ClientKind, institution_id: int | None) -> tuple[types.Scope, ...]:
    """Return the scopes that may be given to such a client of a library, or (None) of the centre."""
    return tuple(rules.scopes_for(kind, institution_id))


def client_by_id(client_id: str) -> types.Client:
    """Return the client that calls itself so, whoever owns it.

    Raises:
        UnknownClient: there is none, or it is switched off.
    """
    row = None if "\0" in client_id else models.Client.objects.filter(client_id=client_id, is_enabled=True).first()
    if row is None:
        raise types.UnknownClient("no client has this id")
    return client_of(row)


def client_names(client_ids: Iterable[str]) -> dict[str, types.Client]:
    """Return clients by what they call themselves, switched off ones too: for what people agreed to."""
    rows = models.Client.objects.filter(client_id__in=[one for one in client_ids if "\0" not in one])
    return {row.client_id: client_of(row) for row in rows}


def client_of_service(address: str) -> types.Client:
    """Return the CAS service that an address belongs to; where several would, the one that names it most closely.

    Raises:
        UnknownClient
    """
    rows = models.Client.objects.filter(kind=types.ClientKind.CAS.value, is_enabled=True)
    found = [one for one in map(client_of, rows) if rules.is_of_service(one, address)]
    if not found:
        raise types.UnknownClient("no service stands at this address")
    return max(found, key=lambda one: max(len(known) for known in one.services))


def client_of_entity(entity_id: str) -> types.Client:
    """Return the SAML service provider with this entity id; raises UnknownClient."""
    rows = models.Client.objects.filter(kind=types.ClientKind.SAML.value, is_enabled=True)
    row = None if "\0" in entity_id else rows.filter(saml_entity_id=entity_id).first()
    if row is None:
        raise types.UnknownClient("no service provider has this entity id")
    return client_of(row)


def saml_provider(client: types.Client) -> saml_metadata.Provider:
    """Return what the metadata of a service provider says; its usual address for answers comes first."""
    return saml_metadata.read(client.saml_metadata)


def visit_of_token(token: str, now: dt.datetime) -> types.Visit:
    """Return the visit that an access token belongs to.

    Raises:
        UnknownClient: the token is no good, or its session has ended.
    """
    row = _token(token, now)
    family = getattr(getattr(row, "refresh_token", None), "token_family", None)
    found = models.Visit.objects.select_related("client").filter(token_family=family, ended_at=None).first()
    if family is None or found is None:
        raise types.UnknownClient("the session has ended")
    return visit_of(found)


def visit_of_code(code: str) -> types.Visit | None:
    """Return the visit that a code was given out for."""
    found = models.Visit.objects.select_related("client").filter(digest=digest(code), ended_at=None).first()
    return None if found is None else visit_of(found)


def visit_of_family(family: uuid.UUID) -> types.Visit | None:
    """Return the visit whose refresh tokens are of this family."""
    found = models.Visit.objects.select_related("client").filter(token_family=family, ended_at=None).first()
    return None if found is None else visit_of(found)


class Ended(NamedTuple):
    """A visit that has ended, for telling its service."""

    visit: types.Visit
    is_told: bool


def ended_visit(visit_id: int) -> Ended | None:
    """Return a visit that has ended; None where it is forgotten or goes on."""
    row = models.Visit.objects.select_related("client").filter(pk=visit_id).exclude(ended_at=None).first()
    return None if row is None else Ended(visit_of(row), row.told_at is not None)


def open_visits(sid: str) -> tuple[types.Visit, ...]:
    """Return what a session has open elsewhere."""
    rows = models.Visit.objects.select_related("client").filter(sid=sid, ended_at=None).exclude(taken_up_at=None)
    return tuple(visit_of(row) for row in rows.order_by("pk"))


def claims(visit: types.Visit, now: dt.datetime) -> dict[str, object]:
    """Return what the service of a visit may know of its person, as she stands now."""
    person = models.Person.objects.get(pk=visit.person_id)
    acting = _actor_at(person, visit.place, timezone.localdate(now))
    code, isil, name = "", "", ""
    if acting.institution_id is not None:
        library = members.institution(acting.institution_id)
        code, isil, name = library.code, library.isil, library.name_zh
    return rules.claims(visit=visit, actor=acting, code=code, isil=isil, name=name)


def _actor_at(person: models.Person, place: types.Place, on: dt.date) -> types.Actor:
    """Return the person at that place; without a role there any more, without roles."""
    facts = types.Person(person.pk, person.username, person.display_name, person.email, person.is_active)
    acting = people.actor(facts, place, on)
    return acting if acting.place == place else types.Actor(person.pk, person.username, person.display_name, place)


def bearer(token: str, now: dt.datetime) -> types.Actor:
    """Return the program that presents a token, as it acts for the institution that owns it.

    Raises:
        UnknownClient: the token is unknown, too old, of a client that is switched off, or a person's.
    """
    row = _token(token, now)
    if row.user_id is not None:
        raise types.UnknownClient("this token is a person's; programs have their own")
    owner = row.application
    return types.Actor(
        username=f"client:{owner.client_id}"[:150],
        display_name=owner.name_zh,
        place=types.Place(institution_id=owner.institution_id),
        permissions=rules.permissions_of_scopes(row.scope.split()) if owner.institution_id else frozenset(),
    )


def token_facts(token: str, asking: types.Client, now: dt.datetime) -> dict[str, object] | None:
    """Return what the introspection of a token says (RFC 7662, 2.2); None where it is not active for who asks.

    A client may ask about its own tokens, a service with the scope `introspection` about all of its owner's.
    """
    try:
        row = _token(token, now)
    except types.UnknownClient:
        return None
    owner = row.application
    sees_all = types.Scope.INTROSPECTION in asking.scopes and asking.institution_id in (None, owner.institution_id)
    if owner.pk != asking.id and not sees_all:
        return None
    facts: dict[str, object] = {
        "active": True,
        "scope": row.scope,
        "client_id": owner.client_id,
        "token_type": "Bearer",
        "exp": int(row.expires.timestamp()),
        "iat": int(row.created.timestamp()),
    }
    if row.user_id is not None:
        facts["sub"] = visit_of_token(token, now).subject
    if owner.institution_id is not None:
        facts["institution"] = members.institution(owner.institution_id).code
    return facts


def _token(token: str, now: dt.datetime) -> Any:
    tokens = get_access_token_model().objects.select_related("application", "refresh_token")
    row = tokens.filter(token_checksum=digest(token), expires__gt=now, application__is_enabled=True).first()
    if row is None:
        raise types.UnknownClient("the token is unknown or too old")
    return row


def digest(text: str) -> str:
    """Return how a token, code or ticket is kept: they are long and drawn by lot, so a plain digest does."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def client_of(row: models.Client) -> types.Client:
    """Return a row as the frozen value that leaves this app."""
    return types.Client(
        id=row.pk,
        client_id=row.client_id,
        institution_id=row.institution_id,
        kind=types.ClientKind(row.kind),
        name_zh=row.name_zh,
        name_zh_hant=row.name_zh_hant,
        name_en=row.name_en,
        home_url=row.home_url,
        is_public=row.client_type == models.Client.CLIENT_PUBLIC,
        is_trusted=row.skip_authorization,
        is_enabled=row.is_enabled,
        scopes=tuple(types.Scope(word) for word in row.scopes.split()),
        redirect_uris=tuple(row.redirect_uris.split()),
        logout_redirect_uris=tuple(row.post_logout_redirect_uris.split()),
        sector=row.sector,
        services=tuple(row.services.split()),
        saml_entity_id=row.saml_entity_id,
        saml_metadata=row.saml_metadata,
        backchannel_uri=row.backchannel_uri,
        entry=types.Entry(row.entry),
        admitted_ids=tuple(row.admitted_ids),
        roles=tuple(types.Role(word) for word in row.roles.split()),
    )


def visit_of(row: models.Visit) -> types.Visit:
    """Return a row as the frozen value that leaves this app."""
    return types.Visit(
        id=row.pk,
        sid=row.sid,
        client=client_of(row.client),
        person_id=row.person_id,
        place=types.Place.of_key(row.place),
        subject=row.subject,
        scopes=frozenset(row.scopes.split()),
        authenticated_at=row.authenticated_at,
        issuer=row.issuer,
        service=row.service,
        session_index=row.session_index,
        is_fresh=row.is_fresh,
    )
