"""Passkeys (WebAuthn Level 3): keys of the person's device that sign a challenge, bound to the portal's host name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential, WebAuthnUserHandle
from webauthn import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException

from tongwen.domain.identity import models, types
from tongwen.domain.identity.services import factors

_REFUSALS = (WebAuthnException, OTPWebAuthnApiError, ValueError, KeyError, TypeError, AttributeError)


class _Ceremony(WebAuthnHelper):  # type: ignore[misc]
    """The library's ceremonies, for the host that the browser shows instead of one fixed by settings."""

    def __init__(self, site: types.Site) -> None:
        super().__init__(request=None)
        self._site = site

    def get_relying_party_domain(self) -> str:
        return self._site.host

    def get_relying_party_name(self) -> str:
        return self._site.name

    def get_allowed_origins(self) -> list[str]:
        return [self._site.origin]

    def get_credential_display_name(self, user: models.Person) -> str:
        return user.display_name or user.username


@transaction.atomic
def begin_registration(*, person_id: int, site: types.Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the browser needs to make a key (PublicKeyCredentialCreationOptions), and what to keep meanwhile."""
    options, kept = _Ceremony(site).register_begin(models.Person.objects.get(pk=person_id))
    return options, kept


@transaction.atomic
def register(
    *,
    person_id: int,
    site: types.Site,
    kept: dict[str, Any],
    answer: dict[str, Any],
    name: str,
    actor: str,
    now: dt.datetime,
) -> tuple[str, ...]:
    """Take a key into use; return recovery codes where the person had none.

    Raises:
        PasskeyRefused: the answer belongs to another challenge, site or person, or is damaged.
    """
    person = models.Person.objects.get(pk=person_id)
    try:
        credential = _Ceremony(site).register_complete(person, kept, answer)
    except _REFUSALS as error:
        raise types.PasskeyRefused(f"{type(error).__name__}: {error}") from None
    credential.name = (name or "Passkey")[:64]
    credential.save()
    factors.tell_added(person, kind=types.FactorKind.PASSKEY, name=credential.name, actor=actor, now=now)
    return factors.first_recovery_codes(person_id=person_id, actor=actor, now=now)


def begin(*, person_id: int | None, site: types.Site) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the browser needs to sign (PublicKeyCredentialRequestOptions), and what to keep meanwhile.

    Without a person any key of this site may answer, and its owner's presence must be proven (log-in without a
    password); with one only hers, and touching it is enough (second factor).
    """
    person = None if person_id is None else models.Person.objects.get(pk=person_id)
    options, kept = _Ceremony(site).authenticate_begin(user=person, require_user_verification=person is None)
    return options, kept


@transaction.atomic
def authenticate(
    *, person_id: int | None, site: types.Site, kept: dict[str, Any], answer: dict[str, Any]
) -> types.Person:
    """Return the person whose key has signed the challenge.

    Raises:
        PasskeyRefused: the signature or its circumstances are wrong, the key is unknown or not hers, or she may not
            sign in any more.
    """
    person = None if person_id is None else models.Person.objects.get(pk=person_id)
    try:
        credential = _Ceremony(site).authenticate_complete(person, kept, answer)
        _check_handle(credential, answer)
    except _REFUSALS as error:
        raise types.PasskeyRefused(f"{type(error).__name__}: {error}") from None
    owner = credential.user
    if not (credential.confirmed and owner.is_active):
        raise types.PasskeyRefused(f"person {owner.pk} may not sign in")
    return types.Person(owner.pk, owner.username, owner.display_name, owner.email, owner.is_active)


def _check_handle(credential: WebAuthnCredential, answer: dict[str, Any]) -> None:
    """WebAuthn Level 3, section 7.2 step 6: a user handle that comes back must be that of the key's owner."""
    given = answer.get("response", {}).get("userHandle")
    if given and base64url_to_bytes(given) != WebAuthnUserHandle.get_handle_for_user(credential.user):
        raise ValueError("the user handle is another person's")
