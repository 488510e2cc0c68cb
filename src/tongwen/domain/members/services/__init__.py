"""Public writes of membership. Each is one transaction: check, write, audit; bad facts raise types.BadFacts."""

from tongwen.domain.members.services.addresses import save_addresses, save_addresses_within_others
from tongwen.domain.members.services.applications import answer, approve, ask_back, refuse, submit, withdraw
from tongwen.domain.members.services.calendars import add_calendar_entry, remove_calendar_entry
from tongwen.domain.members.services.domains import (
    change_sharing_domain,
    enter_sharing_domain,
    join_domain,
    leave_domain,
    register_sharing_domain,
)
from tongwen.domain.members.services.imports import import_members, preview_import
from tongwen.domain.members.services.institutions import (
    change_institution,
    change_own_facts,
    change_status,
    enter_institution,
    register_institution,
    remove_logo,
    save_logo,
)
from tongwen.domain.members.services.places import register_place
from tongwen.domain.members.services.subscriptions import end_subscription, subscribe

__all__ = [
    "add_calendar_entry",
    "answer",
    "approve",
    "ask_back",
    "change_institution",
    "change_own_facts",
    "change_sharing_domain",
    "change_status",
    "end_subscription",
    "enter_institution",
    "enter_sharing_domain",
    "import_members",
    "join_domain",
    "leave_domain",
    "preview_import",
    "refuse",
    "register_institution",
    "register_place",
    "register_sharing_domain",
    "remove_calendar_entry",
    "remove_logo",
    "save_addresses",
    "save_addresses_within_others",
    "save_logo",
    "submit",
    "subscribe",
    "withdraw",
]
