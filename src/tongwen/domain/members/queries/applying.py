"""Applications for membership: the queue of a centre, and an applicant's own."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db.models import QuerySet

from tongwen.domain.members import models, types

_LONGEST_SECRET = 200


def number(row: models.MembershipApplication) -> str:
    """Return the receipt number of an application."""
    return f"M-{row.submitted_at.year}-{row.pk:06d}"


def secret_hash(secret: str) -> str:
    """Return under what the secret of a status page is kept."""
    return hashlib.sha256(secret[:_LONGEST_SECRET].encode()).hexdigest()


def application(application_id: int, provinces: Collection[str] | None = None) -> types.Application:
    """Return one application with its history.

    `provinces` are those that the asking centre is responsible for, None for the national centre.

    Raises:
        UnknownApplication: there is none, or it is another centre's.
    """
    row = models.MembershipApplication.objects.filter(pk=application_id).first()
    if row is None or (provinces is not None and row.province not in provinces):
        raise types.UnknownApplication(f"no application has the number {application_id}")
    return as_application(row)


def application_by_secret(secret: str) -> types.Application:
    """Return the application whose status page has this secret.

    Raises:
        UnknownApplication
    """
    row = models.MembershipApplication.objects.filter(secret_hash=secret_hash(secret)).first()
    if row is None:
        raise types.UnknownApplication("no application has this secret link")
    return as_application(row)


def applications(
    *, provinces: Collection[str] | None = None, decided: bool = False, page: int = 1, size: int = 50
) -> tuple[tuple[types.Application, ...], int]:
    """Return a page of the queue without histories, and how many there are.

    Open ones stand oldest first, decided ones with the latest first.
    """
    rows = _of(provinces, decided).order_by("-changed_at" if decided else "submitted_at")
    chosen = rows[(page - 1) * size : page * size]
    return tuple(_without_history(row) for row in chosen), rows.count()


def applications_waiting(provinces: Collection[str] | None = None) -> int:
    """Return how many applications wait for their centre (new ones and answered ones)."""
    waiting = (types.ApplicationState.SUBMITTED, types.ApplicationState.ANSWERED)
    rows = models.MembershipApplication.objects.filter(state__in=waiting)
    return (rows if provinces is None else rows.filter(province__in=provinces)).count()


def _of(provinces: Collection[str] | None, decided: bool) -> QuerySet[models.MembershipApplication]:
    states = [one for one in types.ApplicationState if one.is_decided is decided]
    rows = models.MembershipApplication.objects.filter(state__in=states)
    return rows if provinces is None else rows.filter(province__in=provinces)


def as_application(row: models.MembershipApplication) -> types.Application:
    """Return an application with its history."""
    events = tuple(
        types.ApplicationEvent(one.at, one.actor, types.ApplicationStep(one.step), one.text)
        for one in row.steps.order_by("at", "pk")
    )
    return _without_history(row, events)


def _without_history(
    row: models.MembershipApplication, events: tuple[types.ApplicationEvent, ...] = ()
) -> types.Application:
    return types.Application(
        id=row.pk,
        number=number(row),
        state=types.ApplicationState(row.state),
        candidate=types.Candidate(
            name_zh=row.name_zh,
            name_zh_hant=row.name_zh_hant,
            name_en=row.name_en,
            type=types.InstitutionType(row.type),
            city=row.city,
            contact_name=row.contact_name,
            contact_mail=row.contact_mail,
            contact_phone=row.contact_phone,
            isil=row.isil,
            homepage=row.homepage,
            services=tuple(types.Service(one) for one in row.services),
            message=row.message,
            language=row.language,
        ),
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
        events=events,
        institution_id=row.institution_id,
    )
