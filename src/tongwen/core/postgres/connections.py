"""Bringing a connection in step with the tenancy of the work that uses it, before each statement.

What a connection has is kept beside it, so that a statement is sent only where something changes: none for jobs and
commands, one or two for a request. `set_config(…, false)` holds until the session ends, but a rollback takes back
what was set since the transaction (or savepoint) began; after one, what the connection has is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from tongwen.core import tenancy
from tongwen.core.postgres import portal_role

_KEPT = "tongwen_kept"


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


def change(connection: psycopg.Connection[Any], settings: Settings | None = None) -> str:
    """Return the statement that gives the connection these settings (those of the work that runs now).

    It is empty where the connection has them, and in a transaction that has failed: the server takes nothing there but
    a rollback, which needs none. Whoever gets one sends it within `changing`.
    """
    kept: Kept | None = getattr(connection, _KEPT, None)
    target = wanted() if settings is None else settings
    if kept is None or kept.has == target or connection.info.transaction_status == TransactionStatus.INERROR:
        return ""
    role = kept.portal if target.is_guarded else kept.home
    values = (("role", role), ("tongwen.institution", target.institution), ("tongwen.reach", target.reach))
    return f"SELECT {', '.join(f'set_config({_quoted(name)}, {_quoted(value)}, false)' for name, value in values)}; "


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def changing(connection: psycopg.Connection[Any], settings: Settings | None = None) -> Iterator[None]:
    """Keep that what `change` said was sent in the block; where that fails, what the connection has is unknown.

    Raises:
        PortalRoleMissing
    """
    kept: Kept = getattr(connection, _KEPT)
    kept.has = None
    try:
        yield
    except psycopg.errors.InvalidParameterValue as error:
        if f'role "{kept.portal}"' not in str(error):
            raise
        raise PortalRoleMissing(f"the database has no role {kept.portal}: run `tongwen setup`") from error
    kept.has = wanted() if settings is None else settings


def settle(connection: psycopg.Connection[Any], settings: Settings | None = None) -> None:
    """Give the connection these settings (those of the work that runs now) where it has others, by a statement alone.

    Raises:
        PortalRoleMissing
    """
    if statement := change(connection, settings):
        with changing(connection, settings):
            psycopg.RawCursor(connection).execute(statement.encode())
