"""What identity does, each in one transaction: people, roles, services that log people in here and their visits."""

from tongwen.domain.identity.services.clients import (
    Registered,
    change_client,
    is_secret,
    register_client,
    rotate_secret,
    switch_client,
)
from tongwen.domain.identity.services.consents import needs_consent, record_consent
from tongwen.domain.identity.services.people import affiliate, check_password_rules, enter_person, register_person
from tongwen.domain.identity.services.roles import check_may_give, end_role, give_role
from tongwen.domain.identity.services.visits import (
    TELL,
    begin_visit,
    check_admitted,
    end_visits,
    end_visits_of_person,
    forget_old,
    revoke_replayed,
    take_up,
    take_up_code,
    take_up_ticket,
    told,
)

__all__ = [
    "TELL",
    "Registered",
    "affiliate",
    "begin_visit",
    "change_client",
    "check_admitted",
    "check_may_give",
    "check_password_rules",
    "end_role",
    "end_visits",
    "end_visits_of_person",
    "enter_person",
    "forget_old",
    "give_role",
    "is_secret",
    "needs_consent",
    "record_consent",
    "register_client",
    "register_person",
    "revoke_replayed",
    "rotate_secret",
    "switch_client",
    "take_up",
    "take_up_code",
    "take_up_ticket",
    "told",
]
