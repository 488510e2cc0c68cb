"""Subscriptions of members to services."""

from __future__ import annotations

import datetime as dt

from tongwen.core import audit
from tongwen.domain.members import models, queries, types
from tongwen.domain.members.rules import subscriptions as rules
from tongwen.domain.members.services.changing import register_changes


def subscribe(
    *,
    institution_id: int,
    service: types.Service,
    begins_on: dt.date,
    ends_on: dt.date | None,
    actor: str,
    now: dt.datetime,
) -> int:
    """Give a member a service for a period, both ends included, and return the subscription's number.

    Raises:
        BadFacts: the dates are in the wrong order, or it has the service then already.
    """
    wanted = types.Subscription(institution_id, service, begins_on, ends_on)
    with register_changes():
        queries.institution(institution_id)
        rules.check(wanted, queries.subscriptions(institution_id))
        row = models.Subscription.objects.create(
            institution_id=institution_id, service=service.value, begins_on=begins_on, ends_on=ends_on
        )
        _record(row, "subscription.begin", actor, now)
        return row.pk


def end_subscription(
    *, institution_id: int, subscription_id: int, ends_on: dt.date, actor: str, now: dt.datetime
) -> None:
    """Let a subscription end on a day (its last). One that has not begun by then is taken away.

    Raises:
        BadFacts: the member has no such subscription.
    """
    with register_changes():
        row = models.Subscription.objects.filter(institution_id=institution_id, pk=subscription_id).first()
        if row is None:
            raise types.BadFacts(types.Problem("subscription", "unknown_subscription"))
        if ends_on < row.begins_on:
            _record(row, "subscription.cancel", actor, now)
            row.delete()
            return
        row.ends_on = ends_on
        row.save(update_fields=["ends_on"])
        _record(row, "subscription.end", actor, now)


def _record(row: models.Subscription, action: str, actor: str, now: dt.datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        action=action,
        subject=f"{row.service}",
        institution_id=row.institution_id,
        begins_on=str(row.begins_on),
        ends_on=str(row.ends_on or ""),
    )
