"""A session's visits to services: begun with a code or ticket, taken up by the service, all ended by one log-out."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from oauth2_provider.models import clear_expired, get_refresh_token_model

from tongwen.core import jobs
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.domain.identity.rules import clients as rules

TELL = "identity.tell_service"
_KEPT = dt.timedelta(days=30)


@transaction.atomic
def begin_visit(
    *,
    actor: types.Actor,
    client: types.Client,
    sid: str,
    code: str,
    issuer: str,
    authenticated_at: dt.datetime,
    now: dt.datetime,
    lifetime: dt.timedelta,
    scopes: tuple[str, ...] = (),
    service: str = "",
    session_index: str = "",
    is_fresh: bool = False,
) -> types.Visit:
    """Note that a person goes to a service with this code or ticket.

    `sid` names her session here, `session_index` what the service will know it by; `is_fresh`: she has just proved who
    she is, for this visit.

    Raises:
        NotAdmitted
    """
    rules.check_admitted(client, actor)
    row = models.Visit.objects.create(
        sid=sid,
        person_id=actor.person_id or 0,
        client_id=client.id,
        place=actor.place.key(),
        subject=subject_of(client, actor.person_id or 0),
        scopes=" ".join(scopes),
        issuer=issuer,
        service=service,
        digest=queries.digest(code),
        session_index=session_index,
        is_fresh=is_fresh,
        authenticated_at=authenticated_at,
        begun_at=now,
        expires_at=now + lifetime,
    )
    return queries.visit_of(row)


def check_admitted(*, client: types.Client, actor: types.Actor) -> None:
    """Let somebody enter a service; raises NotAdmitted with the reason."""
    rules.check_admitted(client, actor)


def subject_of(client: types.Client, person_id: int) -> str:
    """Return the name by which a service knows a person."""
    return rules.pairwise_subject(settings.TONGWEN_SUBJECT_SECRET, rules.sector_of(client), person_id)


def take_up_ticket(*, ticket: str, service: str, needs_fresh: bool, now: dt.datetime) -> types.Visit:
    """Let a CAS service take up a ticket, once and soon (CAS Protocol 3.0, 3.1.1); a ticket that was tried is spent.

    Raises:
        BadTicket: with the protocol's code.
    """
    row = _spend(ticket, now)
    if row.expires_at <= now:
        raise types.BadTicket("INVALID_TICKET", "the ticket is too old")
    if row.service != service:
        raise types.BadTicket("INVALID_SERVICE", "the ticket was given out for another service")
    if needs_fresh and not row.is_fresh:
        raise types.BadTicket("INVALID_TICKET", "the ticket comes from a session; this service asks for a log-in")
    return queries.visit_of(row)


@transaction.atomic
def _spend(ticket: str, now: dt.datetime) -> models.Visit:
    rows = models.Visit.objects.select_for_update(of=("self",)).select_related("client")
    found = rows.filter(digest=queries.digest(ticket), client__kind=types.ClientKind.CAS.value, client__is_enabled=True)
    row = found.filter(taken_up_at=None, ended_at=None).first()
    if row is None:
        raise types.BadTicket("INVALID_TICKET", "the ticket is unknown, or was used already")
    row.taken_up_at = now
    row.save(update_fields=["taken_up_at"])
    return row


@transaction.atomic
def take_up_code(*, code: str, token_family: uuid.UUID, now: dt.datetime) -> None:
    """Note that a service has changed a code for tokens: the visit ends with them, and they with it."""
    models.Visit.objects.filter(digest=queries.digest(code)).update(taken_up_at=now, token_family=token_family)


@transaction.atomic
def take_up(*, visit_id: int, session_index: str, now: dt.datetime) -> None:
    """Note that a service was told at once who comes (SAML), and by which index it knows the session."""
    models.Visit.objects.filter(pk=visit_id).update(taken_up_at=now, session_index=session_index)


@transaction.atomic
def revoke_replayed(*, code: str, client_id: str, now: dt.datetime) -> None:
    """End what came of a code that is presented a second time: one of the two who have it has stolen it.

    RFC 6749, 4.1.2. Without effect for a code that was never changed for tokens.
    """
    rows = models.Visit.objects.select_for_update(of=("self",)).select_related("client")
    found = rows.filter(digest=queries.digest(code), client__client_id=client_id, ended_at=None)
    _end(list(found.exclude(taken_up_at=None)), now)


@transaction.atomic
def end_visits(*, sid: str, now: dt.datetime) -> int:
    """End what a session here has opened elsewhere: tokens are revoked, services are told. Returns how many."""
    rows = models.Visit.objects.select_for_update(of=("self",)).select_related("client")
    return _end(list(rows.filter(sid=sid, ended_at=None)), now)


@transaction.atomic
def end_visits_of_person(*, person_id: int, now: dt.datetime) -> int:
    """End all that a person has opened elsewhere, in all her sessions."""
    rows = models.Visit.objects.select_for_update(of=("self",)).select_related("client")
    return _end(list(rows.filter(person_id=person_id, ended_at=None)), now)


@transaction.atomic
def end_visits_to(*, person_id: int, client_id: str, now: dt.datetime) -> int:
    """End all visits of a person to one service, as when she takes back her consent."""
    rows = models.Visit.objects.select_for_update(of=("self",)).select_related("client")
    return _end(list(rows.filter(person_id=person_id, client__client_id=client_id, ended_at=None)), now)


def _end(rows: list[models.Visit], now: dt.datetime) -> int:
    for row in rows:
        row.ended_at = now
        if row.token_family is not None:
            get_refresh_token_model().revoke_family(row.token_family)
        if row.taken_up_at is not None and _is_told(row):
            jobs.defer(TELL, visit_id=row.pk, attempt=1)
    models.Visit.objects.bulk_update(rows, ["ended_at"])
    return len(rows)


def _is_told(row: models.Visit) -> bool:
    """Tell whether the service hears of the end: at its own address, or (CAS) where it took the ticket."""
    return bool(row.client.backchannel_uri) or row.client.kind == types.ClientKind.CAS.value


@transaction.atomic
def told(*, visit_id: int, now: dt.datetime) -> None:
    """Note that a service has confirmed the end of a visit."""
    models.Visit.objects.filter(pk=visit_id).update(told_at=now)


def forget_old(*, now: dt.datetime) -> None:
    """Remove visits, codes and tokens that have been of no use for long."""
    models.Visit.objects.filter(ended_at__lt=now - _KEPT).delete()
    models.Visit.objects.filter(taken_up_at=None, expires_at__lt=now - _KEPT).delete()
    clear_expired()
