"""The backend itself; Django looks for it under this name."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, operations, psycopg_any
from psycopg import postgres
from psycopg.pq import Format

from tongwen.core.postgres import connections, cursors

_TIMESTAMPTZ_OID = postgres.types["timestamptz"].oid


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "tongwen.core.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose cursors keep to the tenancy of the work that uses them."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with our cursors in them."""
        parameters: dict[str, Any] = super().get_connection_params()
        binds_there = self.settings_dict["OPTIONS"].get("server_side_binding") is True
        return {**parameters, "cursor_factory": cursors.ServerBindingCursor if binds_there else cursors.Cursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and keep from the start what the connection has."""
        connection = super().get_new_connection(conn_params)
        connections.keep(connection, home=self.settings_dict["OPTIONS"].get("assume_role") or "none")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of ours; Django names the class of those on the server itself."""
        if not name or self.settings_dict["OPTIONS"].get("server_side_binding") is True:
            return super().create_cursor(name)
        cursor = cursors.ServerSideCursor(
            self.connection, name=name, scrollable=False, withhold=self.connection.autocommit
        )
        loader = self.connection.adapters.get_loader(_TIMESTAMPTZ_OID, Format.TEXT)
        if self.timezone != loader.timezone:
            psycopg_any.register_tzloader(self.timezone, cursor)
        return cursor

    def _rollback(self) -> None:
        connections.forget(self.connection)
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        connections.forget(self.connection)
