"""Cursors that settle their connection's tenancy when a statement runs, whoever opened them and however long ago."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import client_cursor

from tongwen.core.postgres import connections


class ServerBindingCursor(psycopg.Cursor[Any]):
    """A cursor whose values the server binds: in binary, and prepared where that is asked for."""

    def execute(self, *arguments: Any, **words: Any) -> Any:
        """Run a statement under the tenancy of the work that runs now."""
        connections.settle(self.connection)
        return super().execute(*arguments, **words)

    def executemany(self, *arguments: Any, **words: Any) -> None:
        """Run a statement several times under the tenancy of the work that runs now."""
        connections.settle(self.connection)
        super().executemany(*arguments, **words)

    def copy(self, *arguments: Any, **words: Any) -> Any:
        """Copy under the tenancy of the work that runs now; guarded work may not copy into a guarded table."""
        connections.settle(self.connection)
        return super().copy(*arguments, **words)

    def stream(self, *arguments: Any, **words: Any) -> Any:
        """Stream under the tenancy of the work that runs now."""
        connections.settle(self.connection)
        return super().stream(*arguments, **words)


_PLAIN = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ")
"""How statements begin before which another may be sent along; some others bear none in a transaction."""


class Cursor(ServerBindingCursor, psycopg.ClientCursor[Any]):
    """The cursor of most statements: values are bound in the client, as Django's ORM needs it.

    What settles the connection is sent along with the statement, since a round trip of its own costs as much as both.
    """

    def execute(self, query: Any, params: Any = None, **words: Any) -> Any:
        """Run a statement under the tenancy of the work that runs now."""
        is_plain = isinstance(query, str) and query.lstrip().upper().startswith(_PLAIN)
        settling = (
            connections.change(self.connection) if is_plain and self.connection.pgconn.pipeline_status == 0 else ""
        )
        if not settling:
            return super().execute(query, params, **words)
        if params is not None:
            settling = settling.replace("%", "%%")
        with connections.changing(self.connection):
            psycopg.ClientCursor.execute(self, settling + query, params, **words)
        self._results = self._results[1:]
        return self.set_result(0)


class ServerSideCursor(ServerBindingCursor, client_cursor.ClientCursorMixin[Any], psycopg.ServerCursor[Any]):
    """A cursor whose rows the server makes as they are fetched: under the tenancy in which it was opened."""

    _settings = connections.UNGUARDED

    def execute(self, *arguments: Any, **words: Any) -> Any:
        """Open the cursor."""
        self._settings = connections.wanted()
        return super().execute(*arguments, **words)

    def fetchone(self) -> Any:
        """Return the next row."""
        connections.settle(self.connection, self._settings)
        return super().fetchone()

    def fetchmany(self, size: int = 0) -> list[Any]:
        """Return the next rows."""
        connections.settle(self.connection, self._settings)
        return super().fetchmany(size)

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        connections.settle(self.connection, self._settings)
        return super().fetchall()

    def __next__(self) -> Any:
        connections.settle(self.connection, self._settings)
        return super().__next__()
