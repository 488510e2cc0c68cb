"""What identity does, each in one transaction: entering people, giving and taking roles."""

from tongwen.domain.identity.services.people import affiliate, check_password_rules, register_person
from tongwen.domain.identity.services.roles import check_may_give, end_role, give_role

__all__ = ["affiliate", "check_may_give", "check_password_rules", "end_role", "give_role", "register_person"]
