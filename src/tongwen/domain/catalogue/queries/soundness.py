"""Whether the catalogue's tables agree with each other: what `tongwen doctor` asks.

Each question is one statement, so that a load that runs meanwhile is seen before or after a commit, never between.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import orjson
from django.db import connection

from tongwen.core import blobs
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch

_UPKEEP = "the installation's upkeep looks after every library's batches"
_GONE_ON_WITH = frozenset(
    {
        types.BatchState.PREVIEWING,
        types.BatchState.PREVIEWED,
        types.BatchState.LOADING,
        types.BatchState.PAUSED,
        types.BatchState.FAILED,
        types.BatchState.CANCELLED,
    }
)

KEYS_OF_INACTIVE = """
SELECT DISTINCT k.bib_id FROM match_key k LEFT JOIN bib b ON b.id = k.bib_id
WHERE b.state IS DISTINCT FROM 'active' ORDER BY 1
"""
WITHOUT_KEYS = """
SELECT b.id FROM bib b WHERE b.state = 'active' AND NOT EXISTS (SELECT FROM match_key k WHERE k.bib_id = b.id)
ORDER BY 1
"""
UNHELD = """
SELECT b.id FROM bib b WHERE b.state = 'active' AND NOT EXISTS (SELECT FROM holding h WHERE h.bib_id = b.id)
ORDER BY 1
"""
ASTRAY = """
WITH RECURSIVE path (start, id, step) AS (
    SELECT merged_id, kept_id, 1 FROM merge WHERE undone_at IS NULL
    UNION ALL
    SELECT path.start, merge.kept_id, path.step + 1
    FROM path JOIN merge ON merge.merged_id = path.id AND merge.undone_at IS NULL
    WHERE path.step < 10000
), survivor AS (
    SELECT DISTINCT ON (start) start, id FROM path ORDER BY start, step DESC
)
SELECT h.id, h.bib_id, coalesce(s.id, h.home_bib_id)
FROM holding h LEFT JOIN survivor s ON s.start = h.home_bib_id
WHERE h.bib_id <> coalesce(s.id, h.home_bib_id) ORDER BY 1
"""


def _numbers(statement: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        # The session of a load forbids hash joins, which these whole tables need.
        cursor.execute("SET enable_hashjoin = on; SET enable_mergejoin = on")
        cursor.execute(statement)
        return tuple(row[0] for row in cursor.fetchall())


def inactive_bibs_with_keys() -> tuple[int, ...]:
    """Return the bibs that are candidates for matching though they no longer stand."""
    return _numbers(KEYS_OF_INACTIVE)


def bibs_without_keys() -> tuple[int, ...]:
    """Return the active bibs that no record can be matched with; a record that gives no key is among them."""
    return _numbers(WITHOUT_KEYS)


def unheld_bibs() -> tuple[int, ...]:
    """Return the active bibs that nobody holds."""
    return _numbers(UNHELD)


def holdings_astray() -> tuple[types.HoldingAstray, ...]:
    """Return the holdings that do not stand where their home leads by the merges that stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_hashjoin = on; SET enable_mergejoin = on")
        cursor.execute(ASTRAY)
        return tuple(types.HoldingAstray(*row) for row in cursor.fetchall())


def missing_files() -> tuple[types.MissingFile, ...]:
    """Return the batches whose file is no longer kept."""
    rows = Batch.objects.unscoped(_UPKEEP).order_by("pk").values_list("pk", "file_name", "blob", "state")
    there: dict[str, bool] = {}
    found = []
    for batch_id, file_name, key, state in rows.iterator(chunk_size=1_000):
        if key not in there:
            there[key] = blobs.is_there(key)
        if not there[key]:
            found.append(types.MissingFile(batch_id, file_name, types.BatchState(state) in _GONE_ON_WITH))
    return tuple(found)


def index_facts(piece: int = 20_000) -> Iterator[list[types.BibFacts]]:
    """Return what the index documents of all active bibs depend on, in pieces by ascending number."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, version FROM bib WHERE id > %s AND state = 'active' ORDER BY id LIMIT %s", [last, piece]
            )
            versions = cursor.fetchall()
            if not versions:
                return
            cursor.execute(
                "SELECT bib_id, institution_id, items::text FROM holding"
                " WHERE bib_id BETWEEN %s AND %s ORDER BY bib_id",
                [versions[0][0], versions[-1][0]],
            )
            held = {bib_id: list(rows) for bib_id, rows in groupby(cursor.fetchall(), key=lambda row: row[0])}
        last = versions[-1][0]
        yield [_facts(bib_id, version, held.get(bib_id, [])) for bib_id, version in versions]


def _facts(bib_id: int, version: int, held: list[tuple[int, int, str]]) -> types.BibFacts:
    call_numbers = tuple(item[1] for row in held for item in orjson.loads(row[2]) if item[1])
    return types.BibFacts(bib_id, version, tuple(row[1] for row in held), call_numbers)
