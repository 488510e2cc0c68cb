"""Whether somebody has agreed that a service learns about her: consents (`privacy`) by the service's client id.

The version of such a consent is what the service may know, its scopes in order; more of them asks anew.
"""

from __future__ import annotations

import datetime as dt

from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import clients as rules
from tongwen.domain.identity.services import privacy


def needs_consent(*, client: types.Client, person_id: int, scopes: tuple[str, ...]) -> bool:
    """Tell whether she has to be asked: the service is not spared that, and she has not agreed to as much before."""
    if not rules.asks_consent(client):
        return False
    standing = models.Consent.objects.filter(person_id=person_id, purpose=client.client_id, withdrawn_at=None)
    return not any(set(scopes) <= set(version.split()) for version in standing.values_list("version", flat=True))


def record_consent(*, client: types.Client, actor: types.Actor, scopes: tuple[str, ...], now: dt.datetime) -> None:
    """Note that she agrees that the service learns what these scopes say."""
    version = " ".join(sorted(scopes))
    privacy.give_consent(person_id=actor.person_id or 0, purpose=client.client_id, version=version, now=now)
