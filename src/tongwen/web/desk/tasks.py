"""What there is to do, grouped as people think of their work; each task stands here once, with the right it needs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongwen.domain.identity.types import Permission


@dataclass(frozen=True, slots=True)
class Task:
    """A page to work on: its address by name, what it is called, what it is for, and who may."""

    url_name: str
    label: str | Promise
    purpose: str | Promise
    permission: Permission


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that belong together."""

    label: str | Promise
    tasks: tuple[Task, ...]


GROUPS = (
    Group(
        _("Union catalogue"),
        (
            Task(
                "loads",
                _("Loads"),
                _("Hand in files of records and follow how they are loaded."),
                Permission.LOADS_MANAGE,
            ),
            Task("profiles", _("Profiles"), _("How your library's files are read."), Permission.LOADS_MANAGE),
            Task(
                "reviews",
                _("Reviews"),
                _("Decide whether two records describe the same item."),
                Permission.REVIEWS_DECIDE,
            ),
        ),
    ),
    Group(
        _("Staff and readers"),
        (
            Task(
                "people",
                _("Staff and their roles"),
                _("Invite colleagues, give and end roles, close accounts."),
                Permission.PEOPLE_MANAGE,
            ),
            Task(
                "readers",
                _("Readers"),
                _("Find your library's readers and bring them in from a file."),
                Permission.READERS_IMPORT,
            ),
        ),
    ),
    Group(
        _("Log-in"),
        (
            Task(
                "sources",
                _("Ways of logging in"),
                _("Connect your library system or directory, so that your people can log in."),
                Permission.SOURCES_MANAGE,
            ),
            Task(
                "clients",
                _("Services and programs"),
                _("Let people open other services with this log-in, and programs work with a token."),
                Permission.CLIENTS_MANAGE,
            ),
        ),
    ),
    Group(
        _("Membership"),
        (
            Task(
                "library",
                _("Our library"),
                _("Its names, colours and logo, working days and vacations, address ranges and services."),
                Permission.LIBRARY_MANAGE,
            ),
            Task(
                "applications",
                _("Applications for membership"),
                _("Read what libraries send in, ask back, approve or refuse."),
                Permission.MEMBERSHIP_DECIDE,
            ),
            Task(
                "members",
                _("Members"),
                _("The register: find, enter, import and change members, their services and addresses."),
                Permission.MEMBERS_MANAGE,
            ),
            Task(
                "domains",
                _("Sharing domains"),
                _("Who belongs to them, their portals, and which services are switched off."),
                Permission.DOMAINS_MANAGE,
            ),
        ),
    ),
    Group(
        _("Security"),
        (
            Task(
                "staff-security",
                _("Security of the staff"),
                _("Second factors, and accounts that have to wait after failed log-ins."),
                Permission.PEOPLE_MANAGE,
            ),
            Task(
                "audit",
                _("Audit trail"),
                _("Who did what to which thing, to be searched and exported."),
                Permission.AUDIT_READ,
            ),
        ),
    ),
)


def allowed(permissions: frozenset[Permission]) -> list[Group]:
    """Return the groups with the tasks that these permissions include, without empty ones."""
    groups = (Group(one.label, tuple(task for task in one.tasks if task.permission in permissions)) for one in GROUPS)
    return [group for group in groups if group.tasks]
