"""Django's compilers, which let a query that was marked `unscoped` reach the rows of all institutions."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import compiler

from tongwen.core import tenancy


def _reason(query: Any) -> str:
    """Return why the query reaches all institutions, as a whole or as what an aggregate counts; empty where not."""
    marked = query if hasattr(query, tenancy.MARK) else getattr(query, "inner_query", None)
    return str(getattr(marked, tenancy.MARK, ""))


def _needs_no_reach(query: Any) -> bool:
    """Tell whether everybody may read what the query asks for; locking its rows is as much as writing."""
    asked = getattr(query, "inner_query", None) or query
    return bool(getattr(asked, tenancy.PUBLIC, False)) and not asked.select_for_update


class _Writing:
    """Mixed into the compilers of statements that write."""

    query: Any

    def execute_sql(self, *arguments: Any, **words: Any) -> Any:
        reason = _reason(self.query)
        if not reason:
            return super().execute_sql(*arguments, **words)  # type: ignore[misc]
        with tenancy.reaching_all(reason):
            return super().execute_sql(*arguments, **words)  # type: ignore[misc]


class _Reading(_Writing):
    """Mixed into the compilers of statements that read."""

    def execute_sql(self, *arguments: Any, **words: Any) -> Any:
        if _needs_no_reach(self.query):
            return super(_Writing, self).execute_sql(*arguments, **words)  # type: ignore[misc]
        return super().execute_sql(*arguments, **words)


class SQLCompiler(_Reading, compiler.SQLCompiler):
    """Of SELECT."""


class SQLInsertCompiler(_Writing, compiler.SQLInsertCompiler):
    """Of INSERT."""


class SQLDeleteCompiler(_Writing, compiler.SQLDeleteCompiler):
    """Of DELETE."""


class SQLUpdateCompiler(_Writing, compiler.SQLUpdateCompiler):
    """Of UPDATE."""


class SQLAggregateCompiler(_Reading, compiler.SQLAggregateCompiler):
    """Of SELECT over a subquery."""
