"""Roles and places: what somebody is where, and what she may do there."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """What somebody is to a place. `rules/permissions.toml` says what each may do and which roles it may give."""

    READER = "reader"
    CATALOGUER = "cataloguer"
    ILL_LIBRARIAN = "ill_librarian"
    E_RESOURCE_LIBRARIAN = "e_resource_librarian"
    ACQUISITIONS_LIBRARIAN = "acquisitions_librarian"
    REFERENCE_LIBRARIAN = "reference_librarian"
    CURATOR = "curator"
    TRAINER = "trainer"
    INSTITUTION_ADMINISTRATOR = "institution_administrator"
    DOMAIN_ADMINISTRATOR = "domain_administrator"
    NATIONAL_ADMINISTRATOR = "national_administrator"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"


class Level(enum.StrEnum):
    """What kind of place a role belongs to."""

    INSTITUTION = "institution"
    DOMAIN = "domain"
    NATION = "nation"


class Permission(enum.StrEnum):
    """What somebody may do in the place she acts for. The one place that asks is `Actor.may`."""

    LOADS_MANAGE = "loads.manage"
    REVIEWS_DECIDE = "reviews.decide"
    BIBS_CHANGE = "bibs.change"
    BIBS_CHANGE_ANY = "bibs.change_any"
    LIBRARY_MANAGE = "library.manage"
    PEOPLE_MANAGE = "people.manage"
    READERS_IMPORT = "readers.import"
    ROLES_GIVE = "roles.give"
    SOURCES_MANAGE = "sources.manage"
    CLIENTS_MANAGE = "clients.manage"
    MEMBERS_MANAGE = "members.manage"
    DOMAINS_MANAGE = "domains.manage"
    MEMBERSHIP_DECIDE = "membership.decide"
    AUDIT_READ = "audit.read"


class MayNotGive(PermissionError):
    """The actor may not give this role in this place: an administrator gives only what she has."""


class WrongPlace(ValueError):
    """A role does not fit the place: a cataloguer belongs to an institution, a domain administrator to a domain."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role holds: an institution, a sharing domain, or (neither) the whole installation."""

    institution_id: int | None = None
    domain_id: int | None = None

    @property
    def level(self) -> Level:
        """Say which kind of place this is."""
        if self.institution_id is not None:
            return Level.INSTITUTION
        return Level.NATION if self.domain_id is None else Level.DOMAIN

    def key(self) -> str:
        """Return the place as it stands in a session: `institution:12`, `domain:3` or `nation`."""
        if self.level is Level.NATION:
            return self.level.value
        return f"{self.level.value}:{self.institution_id if self.domain_id is None else self.domain_id}"

    @classmethod
    def of_key(cls, key: str) -> Place:
        """Read what `key` wrote; raises ValueError for anything else."""
        level, _, number = key.partition(":")
        if Level(level) is Level.NATION:
            return cls()
        return cls(institution_id=int(number)) if level == Level.INSTITUTION else cls(domain_id=int(number))


NATION = Place()


ACTING_FOR = "acting_for"
"""Where a session keeps the key of the place its person acts for."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which place, and with which rights. Nobody in particular has none."""

    person_id: int | None = None
    username: str = ""
    display_name: str = ""
    place: Place = NATION
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()

    @property
    def institution_id(self) -> int | None:
        """Return the institution acted for; None for domain and national roles, and for nobody."""
        return self.place.institution_id

    @property
    def domain_id(self) -> int | None:
        """Return the sharing domain acted for."""
        return self.place.domain_id

    @property
    def is_staff(self) -> bool:
        """Tell whether more than reading is asked of this person here."""
        return bool(self.roles - {Role.READER})

    def may(self, permission: Permission) -> bool:
        """Answer the one question of rights."""
        return permission in self.permissions


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Affiliation:
    """One role of one person in one place. It holds from `begins_on` to the day before `expires_on`."""

    id: int
    person_id: int
    role: Role
    place: Place
    begins_on: dt.date
    expires_on: dt.date | None
    given_by: str
    ended_at: dt.datetime | None = None

    def holds_on(self, date: dt.date) -> bool:
        """Tell whether the role holds on a date."""
        return self.ended_at is None and self.begins_on <= date and (self.expires_on is None or date < self.expires_on)
