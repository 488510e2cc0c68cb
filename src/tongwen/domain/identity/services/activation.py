"""How a reader of a library's file becomes a person: by a link to her mail, or by her library's own log-in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import readers as reading
from tongwen.domain.identity.services import notices, tickets
from tongwen.domain.identity.services.people import affiliate, enter_person
from tongwen.domain.members import queries as members

PAGE = "activation"
_FIRST = "whoever signs in for the first time belongs nowhere yet"


@transaction.atomic
def ask_activation(*, institution_id: int, number: str, now: dt.datetime, language: str = "") -> bool:
    """Send a reader the link by which she chooses her password; returns whether one was sent.

    The page that asks must not say which: it would tell strangers who is a reader.
    """
    try:
        reader = reading.reader_by_number(institution_id, number)
    except types.UnknownReader:
        return False
    if not reader.email or reader.person_id or not reader.holds_on(timezone.localdate(now)):
        return False
    token, until = tickets.issue(types.TicketPurpose.ACTIVATION, email=reader.email, reader_id=reader.id, now=now)
    spoken = language or settings.LANGUAGE_CODE
    notices.write(
        "activation",
        to=reader.email,
        language=spoken,
        now=now,
        institution_id=institution_id,
        name=reader.display_name,
        number=reader.number,
        place=members.institution(institution_id).name(spoken),
        link=tickets.link(PAGE, token),
        until=notices.day(until),
    )
    return True


def reader_of_link(token: str, now: dt.datetime) -> types.Reader:
    """Return whose first log-in a link is for.

    Raises:
        UnknownTicket: it is none, was used, or has expired.
    """
    return _reader(tickets.look(types.TicketPurpose.ACTIVATION, token, now))


def _reader(ticket: models.Ticket) -> types.Reader:
    row = models.Reader.objects.unscoped(_FIRST).filter(pk=ticket.reader_id or 0).first()
    if row is None:
        raise types.UnknownTicket("the reader is none any more")
    return reading.reader_by_number(row.institution_id, row.number)


def username_of(reader: types.Reader) -> str:
    """Return the log-in name of a reader: her number at her library's code (`20260001@l1`)."""
    return f"{reader.number}@{members.institution(reader.institution_id).code}".lower()


@transaction.atomic
def activate(*, token: str, password: str, now: dt.datetime) -> str:
    """Give the reader an account with this password; returns the name by which she signs in.

    Raises:
        UnknownTicket, WeakPassword. UsernameTaken: her number was another reader's who had an account.
    """
    ticket = tickets.use(types.TicketPurpose.ACTIVATION, token, now)
    reader = _reader(ticket)
    username = username_of(reader)
    person_id = enter_person(username=username, display_name=reader.display_name, password=password, email=ticket.email)
    join_reader(institution_id=reader.institution_id, number=reader.number, person_id=person_id, now=now)
    return username


@transaction.atomic
def join_reader(*, institution_id: int, number: str, person_id: int, now: dt.datetime) -> types.Reader:
    """Say that a reader is this person and give her the role for as long as the file says.

    For a library's own log-in too, where its subject is the reader's number.

    Raises:
        UnknownReader: the library has none with the number, or she is somebody else already.
    """
    reader = reading.reader_by_number(institution_id, number)
    if reader.person_id not in (None, person_id):
        raise types.UnknownReader("this reader is somebody else")
    models.Reader.objects.unscoped(_FIRST).filter(pk=reader.id).update(person_id=person_id)
    affiliate(
        person_id=person_id,
        role=types.Role.READER,
        place=types.Place(institution_id),
        given_by="readers' file",
        now=now,
        expires_on=reader.expires_on,
    )
    audit.record(
        at=now,
        actor=f"person {person_id}",
        action="reader.join",
        subject=f"reader {reader.id}",
        institution_id=institution_id,
    )
    return reading.reader_by_number(institution_id, number)
