"""What the law on personal information asks for (个人信息保护法): consent, a copy of one's data, being forgotten.

Apps above say with `obliges` what stands against forgetting a person (a loan that is out), and with `exports` what they
know of her.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongwen.core import audit, mail, tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import affiliations
from tongwen.domain.identity.queries.readers import readers_of_person
from tongwen.domain.identity.services import notices, sessions, visits
from tongwen.domain.members import queries as members

_OWN = "a person may see everything that is known about her"
_FORGET = "whoever is forgotten is forgotten in all libraries"
_LIMITS = "what has had its time is removed in all libraries"

Reasons = Callable[[int], list[str]]
Known = Callable[[int], dict[str, Any]]
_obligations: list[Reasons] = []
_known: list[Known] = []


def obliges(reasons: Reasons) -> None:
    """Ask this function, with a person's number, for sentences that say why she cannot be forgotten yet."""
    if reasons not in _obligations:
        _obligations.append(reasons)


def exports(known: Known) -> None:
    """Ask this function, with a person's number, for what an app knows of her, by headings."""
    if known not in _known:
        _known.append(known)


@transaction.atomic
def give_consent(*, person_id: int, purpose: str, version: str, now: dt.datetime) -> None:
    """Note that a person agrees to a purpose (or a client) in this version; an earlier version is thereby replaced."""
    standing = models.Consent.objects.select_for_update().filter(
        person_id=person_id, purpose=purpose, withdrawn_at=None
    )
    if standing.filter(version=version).exists():
        return
    standing.update(withdrawn_at=now)
    models.Consent.objects.create(person_id=person_id, purpose=purpose, version=version, given_at=now)
    _audit("consent.give", person_id, now, purpose=purpose, version=version)


@transaction.atomic
def withdraw_consent(*, person_id: int, purpose: str, now: dt.datetime) -> None:
    """Take a consent back; without one nothing happens, which is what was wanted."""
    rows = models.Consent.objects.filter(person_id=person_id, purpose=purpose, withdrawn_at=None)
    if rows.update(withdrawn_at=now):
        visits.end_visits_to(person_id=person_id, client_id=purpose, now=now)
        _audit("consent.withdraw", person_id, now, purpose=purpose)


def has_consent(*, person_id: int, purpose: str, version: str) -> bool:
    """Tell whether a person agrees to this version of a purpose."""
    rows = models.Consent.objects.filter(person_id=person_id, purpose=purpose, version=version, withdrawn_at=None)
    return rows.exists()


def consents(person_id: int) -> tuple[types.Consent, ...]:
    """Return to what a person has ever agreed, the newest first."""
    rows = models.Consent.objects.filter(person_id=person_id).order_by("-given_at")
    return tuple(types.Consent(row.purpose, row.version, row.given_at, row.withdrawn_at) for row in rows)


def _audit(action: str, person_id: int, now: dt.datetime, **detail: Any) -> None:
    audit.record(at=now, actor=f"person {person_id}", action=action, subject=f"person {person_id}", **detail)


def known_of(person_id: int) -> dict[str, Any]:
    """Return everything that is known of a person, for programs: dates as ISO 8601, passwords never."""
    row = models.Person.objects.get(pk=person_id)
    with tenancy.reaching_all(_OWN):
        known: dict[str, Any] = {
            "person": _facts(row, "username", "display_name", "email", "language", "last_login"),
            "roles": [
                _facts(one, "role", "begins_on", "expires_on", "ended_at", "given_by") | _place(one)
                for one in models.Affiliation.objects.unscoped(_OWN).filter(person=row).order_by("pk")
            ],
            "log_ins_of_libraries": [
                _facts(one, "subject", "linked_at", "last_seen_at") | _place(one)
                for one in models.Link.objects.unscoped(_OWN).filter(person=row).order_by("pk")
            ],
            "reader": [
                _facts(one, "number", "display_name", "category", "department", "email", "expires_on") | _place(one)
                for one in models.Reader.objects.unscoped(_OWN).filter(person=row).order_by("pk")
            ],
            "invitations": [
                _facts(one, "email", "display_name", "created_at", "accepted_at") | _place(one)
                for one in models.Invitation.objects.unscoped(_OWN).filter(accepted_by=row).order_by("pk")
            ],
            "consents": [
                _facts(one, "purpose", "version", "given_at", "withdrawn_at")
                for one in models.Consent.objects.filter(person=row).order_by("pk")
            ],
            "acts": [
                _facts(one, "at", "action", "subject")
                for one in AuditEntry.objects.filter(actor__in=[row.username, f"person {row.pk}"]).order_by("pk")
            ],
        }
    for source in _known:
        known |= source(person_id)
    return known


def _facts(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _place(row: Any) -> dict[str, str]:
    return {"library": members.institution(row.institution_id).code} if row.institution_id else {}


def obligations(person_id: int) -> list[str]:
    """Return in sentences what stands against forgetting a person."""
    return [*_only_administrator(person_id), *(reason for asked in _obligations for reason in asked(person_id))]


def _only_administrator(person_id: int) -> list[str]:
    """A library without an administrator could give no roles any more: she hands over first."""
    administers = types.Role.INSTITUTION_ADMINISTRATOR
    rows = models.Affiliation.objects.unscoped(_FORGET).filter(role=administers.value, ended_at=None)
    mine = [one.institution_id for one in rows.filter(person_id=person_id) if one.institution_id]
    return [
        _("You are the only administrator of %(library)s: give the role to somebody else first.")
        % {"library": members.institution(one).name_zh}
        for one in mine
        if not rows.filter(institution_id=one, person__is_active=True).exclude(person_id=person_id).exists()
    ]


def erasure_due(person_id: int) -> dt.datetime | None:
    """Return when a person who asked for it will be forgotten; None for others."""
    return models.Erasure.objects.filter(person_id=person_id).values_list("due_at", flat=True).first()


@transaction.atomic
def ask_erasure(*, person_id: int, now: dt.datetime) -> dt.datetime:
    """Enter a person's wish to be forgotten and return when that will be; asked again, the first date stays.

    Raises:
        StandingObligations
    """
    if reasons := obligations(person_id):
        raise types.StandingObligations(tuple(reasons))
    row, is_new = models.Erasure.objects.get_or_create(
        person_id=person_id,
        defaults={"asked_at": now, "due_at": now + dt.timedelta(days=settings.TONGWEN_ERASURE_DAYS)},
    )
    if is_new:
        _audit("person.ask_erasure", person_id, now)
        _tell_of_erasure(row, now)
    return row.due_at


def _tell_of_erasure(row: models.Erasure, now: dt.datetime) -> None:
    person = row.person
    if person.email:
        notices.write(
            "erasure",
            to=person.email,
            language=person.language or settings.LANGUAGE_CODE,
            now=now,
            name=person.display_name,
            username=person.username,
            until=notices.day(row.due_at),
        )


@transaction.atomic
def withdraw_erasure(*, person_id: int, now: dt.datetime) -> None:
    """Take the wish back while there is time."""
    if models.Erasure.objects.filter(person_id=person_id).delete()[0]:
        _audit("person.withdraw_erasure", person_id, now)


def erase_due(now: dt.datetime) -> int:
    """Forget those whose days of grace have passed; who has obligations meanwhile waits. Returns how many."""
    due = models.Erasure.objects.filter(due_at__lte=now).values_list("person_id", flat=True)
    ready = [person_id for person_id in due if not obligations(person_id)]
    for person_id in ready:
        erase(person_id=person_id, now=now)
    return len(ready)


@transaction.atomic
def erase(*, person_id: int, now: dt.datetime) -> None:
    """Empty what is known of a person. Her number stays, so that the trail of acts remains whole.

    A library's own list of readers is the library's: its line stays until the library removes it, and belongs to
    nobody here any more.
    """
    row = models.Person.objects.select_for_update().get(pk=person_id)
    sessions.end_all(person_id=person_id, now=now, why="erased")
    visits.end_visits_of_person(person_id=person_id, now=now)
    models.Link.objects.unscoped(_FORGET).filter(person=row).delete()
    models.Reader.objects.unscoped(_FORGET).filter(person=row).update(person=None)
    models.Affiliation.objects.unscoped(_FORGET).filter(person=row, ended_at=None).update(ended_at=now)
    models.Invitation.objects.unscoped(_FORGET).filter(accepted_by=row).update(email="", display_name="")
    for model in (models.Ticket, models.Consent, models.Erasure):
        model.objects.filter(person=row).delete()
    row.username, row.display_name, row.email, row.language, row.name_keys = f"erased-{row.pk}", "", "", "", ""
    row.is_active, row.last_login, row.erased_at = False, None, now
    row.set_unusable_password()
    row.save()
    audit.record(at=now, actor="retention", action="person.erase", subject=f"person {row.pk}")


def keep_limits(now: dt.datetime) -> dict[str, int]:
    """Remove what has been kept as long as the settings allow, and return how much of each.

    A worker calls it once a day: people who asked for it, readers who have long been none, old invitations and mails.
    """
    day = dt.timedelta(days=1)
    return {
        "persons": erase_due(now),
        "readers": _forget_readers(timezone.localdate(now - settings.TONGWEN_KEEP_READERS_DAYS * day), now),
        "invitations": _forget_invitations(now - settings.TONGWEN_KEEP_INVITATIONS_DAYS * day),
        "tickets": models.Ticket.objects.filter(expires_at__lt=now - 30 * day).delete()[0],
        "mails": mail.forget_sent(now - settings.TONGWEN_KEEP_MAILS_DAYS * day),
    }


@transaction.atomic
def _forget_readers(before: dt.date, now: dt.datetime) -> int:
    """Remove readers who expired before a date, and forget those of them who are nothing else here."""
    rows = models.Reader.objects.unscoped(_LIMITS).filter(expires_on__lt=before)
    people = [one for one in rows.exclude(person=None).values_list("person_id", flat=True) if one is not None]
    number = rows.delete()[0]
    for person_id in people:
        if not affiliations(person_id, timezone.localdate(now)) and not readers_of_person(person_id):
            erase(person_id=person_id, now=now)
    return number


def _forget_invitations(before: dt.datetime) -> int:
    return models.Invitation.objects.unscoped(_LIMITS).filter(expires_at__lt=before).delete()[0]
