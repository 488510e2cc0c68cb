"""The table of rights (`permissions.toml`), read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongwen.domain.identity.types import Level, Permission, Place, Role, WrongPlace


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role brings: the kind of place it belongs to, what it may do there, and which roles it may give."""

    level: Level
    permissions: frozenset[Permission]
    gives: frozenset[Role]


@cache
def table() -> dict[Role, Rights]:
    """Return the rights of every role; a role that is missing or unknown in the file is an error at the first use."""
    rows = tomllib.loads(Path(__file__).with_name("permissions.toml").read_text(encoding="utf-8"))
    read = {
        Role(name): Rights(
            Level(row["level"]),
            frozenset(Permission(word) for word in row["permissions"]),
            frozenset(Role(word) for word in row["gives"]),
        )
        for name, row in rows.items()
    }
    return {role: read[role] for role in Role}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return all that these roles together may do."""
    return frozenset().union(*(table()[role].permissions for role in roles))


def gives(roles: Iterable[Role]) -> frozenset[Role]:
    """Return the roles that somebody with these roles may give."""
    return frozenset().union(*(table()[role].gives for role in roles))


def check_place(role: Role, place: Place) -> None:
    """Let a role stand only where it belongs.

    Raises:
        WrongPlace: a cataloguer without an institution, a domain administrator without a domain, and the like.
    """
    wanted = table()[role].level
    if place.level is not wanted:
        raise WrongPlace(f"{role.value} belongs to a place of the kind {wanted.value}, not {place.level.value}")
