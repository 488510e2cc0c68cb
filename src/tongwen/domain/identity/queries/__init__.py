"""Who somebody is and what she may do."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries.factors import (
    enrolment_ends_at,
    factors,
    has_factor,
    has_password,
    is_factor_required,
    password_is_too_old,
    policy_of,
    protection,
    recovery_codes_left,
    sessions,
    step,
)
from tongwen.domain.identity.queries.rows import affiliation_of, person_of
from tongwen.domain.identity.queries.sources import (
    open_sources,
    people_of_source,
    secrets_kept,
    source,
    source_settings_of,
    sources,
)
from tongwen.domain.identity.rules import permissions

__all__ = [
    "actor",
    "affiliations",
    "enrolment_ends_at",
    "factors",
    "has_factor",
    "has_password",
    "is_factor_required",
    "open_sources",
    "password_is_too_old",
    "people_of_source",
    "person",
    "person_by_username",
    "places",
    "policy_of",
    "protection",
    "recovery_codes_left",
    "secrets_kept",
    "sessions",
    "source",
    "source_settings_of",
    "sources",
    "step",
]

_OWN = "a person may see in which places she is known"


def person(person_id: int) -> types.Person:
    """Return a person.

    Raises:
        UnknownPerson
    """
    row = models.Person.objects.filter(pk=person_id).first()
    if row is None:
        raise types.UnknownPerson(f"there is no person {person_id}")
    return person_of(row)


def person_by_username(username: str) -> types.Person:
    """Return a person by her log-in name; raises UnknownPerson."""
    row = models.Person.objects.filter(username__iexact=username).first()
    if row is None:
        raise types.UnknownPerson(f"nobody signs in as {username!r}")
    return person_of(row)


def affiliations(person_id: int, on: dt.date) -> tuple[types.Affiliation, ...]:
    """Return the roles that a person holds on a date in all places, staff roles first."""
    rows = (
        models.Affiliation.objects.unscoped(_OWN)
        .filter(Q(expires_on=None) | Q(expires_on__gt=on), person_id=person_id, ended_at=None, begins_on__lte=on)
        .order_by("pk")
    )
    return tuple(sorted(map(affiliation_of, rows), key=lambda one: one.role is types.Role.READER))


def places(person_id: int, on: dt.date) -> tuple[types.Place, ...]:
    """Return the places a person may act for, those where she works first."""
    return tuple(dict.fromkeys(one.place for one in affiliations(person_id, on)))


def actor(person: types.Person, place: types.Place | None, on: dt.date) -> types.Actor:
    """Return the person as she acts for a place; without one, or where she is nothing, for the first that is hers.

    Somebody who belongs nowhere any more acts as a reader of no library: she has no rights.
    """
    held = affiliations(person.id, on)
    known = {one.place for one in held}
    chosen = place if place in known else (held[0].place if held else types.NATION)
    roles = frozenset(one.role for one in held if one.place == chosen)
    return types.Actor(
        person_id=person.id,
        username=person.username,
        display_name=person.display_name,
        place=chosen or types.NATION,
        roles=roles,
        permissions=permissions.permissions_of(roles),
    )
