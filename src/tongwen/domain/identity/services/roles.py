"""Giving and taking roles: an administrator gives only what she has, and only where she has it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import permissions
from tongwen.domain.identity.services.people import affiliate
from tongwen.domain.members import queries as members

_ABOVE = "a domain or national administrator ends roles in the institutions below her"


@transaction.atomic
def give_role(
    *,
    actor: types.Actor,
    person_id: int,
    role: types.Role,
    place: types.Place,
    now: dt.datetime,
    expires_on: dt.date | None = None,
) -> int:
    """Give a person a role in a place and return the affiliation's number.

    Raises:
        MayNotGive: the actor has not this role to give, or not there. WrongPlace. UnknownPerson.
    """
    check_may_give(actor, role, place)
    if not models.Person.objects.filter(pk=person_id, is_active=True).exists():
        raise types.UnknownPerson(f"there is no person {person_id}")
    return affiliate(
        person_id=person_id, role=role, place=place, given_by=actor.username, now=now, expires_on=expires_on
    )


@transaction.atomic
def end_role(*, actor: types.Actor, affiliation_id: int, now: dt.datetime) -> None:
    """Take a role back at once; what was done with it stays.

    Raises:
        UnknownPerson: no such role holds. MayNotGive: it is not the actor's to take.
    """
    held = models.Affiliation.objects.unscoped(_ABOVE).filter(pk=affiliation_id, ended_at=None)
    row = held.first()
    if row is None:
        raise types.UnknownPerson(f"no role {affiliation_id} holds")
    check_may_give(actor, types.Role(row.role), types.Place(row.institution_id, row.domain_id))
    held.update(ended_at=now)
    audit.record(
        at=now,
        actor=actor.username,
        action="role.end",
        subject=f"person {row.person_id}",
        institution_id=row.institution_id,
        role=row.role,
    )


def check_may_give(actor: types.Actor, role: types.Role, place: types.Place) -> None:
    """Let the actor give or take a role in a place.

    Raises:
        MayNotGive: the role is not hers to give, or the place is not hers. WrongPlace.
    """
    permissions.check_place(role, place)
    if not actor.may(types.Permission.ROLES_GIVE) or role not in permissions.gives(actor.roles):
        raise types.MayNotGive(f"{actor.username or 'nobody'} has not the role {role.value} to give")
    if not _reaches(actor.place, place):
        raise types.MayNotGive(f"{place.key()} is not a place where {actor.username} gives roles")


def may_give(actor: types.Actor, role: types.Role, place: types.Place) -> bool:
    """Tell whether the actor may give or take a role in a place."""
    try:
        check_may_give(actor, role, place)
    except (types.MayNotGive, types.WrongPlace):
        return False
    return True


def _reaches(hers: types.Place, place: types.Place) -> bool:
    """Tell whether a place is hers or stands below: the nation reaches all, a domain its institutions."""
    if hers in (types.NATION, place):
        return True
    if hers.domain_id is None or place.institution_id is None:
        return False
    domains = {one.id: one.institution_ids for one in members.sharing_domains()}
    return place.institution_id in domains.get(hers.domain_id, ())
