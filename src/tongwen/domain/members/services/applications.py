"""Applications for membership: sent in, asked back, answered, decided. Every step is kept and audited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from tongwen.core import audit, events
from tongwen.domain.members import models, queries, types
from tongwen.domain.members.queries import applying as reading
from tongwen.domain.members.rules import admission, facts
from tongwen.domain.members.services import institutions, notices, subscriptions
from tongwen.domain.members.services.changing import register_changes
from tongwen.domain.members.services.domains import join_domain

_LONGEST_TEXT = 5_000
_LONGEST_CONTACT = 100


def submit(*, submission: uuid.UUID, candidate: types.Candidate, now: dt.datetime) -> types.Receipt:
    """Take an application in. Sent twice with the same `submission` it is one, with the same receipt.

    The secret of the status page is derived from the submission and the installation's key; only its hash is kept.

    Raises:
        BadFacts: something is missing or wrong, or the library is a member or has applied already.
    """
    secret = notices.secret(submission)
    with register_changes():
        known = models.MembershipApplication.objects.filter(submission=submission).first()
        if known is not None:
            return types.Receipt(reading.number(known), secret)
        checked = _checked(candidate)
        row = models.MembershipApplication.objects.create(
            **checked._replace(services=())._asdict() | {"services": [one.value for one in checked.services]},
            province=checked.province,
            submission=submission,
            secret_hash=reading.secret_hash(secret),
            state=types.ApplicationState.SUBMITTED.value,
            submitted_at=now,
            changed_at=now,
        )
        _step(row, types.ApplicationStep.SUBMIT, "", "", now)
        return types.Receipt(reading.number(row), secret)


def answer(*, secret: str, text: str, now: dt.datetime) -> None:
    """Answer what the centre asked.

    Raises:
        BadFacts, NotPossibleNow, UnknownApplication
    """
    with transaction.atomic():
        _move(_by_secret(secret), types.ApplicationStep.ANSWER, text, "", now)


def withdraw(*, secret: str, now: dt.datetime) -> None:
    """Take an application back before it is decided.

    Raises:
        NotPossibleNow, UnknownApplication
    """
    with transaction.atomic():
        _move(_by_secret(secret), types.ApplicationStep.WITHDRAW, "", "", now)


def ask_back(
    *, application_id: int, provinces: Collection[str] | None, text: str, actor: str, now: dt.datetime
) -> None:
    """Ask the applicant something. `provinces` are those of the acting centre, None for the national one.

    Raises:
        BadFacts, NotPossibleNow, UnknownApplication
    """
    with transaction.atomic():
        _move(_of_centre(application_id, provinces), types.ApplicationStep.ASK_BACK, text, actor, now)


def refuse(*, application_id: int, provinces: Collection[str] | None, text: str, actor: str, now: dt.datetime) -> None:
    """Refuse an application with the reason, which the applicant reads.

    Raises:
        BadFacts, NotPossibleNow, UnknownApplication
    """
    with transaction.atomic():
        _move(_of_centre(application_id, provinces), types.ApplicationStep.REFUSE, text, actor, now)


def approve(
    *,
    application_id: int,
    provinces: Collection[str] | None,
    entered: types.InstitutionFacts,
    services: Collection[types.Service],
    domain_ids: Collection[int],
    begins_on: dt.date,
    actor: str,
    now: dt.datetime,
) -> types.Admission:
    """Make a member of an applicant: the institution, its domains and its services, open from `begins_on`.

    `entered` are the facts as the centre confirms them. The invitation of its administrator is not sent here:
    call `identity.services.admissions.approve`, which does both in one transaction.

    Raises:
        BadFacts, NotPossibleNow, UnknownApplication, UnknownSharingDomain
    """
    with register_changes():
        row = _of_centre(application_id, provinces)
        state = admission.after(types.ApplicationState(row.state), types.ApplicationStep.APPROVE)
        number = institutions.enter_institution(entered=entered, actor=actor, now=now)
        for domain_id in sorted(domain_ids):
            join_domain(domain_id=domain_id, institution_id=number, actor=actor, now=now)
        for service in sorted(services):
            subscriptions.subscribe(
                institution_id=number, service=service, begins_on=begins_on, ends_on=None, actor=actor, now=now
            )
        row.state, row.changed_at, row.institution_id = state.value, now, number
        row.save(update_fields=["state", "changed_at", "institution"])
        _step(row, types.ApplicationStep.APPROVE, "", actor, now)
        return types.Admission(number, reading.as_application(row))


def _move(
    row: models.MembershipApplication, step: types.ApplicationStep, text: str, actor: str, now: dt.datetime
) -> None:
    row.state = admission.after(types.ApplicationState(row.state), step).value
    said = facts.text("text", text, _LONGEST_TEXT, required=step in admission.NEEDS_TEXT)
    row.changed_at = now
    row.save(update_fields=["state", "changed_at"])
    _step(row, step, said, actor, now)


def _step(
    row: models.MembershipApplication, step: types.ApplicationStep, text: str, actor: str, now: dt.datetime
) -> None:
    row.steps.create(at=now, actor=actor, step=step.value, text=text)
    audit.record(
        at=now,
        actor=actor or "applicant",
        action=f"application.{step.value}",
        subject=f"application {reading.number(row)}",
        institution_id=row.institution_id,
    )
    notices.tell(row, step, now)
    events.emit(types.ApplicationMoved(row.pk, step))


def _of_centre(application_id: int, provinces: Collection[str] | None) -> models.MembershipApplication:
    row = models.MembershipApplication.objects.select_for_update().filter(pk=application_id).first()
    if row is None or (provinces is not None and row.province not in provinces):
        raise types.UnknownApplication(f"no application has the number {application_id}")
    return row


def _by_secret(secret: str) -> models.MembershipApplication:
    kept = reading.secret_hash(secret)
    row = models.MembershipApplication.objects.select_for_update().filter(secret_hash=kept).first()
    if row is None:
        raise types.UnknownApplication("no application has this secret link")
    return row


def _checked(given: types.Candidate) -> types.Candidate:
    gathered = facts.Gathered()
    name_zh = gathered.of(lambda text: facts.name("name_zh", text), given.name_zh)
    checked = given._replace(
        name_zh=name_zh,
        name_zh_hant=gathered.of(lambda text: facts.hant_name(text, name_zh), given.name_zh_hant),
        name_en=gathered.of(lambda text: facts.name("name_en", text, otherwise=name_zh), given.name_en),
        city=gathered.of(facts.city, given.city),
        contact_name=gathered.of(_contact, given.contact_name),
        contact_mail=gathered.of(lambda text: facts.mail(text, required=True), given.contact_mail),
        contact_phone=gathered.of(facts.phone, given.contact_phone),
        isil=gathered.of(facts.isil, given.isil),
        homepage=gathered.of(facts.homepage, given.homepage),
        message=gathered.of(lambda text: facts.text("message", text, _LONGEST_TEXT), given.message),
    )
    gathered.problems += _known_already(checked)
    gathered.raise_any()
    return checked


def _contact(text: str) -> str:
    found = facts.line("contact_name", text, _LONGEST_CONTACT)
    if not found:
        raise types.BadFacts(types.Problem("contact_name", "missing"))
    return found


def _known_already(given: types.Candidate) -> list[types.Problem]:
    members = queries.institutions()
    if any(one.name_zh == given.name_zh for one in members):
        return [types.Problem("name_zh", "member_already", given.name_zh)]
    if given.isil and any(one.isil.casefold() == given.isil.casefold() for one in members):
        return [types.Problem("isil", "isil_taken", given.isil)]
    waiting = models.MembershipApplication.objects.filter(
        name_zh=given.name_zh, state__in=[one.value for one in types.ApplicationState if not one.is_decided]
    ).first()
    return [types.Problem("name_zh", "applied_already", reading.number(waiting))] if waiting else []
