"""Bringing a connection in step with the tenancy of the work that uses it, before each statement.

What a connection has is kept beside it, so that a statement is sent only where something changes: none for jobs and
commands, one or two for a request. `set_config(…, false)` holds until the session ends, but a rollback takes back
what was set since the transaction (or savepoint) began; after one, what the connection has is unknown.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from tongwen.core import tenancy
from tongwen.core.postgres import portal_role

_KEPT = "tongwen_kept"
_SET = (
    b"SELECT set_config('role', $1, false), set_config('tongwen.institution', $2, false),"
    b" set_config('tongwen.reach', $3, false)"
)


class Settings(NamedTuple):
    """The session's settings that policies look at. The empty ones of unguarded work change nothing for an owner."""

    is_guarded: bool
    institution: str
    reach: str


UNGUARDED = Settings(is_guarded=False, institution="", reach="")


class Kept:
    """What one connection has: None where a rollback may have taken it back."""

    __slots__ = ("has", "home", "portal")

    def __init__(self, *, home: str, portal: str) -> None:
        self.has: Settings | None = UNGUARDED
        self.home = home
        """The role of unguarded work; `none` is the one that has logged in."""
        self.portal = portal


class PortalRoleMissing(psycopg.OperationalError):
    """Requests cannot be answered, since the role they are answered under is not there."""


def keep(connection: psycopg.Connection[Any], *, home: str) -> None:
    """Keep from now on what this fresh connection has; one that a pool gives again is known already."""
    if not hasattr(connection, _KEPT):
        setattr(connection, _KEPT, Kept(home=home, portal=portal_role.name(connection.info.dbname)))


def forget(connection: psycopg.Connection[Any] | None) -> None:
    """Say that what the connection has may have been taken back by a rollback."""
    kept: Kept | None = getattr(connection, _KEPT, None)
    if kept is not None:
        kept.has = None


def wanted() -> Settings:
    """Return the settings that the work which runs now must have."""
    standing = tenancy.standing()
    if not standing.is_guarded:
        return UNGUARDED
    institution = "" if standing.institution_id is None else str(standing.institution_id)
    return Settings(is_guarded=True, institution=institution, reach="all" if standing.reaches_all else "")


def settle(connection: psycopg.Connection[Any], settings: Settings | None = None) -> None:
    """Give the connection these settings (those of the work that runs now) where it has others.

    In a transaction that has failed the server takes nothing but a rollback, which needs no settings.

    Raises:
        PortalRoleMissing
    """
    kept: Kept | None = getattr(connection, _KEPT, None)
    target = wanted() if settings is None else settings
    if kept is None or kept.has == target or connection.info.transaction_status == TransactionStatus.INERROR:
        return
    kept.has = None
    role = kept.portal if target.is_guarded else kept.home
    try:
        psycopg.RawCursor(connection).execute(_SET, [role, target.institution, target.reach])
    except psycopg.errors.InvalidParameterValue as error:
        raise PortalRoleMissing(f"the database has no role {role}: run `tongwen setup`") from error
    kept.has = target
