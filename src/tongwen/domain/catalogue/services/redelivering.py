"""Records that a library has delivered before: unchanged, updated in place, another book by now, or deleted.

Everything is decided and written for a whole chunk at once; a record changed costs no statement of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import deciding, preparation
from tongwen.domain.catalogue.rules.chunk import Chunk
from tongwen.domain.catalogue.services import matching
from tongwen.domain.catalogue.services.rows import SQL, int_array


class KnownHolding(NamedTuple):
    """A holding that the library delivered earlier under the same source number."""

    source_id: str
    id: int
    bib_id: int
    home_bib_id: int
    content: int
    base_version: int | None
    format: str
    charset: str
    items: str
    batch_id: int | None
    bib_version: int
    base_holding_id: int | None
    record: bytes | None = None
    """The library's own record where the bib is not made of it; read for changed ones only."""

    @property
    def is_base(self) -> bool:
        """True when the record of the bib it stands at is this library's record."""
        return self.base_holding_id == self.id and self.home_bib_id == self.bib_id

    def as_prior(self) -> dict[str, Any]:
        """Return what a revert needs to restore this holding, as JSON."""
        facts = self._asdict()
        facts["record"] = None if self.record is None else base64.b64encode(self.record).decode()
        return facts


class Redelivered(NamedTuple):
    """A record that comes again, with the holding it was and what the comparison found where it has changed."""

    record: preparation.Prepared
    holding: KnownHolding
    found: deciding.Again | None


def compared(
    institution_id: int,
    records: Iterable[preparation.Prepared],
    compare: matching.Comparing,
    *,
    foreseen: Mapping[str, Redelivered] | None = None,
) -> dict[str, Redelivered]:
    """Return those of the records that the library has delivered before, by source number, compared where changed.

    A comparison that was `foreseen` is not made again while holding and bib are as they were.

    Raises:
        matching.Outdated: too many of them are not.
    """
    by_source = {record.source_id: record for record in records}
    known = _known_holdings(institution_id, list(by_source))
    changed = [one for one in known if _is_changed(by_source[one.source_id], one)]
    found = _still_found(changed, foreseen or {})
    asked = [one for one in changed if one.id not in found]
    if foreseen is not None and len(asked) > matching.MOST_ASKED_ANEW:
        raise matching.Outdated(f"{len(asked)} holdings are others by now")
    again = matching.compared_again(
        [(by_source[one.source_id].view, one.bib_id, one.is_base) for one in asked], compare
    )
    found |= zip((one.id for one in asked), again, strict=True)
    own = _own_records(one.id for one in known if one.base_version is None and _is_written(one, by_source))
    return {
        one.source_id: Redelivered(by_source[one.source_id], one._replace(record=own.get(one.id)), found.get(one.id))
        for one in known
    }


def _still_found(changed: Iterable[KnownHolding], foreseen: Mapping[str, Redelivered]) -> dict[int, deciding.Again]:
    """Return what was found before of holdings that are as they were, at bibs that are as they were."""
    before = ((one, foreseen.get(one.source_id)) for one in changed)
    return {
        one.id: earlier.found
        for one, earlier in before
        if earlier is not None and earlier.found is not None and earlier.holding._replace(record=None) == one
    }


def _is_changed(record: preparation.Prepared, holding: KnownHolding) -> bool:
    return not record.is_deletion and holding.content != record.content


def _is_written(holding: KnownHolding, by_source: dict[str, preparation.Prepared]) -> bool:
    record = by_source[holding.source_id]
    return record.is_deletion or holding.content != record.content or not _items_are(holding, record)


def _known_holdings(institution_id: int, source_ids: list[str]) -> list[KnownHolding]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["known_holdings"], {"institution": institution_id, "source_ids": source_ids})
        return [KnownHolding(*row) for row in cursor.fetchall()]


def _own_records(holding_ids: Iterable[int]) -> dict[int, bytes]:
    wanted = list(holding_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["own_records"], {"holdings": int_array(wanted)})
        return dict(cursor.fetchall())


def _items_are(holding: KnownHolding, record: preparation.Prepared) -> bool:
    return [tuple(item) for item in orjson.loads(holding.items)] == [*record.items]


def take_in(chunk: Chunk, one: Redelivered, new_bibs: Iterator[int]) -> None:
    """Enter in the chunk what becomes of the record; a bib's number is taken where it is another book now."""
    record, holding, found = one
    if record.is_deletion:
        chunk.deleted.append(holding.id)
        chunk.left.add(holding.bib_id)
        chunk.enter(record, types.Outcome.DELETED, holding.bib_id, holding.id, holding.as_prior())
    elif found is None:
        if _items_are(holding, record):
            chunk.enter(record, types.Outcome.UNCHANGED, holding.bib_id, holding.id)
        else:  # The library's profile maps its copies otherwise now.
            chunk.changed.add(holding.bib_id)
            _replace(chunk, one, (holding.bib_id, holding.home_bib_id), holding.base_version)
    elif found.other_book is not None:
        _move_to_new_bib(chunk, one, next(new_bibs), found.other_book)
    else:
        _update_in_place(chunk, one, found.keys)


def _update_in_place(chunk: Chunk, one: Redelivered, former_keys: Sequence[int] | None) -> None:
    record, holding, _ = one
    version = None
    if holding.is_base and holding.bib_version != holding.base_version:
        chunk.rejoined.append((record, holding))
    elif holding.is_base:
        version = holding.bib_version + 1
        chunk.rewrite_bib(record, holding.bib_id, version, former_keys)
    else:
        chunk.matched.append((record, holding.bib_id, holding.id))
    chunk.changed.add(holding.bib_id)  # Its call numbers are indexed, whoever's record the bib is made of.
    _replace(chunk, one, (holding.bib_id, holding.home_bib_id), version)


def _move_to_new_bib(chunk: Chunk, one: Redelivered, new_bib: int, decision: deciding.Settled) -> None:
    """The library uses the number for another book now: that becomes a bib, the old bib keeps its other holdings."""
    chunk.add_bib(one.record, new_bib, one.holding.id)
    chunk.left.add(one.holding.bib_id)
    chunk.add_decision(one.record.ordinal, new_bib, one.holding.bib_id, decision)
    _replace(chunk, one, (new_bib, new_bib), 1)


def _replace(chunk: Chunk, one: Redelivered, place: tuple[int, int], base_version: int | None) -> None:
    """Put the record in the holding's place; `place` is (bib, home bib)."""
    chunk.replace_holding(one.record, one.holding.id, place, base_version=base_version)
    chunk.enter(one.record, types.Outcome.UPDATED, place[0], one.holding.id, one.holding.as_prior())
