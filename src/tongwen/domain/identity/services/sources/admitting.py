"""From what a source says to a person who stands in her library: found by her link, or entered at her first log-in."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import InstitutionStatus

_READER = types.Role.READER.value
_TURNS = 3
_LONGEST_SUBJECT = 255


def admit(*, source_id: int, said: types.Attributes, now: dt.datetime) -> types.SignedIn:
    """Let in whom a source of the institution in scope has recognised.

    The first time, person, link and affiliation are entered in one transaction; of two log-ins at the same moment one
    enters her and the other finds her. An e-mail address links nobody to anybody.

    Raises:
        Denied: the source was switched off meanwhile, or the person was deactivated here.
    """
    for turn in range(_TURNS):
        try:
            return _admit(source_id, said, now)
        except IntegrityError:
            if turn == _TURNS - 1:
                raise
    raise AssertionError


@transaction.atomic
def _admit(source_id: int, said: types.Attributes, now: dt.datetime) -> types.SignedIn:
    source = models.Source.objects.get(pk=source_id)
    check_open(source)
    if not said.subject or len(said.subject) > _LONGEST_SUBJECT:
        raise types.Unavailable("answer", "the source gave no usable identifier")
    link = models.Link.objects.filter(source=source, subject=said.subject).select_related("person").first()
    is_new = link is None
    if link is None:
        link = _enter(source, said, now)
    elif not link.person.is_active:
        raise types.Denied(types.Denial.INACTIVE)
    else:
        _refresh(link, said, now)
    _place(link.person, source, said, now)
    return types.SignedIn(link.person_id, source.institution_id, is_new)


def check_open(source: models.Source) -> None:
    """Refuse a source that is switched off, and one of a library whose membership rests.

    Raises:
        Denied: closed.
    """
    institution = members.institution(source.institution_id)
    if not source.is_enabled or institution.status is not InstitutionStatus.ACTIVE:
        raise types.Denied(types.Denial.CLOSED)


def _enter(source: models.Source, said: types.Attributes, now: dt.datetime) -> models.Link:
    code = members.institution(source.institution_id).code
    person = models.Person.objects.create_user(
        f"{code}.{secrets.token_hex(8)}", None, display_name=_shown(said), email=_address(said)
    )
    link = models.Link.objects.create(
        institution_id=source.institution_id,
        source=source,
        subject=said.subject,
        person=person,
        linked_at=now,
        last_seen_at=now,
    )
    audit.record(
        at=now,
        actor=person.username,
        action="person.first_log_in",
        subject=f"person {person.pk}",
        institution_id=source.institution_id,
        source=source.pk,
    )
    return link


def _refresh(link: models.Link, said: types.Attributes, now: dt.datetime) -> None:
    """Keep what the library says of its reader up to date; what it does not say stays."""
    link.last_seen_at = now
    link.save(update_fields=["last_seen_at"])
    facts = {"display_name": said.display_name and _shown(said), "email": _address(said)}
    changed = [name for name, value in facts.items() if value and getattr(link.person, name) != value]
    for name in changed:
        setattr(link.person, name, facts[name])
    if changed:
        link.person.save(update_fields=changed)


def _place(person: models.Person, source: models.Source, said: types.Attributes, now: dt.datetime) -> None:
    """Make her a reader of the library, to the day that the source says; the day after it she is none."""
    until = said.expires_on + dt.timedelta(days=1) if said.expires_on and said.expires_on < dt.date.max else None
    held = models.Affiliation.objects.filter(
        person=person, role=_READER, institution_id=source.institution_id, domain=None, ended_at=None
    ).first()
    if held is None:
        models.Affiliation.objects.create(
            person=person,
            role=_READER,
            institution_id=source.institution_id,
            begins_on=timezone.localdate(now),
            expires_on=until,
            given_by=f"source {source.pk}",
        )
    elif held.expires_on != until:
        held.expires_on = until
        held.save(update_fields=["expires_on"])


def _shown(said: types.Attributes) -> str:
    printable = "".join(letter for letter in said.display_name if letter.isprintable()).strip()
    return printable[:150] or "–"


def _address(said: types.Attributes) -> str:
    """Return the e-mail address where it looks like one; it serves for notices only."""
    text = said.email.strip()
    return text if len(text) <= 254 and text.count("@") == 1 and text.isprintable() and " " not in text else ""
