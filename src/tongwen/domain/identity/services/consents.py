"""Whether somebody has agreed that a service learns about her."""

from __future__ import annotations

import datetime as dt

from tongwen.core import audit
from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import clients as rules


def needs_consent(*, client: types.Client, person_id: int, scopes: tuple[str, ...]) -> bool:
    """Tell whether she has to be asked: the service is not spared that, and she has not agreed to as much before."""
    if not rules.asks_consent(client):
        return False
    agreed = models.Visit.objects.filter(person_id=person_id, client_id=client.id, taken_up_at__isnull=False)
    return not any(set(scopes) <= set(known.split()) for known in agreed.values_list("scopes", flat=True))


def record_consent(*, client: types.Client, actor: types.Actor, scopes: tuple[str, ...], now: dt.datetime) -> None:
    """Note that she agrees that the service learns what these scopes say."""
    audit.record(
        at=now,
        actor=actor.username,
        action="consent.give",
        subject=f"person {actor.person_id}",
        client_id=client.client_id,
        scopes=sorted(scopes),
    )
