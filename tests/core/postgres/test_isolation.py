"""What is found where the database does not keep institutions apart."""

from __future__ import annotations

import pytest
from django.db import connection

from tongwen.core.postgres import isolation


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
class TestFaults:
    def test_are_none_after_the_migrations(self) -> None:
        assert isolation.faults() == []

    def test_name_a_table_that_was_opened_and_is_closed_again(self) -> None:
        run("ALTER TABLE review DISABLE ROW LEVEL SECURITY")
        assert isolation.faults() == ["row-level security is switched off for review"]
        isolation.ensure()
        assert isolation.faults() == []

    def test_name_tables_that_bind_those_who_load(self) -> None:
        run("ALTER TABLE batch FORCE ROW LEVEL SECURITY")
        assert [fault for fault in isolation.faults() if "does not own batch:" in fault]
