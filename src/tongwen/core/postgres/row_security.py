"""Row-level security as operations of migrations: one line a table.

::

    operations = [row_security.OwnRows("batch"), row_security.OwnRowsThrough("batch_entry", "batch_id", "batch")]

The owner of the tables, as whom jobs and commands work, is not bound by the policies (PostgreSQL 18, 5.9 Row Security
Policies); the role of requests is. Values are read once a statement, as sub-selects. A row whose institution is NULL
belongs to nobody and is seen with `unscoped(reason)` only. The condition is a CASE, for whose share of the rows the
planner assumes one half: queries name their institution besides, and an equation here, counted a second time, would
let it expect one row of a library's twenty thousand.
"""

from __future__ import annotations

from django.db import migrations

_OWN = (
    "CASE WHEN (SELECT current_setting('tongwen.reach', true)) = 'all' THEN true ELSE"
    " institution_id = (SELECT NULLIF(current_setting('tongwen.institution', true), '')::bigint) END"
)
POLICY = "tenancy"
READ_POLICY = "read_by_all"


def _sql(table: str, condition: str, *, further: str = "") -> tuple[str, str]:
    """Return the statements that secure the table and those that take it back."""
    secure = (
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;'
        f'CREATE POLICY {POLICY} ON "{table}" USING ({condition}) WITH CHECK ({condition});{further}'
    )
    release = f'DROP POLICY {POLICY} ON "{table}"; ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY;'
    return secure, release


class OwnRows(migrations.RunSQL):
    """A table with `institution_id`: guarded work sees and writes the rows of its institution."""

    def __init__(self, table: str) -> None:
        super().__init__(*_sql(table, _OWN))
        self.table = table

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return how a migration spells this operation."""
        return type(self).__name__, [self.table], {}

    def describe(self) -> str:
        """Return what it does, for `migrate --plan`."""
        return f"Let row-level security guard {self.table}"


class OwnRowsReadByAll(OwnRows):
    """A table with `institution_id` that everybody reads; guarded work writes the rows of its institution only."""

    def __init__(self, table: str) -> None:
        further = f'CREATE POLICY {READ_POLICY} ON "{table}" FOR SELECT USING (true);'
        secure, release = _sql(table, _OWN, further=further)
        migrations.RunSQL.__init__(self, secure, f'DROP POLICY {READ_POLICY} ON "{table}";{release}')
        self.table = table


class OwnRowsThrough(OwnRows):
    """A table whose rows belong to rows of another that is guarded: they are seen and written with those."""

    def __init__(self, table: str, column: str, parent: str) -> None:
        seen = f'EXISTS (SELECT FROM "{parent}" AS parent WHERE parent.id = "{table}"."{column}")'
        migrations.RunSQL.__init__(self, *_sql(table, seen))
        self.table, self.column, self.parent = table, column, parent

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Return how a migration spells this operation."""
        return type(self).__name__, [self.table, self.column, self.parent], {}
