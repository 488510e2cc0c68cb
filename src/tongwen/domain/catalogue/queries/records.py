"""Reading bibs and holdings. The union is everybody's to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection

from tongwen.core import compression
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, BibChange, BibVersion, Holding
from tongwen.domain.catalogue.rules import extracts
from tongwen.standards.marc import holdings as marc_holdings
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc

_PUBLIC = "the holdings of the union catalogue are everybody's to read"

_IN_A_VERSION = """
SELECT b.id, v.version, v.format, v.charset, v.record, b.created_at, b.updated_at, b.merged_into_id
FROM bib b JOIN bib_version v ON v.bib_id = b.id AND v.version = {version}
WHERE b.id = ANY(%s) AND b.state <> 'withdrawn'
"""
_CURRENT = _IN_A_VERSION.format(version="b.version")
_AT_A_TIME = _IN_A_VERSION.format(
    version="COALESCE((SELECT max(version) FROM bib_version WHERE bib_id = b.id AND at < %s), 1)"
)


def _decode(record: bytes | memoryview, charset: str, format_: str) -> tuple[bytes, marc.Record]:
    raw = compression.decompress(record)
    return raw, iso2709.decode(raw, charset=marc.Charset(charset), format=marc.Format(format_)).record


def _bib(row: tuple[Any, ...]) -> types.Bib:
    bib_id, version, format_, charset, packed, created_at, updated_at, merged_into = row
    raw, record = _decode(packed, charset, format_)
    return types.Bib(
        id=bib_id,
        format=marc.Format(format_),
        version=version,
        raw=raw,
        charset=marc.Charset(charset),
        record=record,
        view=views.display_view(record, marc.Format(format_)),
        created_at=created_at,
        updated_at=updated_at,
        merged_into=merged_into,
    )


def bibs(bib_ids: Sequence[int]) -> dict[int, types.Bib]:
    """Return the bibs by number in their current versions; unknown and withdrawn numbers are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [list(bib_ids)])
        return {row[0]: _bib(row) for row in cursor.fetchall()}


def bib(bib_id: int) -> types.Bib:
    """Return one bib. Raises UnknownBib; a merged bib comes back with `merged_into`."""
    found = bibs([bib_id]).get(bib_id)
    if found is None:
        raise types.UnknownBib(f"no bib has the number {bib_id}")
    return found


def bibs_before(bib_ids: Sequence[int], moment: dt.datetime) -> dict[int, types.Bib]:
    """Return the bibs by number as they were just before a moment, a younger one in its first version."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_A_TIME, [moment, list(bib_ids)])
        return {row[0]: _bib(row) for row in cursor.fetchall()}


def survivor(bib_id: int) -> int:
    """Return the number that a bib's number leads to after all merges."""
    seen = {bib_id}
    while (target := Bib.objects.values_list("merged_into_id", flat=True).filter(pk=bib_id).first()) is not None:
        if target in seen:
            break
        seen.add(target)
        bib_id = target
    return bib_id


def library_ids(bib_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the institutions that hold each bib, by their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bib_id, array_agg(DISTINCT institution_id ORDER BY institution_id) FROM holding"
            " WHERE bib_id = ANY(%s) GROUP BY bib_id",
            [list(bib_ids)],
        )
        return {bib_id: tuple(found) for bib_id, found in cursor.fetchall()}


def holdings(bib_id: int) -> tuple[types.Holding, ...]:
    """Return all holdings of a bib with their items and local fields, by institution."""
    rows = Holding.objects.unscoped(_PUBLIC).filter(bib_id=bib_id).order_by("institution_id", "pk")
    return tuple(_holding(row, record) for row, record in _with_records(list(rows)))


def holdings_at_home(bib_ids: Sequence[int]) -> tuple[types.Holding, ...]:
    """Return the holdings that came with these bibs, wherever merges have put them since, by institution."""
    rows = Holding.objects.unscoped(_PUBLIC).filter(home_bib_id__in=list(bib_ids)).order_by("institution_id", "pk")
    return tuple(_holding(row, record) for row, record in _with_records(list(rows)))


def delivered_records(bib_id: int) -> dict[int, marc.Record]:
    """Return the record that each holding library has delivered, by institution (the newest of several)."""
    rows = Holding.objects.unscoped(_PUBLIC).filter(bib_id=bib_id).order_by("updated_at", "pk")
    return {row.institution_id: record for row, record in _with_records(list(rows)) if record is not None}


def delivered_by_holding(bib_id: int) -> tuple[dict[int, int], dict[int, marc.Record]]:
    """Return the institution and the delivered record of each holding of a bib, by the holding's number."""
    rows = list(Holding.objects.unscoped(_PUBLIC).filter(bib_id=bib_id).order_by("pk"))
    found = {row.pk: record for row, record in _with_records(rows) if record is not None}
    return {row.pk: row.institution_id for row in rows}, found


def decoded(record: bytes | memoryview, charset: str, format_: str) -> marc.Record:
    """Return a record as it is stored, read."""
    return _decode(record, charset, format_)[1]


def _with_records(rows: list[Holding]) -> list[tuple[Holding, marc.Record | None]]:
    """Return each holding with its library's own record, which lies in it or is a version of its home bib."""
    wanted = {(row.home_bib_id, row.base_version) for row in rows if row.record is None}
    versions = {
        (version.bib_id, version.version): version
        for version in BibVersion.objects.filter(bib_id__in={bib_id for bib_id, _ in wanted})
        if (version.bib_id, version.version) in wanted
    }
    result = []
    for row in rows:
        source: Holding | BibVersion | None = row
        if row.record is None and row.base_version is not None:
            source = versions.get((row.home_bib_id, row.base_version))
        record = None
        if source is not None and source.record is not None:
            record = _decode(source.record, source.charset, source.format)[1]
        result.append((row, record))
    return result


def _holding(row: Holding, record: marc.Record | None) -> types.Holding:
    local = marc_holdings.local_fields(record, marc.Format(row.format)) if record is not None else ()
    return types.Holding(
        id=row.pk,
        bib_id=row.bib_id,
        institution_id=row.institution_id,
        source_id=row.source_id,
        items=tuple(types.Item(*item) for item in row.items),
        local_fields=local,
        updated_at=row.updated_at,
    )


def items(bib_ids: Sequence[int], institution_id: int) -> dict[int, tuple[types.Item, ...]]:
    """Return the copies that one library has of each of these bibs."""
    rows = Holding.objects.unscoped(_PUBLIC).filter(bib_id__in=list(bib_ids), institution_id=institution_id)
    found: dict[int, tuple[types.Item, ...]] = {}
    for row in rows.order_by("pk").values_list("bib_id", "items"):
        found[row[0]] = (*found.get(row[0], ()), *(types.Item(*item) for item in row[1]))
    return found


def held_bib(bib_id: int) -> types.HeldBib:
    """Return a bib with all its holdings. Raises UnknownBib."""
    return types.HeldBib(bib(bib_id), holdings(bib_id))


def number_of_bibs() -> int:
    """Return how many active bibs the union has."""
    return Bib.objects.filter(state=Bib.State.ACTIVE).count()


def changes_after(position: int, limit: int) -> tuple[types.Change, ...]:
    """Return the next entries of the change feed in the order of their commits."""
    rows = BibChange.objects.filter(pk__gt=position).order_by("pk")[:limit]
    return tuple(types.Change(row.pk, tuple(row.added), tuple(row.changed), tuple(row.removed)) for row in rows)


def last_change() -> int:
    """Return the number of the newest entry of the change feed, 0 where there is none."""
    return BibChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class IndexRow(NamedTuple):
    """What the index needs of a bib: its packed record, undecoded, and who holds it."""

    bib_id: int
    format: str
    charset: str
    record: bytes
    """Empty where there is `derived`."""
    institution_ids: tuple[int, ...]
    call_numbers: tuple[str, ...]
    version: int
    derived: Mapping[str, bytes] = MappingProxyType({})
    """What the registered derivations (core.derivations) gave of the record, where that is kept."""


_INDEX_ROWS = """
SELECT b.id, b.version, v.format, v.charset, {record},
       ARRAY(SELECT DISTINCT institution_id FROM holding h WHERE h.bib_id = b.id),
       ARRAY(SELECT DISTINCT item ->> 1 FROM holding h, jsonb_array_elements(h.items) AS item
             WHERE h.bib_id = b.id AND item ->> 1 <> '')
FROM bib b JOIN bib_version v ON v.bib_id = b.id AND v.version = b.version {extract}
WHERE b.state = 'active' AND {which}
"""
_ALL_INDEX_ROWS = _INDEX_ROWS.format(record="v.record, NULL", extract="", which="b.id > %s ORDER BY b.id LIMIT %s")
_SOME_INDEX_ROWS = _INDEX_ROWS.format(
    record="CASE WHEN e.bib_id IS NULL THEN v.record ELSE '' END, e.packed",
    extract="LEFT JOIN bib_extract e ON e.bib_id = b.id AND e.version = b.version AND e.stamp = %s",
    which="b.id = ANY(%s)",
)


def _index_row(row: tuple[Any, ...]) -> IndexRow:
    bib_id, version, format_, charset, record, packed, institution_ids, call_numbers = row
    derived = extracts.unpack(packed)[1] if packed is not None else {}
    return IndexRow(bib_id, format_, charset, record, tuple(institution_ids), tuple(call_numbers), version, derived)


def index_rows(bib_ids: Sequence[int]) -> list[IndexRow]:
    """Return these bibs for the index; those that are not active are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_SOME_INDEX_ROWS, [extracts.stamp(), list(bib_ids)])
        return [_index_row(row) for row in cursor.fetchall()]


def all_index_rows(piece: int = 1_000) -> Iterator[list[IndexRow]]:
    """Return all active bibs for the index, in pieces by ascending number, each read on its own."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ALL_INDEX_ROWS, [last, piece])
            rows = [_index_row(row) for row in cursor.fetchall()]
        if not rows:
            return
        last = rows[-1].bib_id
        yield rows
