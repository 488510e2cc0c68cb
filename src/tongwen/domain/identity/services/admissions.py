"""Admitting a library: its membership and the invitation of its first administrator are one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from tongwen.domain.identity import types
from tongwen.domain.identity.services import invitations
from tongwen.domain.members import services as members
from tongwen.domain.members.types import Admission, BadFacts, InstitutionFacts, Problem, Service


@transaction.atomic
def approve_application(
    *,
    application_id: int,
    provinces: Collection[str] | None,
    entered: InstitutionFacts,
    services: Collection[Service],
    domain_ids: Collection[int],
    administrator_name: str,
    administrator_mail: str,
    actor: types.Actor,
    today: dt.date,
    now: dt.datetime,
) -> Admission:
    """Make a member of an applicant, open its services from today, and invite its first administrator.

    All of it happens or nothing. See `members.services.approve` for the arguments and its errors.

    Raises:
        BadFacts: also where name or mail address of the administrator cannot be used.
        MayNotGive: the library does not lie in the domain for which the actor acts.
    """
    admission = members.approve(
        application_id=application_id,
        provinces=provinces,
        entered=entered,
        services=services,
        domain_ids=domain_ids,
        begins_on=today,
        actor=actor.username,
        now=now,
    )
    try:
        invitations.invite(
            institution_id=admission.institution_id,
            email=administrator_mail,
            display_name=administrator_name,
            roles=[types.Role.INSTITUTION_ADMINISTRATOR],
            actor=actor,
            now=now,
            language=admission.application.candidate.language,
        )
    except types.BadAddress:
        raise BadFacts(Problem("administrator_mail", "bad_mail", administrator_mail[:100])) from None
    except types.BadName:
        raise BadFacts(Problem("administrator_name", "missing")) from None
    return admission
