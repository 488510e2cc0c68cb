"""Who is invited where, and what a link is good for."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import Q

from tongwen.domain.identity import models, types

_PLACES = "invitations of sharing domains and of the installation are no institution's"
_BY_LINK = "whoever has the link of an invitation belongs nowhere yet"


def by_token(token: str, now: dt.datetime) -> types.Invitation:
    """Return the invitation that a link belongs to, whatever its state; raises UnknownInvitation."""
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    row = models.Invitation.objects.unscoped(_BY_LINK).filter(token_hash=token_hash).first()
    if row is None:
        raise types.UnknownInvitation("there is no such invitation")
    return _invitation(row, now)


def of_place(place: types.Place, now: dt.datetime, *, limit: int = 200) -> tuple[types.Invitation, ...]:
    """Return the invitations to a place that are not accepted, the newest first."""
    here = Q(institution_id=place.institution_id, domain_id=place.domain_id)
    rows = models.Invitation.objects.unscoped(_PLACES).filter(here, accepted_at=None)
    return tuple(_invitation(row, now) for row in rows.order_by("-pk")[:limit])


def state_of(row: models.Invitation, now: dt.datetime) -> types.InvitationState:
    """Return where an invitation stands at a moment."""
    if row.accepted_at is not None:
        return types.InvitationState.ACCEPTED
    if row.revoked_at is not None:
        return types.InvitationState.REVOKED
    return types.InvitationState.OPEN if now < row.expires_at else types.InvitationState.EXPIRED


def place_of(row: models.Invitation) -> types.Place:
    """Return the place that an invitation is to."""
    return types.Place(row.institution_id, row.domain_id)


def _invitation(row: models.Invitation, now: dt.datetime) -> types.Invitation:
    return types.Invitation(
        id=row.pk,
        email=row.email,
        display_name=row.display_name,
        language=row.language,
        place=place_of(row),
        roles=tuple(types.Role(role) for role in row.roles),
        state=state_of(row, now),
        invited_by=row.invited_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
    )
