"""Whether the database keeps institutions apart, and making it so again: what `tongwen setup` and `doctor` ask."""

from __future__ import annotations

from django.db import connection

from tongwen.core.postgres import portal_role, row_security

_OPEN = """
SELECT p.tablename FROM pg_policies p JOIN pg_class c ON c.relname = p.tablename
WHERE p.schemaname = current_schema() AND c.relnamespace = current_schema()::regnamespace
  AND p.policyname = %s AND NOT c.relrowsecurity ORDER BY 1
"""
_BOUND = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity
  AND (c.relforcerowsecurity OR NOT pg_has_role(current_user, c.relowner, 'USAGE')) ORDER BY 1
"""


def faults() -> list[str]:
    """Return in words what lets requests past row-level security, or binds jobs and commands by it.

    It is asked as jobs and commands work: not guarded. None is as it should be.
    """
    found = portal_role.faults()
    if tables := _tables(_OPEN, row_security.POLICY):
        found.append(f"row-level security is switched off for {', '.join(tables)}")
    if tables := _tables(_BOUND):
        found.append(f"whoever logs in does not own {', '.join(tables)}: jobs and commands would not see their rows")
    return found


def ensure() -> None:
    """Make the role of requests, its rights and the tables' security what they should be.

    Raises:
        PortalRoleRefused: an administrator of the server has to help; the message says how.
    """
    portal_role.ensure()
    with connection.cursor() as cursor:
        for table in _tables(_OPEN, row_security.POLICY):
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')


def _tables(statement: str, *values: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return [row[0] for row in cursor.fetchall()]
