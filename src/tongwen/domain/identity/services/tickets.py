"""Links that one person gets by mail and uses once: a new address, a first log-in."""

from __future__ import annotations

import datetime as dt

from tongwen.domain.identity import models, types
from tongwen.domain.identity.services import tokens
from tongwen.domain.identity.services.tokens import link

__all__ = ["drop", "issue", "link", "look", "use"]

_VALID_FOR = {
    types.TicketPurpose.EMAIL: dt.timedelta(days=2),
    types.TicketPurpose.ACTIVATION: dt.timedelta(days=7),
}


def issue(
    purpose: types.TicketPurpose,
    *,
    email: str,
    now: dt.datetime,
    person_id: int | None = None,
    reader_id: int | None = None,
) -> tuple[str, dt.datetime]:
    """Return the token of a new link and until when it works; earlier ones of the same purpose are void."""
    token, token_hash = tokens.new()
    expires_at = now + _VALID_FOR[purpose]
    drop(purpose, now, person_id=person_id, reader_id=reader_id)
    models.Ticket.objects.create(
        purpose=purpose.value,
        person_id=person_id,
        reader_id=reader_id,
        email=email,
        token_hash=token_hash,
        created_at=now,
        expires_at=expires_at,
    )
    return token, expires_at


def drop(
    purpose: types.TicketPurpose, now: dt.datetime, *, person_id: int | None = None, reader_id: int | None = None
) -> None:
    """Make the links of a purpose that somebody has void."""
    whose = {"person_id": person_id} if person_id is not None else {"reader_id": reader_id}
    models.Ticket.objects.filter(purpose=purpose.value, used_at=None, **whose).update(used_at=now)


def look(purpose: types.TicketPurpose, token: str, now: dt.datetime) -> models.Ticket:
    """Return the ticket that a link belongs to.

    Raises:
        UnknownTicket: there is none, it was used, or it has expired.
    """
    rows = models.Ticket.objects.filter(token_hash=tokens.hashed(token), purpose=purpose.value, used_at=None)
    found = rows.filter(expires_at__gt=now).first()
    if found is None:
        raise types.UnknownTicket("this link was used already, or has expired")
    return found


def use(purpose: types.TicketPurpose, token: str, now: dt.datetime) -> models.Ticket:
    """Return the ticket that a link belongs to, which works no second time; raises UnknownTicket."""
    found = look(purpose, token, now)
    if not models.Ticket.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise types.UnknownTicket("this link was used already, or has expired")
    return found
