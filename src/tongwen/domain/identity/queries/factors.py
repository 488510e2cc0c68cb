"""Second factors and sessions of a person, and how the staff of an institution is protected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django_otp_webauthn.models import WebAuthnCredential

from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import factors as rules
from tongwen.domain.identity.rules import passwords

_POLICY = "what an institution asks of its staff is asked wherever she signs in"
_STAFF = "an administrator sees who works for the institution she acts for, which is named in the query"


def factors(person_id: int) -> tuple[types.Factor, ...]:
    """Return the factors a person can use, in the order in which she made them."""
    apps = [
        types.Factor(types.FactorKind.TOTP, row.pk, row.name, row.made_at, row.last_used_at)
        for row in models.Authenticator.objects.filter(person_id=person_id, confirmed=True)
    ]
    keys = [
        types.Factor(types.FactorKind.PASSKEY, row.pk, row.name, row.created_at, row.last_used_at)
        for row in WebAuthnCredential.objects.filter(user_id=person_id, confirmed=True)
    ]
    return tuple(sorted([*apps, *keys], key=lambda one: (one.made_at is None, one.made_at, one.id)))


def has_factor(person_id: int) -> bool:
    """Tell whether a person has a factor that is ready for use."""
    if models.Authenticator.objects.filter(person_id=person_id, confirmed=True).exists():
        return True
    return bool(WebAuthnCredential.objects.filter(user_id=person_id, confirmed=True).exists())


def recovery_codes_left(person_id: int) -> int:
    """Return how many unused recovery codes a person has."""
    return models.RecoveryCode.objects.filter(person_id=person_id).count()


def policy_of(institution_id: int | None) -> types.FactorPolicy:
    """Return what is asked of the staff of an institution: the strictest of its own and the installation's policy."""
    own = models.InstitutionPolicy.objects.unscoped(_POLICY).filter(Q(institution_id=institution_id)).first()
    installation = types.FactorPolicy(settings.TONGWEN_SECOND_FACTOR)
    return rules.strictest(installation, *([types.FactorPolicy(own.second_factor)] if own else []))


def is_factor_required(actor: types.Actor) -> bool:
    """Tell whether a second factor is a duty where this actor works."""
    return actor.is_staff and policy_of(actor.institution_id) is types.FactorPolicy.REQUIRED


def step(actor: types.Actor, now: dt.datetime) -> types.Step:
    """Return what a session of this actor still lacks after the password (rules.factors.step)."""
    if actor.person_id is None:
        return types.Step.NOTHING
    asked = models.Safety.objects.filter(person_id=actor.person_id).first()
    return rules.step(
        policy=policy_of(actor.institution_id),
        is_staff=actor.is_staff,
        has_factor=has_factor(actor.person_id),
        first_asked_at=asked.first_asked_at if asked else None,
        put_off_at=asked.put_off_at if asked else None,
        now=now,
        grace=settings.TONGWEN_SECOND_FACTOR_GRACE,
    )


def enrolment_ends_at(person_id: int) -> dt.datetime | None:
    """Return when the grace of somebody ends who was asked to enrol."""
    asked = models.Safety.objects.filter(person_id=person_id).first()
    if asked is None or asked.first_asked_at is None:
        return None
    return asked.first_asked_at + settings.TONGWEN_SECOND_FACTOR_GRACE


def sessions(person_id: int) -> tuple[types.Session, ...]:
    """Return the sessions of a person that have not ended, the one used last first."""
    rows = models.SessionRecord.objects.filter(person_id=person_id, ended_at=None).order_by("-last_seen_at", "-pk")
    return tuple(
        types.Session(
            id=str(row.public_id),
            person_id=row.person_id,
            method=row.method,
            device=row.device,
            network=row.network,
            near_id=row.near_id,
            begun_at=row.begun_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
    )


def protection(institution_id: int | None, *, on: dt.date) -> tuple[types.Protection, ...]:
    """Return the staff of an institution (of the installation for None), by name, with how each is protected."""
    held = (
        models.Affiliation.objects.unscoped(_STAFF)
        .filter(Q(expires_on=None) | Q(expires_on__gt=on), Q(institution_id=institution_id), domain=None, ended_at=None)
        .filter(begins_on__lte=on, person__is_active=True)
        .exclude(role=types.Role.READER.value)
    )
    people = models.Person.objects.filter(pk__in=held.values("person_id")).order_by("display_name", "pk")
    numbers = [person.pk for person in people]
    apps = _counted(models.Authenticator.objects.filter(confirmed=True), "person_id", numbers)
    keys = _counted(WebAuthnCredential.objects.filter(confirmed=True), "user_id", numbers)
    open_sessions = _counted(models.SessionRecord.objects.filter(ended_at=None), "person_id", numbers)
    return tuple(
        types.Protection(
            person_id=one.pk,
            username=one.username,
            display_name=one.display_name,
            factors=apps.get(one.pk, 0) + keys.get(one.pk, 0),
            sessions=open_sessions.get(one.pk, 0),
        )
        for one in people
    )


def _counted(rows: QuerySet[Any], column: str, numbers: list[int]) -> dict[int, int]:
    counted = rows.filter(**{f"{column}__in": numbers}).values_list(column).annotate(number=Count("pk"))
    return dict(counted)


def has_password(person_id: int) -> bool:
    """Tell whether a person has a password of the local source."""
    row = models.Person.objects.filter(pk=person_id).first()
    return row is not None and row.has_usable_password()


def password_is_too_old(person_id: int, now: dt.datetime) -> bool:
    """Tell whether the rules ask a person for a new local password."""
    chosen = passwords.rules(settings.TONGWEN_PASSWORD_RULES)
    if not chosen.oldest_days or not has_password(person_id):
        return False
    safety = models.Safety.objects.filter(person_id=person_id).first()
    return passwords.is_too_old(safety.password_changed_at if safety else None, chosen, now)
