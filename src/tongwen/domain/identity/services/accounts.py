"""A person's account: closing and opening it, and what she changes herself."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import affiliations
from tongwen.domain.identity.queries.people import seen_person
from tongwen.domain.identity.rules import addresses, naming, searching
from tongwen.domain.identity.services import notices, passwords, sessions, tickets, visits
from tongwen.domain.identity.services.roles import check_may_give

EMAIL_PAGE = "me/email"


@transaction.atomic
def deactivate(*, actor: types.Actor, person_id: int, now: dt.datetime) -> None:
    """Close a person's account: she is logged out everywhere and cannot sign in. What she did stays.

    Raises:
        UnknownPerson: not the actor's to see. MayNotGive: she has roles elsewhere, or it is the actor herself; then
            it is her roles here that can be ended.
    """
    _set_active(actor, person_id, now, is_active=False)
    sessions.end_all(person_id=person_id, now=now, why="account_closed")
    visits.end_visits_of_person(person_id=person_id, now=now)


@transaction.atomic
def reactivate(*, actor: types.Actor, person_id: int, now: dt.datetime) -> None:
    """Open a closed account again; its roles hold as before. Raises what `deactivate` raises."""
    _set_active(actor, person_id, now, is_active=True)


def _set_active(actor: types.Actor, person_id: int, now: dt.datetime, *, is_active: bool) -> None:
    seen_person(actor, person_id)
    if person_id == actor.person_id:
        raise types.MayNotGive("nobody closes her own account")
    for one in affiliations(person_id, timezone.localdate(now)):
        check_may_give(actor, one.role, one.place)
    models.Person.objects.filter(pk=person_id).update(is_active=is_active)
    _audit("person.open" if is_active else "person.close", person_id, actor.username, now, actor.institution_id)


def ask_password(*, actor: types.Actor, person_id: int) -> None:
    """Have a link for a new password sent to a person whom the actor administers; only her mailbox gets to see it.

    Raises:
        UnknownPerson: not the actor's to see.
    """
    passwords.ask_for_new(username=seen_person(actor, person_id).person.username)


def _audit(action: str, person_id: int, actor: str, now: dt.datetime, institution_id: int | None = None) -> None:
    audit.record(at=now, actor=actor, action=action, subject=f"person {person_id}", institution_id=institution_id)


@transaction.atomic
def rename(*, person_id: int, display_name: str) -> None:
    """Let a person say how she is called; raises BadName."""
    row = models.Person.objects.select_for_update().get(pk=person_id)
    row.display_name = naming.shown(display_name)
    row.name_keys = searching.person_keys(row.display_name, row.username, row.email)
    row.save(update_fields=["display_name", "name_keys"])


def choose_language(*, person_id: int, language: str) -> None:
    """Keep in which language of the interface a person is written to."""
    models.Person.objects.filter(pk=person_id).update(language=language)


@transaction.atomic
def ask_email(*, person_id: int, email: str, now: dt.datetime) -> str:
    """Send a link to a new address; until it is used the present one stays. Returns the address as it is kept.

    Raises:
        BadAddress
    """
    address = addresses.folded(email)
    row = models.Person.objects.get(pk=person_id)
    token, until = tickets.issue(types.TicketPurpose.EMAIL, email=address, person_id=person_id, now=now)
    notices.write(
        "email",
        to=address,
        language=row.language or settings.LANGUAGE_CODE,
        now=now,
        name=row.display_name,
        link=tickets.link(EMAIL_PAGE, token),
        until=notices.day(until),
    )
    return address


@transaction.atomic
def confirm_email(*, token: str, person_id: int, now: dt.datetime) -> str:
    """Make the address to which the link was sent the person's; the former one is told. Returns the new one.

    Raises:
        UnknownTicket: also where the link is another person's.
    """
    ticket = tickets.look(types.TicketPurpose.EMAIL, token, now)
    if ticket.person_id != person_id:
        raise types.UnknownTicket("this link is another person's")
    tickets.use(types.TicketPurpose.EMAIL, token, now)
    row = models.Person.objects.select_for_update().get(pk=person_id)
    former, row.email = row.email, ticket.email
    row.name_keys = searching.person_keys(row.display_name, row.username, row.email)
    row.save(update_fields=["email", "name_keys"])
    _audit("person.email", person_id, row.username, now)
    if former and former != row.email:
        notices.write(
            "changed",
            to=former,
            language=row.language or settings.LANGUAGE_CODE,
            now=now,
            name=row.display_name,
            username=row.username,
            day=notices.day(now),
        )
    return row.email
