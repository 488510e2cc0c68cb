"""What identity does, each in one transaction: people, roles, services that log people in here and their visits."""

from tongwen.domain.identity.services.admissions import approve_application
from tongwen.domain.identity.services.clients import (
    Registered,
    change_client,
    is_secret,
    register_client,
    rotate_secret,
    switch_client,
)
from tongwen.domain.identity.services.consents import needs_consent, record_consent
from tongwen.domain.identity.services.factors import (
    ask as ask_for_factor,
)
from tongwen.domain.identity.services.factors import (
    begin_totp,
    confirm_totp,
    lift_lock,
    new_recovery_codes,
    prove,
)
from tongwen.domain.identity.services.factors import (
    put_off as put_off_factor,
)
from tongwen.domain.identity.services.factors import (
    remove as remove_factor,
)
from tongwen.domain.identity.services.factors import (
    rename as rename_factor,
)
from tongwen.domain.identity.services.factors import (
    reset as reset_factors,
)
from tongwen.domain.identity.services.factors import (
    set_policy as set_factor_policy,
)
from tongwen.domain.identity.services.passkeys import (
    authenticate as check_passkey,
)
from tongwen.domain.identity.services.passkeys import (
    begin as begin_passkey,
)
from tongwen.domain.identity.services.passkeys import (
    begin_registration as begin_passkey_registration,
)
from tongwen.domain.identity.services.passkeys import (
    register as register_passkey,
)
from tongwen.domain.identity.services.passwords import (
    ask_for_new as ask_for_new_password,
)
from tongwen.domain.identity.services.passwords import (
    change as change_password,
)
from tongwen.domain.identity.services.passwords import (
    check_own as check_own_password,
)
from tongwen.domain.identity.services.passwords import (
    person_of_token as person_of_reset_token,
)
from tongwen.domain.identity.services.passwords import (
    requirements as password_requirements,
)
from tongwen.domain.identity.services.passwords import (
    set_forgotten as set_forgotten_password,
)
from tongwen.domain.identity.services.people import affiliate, check_password_rules, enter_person, register_person
from tongwen.domain.identity.services.roles import check_may_give, end_role, give_role, may_give
from tongwen.domain.identity.services.sessions import (
    begin as begin_session,
)
from tongwen.domain.identity.services.sessions import (
    end as end_session,
)
from tongwen.domain.identity.services.sessions import (
    end_all as end_all_sessions,
)
from tongwen.domain.identity.services.sessions import (
    end_own as end_own_session,
)
from tongwen.domain.identity.services.sessions import (
    seen as session_seen,
)
from tongwen.domain.identity.services.sessions import (
    sweep as sweep_sessions,
)
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
    "approve_application",
    "ask_for_factor",
    "ask_for_new_password",
    "begin_passkey",
    "begin_passkey_registration",
    "begin_session",
    "begin_totp",
    "begin_visit",
    "change_client",
    "change_password",
    "check_admitted",
    "check_may_give",
    "check_own_password",
    "check_passkey",
    "check_password_rules",
    "confirm_totp",
    "end_all_sessions",
    "end_own_session",
    "end_role",
    "end_session",
    "end_visits",
    "end_visits_of_person",
    "enter_person",
    "forget_old",
    "give_role",
    "is_secret",
    "lift_lock",
    "may_give",
    "needs_consent",
    "new_recovery_codes",
    "password_requirements",
    "person_of_reset_token",
    "prove",
    "put_off_factor",
    "record_consent",
    "register_client",
    "register_passkey",
    "register_person",
    "remove_factor",
    "rename_factor",
    "reset_factors",
    "revoke_replayed",
    "rotate_secret",
    "session_seen",
    "set_factor_policy",
    "set_forgotten_password",
    "sweep_sessions",
    "switch_client",
    "take_up",
    "take_up_code",
    "take_up_ticket",
    "told",
]
