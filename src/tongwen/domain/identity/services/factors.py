"""Second factors: authenticator apps (TOTP, RFC 6238) and recovery codes. Passkeys are beside, in `passkeys`."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp_webauthn.models import WebAuthnCredential

from tongwen.core import audit, limits, tenancy
from tongwen.core import secrets as sealed
from tongwen.domain.identity import models, queries, types
from tongwen.domain.identity.services import notices, sessions

_KEY_BYTES = 20
_TOLERANCE = 1
_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without signs that are taken for each other: 0 and o, 1 and l and i."""


@transaction.atomic
def begin_totp(*, person_id: int, issuer: str, now: dt.datetime) -> types.Enrolment:
    """Make a secret for an app, or show again the one that waits to be confirmed."""
    waiting = models.Authenticator.objects.filter(person_id=person_id, confirmed=False).first()
    if waiting is None:
        key = sealed.seal(base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode())
        waiting = models.Authenticator.objects.create(
            person_id=person_id, name="", confirmed=False, sealed_key=key, made_at=now
        )
    return _enrolment(waiting, issuer)


def _enrolment(row: models.Authenticator, issuer: str) -> types.Enrolment:
    secret = sealed.unseal(row.sealed_key)
    label = quote(f"{issuer}:{queries.person(row.person_id).username}")
    parameters = urlencode({"secret": secret, "issuer": issuer, "digits": 6, "period": 30}, quote_via=quote)
    return types.Enrolment(secret=secret, uri=f"otpauth://totp/{label}?{parameters}")


@transaction.atomic
def confirm_totp(*, person_id: int, code: str, name: str, actor: str, now: dt.datetime) -> tuple[str, ...]:
    """Take an app into use that shows the right number; return recovery codes where the person had none.

    Raises:
        NoEnrolment: nothing waits to be confirmed. WrongCode.
    """
    row = models.Authenticator.objects.select_for_update().filter(person_id=person_id, confirmed=False).first()
    if row is None:
        raise types.NoEnrolment(f"person {person_id} is not setting up an app")
    _check(row, code, now)
    row.confirmed, row.name = True, name or "TOTP"
    row.save()
    tell_added(row.person, kind=types.FactorKind.TOTP, name=row.name, actor=actor, now=now)
    return first_recovery_codes(person_id=person_id, actor=actor, now=now)


def tell_added(row: models.Person, *, kind: types.FactorKind, name: str, actor: str, now: dt.datetime) -> None:
    """Enter a new factor in the trail and tell its person."""
    audit.record(at=now, actor=actor, action="factor.add", subject=f"person {row.pk}", kind=kind.value, name=name)
    notices.tell("factor_added", row, now=now, factor=name)


@transaction.atomic
def check_totp(*, person_id: int, code: str, now: dt.datetime) -> None:
    """Take the number that one of the person's apps shows; each number is taken once.

    Raises:
        WrongCode
    """
    for row in models.Authenticator.objects.select_for_update().filter(person_id=person_id, confirmed=True):
        try:
            _check(row, code, now)
        except types.WrongCode:
            continue
        row.last_used_at = now
        row.save()
        return
    raise types.WrongCode("no app of this person shows this number now")


def _check(row: models.Authenticator, code: str, now: dt.datetime) -> None:
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise types.WrongCode("a number of six digits is needed")
    clock = TOTP(base64.b32decode(sealed.unseal(row.sealed_key)), drift=row.drift)
    clock.time = now.timestamp()
    if not clock.verify(int(digits), tolerance=_TOLERANCE, min_t=row.last_step + 1):
        raise types.WrongCode("the app does not show this number now")
    row.last_step, row.drift = clock.t(), clock.drift


@transaction.atomic
def first_recovery_codes(*, person_id: int, actor: str, now: dt.datetime) -> tuple[str, ...]:
    """Make recovery codes for somebody who has none; otherwise the codes she has stay, and nothing comes back."""
    if models.RecoveryCode.objects.filter(person_id=person_id).exists():
        return ()
    return new_recovery_codes(person_id=person_id, actor=actor, now=now)


@transaction.atomic
def new_recovery_codes(*, person_id: int, actor: str, now: dt.datetime) -> tuple[str, ...]:
    """Make ten new codes and forget the old ones. They are returned this once; the database has digests only."""
    models.RecoveryCode.objects.filter(person_id=person_id).delete()
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(_CODES))
    models.RecoveryCode.objects.bulk_create(
        models.RecoveryCode(person_id=person_id, digest=_digest(person_id, code), made_at=now) for code in codes
    )
    audit.record(at=now, actor=actor, action="factor.recovery_codes", subject=f"person {person_id}", number=len(codes))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


@transaction.atomic
def use_recovery_code(*, person_id: int, code: str, actor: str, now: dt.datetime) -> int:
    """Take a recovery code, once, and return how many are left.

    Raises:
        WrongCode
    """
    used, _ = models.RecoveryCode.objects.filter(person_id=person_id, digest=_digest(person_id, code)).delete()
    if not used:
        raise types.WrongCode("there is no such recovery code (any more)")
    left = models.RecoveryCode.objects.filter(person_id=person_id).count()
    audit.record(at=now, actor=actor, action="factor.recover", subject=f"person {person_id}", left=left)
    return left


def prove(*, person: types.Person, code: str, address: limits.Address, now: dt.datetime) -> int | None:
    """Let a person prove with an app's number or a recovery code who she is; return how many codes are left of those.

    None comes back for a number. Wrong ones make her wait as wrong passwords do.

    Raises:
        WrongCode. limits.Locked, limits.TooMany.
    """
    attempt = limits.begin(
        kind=limits.SECOND_FACTOR, account=str(person.id), institution_id=None, address=address, now=now
    )
    left = None
    try:
        check_totp(person_id=person.id, code=code, now=now)
    except types.WrongCode:
        left = use_recovery_code(person_id=person.id, code=code, actor=person.username, now=now)
    limits.succeeded(attempt)
    return left


def _digest(person_id: int, code: str) -> str:
    plain = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hmac.new(
        settings.SECRET_KEY.encode(), f"recovery\0{person_id}\0{plain}".encode(), hashlib.sha256
    ).hexdigest()


@transaction.atomic
def rename(*, person_id: int, kind: types.FactorKind, factor_id: int, name: str, now: dt.datetime, actor: str) -> None:
    """Give a factor another name.

    Raises:
        UnknownFactor
    """
    if not _rows(kind, person_id).filter(pk=factor_id, confirmed=True).update(name=name[:64]):
        raise types.UnknownFactor(f"person {person_id} has no {kind.value} {factor_id}")
    subject = f"person {person_id}"
    audit.record(at=now, actor=actor, action="factor.rename", subject=subject, kind=kind.value, name=name[:64])


@transaction.atomic
def remove(*, person_id: int, kind: types.FactorKind, factor_id: int, now: dt.datetime, actor: str) -> None:
    """Forget a factor, and with the last one the recovery codes.

    Raises:
        UnknownFactor
    """
    row = _rows(kind, person_id).filter(pk=factor_id, confirmed=True).first()
    if row is None:
        raise types.UnknownFactor(f"person {person_id} has no {kind.value} {factor_id}")
    name = row.name
    row.delete()
    if not queries.has_factor(person_id):
        models.RecoveryCode.objects.filter(person_id=person_id).delete()
    audit.record(at=now, actor=actor, action="factor.remove", subject=f"person {person_id}", kind=kind.value, name=name)
    notices.tell("factor_removed", models.Person.objects.get(pk=person_id), now=now, factor=name)


@transaction.atomic
def reset(*, person_id: int, actor: types.Actor, now: dt.datetime) -> None:
    """Forget all factors of a person of the actor's institution who has lost them, and end all her sessions.

    Raises:
        UnknownPerson: she is not on the staff of the institution that the actor acts for.
    """
    if person_id not in {one.person_id for one in queries.protection(actor.institution_id, on=timezone.localdate(now))}:
        raise types.UnknownPerson(f"person {person_id} is not on the staff of the actor's institution")
    for kind in types.FactorKind:
        _rows(kind, person_id).delete()
    models.RecoveryCode.objects.filter(person_id=person_id).delete()
    models.Safety.objects.filter(person_id=person_id).update(first_asked_at=now, put_off_at=None)
    sessions.end_all(person_id=person_id, now=now, why="factor_reset")
    audit.record(
        at=now,
        actor=actor.username,
        action="factor.reset",
        subject=f"person {person_id}",
        institution_id=actor.institution_id,
    )
    person = models.Person.objects.get(pk=person_id)
    notices.tell("factor_reset", person, now=now, administrator=actor.display_name or actor.username)


@transaction.atomic
def ask(*, person_id: int, now: dt.datetime) -> None:
    """Remember when a person was first asked to enrol: the grace begins then."""
    row, _ = models.Safety.objects.get_or_create(person_id=person_id)
    if row.first_asked_at is None:
        row.first_asked_at = now
        row.save(update_fields=["first_asked_at"])


@transaction.atomic
def put_off(*, person_id: int, now: dt.datetime) -> None:
    """Remember that a person does not want to enrol yet."""
    models.Safety.objects.update_or_create(
        person_id=person_id, defaults={"put_off_at": now}, create_defaults={"put_off_at": now, "first_asked_at": now}
    )


@transaction.atomic
def set_policy(*, policy: types.FactorPolicy, actor: types.Actor, now: dt.datetime) -> None:
    """Say what the institution acted for asks of its staff; it may ask more than the installation, not less."""
    models.InstitutionPolicy.objects.update_or_create(
        institution_id=tenancy.current(), defaults={"second_factor": policy.value}
    )
    audit.record(
        at=now,
        actor=actor.username,
        action="factor.policy",
        subject=f"institution {actor.institution_id}",
        institution_id=actor.institution_id,
        policy=policy.value,
    )


def _rows(kind: types.FactorKind, person_id: int) -> Any:
    if kind is types.FactorKind.TOTP:
        return models.Authenticator.objects.filter(person_id=person_id)
    return WebAuthnCredential.objects.filter(user_id=person_id)


@transaction.atomic
def lift_lock(
    *, lock_id: int, institution_ids: frozenset[int] | None, actor: types.Actor, now: dt.datetime
) -> limits.Lock | None:
    """Let an account of these institutions (None: of all) try again at once; None where it does not have to wait."""
    lock = limits.lift(lock_id, institution_ids=institution_ids)
    if lock is not None:
        audit.record(
            at=now,
            actor=actor.username,
            action="lock.lift",
            subject=f"account {lock.shown}…",
            institution_id=lock.institution_id,
            failures=lock.failures,
        )
    return lock
