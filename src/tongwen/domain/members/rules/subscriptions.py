"""Whether a service is open to a member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tongwen.domain.members.types import (
    BadFacts,
    InstitutionStatus,
    Problem,
    Service,
    ServiceOutcome,
    ServiceReason,
    SharingDomain,
    Subscription,
)


def outcome(
    service: Service,
    status: InstitutionStatus,
    subscriptions: Sequence[Subscription],
    domains: Sequence[SharingDomain],
    on: dt.date,
) -> ServiceOutcome:
    """Tell whether a service is open on a day: the member takes part, has it, and no domain of it switched it off."""
    mine = [one for one in subscriptions if one.service is service]
    running = [one for one in mine if one.begins_on <= on and (one.ends_on is None or one.ends_on >= on)]
    off = tuple(one for one in domains if service in one.switched_off)
    if status is not InstitutionStatus.ACTIVE:
        return ServiceOutcome(service, ServiceReason.SUSPENDED)
    if running:
        if off:
            return ServiceOutcome(service, ServiceReason.SWITCHED_OFF, switched_off_by=off)
        return ServiceOutcome(service, ServiceReason.OPEN, running[-1].ends_on)
    if coming := [one.begins_on for one in mine if one.begins_on > on]:
        return ServiceOutcome(service, ServiceReason.NOT_BEGUN, min(coming))
    if mine:
        return ServiceOutcome(service, ServiceReason.ENDED, max(one.ends_on for one in mine if one.ends_on))
    return ServiceOutcome(service, ServiceReason.NOT_SUBSCRIBED)


def check(wanted: Subscription, others: Sequence[Subscription]) -> None:
    """Refuse a period that ends before it begins or lies upon another one of the same service.

    Raises:
        BadFacts
    """
    if wanted.ends_on is not None and wanted.ends_on < wanted.begins_on:
        raise BadFacts(Problem("ends_on", "date_order"))
    for one in others:
        same = one.service is wanted.service and one.id != wanted.id
        if same and _meet(wanted, one):
            raise BadFacts(Problem("begins_on", "subscribed_already", str(one.begins_on)))


def _meet(one: Subscription, other: Subscription) -> bool:
    far = dt.date.max
    return one.begins_on <= (other.ends_on or far) and other.begins_on <= (one.ends_on or far)
