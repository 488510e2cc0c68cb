"""Registering services and programs, their secrets, switching them off. Each act stands in the audit trail."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.domain.identity.rules import clients as rules
from tongwen.domain.identity.rules import saml_metadata

_MARK = "sha256:"


class Registered(NamedTuple):
    """A new client. The secret is shown this once; a public client has none."""

    number: int
    client_id: str
    secret: str


@transaction.atomic
def register_client(*, actor: types.Actor, client: types.Client, now: dt.datetime) -> Registered:
    """Enter a client of the place that the actor acts for.

    Raises:
        MayNotManage: the actor has not the right, or acts for a place that owns no clients. WrongClient.
    """
    _check_may_manage(actor)
    client = _with_metadata(replace(client, institution_id=actor.institution_id))
    rules.check(client)
    secret = "" if _has_no_secret(client) else secrets.token_urlsafe(32)
    row = models.Client(client_id=f"{client.kind.value}-{secrets.token_hex(10)}", client_secret=_kept(secret))
    _fill(row, client)
    _save(row)
    _record(actor, row, "client.register", now, kind=client.kind.value)
    return Registered(row.pk, row.client_id, secret)


@transaction.atomic
def change_client(*, actor: types.Actor, client: types.Client, now: dt.datetime) -> None:
    """Change what is kept about a client; id, kind, owner and secret stay.

    Raises:
        UnknownClient, MayNotManage, WrongClient
    """
    row = _own(actor, client.id)
    client = _with_metadata(replace(client, institution_id=row.institution_id, kind=types.ClientKind(row.kind)))
    rules.check(client)
    _fill(row, client)
    _save(row)
    _record(actor, row, "client.change", now)


@transaction.atomic
def rotate_secret(*, actor: types.Actor, number: int, now: dt.datetime) -> str:
    """Give a client a new secret and return it, shown this once. The old one ends at once.

    Raises:
        UnknownClient: not the actor's, or one without a secret. MayNotManage.
    """
    row = _own(actor, number)
    if _has_no_secret(queries.client_of(row)):
        raise types.UnknownClient(f"client {number} has no secret")
    secret = secrets.token_urlsafe(32)
    row.client_secret = _kept(secret)
    _save(row)
    _record(actor, row, "client.rotate_secret", now)
    return secret


@transaction.atomic
def switch_client(*, actor: types.Actor, number: int, is_enabled: bool, now: dt.datetime) -> None:
    """Switch a client on or off. Off: nobody enters, and its tokens are refused at once.

    Raises:
        UnknownClient, MayNotManage
    """
    row = _own(actor, number)
    row.is_enabled = is_enabled
    _save(row)
    _record(actor, row, "client.enable" if is_enabled else "client.disable", now)


def is_secret(kept: str, given: str) -> bool:
    """Tell whether a secret is the one that is kept. What has none is recognised by none."""
    return kept.startswith(_MARK) and constant_time_compare(kept, _kept(given))


def _kept(secret: str) -> str:
    """Secrets are 256 bits drawn by lot: nobody guesses them, and every token would pay for a slow digest."""
    return f"{_MARK}{queries.digest(secret)}" if secret else ""


def _has_no_secret(client: types.Client) -> bool:
    return client.is_public or client.kind in (types.ClientKind.CAS, types.ClientKind.SAML)


def _with_metadata(client: types.Client) -> types.Client:
    """Take from the metadata of a SAML service provider its name and where it hears of log-outs."""
    if client.kind is not types.ClientKind.SAML or not client.saml_metadata:
        return client
    try:
        found = saml_metadata.read(client.saml_metadata)
    except saml_metadata.Unreadable as bad:
        raise types.WrongClient((("saml_metadata", bad.code),)) from None
    return replace(client, saml_entity_id=found.entity_id, backchannel_uri=found.logout)


def _check_may_manage(actor: types.Actor) -> None:
    if not actor.may(types.Permission.CLIENTS_MANAGE) or actor.place.level is types.Level.DOMAIN:
        raise types.MayNotManage(f"{actor.username or 'nobody'} may not manage clients here")


def _own(actor: types.Actor, number: int) -> models.Client:
    _check_may_manage(actor)
    rows = models.Client.objects.select_for_update()
    row: models.Client | None = rows.filter(pk=number, institution_id=actor.institution_id).first()
    if row is None:
        raise types.UnknownClient(f"there is no client {number}")
    return row


def _fill(row: models.Client, client: types.Client) -> None:
    for name in ("institution_id", "name_zh", "name_en", "home_url", "is_enabled", "sector", "backchannel_uri"):
        setattr(row, name, getattr(client, name))
    for name in ("saml_entity_id", "saml_metadata"):
        setattr(row, name, getattr(client, name))
    row.name = client.name_zh
    row.name_zh_hant = client.name_zh_hant or client.name_zh
    row.kind = client.kind.value
    row.client_type = row.CLIENT_PUBLIC if client.is_public else row.CLIENT_CONFIDENTIAL
    is_machine = client.kind is types.ClientKind.MACHINE
    row.authorization_grant_type = row.GRANT_CLIENT_CREDENTIALS if is_machine else row.GRANT_AUTHORIZATION_CODE
    row.algorithm = row.RS256_ALGORITHM if client.kind is types.ClientKind.OIDC else row.NO_ALGORITHM
    row.hash_client_secret = False
    row.skip_authorization = client.is_trusted
    row.redirect_uris = " ".join(client.redirect_uris)
    row.post_logout_redirect_uris = " ".join(client.logout_redirect_uris)
    row.services = " ".join(client.services)
    row.scopes = " ".join(client.scopes)
    row.entry = client.entry.value
    row.admitted_ids = list(client.admitted_ids)
    row.roles = " ".join(client.roles)


def _save(row: models.Client) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "client_saml_entity_once" not in str(error):
            raise
        raise types.WrongClient((("saml_metadata", "known"),)) from None


def _record(actor: types.Actor, row: models.Client, action: str, now: dt.datetime, **detail: str) -> None:
    audit.record(
        at=now,
        actor=actor.username,
        action=action,
        subject=f"client {row.pk}",
        institution_id=row.institution_id,
        client_id=row.client_id,
        **detail,
    )
