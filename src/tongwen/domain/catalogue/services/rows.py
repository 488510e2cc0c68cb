"""How the rows that a chunk of a load has gathered are written: binary COPY, one statement a table."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from tongwen.core import statements
from tongwen.core.postgres import cursors
from tongwen.domain.catalogue.rules import extracts
from tongwen.domain.catalogue.rules.chunk import Chunk

SQL = statements.read(Path(__file__).parents[1] / "sql" / "loading.sql")


def _as_it_is(written: bytes) -> bytes:
    """Stand in for the writing of JSON that is written already."""
    return written


def write(chunk: Chunk) -> None:
    """Write all rows of a chunk in the current transaction."""
    _copy("bib", "id, base_holding_id", "int8 int8", chunk.bibs)
    _copy(
        "bib_version",
        "bib_id, version, format, charset, record, actor, batch_id, reason",
        "int8 int4 varchar varchar bytea varchar int8 varchar",
        chunk.versions,
    )
    _copy(
        "holding",
        "id, institution_id, bib_id, home_bib_id, source_id, content, base_version, format, charset, record, items,"
        " batch_id",
        "int8 int8 int8 int8 varchar int8 int4 varchar varchar bytea jsonb int8",
        chunk.holdings,
    )
    forget_keys(chunk.forgotten)
    _copy_keys(chunk.keys)
    _copy(*_LINKS, chunk.links)
    _write_changes(chunk)
    _copy(
        "batch_entry",
        "batch_id, ordinal, outcome, bib_id, holding_id, source_id, prior",
        "int8 int4 varchar int8 int8 varchar jsonb",
        chunk.entries,
    )
    _copy(
        "batch_problem",
        'batch_id, ordinal, "offset", control_number, code, severity, tag, "position", detail, raw',
        "int8 int4 int8 varchar varchar varchar varchar int4 text bytea",
        chunk.problems,
    )
    _write_decisions(chunk)


def _write_changes(chunk: Chunk) -> None:
    """Write what becomes of rows that are there already."""
    if chunk.advanced:
        bibs, versions = zip(*chunk.advanced, strict=True)
        _execute("advance_bibs", {"bibs": list(bibs), "versions": list(versions)})
        replace_links(bibs, chunk.relinked)
    if chunk.replaced:
        columns = dict(zip(_REPLACED, map(list, zip(*chunk.replaced, strict=True)), strict=True))
        _execute("replace_holdings", {**columns, "batch": chunk.batch_id})
    if chunk.deleted:
        _execute("delete_holdings", {"ids": chunk.deleted})


def _write_decisions(chunk: Chunk) -> None:
    if not chunk.decisions:
        return
    with connection.cursor() as cursor:
        cursor.execute(SQL["new_decision_ids"], {"number": len(chunk.decisions)})
        ids = cursor.fetchone()[0]
    _copy(
        "match_decision",
        "id, batch_id, ordinal, bib_id, candidate_id, band, score, reason, rules_version, features",
        "int8 int8 int4 int8 int8 varchar float8 varchar varchar jsonb",
        [(id_, *row[:-1], Jsonb(row[-1], dumps=_as_it_is)) for id_, row in zip(ids, chunk.decisions, strict=True)],
    )
    _copy(
        "review",
        "institution_id, batch_id, bib_id, candidate_id, decision_id",
        "int8 int8 int8 int8 int8",
        [
            (chunk.institution_id, chunk.batch_id, bib_id, candidate, ids[index])
            for bib_id, candidate, index in chunk.reviews
        ],
    )


_LINKS = ("bib_link", "bib_id, role, key", "int8 int2 int8")
_REPLACED = ("ids", "bibs", "homes", "contents", "base_versions", "formats", "charsets", "records", "items")


def keep_extracts(chunk: Chunk) -> None:
    """Write the extracts that the chunk has made; under the write lock only, since loads make those of one bib."""
    if not chunk.extracts:
        return
    stamp = extracts.stamp()
    made = [(bib_id, version, stamp, *one) for bib_id, (version, one) in sorted(chunk.extracts.items())]
    with connection.cursor() as cursor:
        cursor.execute(SQL["forget_extracts"], {"bibs": int_array(chunk.extracts)})
    _copy("bib_extract", "bib_id, version, stamp, content, packed", "int8 int4 int8 int8 bytea", made)


def forget_keys(gone: Sequence[tuple[int, int]]) -> None:
    """Remove these keys, each given with its bib; nothing indexes keys by bib."""
    if gone:
        keys, bibs = zip(*gone, strict=True)
        _execute("forget_keys", {"keys": list(keys), "bibs": list(bibs)})


def replace_links(bib_ids: Sequence[int], links: Iterable[tuple[int, int, int]]) -> None:
    """Let the links of these bibs be those given as (bib, role, key); most stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["links_of"], {"bibs": int_array(bib_ids)})
        standing = set(cursor.fetchall())
    wanted = set(links)
    if gone := sorted(standing - wanted):
        bibs, roles, keys = zip(*gone, strict=True)
        _execute("forget_links", {"bibs": list(bibs), "roles": list(roles), "keys": list(keys)})
    _copy(*_LINKS, sorted(wanted - standing))


def _execute(name: str, facts: dict[str, Any]) -> None:
    """Run a named statement with its lists bound by the server, in binary: no text of thousands of values is made."""
    with connection.wrap_database_errors, cursors.ServerBindingCursor(connection.connection) as cursor:
        cursor.execute(SQL[name], facts)


def int_array(numbers: Iterable[int]) -> str:
    """Return numbers as PostgreSQL writes an array; the driver takes five times as long over a list of thousands."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _copy(table: str, columns: str, column_types: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with (
        connection.wrap_database_errors,  # Django wraps the errors of `execute`, not those of `copy`.
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(column_types.split())
        for row in rows:
            copy.write_row(row)


_BEGIN, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_KEY_ROW = struct.Struct(">hiqihiq")
"""A row of three columns in PostgreSQL's binary COPY, each after its length: int8, int2, int8."""


def _copy_keys(rows: Sequence[tuple[int, int, int]]) -> None:
    """Write the match keys, six a record, a third as dear as by the driver's way row by row."""
    if not rows:
        return
    packed = [_KEY_ROW.pack(3, 8, key, 2, kind, 8, bib_id) for key, kind, bib_id in rows]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy("COPY match_key (key, kind, bib_id) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(b"".join((_BEGIN, *packed, _END)))


def new_ids(bibs: int, holdings: int) -> tuple[Iterator[int], Iterator[int]]:
    """Take numbers for new bibs and holdings from the sequences of their tables."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["new_ids"], {"bibs": bibs, "holdings": holdings})
        bib_ids, holding_ids = cursor.fetchone()
    return iter(bib_ids), iter(holding_ids)
