"""Sessions: what each log-in leaves for its person to see, and how one, the others or all are ended.

With a session ends what it has opened elsewhere (`visits`): tokens are revoked, services are told.
"""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from tongwen.core import audit, events
from tongwen.domain.identity import models, types
from tongwen.domain.identity.services import visits

_KEPT = dt.timedelta(days=90)
"""How long an ended session is still shown to its person."""


@transaction.atomic
def begin(
    *,
    person_id: int,
    session_key: str,
    method: str,
    device: str,
    address: str,
    near_id: int | None,
    is_staff: bool,
    now: dt.datetime,
) -> str:
    """Enter a log-in and return the session's id. A member of staff who has too many loses the oldest ones.

    `method` is how she was recognised (`password`, `passkey`, or a kind of source), `device` a few words.
    """
    row = models.SessionRecord.objects.create(
        person_id=person_id,
        session_key=session_key,
        method=method,
        device=device[:60],
        network=network(address),
        near_id=near_id,
        begun_at=now,
        last_seen_at=now,
    )
    if is_staff:
        _end_surplus(person_id, now)
    return str(row.public_id)


def network(address: str) -> str:
    """Return an address without its last part: enough to recognise where one was, not who one is."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False))


def _end_surplus(person_id: int, now: dt.datetime) -> None:
    rows = models.SessionRecord.objects.select_for_update().filter(person_id=person_id, ended_at=None)
    _end(list(rows.order_by("-begun_at", "-pk")[settings.TONGWEN_STAFF_SESSIONS :]), now, "too_many")


def seen(*, session_id: str, session_key: str, now: dt.datetime) -> None:
    """Remember a sign of life, and the key under which the session's data are kept now."""
    models.SessionRecord.objects.filter(public_id=session_id, ended_at=None).update(
        last_seen_at=now, session_key=session_key
    )


@transaction.atomic
def end(*, session_id: str, now: dt.datetime, why: str = "log_out") -> None:
    """End one session; one that is over already stays as it ended."""
    _end(list(models.SessionRecord.objects.select_for_update().filter(public_id=session_id, ended_at=None)), now, why)


@transaction.atomic
def end_own(*, person_id: int, session_id: str, actor: str, now: dt.datetime) -> None:
    """End one of a person's sessions at her wish.

    Raises:
        UnknownSession: it is not hers, or over.
    """
    rows = list(
        models.SessionRecord.objects.select_for_update().filter(
            person_id=person_id, public_id=session_id, ended_at=None
        )
    )
    if not rows:
        raise types.UnknownSession(f"person {person_id} has no such session")
    _end(rows, now, "ended_by_person")
    audit.record(at=now, actor=actor, action="session.end", subject=f"person {person_id}", sessions=1)


@transaction.atomic
def end_all(
    *, person_id: int, now: dt.datetime, why: str = "log_out", but: str | None = None, actor: str = ""
) -> tuple[str, ...]:
    """End all sessions of a person, or all but one, and return their ids. `actor` is for the trail, where one asked."""
    rows = models.SessionRecord.objects.select_for_update().filter(person_id=person_id, ended_at=None)
    ended = _end(list(rows.exclude(public_id=but) if but else rows), now, why)
    if actor:
        subject = f"person {person_id}"
        audit.record(at=now, actor=actor, action="session.end_all", subject=subject, sessions=len(ended))
    return ended


def _end(rows: list[models.SessionRecord], now: dt.datetime, why: str) -> tuple[str, ...]:
    kept = Session.objects.filter(pk__in=[row.session_key for row in rows if row.session_key])
    for session in kept:
        if sid := session.get_decoded().get(types.SINGLE_SIGN_ON, ""):
            visits.end_visits(sid=sid, now=now)
    kept.delete()
    for row in rows:
        visits.end_visits(sid=str(row.public_id), now=now)  # Those of a session whose data are gone already.
        row.ended_at, row.ended_why, row.session_key = now, why, ""
        events.emit(types.SessionEnded(session_id=str(row.public_id), person_id=row.person_id, why=why))
    models.SessionRecord.objects.bulk_update(rows, ["ended_at", "ended_why", "session_key"])
    return tuple(str(row.public_id) for row in rows)


@transaction.atomic
def sweep(*, now: dt.datetime) -> None:
    """End sessions that nobody will come back to, and forget those that ended long ago. A worker calls it."""
    idle = now - max(settings.TONGWEN_STAFF_IDLE, settings.TONGWEN_READER_IDLE)
    over = models.SessionRecord.objects.filter(ended_at=None).filter(last_seen_at__lt=idle)
    old = models.SessionRecord.objects.filter(ended_at=None, begun_at__lt=now - settings.TONGWEN_SESSION)
    _end(list((over | old).select_for_update()), now, "timed_out")
    models.SessionRecord.objects.filter(ended_at__lt=now - _KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
