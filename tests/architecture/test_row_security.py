"""Every table of an institution is guarded by the database, and SQL under the scope of another finds nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, models, transaction

from factories.files import book, marc_file
from tongwen.core import audit, clock, tenancy
from tongwen.core.postgres import row_security
from tongwen.domain.catalogue import services, types

_REGISTER = "a fact of the register, which every library reads; services ask who may change it"
UNGUARDED = {
    "failed_attempts": "failed log-ins are counted before anybody is known, and its keys are digests",
    "address_range": _REGISTER,
    "calendar_entry": _REGISTER,
    "institution_logo": _REGISTER,
    "portal_host": _REGISTER,
    "subscription": _REGISTER,
    "membership_application": "whoever applies is no institution yet, and reads what she sent by the link of her mail",
    "identity_client": "whoever logs in to a service must find it; queries.clients keeps the pages to their own",
    "sharing_domain_institutions": "who belongs to a sharing domain is everybody's to see",
}
"""Tables that name an institution and are not guarded, each with its reason."""

READ_BY_ALL = {"holding": "the holdings of the union catalogue are everybody's to read"}
"""Guarded tables that everybody reads; they are guarded against writing."""

NAMES_AN_INSTITUTION = """
SELECT c.relname, c.relrowsecurity FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
              AND a.attname IN ('institution_id', 'institution', 'library_id'))
"""
GUARDED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1
"""
POLICIES = """
SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies
WHERE schemaname = current_schema() ORDER BY 1, 2
"""


def rows_of(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def guarded_tables() -> list[str]:
    return [row[0] for row in rows_of(GUARDED)]


def naming_but_unguarded() -> set[str]:
    return {table for table, is_guarded in rows_of(NAMES_AN_INSTITUTION) if not is_guarded}


def scoped_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if isinstance(model._default_manager, tenancy.ScopedManager)]


def leading_to_guarded_but_unguarded() -> set[str]:
    """Return the tables without a guard whose rows belong to rows that have one: `on_delete` says so."""
    guarded = set(guarded_tables())
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.model._meta.db_table in guarded
        and field.remote_field.on_delete is models.CASCADE
        and model._meta.db_table not in guarded
    }


@pytest.mark.django_db
class TestTables:
    def test_that_name_an_institution_are_guarded_or_excused(self) -> None:
        assert naming_but_unguarded() == set(UNGUARDED)

    def test_without_a_guard_would_be_seen(self) -> None:
        rows_of("CREATE TABLE forgotten (id int, institution_id bigint)")
        assert naming_but_unguarded() - set(UNGUARDED) == {"forgotten"}

    def test_whose_rows_belong_to_guarded_ones_are_guarded(self) -> None:
        assert leading_to_guarded_but_unguarded() == set()

    def test_whose_parent_is_guarded_would_be_seen(self) -> None:
        rows_of("ALTER TABLE batch_problem DISABLE ROW LEVEL SECURITY")
        assert leading_to_guarded_but_unguarded() == {"batch_problem"}

    def test_of_scoped_models_are_guarded(self) -> None:
        assert len(scoped_models()) >= 5
        assert {model._meta.db_table for model in scoped_models()} <= set(guarded_tables())

    def test_have_the_policies_of_the_helpers_and_no_other(self) -> None:
        found = {(row[0], row[1]) for row in rows_of(POLICIES)}
        expected = {(table, row_security.POLICY) for table in guarded_tables()}
        assert found == expected | {(table, row_security.READ_POLICY) for table in READ_BY_ALL}
        for table, name, permissive, roles, command, condition, check in rows_of(POLICIES):
            if name == row_security.POLICY:
                assert (permissive, roles, command) == ("PERMISSIVE", "{public}", "ALL"), table
                assert condition == check, table
                assert "tongwen.institution" in condition or "parent.id" in condition, table
            else:
                assert (command, condition) == ("SELECT", "true"), table

    def test_are_reached_by_nothing_that_works_for_its_maker(self) -> None:
        """Views and functions with their maker's rights, who owns the tables, would go past the policies."""
        views = "SELECT viewname FROM pg_views WHERE schemaname = current_schema()"
        functions = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prosecdef"
        assert rows_of(views) + rows_of(functions) == []


@contextmanager
def request_of(institution_id: int | None) -> Iterator[None]:
    with tenancy.guarded(), tenancy.scope(institution_id):
        yield


@pytest.fixture
def libraries(lending_library: int, distant_library: int, load: Callable[..., types.Batch]) -> tuple[int, int]:
    """Two libraries; the first has something in every guarded table."""
    load(distant_library, marc_file(book("9", "Orlando", isbn="9780156701600", author="Ariosto, Ludovico")))
    broken = book("1", "Orlando", isbn="9780156701600", year="19uu")
    batch = load(lending_library, marc_file(broken, book("2", "The waves")))
    with tenancy.scope(lending_library):
        services.save_profile(institution_id=lending_library, profile=types.Profile("monthly"), actor="cataloguer")
        audit.record(at=clock.now(), actor="a", action="b.c", subject="d", institution_id=lending_library)
    for table in guarded_tables():
        if not rows_of(f"SELECT count(*) FROM {table}")[0][0]:
            fill(table, lending_library, batch.id)
    return lending_library, distant_library


VALUES = {
    "date": "current_date",
    "timestamp with time zone": "now()",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "''",
    "inet": "'192.0.2.1'",
    "cidr": "'192.0.2.0/24'",
    "uuid": "gen_random_uuid()",
    "ARRAY": "'{}'",
    "tsvector": "''",
    "character varying": "'x'",
    "text": "'x'",
}
"""What stands in a column that must not be empty, by its type; 1 in others."""


def fill(table: str, institution_id: int, batch_id: int) -> None:
    """Give the library a row in a table that loading has left empty, whatever the row refers to."""
    whose, parent = belonging(table)
    needed = {
        name: VALUES.get(kind, "1")
        for name, kind in rows_of(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            table,
        )
    }
    owned = str(institution_id)
    if parent:
        owned = str(batch_id) if parent == "batch" else f"(SELECT min(id) FROM {parent})"
    needed[whose] = owned
    rows_of("SET session_replication_role = replica")  # References are not checked.
    columns = ", ".join(f'"{name}"' for name in needed)
    rows_of(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(needed.values())})")
    rows_of("SET session_replication_role = origin")


def belonging(table: str) -> tuple[str, str]:
    """Return the column by which a row belongs to somebody, and the table that it leads to (none: an institution)."""
    condition = rows_of("SELECT qual FROM pg_policies WHERE tablename = %s AND policyname = 'tenancy'", table)[0][0]
    through = re.search(r"FROM (\w+) parent\s+WHERE \(parent\.id = \w+\.(\w+)\)", condition)
    return (through[2], through[1]) if through else ("institution_id", "")


def of_owner(table: str, institution_id: int) -> str:
    """Return the condition that a row of the table is this institution's."""
    column, parent = belonging(table)
    if not parent:
        return f"t.{column} = {institution_id}"
    return f"t.{column} IN (SELECT id FROM {parent} WHERE institution_id = {institution_id})"


def refused(statement: str, *values: Any) -> str:
    """Return with what words the database refuses a statement; empty where it does not."""
    try:
        with transaction.atomic():
            rows_of(statement, *values)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.django_db
class TestSQLUnderTheScopeOfAnother:
    """Raw SQL, table by table: what a forgotten filter, or an injected condition, would find."""

    def test_reads_nothing(self, libraries: tuple[int, int]) -> None:
        owner, stranger = libraries
        for table in set(guarded_tables()) - set(READ_BY_ALL):
            mine = {row[0] for row in rows_of(f"SELECT t.ctid::text FROM {table} t WHERE {of_owner(table, owner)}")}
            assert mine, table
            for scope in (stranger, None):
                with request_of(scope):
                    found = {row[0] for row in rows_of(f"SELECT t.ctid::text FROM {table} t WHERE true OR 1 = 1")}
                assert not found & mine, table
            with request_of(owner):
                assert {row[0] for row in rows_of(f"SELECT t.ctid::text FROM {table} t")} == mine, table

    def test_copies_nothing_out(self, libraries: tuple[int, int]) -> None:
        for table in set(guarded_tables()) - set(READ_BY_ALL):
            with request_of(None), connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copied:
                assert list(copied) == [], table

    def test_copies_nothing_in(self, libraries: tuple[int, int]) -> None:
        owner, stranger = libraries
        for table in guarded_tables():
            for scope in (owner, stranger):
                with pytest.raises(DatabaseError), request_of(scope), transaction.atomic():
                    copy_in(table)

    def test_changes_and_deletes_nothing(self, libraries: tuple[int, int]) -> None:
        owner, stranger = libraries
        for table in set(guarded_tables()) - {"audit_entry"}:
            column, _ = belonging(table)
            state = f"SELECT t.ctid::text, t::text FROM {table} t WHERE {of_owner(table, owner)} ORDER BY 1"
            before = rows_of(state)
            whose = list({row[0] for row in rows_of(f"SELECT {column} FROM {table} t WHERE {of_owner(table, owner)}")})
            for scope in (stranger, None):
                with request_of(scope):
                    rows_of(f"UPDATE {table} SET {column} = {column} WHERE {column} = ANY(%s)", whose)
                    rows_of(f"DELETE FROM {table} WHERE {column} = ANY(%s)", whose)
            assert rows_of(state) == before, table

    def test_takes_nothing_over(self, libraries: tuple[int, int]) -> None:
        """A row of one's own may not become another's, nor another's one's own."""
        owner, stranger = libraries
        for table in guarded_tables():
            if has_column(table, "institution_id") and table != "audit_entry":
                with request_of(owner):
                    assert "row-level security" in refused(f"UPDATE {table} SET institution_id = %s", stranger), table

    def test_enters_nothing_for_another(self, libraries: tuple[int, int]) -> None:
        owner, stranger = libraries
        for table in guarded_tables():
            last = rows_of(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {of_owner(table, owner)} LIMIT 1")[0][0]
            values = json.loads(last)
            values |= {"id": 10**9} if "id" in values else {}
            for scope in (stranger, None):
                with request_of(scope):
                    words = refused(
                        f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
                        json.dumps(values),
                    )
                assert "row-level security" in words, table

    def test_learns_nothing_from_functions_that_tell_what_they_are_called_with(
        self, libraries: tuple[int, int]
    ) -> None:
        """A cheap function in a condition must not be asked about rows that the policy hides (PostgreSQL 18, 5.9)."""
        _, stranger = libraries
        with connection.cursor() as cursor, request_of(stranger):
            cursor.execute(
                "CREATE FUNCTION pg_temp.told(word text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
                " AS $$ BEGIN RAISE EXCEPTION 'told %%', word; END $$",
                [],
            )
            cursor.execute("SELECT id FROM batch WHERE institution_id <> %s AND pg_temp.told(file_name)", [stranger])
            assert cursor.fetchall() == []

    def test_cannot_switch_row_security_off(self, libraries: tuple[int, int]) -> None:
        _, stranger = libraries
        with request_of(stranger), transaction.atomic():
            rows_of("SET LOCAL row_security = off")
            with pytest.raises(ProgrammingError, match="row-level security"):
                rows_of("SELECT * FROM batch")
            transaction.set_rollback(True)

    def test_finds_every_holding_and_changes_none(self, libraries: tuple[int, int]) -> None:
        owner, stranger = libraries
        with request_of(stranger):
            assert rows_of("SELECT count(*) FROM holding WHERE institution_id = %s", owner)[0][0] == 2
            assert rows_of("UPDATE holding SET content = 1 WHERE institution_id = %s RETURNING id", owner) == []
            assert rows_of("DELETE FROM holding WHERE institution_id = %s RETURNING id", owner) == []

    def test_may_not_reveal_by_a_reference_that_is_checked(self, libraries: tuple[int, int]) -> None:
        """References are checked past the policies, so a row of one's own must not hang on another's batch."""
        owner, stranger = libraries
        theirs = rows_of("SELECT id FROM batch WHERE institution_id = %s", owner)[0][0]
        with request_of(stranger):
            words = refused(
                "INSERT INTO batch_overlay (batch_id, ordinal, bib_id, version_before, version_after)"
                " SELECT %s, 1, min(id), 1, 2 FROM bib",
                theirs,
            )
        assert "row-level security" in words


def has_column(table: str, column: str) -> bool:
    return bool(rows_of("SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s", table, column))


def copy_in(table: str) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN"):
        pass
