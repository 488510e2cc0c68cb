"""The database role under which requests are answered: no log-in, no bypass, owner of nothing.

It is named after its database, since roles belong to the whole server and another installation's must not do for this
one. Making it needs the right to make roles, which the embedded server's user has; elsewhere an administrator makes it
once with the statements that `PortalRoleRefused` gives.
"""

from __future__ import annotations

import hashlib

from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

_LONGEST = 63
"""Bytes of a name in PostgreSQL."""

_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
_WITHHELD = {"django_migrations": "INSERT, UPDATE, DELETE", "audit_entry": "UPDATE, DELETE"}
"""Rights that no request has on a table, where that table is."""


class PortalRoleRefused(RuntimeError):
    """The role cannot be made or is not fit; the message says why and what an administrator has to do."""


def name(database: str) -> str:
    """Return the name of the role of this database."""
    wanted = f"{database}_portal"
    if len(wanted.encode()) <= _LONGEST:
        return wanted
    digest = hashlib.sha256(database.encode()).hexdigest()[:12]
    return f"{database.encode()[:40].decode(errors='ignore')}_{digest}_portal"


def of_connection() -> str:
    """Return the name of the role of the database in use."""
    connection.ensure_connection()
    return name(connection.connection.info.dbname)


def faults() -> list[str]:
    """Return in words what keeps the role from guarding; none where all is well."""
    role = of_connection()
    with connection.cursor() as cursor:
        found = _attributes(cursor, role)
        if found is None:
            return [f"the role {role} is missing"]
        wrong = _unfit(cursor, role, found)
        if not _may_be_assumed(cursor, role):
            wrong.append(f"the log-in role is no member of {role}")
        cursor.execute(_LACKING, {"role": role})
        lacking = [row[0] for row in cursor.fetchall()]
    if lacking:
        wrong.append(f"{role} has no rights on {', '.join(lacking)}")
    return wrong


def ensure() -> None:
    """Make the role where it is missing and give it its rights on the tables there are and will be.

    Raises:
        PortalRoleRefused: the log-in role may not make it, or a role of its name is not fit to guard.
    """
    role = of_connection()
    with transaction.atomic(), connection.cursor() as cursor:
        if _attributes(cursor, role) is None:
            _make(cursor, role)
        elif wrong := _unfit(cursor, role, _attributes(cursor, role) or ()):
            raise PortalRoleRefused(f"{'; '.join(wrong)}. {_advice(cursor, role)}")
        if not _may_be_assumed(cursor, role):
            _try(cursor, role, f"GRANT {_quoted(role)} TO {_log_in(cursor)}")
        _grant(cursor, role)


_LACKING = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT (has_table_privilege(%(role)s, c.oid, 'SELECT') AND has_table_privilege(%(role)s, c.oid, 'INSERT'))
  AND c.relname <> 'django_migrations'
ORDER BY 1
"""


def _attributes(cursor: CursorWrapper, role: str) -> tuple[object, ...] | None:
    cursor.execute("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
    found: tuple[object, ...] | None = cursor.fetchone()
    return found


def _unfit(cursor: CursorWrapper, role: str, attributes: tuple[object, ...]) -> list[str]:
    """Return what lets the role past row-level security."""
    names = ("is a superuser", "bypasses row-level security", "can log in")
    wrong = [f"the role {role} {words}" for words, has in zip(names, attributes, strict=True) if has]
    cursor.execute(
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        " AND relkind IN ('r', 'p') AND pg_has_role(%s, relowner, 'USAGE') GROUP BY relowner",
        [role],
    )
    wrong.extend(f"the role {role} has the rights of {row[0]}, who owns tables" for row in cursor.fetchall())
    return wrong


def _may_be_assumed(cursor: CursorWrapper, role: str) -> bool:
    """Tell whether SET ROLE works; until PostgreSQL 16 every member may."""
    kind = "SET" if connection.pg_version >= 160000 else "MEMBER"  # type: ignore[attr-defined]
    cursor.execute("SELECT pg_has_role(session_user, %s, %s)", [role, kind])
    return bool(cursor.fetchone()[0])


def _make(cursor: CursorWrapper, role: str) -> None:
    _try(cursor, role, f"CREATE ROLE {_quoted(role)} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")


def _try(cursor: CursorWrapper, role: str, statement: str) -> None:
    try:
        with transaction.atomic():
            cursor.execute(statement)
    except ProgrammingError as error:
        raise PortalRoleRefused(f"the database refused ({str(error).strip()}). {_advice(cursor, role)}") from error


def _advice(cursor: CursorWrapper, role: str) -> str:
    return (
        "Requests are answered under a role of its own (docs/explanation/isolation.md). An administrator of the server"
        f" makes it once: CREATE ROLE {_quoted(role)} NOLOGIN; GRANT {_quoted(role)} TO {_log_in(cursor)}; — then run"
        " `tongwen setup` again"
    )


def _grant(cursor: CursorWrapper, role: str) -> None:
    quoted = _quoted(role)
    cursor.execute("SELECT quote_ident(current_schema())")
    schema = cursor.fetchone()[0]
    cursor.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {quoted};"
        f"GRANT {_RIGHTS} ON ALL TABLES IN SCHEMA {schema} TO {quoted};"
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {_RIGHTS} ON TABLES TO {quoted};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {quoted}"
    )
    for table, rights in _WITHHELD.items():
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0] is not None:
            cursor.execute(f"REVOKE {rights} ON {table} FROM {quoted}")


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'


def _log_in(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT quote_ident(session_user)")
    return str(cursor.fetchone()[0])
