"""Admitting a library: its membership and the invitation of its first administrator are one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from tongwen.domain.identity import types
from tongwen.domain.members import services as members
from tongwen.domain.members.types import Admission, InstitutionFacts, Service


@transaction.atomic
def approve_application(
    *,
    application_id: int,
    provinces: Collection[str] | None,
    entered: InstitutionFacts,
    services: Collection[Service],
    domain_ids: Collection[int],
    actor: types.Actor,
    today: dt.date,
    now: dt.datetime,
) -> Admission:
    """Make a member of an applicant, open its services from today, and invite the person who applied.

    All of it happens or nothing. See `members.services.approve` for the arguments and errors.
    """
    return members.approve(
        application_id=application_id,
        provinces=provinces,
        entered=entered,
        services=services,
        domain_ids=domain_ids,
        begins_on=today,
        actor=actor.username,
        now=now,
    )
