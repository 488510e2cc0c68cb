"""Entering persons, giving them passwords, and placing them."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import naming, permissions
from tongwen.domain.identity.services import passwords

_WHOLE = "a role is given once in a place, whichever scope the giver works in"


@transaction.atomic
def register_person(*, username: str, display_name: str, password: str | None, email: str = "") -> int:
    """Enter a person (or update her, with a new password where one is given) and return her number.

    Raises:
        WeakPassword
    """
    if password is not None:
        passwords.check(password, names=(username, display_name, email))
    facts = {"display_name": display_name, "email": email}
    person = models.Person.objects.filter(username__iexact=username).first()
    if person is None:
        return models.Person.objects.create_user(username, password, **facts).pk
    for name, value in facts.items():
        setattr(person, name, value)
    if password is not None:
        person.set_password(password)
    person.save()
    return person.pk


@transaction.atomic
def enter_person(*, username: str, display_name: str, password: str | None, email: str = "", language: str = "") -> int:
    """Enter somebody new and return her number; unlike `register_person` it never touches who is there already.

    Raises:
        BadName, UsernameTaken, WeakPassword
    """
    name, shown = naming.sign_in(username), naming.shown(display_name)
    if password is not None:
        check_password_rules(password)
    if models.Person.objects.filter(username__iexact=name).exists():
        raise types.UsernameTaken(f"somebody else signs in as {name}")
    try:
        with transaction.atomic():
            person = models.Person.objects.create_user(
                name, password, display_name=shown, email=email, language=language
            )
    except IntegrityError:
        raise types.UsernameTaken(f"somebody else signs in as {name}") from None
    return person.pk


def check_password_rules(password: str) -> None:
    """Refuse a password that is too weak.

    Raises:
        WeakPassword: with the rules it breaks, in the language of the moment.
    """
    passwords.check(password)


@transaction.atomic
def affiliate(
    *,
    person_id: int,
    role: types.Role,
    place: types.Place,
    given_by: str,
    now: dt.datetime,
    expires_on: dt.date | None = None,
) -> int:
    """Place a person, without asking who gives the role (`give_role` asks); given again, its expiry is what changes.

    Raises:
        WrongPlace: the role does not belong to such a place.
    """
    permissions.check_place(role, place)
    held = models.Affiliation.objects.unscoped(_WHOLE).filter(
        Q(institution_id=place.institution_id, domain_id=place.domain_id)
    )
    row, _ = held.update_or_create(
        person_id=person_id,
        role=role.value,
        ended_at=None,
        defaults={"expires_on": expires_on},
        create_defaults={
            "institution_id": place.institution_id,
            "domain_id": place.domain_id,
            "begins_on": timezone.localdate(now),
            "expires_on": expires_on,
            "given_by": given_by,
        },
    )
    audit.record(
        at=now,
        actor=given_by,
        action="role.give",
        subject=f"person {person_id}",
        institution_id=place.institution_id,
        role=role.value,
        place=place.key(),
    )
    return row.pk
