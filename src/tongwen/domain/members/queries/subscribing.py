"""What a member may use: its subscriptions, and what its sharing domains have switched off."""

from __future__ import annotations

import datetime as dt

from tongwen.domain.members import models, types
from tongwen.domain.members.queries import register
from tongwen.domain.members.rules import subscriptions as rules


def subscriptions(institution_id: int) -> tuple[types.Subscription, ...]:
    """Return the subscriptions of a member, past ones too, by service and beginning."""
    rows = models.Subscription.objects.filter(institution_id=institution_id).order_by("service", "begins_on")
    return tuple(
        types.Subscription(row.institution_id, types.Service(row.service), row.begins_on, row.ends_on, row.pk)
        for row in rows
    )


def service_outcome(institution_id: int, service: types.Service, on: dt.date) -> types.ServiceOutcome:
    """Tell whether a service is open to a member on a day, and why, naming the domains that have switched it off."""
    return next(one for one in services_of(institution_id, on) if one.service is service)


def is_service_open(institution_id: int, service: types.Service, on: dt.date) -> bool:
    """Tell whether a member may use a service on a day: the one question that every service asks."""
    return service_outcome(institution_id, service, on).is_open


def services_of(institution_id: int, on: dt.date) -> tuple[types.ServiceOutcome, ...]:
    """Return for every service whether it is open to a member on a day, and why.

    Raises:
        UnknownInstitution
    """
    kept = register.current()
    if institution_id not in kept.institutions:
        kept = register.as_it_stands()
    one = kept.institutions.get(institution_id)
    if one is None:
        raise types.UnknownInstitution(f"no institution has the number {institution_id}")
    domains = [domain for domain in kept.domains.values() if institution_id in domain.institution_ids]
    every = subscriptions(institution_id)
    return tuple(rules.outcome(service, one.status, every, domains, on) for service in types.Service)
