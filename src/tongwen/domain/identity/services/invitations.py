"""Inviting people by mail: only to roles that the inviter has to give, by a link that works once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import invitations as reading
from tongwen.domain.identity.rules import addresses, naming
from tongwen.domain.identity.services import notices, tokens
from tongwen.domain.identity.services.people import affiliate, enter_person
from tongwen.domain.identity.services.roles import check_may_give

VALID_FOR = dt.timedelta(days=14)
PAGE = "invitation"
_PLACES = "an invitation may be to a sharing domain or the installation; who may give the roles is asked"
_BY_LINK = "whoever has the link of an invitation belongs nowhere yet"


@transaction.atomic
def invite(
    *,
    institution_id: int | None,
    email: str,
    display_name: str,
    roles: Sequence[types.Role],
    actor: types.Actor,
    now: dt.datetime,
    domain_id: int | None = None,
    language: str = "",
) -> int:
    """Ask somebody by mail to take roles in a place; returns the invitation's number.

    Raises:
        BadAddress, BadName. MayNotGive, WrongPlace: a role is not the actor's to give there. AlreadyInvited.
    """
    place = types.Place(institution_id, domain_id)
    _check_roles(actor, roles, place)
    address, name = addresses.folded(email), naming.shown(display_name)
    token, token_hash = tokens.new()
    rows = models.Invitation.objects.unscoped(_PLACES)
    here = Q(institution_id=institution_id, domain_id=domain_id)
    open_ones = rows.filter(here, email__iexact=address, accepted_at=None, revoked_at=None)
    if open_ones.filter(expires_at__gt=now).exists():
        raise types.AlreadyInvited(f"{address} has an open invitation: send it again, or revoke it")
    open_ones.update(revoked_at=now)  # They have expired.
    row = models.Invitation.objects.unscoped(_PLACES).create(
        email=address,
        display_name=name,
        language=language,
        institution_id=institution_id,
        domain_id=domain_id,
        roles=sorted({role.value for role in roles}),
        token_hash=token_hash,
        invited_by=actor.username,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    _send(row, token, now)
    _audit("invitation.send", row, actor.username, now)
    return row.pk


def check_address(email: str) -> str:
    """Return an e-mail address as it would be kept; raises BadAddress."""
    return addresses.folded(email)


def _check_roles(actor: types.Actor, roles: Sequence[types.Role], place: types.Place) -> None:
    if not roles:
        raise types.MayNotGive("an invitation is to one role at least")
    for role in roles:
        check_may_give(actor, role, place)


def _send(row: models.Invitation, token: str, now: dt.datetime) -> None:
    language = row.language or settings.LANGUAGE_CODE
    notices.write(
        "invitation",
        to=row.email,
        language=language,
        now=now,
        institution_id=row.institution_id,
        name=row.display_name,
        place=notices.place_name(reading.place_of(row), language),
        link=tokens.link(PAGE, token),
        until=notices.day(row.expires_at),
    )


def _audit(action: str, row: models.Invitation, actor: str, now: dt.datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        action=action,
        subject=f"invitation {row.pk}",
        institution_id=row.institution_id,
        place=reading.place_of(row).key(),
        roles=row.roles,
    )


@transaction.atomic
def resend(*, invitation_id: int, actor: types.Actor, now: dt.datetime) -> None:
    """Send an invitation again with a new link and a new term; the old link is void.

    Raises:
        UnknownInvitation, MayNotGive. InvitationClosed: it was accepted or revoked.
    """
    row = _hers(invitation_id, actor, now)
    token, token_hash = tokens.new()
    row.expires_at = now + VALID_FOR
    _change(row, token_hash=token_hash, expires_at=row.expires_at)
    _send(row, token, now)
    _audit("invitation.resend", row, actor.username, now)


@transaction.atomic
def revoke(*, invitation_id: int, actor: types.Actor, now: dt.datetime) -> None:
    """Take an invitation back: its link is void.

    Raises:
        UnknownInvitation, MayNotGive. InvitationClosed: it was accepted or revoked.
    """
    row = _hers(invitation_id, actor, now)
    _change(row, revoked_at=now)
    _audit("invitation.revoke", row, actor.username, now)


def _change(row: models.Invitation, **facts: Any) -> None:
    models.Invitation.objects.unscoped(_PLACES).filter(pk=row.pk).update(**facts)


def _hers(invitation_id: int, actor: types.Actor, now: dt.datetime) -> models.Invitation:
    """Return an invitation that may still be changed, by who may give its roles."""
    row = models.Invitation.objects.unscoped(_PLACES).select_for_update().filter(pk=invitation_id).first()
    if row is None:
        raise types.UnknownInvitation(f"there is no invitation {invitation_id}")
    try:
        for role in row.roles:
            check_may_give(actor, types.Role(role), reading.place_of(row))
    except types.MayNotGive:
        raise types.UnknownInvitation(f"there is no invitation {invitation_id}") from None
    state = reading.state_of(row, now)
    if state not in (types.InvitationState.OPEN, types.InvitationState.EXPIRED):
        raise types.InvitationClosed(state)
    return row


@transaction.atomic
def accept_as_new(*, token: str, username: str, display_name: str, password: str, now: dt.datetime) -> int:
    """Enter the invited person with a password of her own and give her the roles; returns her number.

    Raises:
        UnknownInvitation, InvitationClosed, BadName, UsernameTaken, WeakPassword
    """
    row = _by_token(token, now)
    person_id = enter_person(
        username=username, display_name=display_name, password=password, email=row.email, language=row.language
    )
    _take_roles(row, person_id, now)
    return person_id


@transaction.atomic
def accept_as_existing(*, token: str, person_id: int, now: dt.datetime) -> None:
    """Give the roles to somebody who has signed in already: whoever has the link decides which account takes it.

    Raises:
        UnknownInvitation, InvitationClosed
    """
    _take_roles(_by_token(token, now), person_id, now)


def _by_token(token: str, now: dt.datetime) -> models.Invitation:
    rows = models.Invitation.objects.unscoped(_BY_LINK).select_for_update()
    row = rows.filter(token_hash=tokens.hashed(token)).first()
    if row is None:
        raise types.UnknownInvitation("there is no such invitation")
    state = reading.state_of(row, now)
    if state is not types.InvitationState.OPEN:
        raise types.InvitationClosed(state)
    return row


def _take_roles(row: models.Invitation, person_id: int, now: dt.datetime) -> None:
    person = models.Person.objects.get(pk=person_id)
    for role in row.roles:
        affiliate(
            person_id=person_id,
            role=types.Role(role),
            place=reading.place_of(row),
            given_by=row.invited_by,
            now=now,
        )
    _change(row, accepted_at=now, accepted_by=person)
    _audit("invitation.accept", row, person.username, now)
