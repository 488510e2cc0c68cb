"""Whom an administrator sees: people with roles that are hers to give, in places that she reaches; no more of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tongwen.core import tenancy
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries.rows import affiliation_of, person_of
from tongwen.domain.identity.rules import permissions, searching
from tongwen.domain.members import queries as members

PAGE = 50
_REACH = "a domain or national administrator sees whom she may give roles in the institutions below her"


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as an administrator sees her: with the roles that are the administrator's to give, ended ones too."""

    person: types.Person
    affiliations: tuple[types.Affiliation, ...]

    def current(self, on: dt.date) -> tuple[types.Affiliation, ...]:
        """Return the roles that hold on a date."""
        return tuple(one for one in self.affiliations if one.holds_on(on))


def find_people(
    actor: types.Actor, *, text: str = "", role: str = "", state: str = "", on: dt.date, page: int = 1
) -> tuple[list[Seen], int]:
    """Return a page of the people whom the actor administers, by log-in name, and how many there are.

    `text`: name in any script, pinyin, initials, log-in name, e-mail address. `state`: `current` (a role holds),
    `past` (none does), `inactive` (the account is closed), or "".
    """
    with tenancy.reaching_all(_REACH):
        held = _held(actor)
        if role:
            held = held.filter(role=role)
        rows = _in_state(models.Person.objects.filter(pk__in=held.values("person_id")), held, state, on)
        for word in searching.person_words(text):
            rows = rows.filter(name_keys__contains=word)
        total = rows.count()
        people = list(rows.order_by("username")[(page - 1) * PAGE : page * PAGE])
        return _seen(actor, people), total


def _held(actor: types.Actor) -> QuerySet[models.Affiliation]:
    """Return the affiliations that are the actor's to give or take."""
    roles = [role.value for role in permissions.gives(actor.roles)]
    rows = models.Affiliation.objects.unscoped(_REACH).filter(role__in=roles)
    if actor.institution_id is not None:
        return rows.filter(institution_id=actor.institution_id)
    if actor.domain_id is not None:
        below = next((one.institution_ids for one in members.sharing_domains() if one.id == actor.domain_id), ())
        return rows.filter(Q(domain_id=actor.domain_id) | Q(institution_id__in=below))
    return rows


def _in_state(
    rows: QuerySet[models.Person], held: QuerySet[models.Affiliation], state: str, on: dt.date
) -> QuerySet[models.Person]:
    rows = rows.filter(erased_at=None)
    if state == "inactive":
        return rows.filter(is_active=False)
    current = held.filter(Q(expires_on=None) | Q(expires_on__gt=on), ended_at=None, begins_on__lte=on)
    if state == "current":
        return rows.filter(is_active=True, pk__in=current.values("person_id"))
    return rows.exclude(pk__in=current.values("person_id")) if state == "past" else rows


def _seen(actor: types.Actor, people: list[models.Person]) -> list[Seen]:
    found: dict[int, list[types.Affiliation]] = {row.pk: [] for row in people}
    for row in _held(actor).filter(person_id__in=list(found)).order_by("ended_at", "pk"):
        found[row.person_id].append(affiliation_of(row))
    return [Seen(person_of(row), tuple(found[row.pk])) for row in people]


def seen_person(actor: types.Actor, person_id: int) -> Seen:
    """Return a person whom the actor administers; raises UnknownPerson for anybody else."""
    with tenancy.reaching_all(_REACH):
        rows = models.Person.objects.filter(pk=person_id, erased_at=None)
        found = _seen(actor, list(rows))
    if not found or not found[0].affiliations:
        raise types.UnknownPerson(f"there is no person {person_id}")
    return found[0]
