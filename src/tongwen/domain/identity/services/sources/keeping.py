"""Entering, changing, ordering and switching sources. Secrets are sealed, and shown to nobody again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from tongwen.core import audit, locks, secrets, tenancy
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import source_settings
from tongwen.domain.identity.services.sources import saml

_LOCAL_NAMES = ("平台账号", "平台帳號", "Account of this platform")


@transaction.atomic
def add_source(
    *,
    kind: types.SourceKind,
    names: tuple[str, str, str],
    settings: Mapping[str, Any],
    given_secrets: Mapping[str, str],
    actor: types.Actor,
    now: dt.datetime,
) -> int:
    """Enter a source of the institution in scope, switched off until it has been tried; returns its number.

    Raises:
        BadSource
    """
    _check_names(names)
    given_secrets = _of_kind(kind, given_secrets)
    kept = _checked(kind, settings, given_secrets)
    row = models.Source.objects.create(
        institution_id=tenancy.current(),
        kind=kind.value,
        **_named(names),
        settings=kept,
        secrets={name: secrets.seal(value) for name, value in given_secrets.items()},
        is_enabled=False,
        position=_next_position(),
    )
    _record(row, "source.add", actor.username, now, kind=kind.value)
    return row.pk


@transaction.atomic
def change_source(
    *,
    source_id: int,
    names: tuple[str, str, str],
    settings: Mapping[str, Any],
    given_secrets: Mapping[str, str],
    actor: types.Actor,
    now: dt.datetime,
) -> None:
    """Change names and settings; a secret that is not given again stays as it is.

    Raises:
        BadSource, UnknownSource
    """
    _check_names(names)
    row = _row(source_id)
    kind = types.SourceKind(row.kind)
    given = _of_kind(kind, given_secrets)
    # What stands need not be read to be kept: it may be sealed under an older key.
    standing = {name: _standing(value) for name, value in row.secrets.items()}
    row.settings = _checked(kind, settings, {**standing, **given})
    row.secrets = {**row.secrets, **{name: secrets.seal(value) for name, value in given.items()}}
    for name, value in _named(names).items():
        setattr(row, name, value)
    row.save()
    _record(row, "source.change", actor.username, now, secrets_changed=sorted(given))


@transaction.atomic
def switch_source_on(*, source_id: int, actor: types.Actor, now: dt.datetime) -> None:
    """Let people come in by this source; raises UnknownSource."""
    row = _row(source_id)
    row.is_enabled = True
    row.save(update_fields=["is_enabled"])
    _record(row, "source.switch_on", actor.username, now)


@transaction.atomic
def switch_source_off(*, source_id: int, actor: types.Actor, now: dt.datetime) -> None:
    """Let nobody come in by this source any more; links stay for the day it is switched on. Raises UnknownSource."""
    row = _row(source_id)
    row.is_enabled = False
    row.save(update_fields=["is_enabled"])
    _record(row, "source.switch_off", actor.username, now)


@transaction.atomic
def move_source(*, source_id: int, up: bool, actor: types.Actor, now: dt.datetime) -> None:
    """Change places with the source before or behind; at the end of the list nothing changes. Raises UnknownSource."""
    row = _row(source_id)
    order = list(models.Source.objects.select_for_update().order_by("position", "pk"))
    place = next(number for number, one in enumerate(order) if one.pk == row.pk)
    other = place + (-1 if up else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for number, one in enumerate(order):
        one.position = number
    models.Source.objects.bulk_update(order, ["position"])
    _record(row, "source.move", actor.username, now, up=up)


@transaction.atomic
def local_source(*, now: dt.datetime) -> int:
    """Return the number of the local source of the institution in scope; made at the first need, switched on."""
    locks.hold_until_commit(f"local source of {tenancy.current()}")
    row = models.Source.objects.filter(kind=types.SourceKind.LOCAL.value).order_by("pk").first()
    if row is None:
        row = models.Source.objects.create(
            institution_id=tenancy.current(),
            kind=types.SourceKind.LOCAL.value,
            **_named(_LOCAL_NAMES),
            position=_next_position(),
        )
        _record(row, "source.add", "tongwen", now, kind=row.kind)
    return row.pk


def _row(source_id: int) -> models.Source:
    row = models.Source.objects.select_for_update().filter(pk=source_id).first()
    if row is None:
        raise types.UnknownSource(f"there is no source {source_id}")
    return row


def _next_position() -> int:
    last: int | None = models.Source.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _named(names: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("name_zh", "name_zh_hant", "name_en"), names, strict=True))


def _check_names(names: tuple[str, str, str]) -> None:
    fields = ("name_zh", "name_zh_hant", "name_en")
    problems = [
        (field, "missing" if not name.strip() else "long")
        for field, name in zip(fields, names, strict=True)
        if not 0 < len(name.strip()) <= 100
    ]
    if problems:
        raise types.BadSource(*problems)


def _checked(kind: types.SourceKind, settings: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    kept = source_settings.checked(kind, settings, known)
    if kind is types.SourceKind.SAML:
        try:
            found = saml.entities(kept["metadata"])
        except types.Unavailable:
            raise types.BadSource(("metadata", "metadata")) from None
        if (kept["entity"] or found[0]) not in found or (len(found) > 1 and not kept["entity"]):
            raise types.BadSource(("entity", "entity"))
    return kept


def _of_kind(kind: types.SourceKind, given: Mapping[str, str]) -> dict[str, str]:
    """Return the given secrets that this kind has; an empty one is not given."""
    names = {one.name for one in source_settings.TABLE[kind] if one.field is types.SourceField.SECRET}
    return {name: value for name, value in given.items() if name in names and value}


def _standing(sealed: str) -> str:
    try:
        return secrets.unseal(sealed)
    except secrets.Unreadable:
        return ""


def _record(row: models.Source, action: str, actor: str, now: dt.datetime, **detail: Any) -> None:
    audit.record(
        at=now, actor=actor, action=action, subject=f"source {row.pk}", institution_id=row.institution_id, **detail
    )
