"""The rows that a chunk of a load gathers, and how they are written: binary COPY, one statement a table."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from tongwen.core import statements
from tongwen.core.postgres import cursors
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import deciding, extracts, preparation

SQL = statements.read(Path(__file__).parents[1] / "sql" / "loading.sql")


def _as_it_is(written: bytes) -> bytes:
    """Stand in for the writing of JSON that is written already."""
    return written


@dataclass(slots=True)
class Chunk:
    """What a chunk's transaction gathers before it writes; each list holds rows of the table of its name."""

    batch_id: int
    institution_id: int
    actor: str
    counts: dict[str, int] = field(default_factory=dict)
    bibs: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    holdings: list[tuple[Any, ...]] = field(default_factory=list)
    keys: list[tuple[int, int, int]] = field(default_factory=list)
    links: list[tuple[int, int, int]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[tuple[Any, ...]] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    reviews: list[tuple[int, int, int]] = field(default_factory=list)
    """(bib, candidate, index into `decisions`)"""
    added: dict[int, types.MadeBib] = field(default_factory=dict)
    derived: dict[int, dict[str, bytes]] = field(default_factory=dict)
    """Of bibs that got a holding whose record is theirs, byte for byte: what was derived from it."""
    rewritten: dict[int, dict[str, bytes]] = field(default_factory=dict)
    """Of bibs whose record this chunk replaces: what was derived from the new one."""
    overlaid: set[int] = field(default_factory=set)
    """Bibs that got a version composed of several records (services.overlay); nothing is derived from it yet."""
    advanced: list[tuple[int, int]] = field(default_factory=list)
    """(bib, version) of bibs that have a newer version now."""
    relinked: list[tuple[int, int, int]] = field(default_factory=list)
    """What the links of the bibs in `advanced` are to be."""
    forgotten: list[tuple[int, int]] = field(default_factory=list)
    """(key, bib) of keys that the records of bibs have no more."""
    replaced: list[tuple[Any, ...]] = field(default_factory=list)
    """Holdings that get another record."""
    deleted: list[int] = field(default_factory=list)
    """Holdings that go."""
    left: set[int] = field(default_factory=set)
    """Bibs from which a holding has gone; those that nobody holds are withdrawn."""
    matched: list[tuple[preparation.Prepared, int, int]] = field(default_factory=list)
    """(record, bib, holding) of records that met a union record which is not this library's."""
    rejoined: list[tuple[preparation.Prepared, Any]] = field(default_factory=list)
    """(record, holding as it was) of this library's union records that others have changed since."""
    extracts: dict[int, tuple[int, extracts.Extract]] = field(default_factory=dict)
    """(version, extract) of bibs that were joined and had none."""
    changed: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)

    def count(self, outcome: str) -> None:
        """Add one to an outcome."""
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    def add_bib(self, record: preparation.Prepared, bib_id: int, holding_id: int) -> None:
        """Make a bib of the record, with its first version and its keys."""
        self.bibs.append((bib_id, holding_id))
        self.add_version(record, bib_id, 1, "loaded")
        self.keys += [(key, kind, bib_id) for key, kind in zip(record.keys, record.kinds, strict=True)]
        if record.links:
            self.links += [(bib_id, role, key) for role, key in record.links]
        call_numbers = tuple([item[1] for item in record.items if item[1]])
        self.added[bib_id] = types.MadeBib(record.derived or {}, call_numbers)

    def rewrite_bib(
        self, record: preparation.Prepared, bib_id: int, version: int, former_keys: Sequence[int] | None
    ) -> None:
        """Make the record the bib's newest version; `former_keys` is None where its keys stay as they are."""
        self.add_version(record, bib_id, version, "redelivered")
        self.advanced.append((bib_id, version))
        self.relinked.extend((bib_id, role, key) for role, key in record.links)
        self.rewritten[bib_id] = record.derived or {}
        if former_keys is not None:
            kept = set(former_keys).intersection(record.keys)
            self.forgotten.extend((key, bib_id) for key in former_keys if key not in kept)
            fresh = zip(record.keys, record.kinds, strict=True)
            self.keys.extend((key, kind, bib_id) for key, kind in fresh if key not in kept)

    def add_version(self, record: preparation.Prepared, bib_id: int, version: int, reason: str) -> None:
        """Write the record as a version of the bib."""
        self.versions.append(
            (bib_id, version, record.format, record.charset, record.record, self.actor, self.batch_id, reason)
        )

    def add_holding(
        self, record: preparation.Prepared, bib_id: int, holding_id: int, *, base_version: int | None
    ) -> None:
        """Attach the record to the bib as this library's holding; its bytes are kept once (see Holding)."""
        self.holdings.append(
            (
                holding_id,
                self.institution_id,
                bib_id,
                bib_id,
                record.source_id,
                record.content,
                base_version,
                record.format,
                record.charset,
                None if base_version else record.record,
                list(record.items),
                self.batch_id,
            )
        )

    def replace_holding(
        self, record: preparation.Prepared, holding_id: int, place: tuple[int, int], *, base_version: int | None
    ) -> None:
        """Put the record in a holding's place; `place` is (bib, home bib)."""
        self.replaced.append(
            (
                holding_id,
                *place,
                record.content,
                base_version,
                record.format,
                record.charset,
                None if base_version else record.record,
                orjson.dumps(record.items).decode(),
            )
        )

    def add_decision(self, ordinal: int, bib_id: int, candidate: int, decision: deciding.Settled) -> None:
        """Keep a decision with its features."""
        self.decisions.append(
            (
                self.batch_id,
                ordinal,
                bib_id,
                candidate,
                decision.band.value,
                decision.score,
                decision.reason,
                decision.rules_version,
                Jsonb(decision.features, dumps=_as_it_is),
            )
        )

    def enter(
        self,
        record: preparation.Prepared,
        outcome: types.Outcome,
        bib_id: int,
        holding_id: int,
        prior: dict[str, Any] | None = None,
    ) -> None:
        """Write the journal's line of the record."""
        self.count(outcome.value)
        self.entries.append((self.batch_id, record.ordinal, outcome.value, bib_id, holding_id, record.source_id, prior))

    def add_problems(self, record: preparation.Prepared) -> None:
        """Keep what was found about the record; the last finding of a rejected one carries its bytes."""
        last = len(record.problems) - 1
        self.problems.extend(
            (
                self.batch_id,
                record.ordinal,
                record.offset,
                record.source_id.replace("\0", ""),
                problem.code,
                problem.severity.value,
                problem.tag.replace("\0", "")[:3],
                problem.offset,
                problem.detail.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode(),
                record.rejected if number == last else None,
            )
            for number, problem in enumerate(record.problems)
        )

    def derived_at_hand(self) -> dict[int, dict[str, bytes]]:
        """Return what was derived from the records that bibs have now, of those that are not new and this library's."""
        made = {bib_id: self.added[bib_id].derived for bib_id in self.changed.intersection(self.added)}
        found = made | self.derived | self.rewritten
        return {bib_id: derived for bib_id, derived in found.items() if bib_id not in self.overlaid}

    def write(self) -> None:
        """Write all rows in the current transaction."""
        _copy("bib", "id, base_holding_id", "int8 int8", self.bibs)
        _copy(
            "bib_version",
            "bib_id, version, format, charset, record, actor, batch_id, reason",
            "int8 int4 varchar varchar bytea varchar int8 varchar",
            self.versions,
        )
        _copy(
            "holding",
            "id, institution_id, bib_id, home_bib_id, source_id, content, base_version, format, charset, record, items,"
            " batch_id",
            "int8 int8 int8 int8 varchar int8 int4 varchar varchar bytea jsonb int8",
            self.holdings,
        )
        forget_keys(self.forgotten)
        _copy_keys(self.keys)
        _copy(*_LINKS, self.links)
        self._write_changes()
        _copy(
            "batch_entry",
            "batch_id, ordinal, outcome, bib_id, holding_id, source_id, prior",
            "int8 int4 varchar int8 int8 varchar jsonb",
            self.entries,
        )
        _copy(
            "batch_problem",
            'batch_id, ordinal, "offset", control_number, code, severity, tag, "position", detail, raw',
            "int8 int4 int8 varchar varchar varchar varchar int4 text bytea",
            self.problems,
        )
        self._write_decisions()

    def _write_changes(self) -> None:
        """Write what becomes of rows that are there already."""
        if self.advanced:
            bibs, versions = zip(*self.advanced, strict=True)
            _execute("advance_bibs", {"bibs": list(bibs), "versions": list(versions)})
            replace_links(bibs, self.relinked)
        if self.replaced:
            columns = dict(zip(_REPLACED, map(list, zip(*self.replaced, strict=True)), strict=True))
            _execute("replace_holdings", {**columns, "batch": self.batch_id})
        if self.deleted:
            _execute("delete_holdings", {"ids": self.deleted})

    def _write_decisions(self) -> None:
        if not self.decisions:
            return
        with connection.cursor() as cursor:
            cursor.execute(SQL["new_decision_ids"], {"number": len(self.decisions)})
            ids = cursor.fetchone()[0]
        _copy(
            "match_decision",
            "id, batch_id, ordinal, bib_id, candidate_id, band, score, reason, rules_version, features",
            "int8 int8 int4 int8 int8 varchar float8 varchar varchar jsonb",
            [(id_, *row) for id_, row in zip(ids, self.decisions, strict=True)],
        )
        _copy(
            "review",
            "institution_id, batch_id, bib_id, candidate_id, decision_id",
            "int8 int8 int8 int8 int8",
            [
                (self.institution_id, self.batch_id, bib_id, candidate, ids[index])
                for bib_id, candidate, index in self.reviews
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
