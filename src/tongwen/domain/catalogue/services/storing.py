"""One chunk of a load in one transaction: look up, decide, write, tell.

Check and insert are serialised by the catalogue's write lock, so that loads that run side by side make no
duplicates and never wait for each other in a circle (ADR 0004).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from tongwen.core import events, locks
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import deciding, preparation, scoring
from tongwen.domain.catalogue.services import matching
from tongwen.domain.catalogue.services.rows import SQL, Chunk, new_ids
from tongwen.standards.marc import types as marc

WRITE_LOCK = "catalogue.write"


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
    record: bytes | None
    items: str
    batch_id: int | None
    bib_version: int
    base_holding_id: int | None

    @property
    def is_base(self) -> bool:
        """True when the record of the bib it stands at is this library's record."""
        return self.base_holding_id == self.id and self.home_bib_id == self.bib_id

    def as_prior(self) -> dict[str, Any]:
        """Return what a revert needs to restore this holding, as JSON."""
        facts = self._asdict()
        facts["record"] = None if self.record is None else base64.b64encode(self.record).decode()
        return facts


class Storer:
    """Stores the chunks of one batch. Each `store` runs inside the caller's transaction.

    `finish` is given each chunk when its rows are written, before it is told of.
    """

    def __init__(
        self,
        *,
        batch_id: int,
        institution_id: int,
        actor: str,
        finish: Callable[[Chunk], None] = lambda _chunk: None,
    ) -> None:
        self.batch_id = batch_id
        self.institution_id = institution_id
        self.actor = actor
        self._finish = finish

    def store(self, records: Sequence[preparation.Prepared]) -> dict[str, int]:
        """Match and write the records for good; returns what they became, counted by outcome."""
        locks.hold_until_commit(WRITE_LOCK)
        return self.rehearse(records)

    def rehearse(self, records: Sequence[preparation.Prepared]) -> dict[str, int]:
        """Do what `store` does without holding others up, for a preview that the caller rolls back."""
        totals: dict[str, int] = {}
        for run in _without_repeats(records):
            for outcome, number in self._store_run(run).items():
                totals[outcome] = totals.get(outcome, 0) + number
        return totals

    def _store_run(self, records: Sequence[preparation.Prepared]) -> dict[str, int]:
        chunk = Chunk(self.batch_id, self.institution_id, self.actor)
        accepted = [record for record in records if record.rejected is None]
        known = self._known_holdings([record.source_id for record in accepted])
        fresh = [record for record in accepted if record.source_id not in known]
        matcher = matching.Matcher(fresh)
        bib_ids, holding_ids = new_ids(len(accepted), len(fresh))
        for record in records:
            _note_problems(chunk, record, matcher)
            if record.rejected is not None:
                continue
            holding = known.get(record.source_id)
            if holding is not None:
                _redeliver(chunk, record, holding, bib_ids)
            else:
                _deliver(chunk, record, matcher, next(bib_ids), next(holding_ids))
        chunk.write()
        self._finish(chunk)
        tell(
            added=chunk.added,
            changed=chunk.changed,
            removed=chunk.removed,
            derived=chunk.derived_of_unchanged_records(),
            institution_id=self.institution_id,
        )
        return chunk.counts

    def _known_holdings(self, source_ids: list[str]) -> dict[str, KnownHolding]:
        with connection.cursor() as cursor:
            cursor.execute(SQL["known_holdings"], {"institution": self.institution_id, "source_ids": source_ids})
            return {row[0]: KnownHolding(*row) for row in cursor.fetchall()}


def _without_repeats(records: Sequence[preparation.Prepared]) -> Iterable[Sequence[preparation.Prepared]]:
    """Cut the records where a source number comes again, so that the later one finds the earlier one stored."""
    start = 0
    seen: set[str] = set()
    for place, record in enumerate(records):
        if record.rejected is None and record.source_id in seen:
            yield records[start:place]
            start, seen = place, set()
        seen.add(record.source_id)
    yield records[start:]


def _note_problems(chunk: Chunk, record: preparation.Prepared, matcher: matching.Matcher) -> None:
    if record.rejected is not None:
        chunk.count("rejected")
    elif number := matcher.too_many(record):
        found = marc.Problem("too-many-candidates", marc.Severity.WARNING, detail=f"{number} bibs share a key")
        record = record._replace(problems=(*record.problems, found))
    if record.problems:
        severities = {problem.severity for problem in record.problems}
        chunk.add_problems(record)
        if record.rejected is None and marc.Severity.MENDED in severities:
            chunk.count("mended")
        if record.rejected is None and marc.Severity.WARNING in severities:
            chunk.count("warnings")


def _deliver(
    chunk: Chunk, record: preparation.Prepared, matcher: matching.Matcher, new_bib: int, holding_id: int
) -> None:
    """Attach a record that this library delivers for the first time, to a bib it matches or to one of its own."""
    answer = matcher.decide(record)
    if answer is not None and answer[1].band is types.Band.AUTOMATIC:
        bib_id, outcome = answer[0], types.Outcome.MATCHED
        chunk.add_holding(record, bib_id, holding_id, base_version=None)
        chunk.changed.add(bib_id)
        chunk.matched.append((record, bib_id, holding_id))
        if matcher.is_twin(record, bib_id):
            chunk.derived[bib_id] = record.derived or {}
    else:
        bib_id, outcome = new_bib, types.Outcome.NEW
        chunk.add_bib(record, bib_id, holding_id)
        chunk.add_holding(record, bib_id, holding_id, base_version=1)
        matcher.learn(record, bib_id)
    if answer is not None:
        candidate, decision = answer
        chunk.add_decision(record.ordinal, bib_id, candidate, decision)
        if decision.band is types.Band.REVIEW:
            outcome = types.Outcome.REVIEW
            chunk.reviews.append((bib_id, candidate, len(chunk.decisions) - 1))
    chunk.enter(record, outcome, bib_id, holding_id)


def _redeliver(chunk: Chunk, record: preparation.Prepared, holding: KnownHolding, bib_ids: Iterator[int]) -> None:
    """Take in a record that this library delivered before: unchanged, updated in place, or now another book."""
    is_same = holding.content == record.content
    if is_same and _items_are(holding, record):
        chunk.enter(record, types.Outcome.UNCHANGED, holding.bib_id, holding.id)
        return
    if is_same:  # The library's profile maps its copies otherwise now.
        _replace_items(chunk, record, holding)
        return
    decision = scoring.decide(deciding.arriving(record.view), matching.standing_view(holding.bib_id))
    if decision.band is types.Band.NEW and decision.vetoes:
        _move_to_new_bib(chunk, record, holding, next(bib_ids), decision)
    else:
        _update_in_place(chunk, record, holding)


def _items_are(holding: KnownHolding, record: preparation.Prepared) -> bool:
    return [tuple(item) for item in orjson.loads(holding.items)] == [*record.items]


def _replace_items(chunk: Chunk, record: preparation.Prepared, holding: KnownHolding) -> None:
    chunk.changed.add(holding.bib_id)
    _replace_holding(chunk, record, holding, (holding.bib_id, holding.home_bib_id), holding.base_version)
    chunk.enter(record, types.Outcome.UPDATED, holding.bib_id, holding.id, holding.as_prior())


def _update_in_place(chunk: Chunk, record: preparation.Prepared, holding: KnownHolding) -> None:
    version = None
    if holding.is_base and holding.bib_version != holding.base_version:
        chunk.rejoined.append((record, holding))
    elif holding.is_base:
        version = holding.bib_version + 1
        replace_keys(holding.bib_id, record.keys, record.kinds)
        replace_links(holding.bib_id, record.links)
        chunk.add_version(record, holding.bib_id, version, "redelivered")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bib SET version = %s, updated_at = now() WHERE id = %s", [version, holding.bib_id])
    else:
        chunk.matched.append((record, holding.bib_id, holding.id))
    chunk.changed.add(holding.bib_id)  # Its call numbers are indexed, whoever's record the bib is made of.
    _replace_holding(chunk, record, holding, (holding.bib_id, holding.home_bib_id), version)
    chunk.enter(record, types.Outcome.UPDATED, holding.bib_id, holding.id, holding.as_prior())


def _move_to_new_bib(
    chunk: Chunk, record: preparation.Prepared, holding: KnownHolding, new_bib: int, decision: types.Decision
) -> None:
    """The library uses the number for another book now: that becomes a bib, the old bib keeps its other holdings."""
    chunk.add_bib(record, new_bib, holding.id)
    _replace_holding(chunk, record, holding, (new_bib, new_bib), 1)
    gone = withdraw_without_holdings([holding.bib_id])
    chunk.removed.update(gone)
    chunk.changed.update({holding.bib_id} - gone)
    chunk.add_decision(record.ordinal, new_bib, holding.bib_id, decision)
    chunk.enter(record, types.Outcome.UPDATED, new_bib, holding.id, holding.as_prior())


def _replace_holding(
    chunk: Chunk,
    record: preparation.Prepared,
    holding: KnownHolding,
    place: tuple[int, int],
    base_version: int | None,
) -> None:
    """Put the record in the holding's place; `place` is (bib, home bib)."""
    facts = {
        "id": holding.id,
        "bib": place[0],
        "home": place[1],
        "content": record.content,
        "base_version": base_version,
        "format": record.format,
        "charset": record.charset,
        "record": None if base_version else record.record,
        "items": orjson.dumps(record.items).decode(),
        "batch": chunk.batch_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["replace_holding"], facts)


def replace_keys(bib_id: int, keys: Sequence[int], kinds: Sequence[int]) -> None:
    """Forget the keys of the bib's current record and remember these instead."""
    forget_keys([bib_id])
    with connection.cursor() as cursor:
        cursor.execute(SQL["remember_keys"], {"bib": bib_id, "keys": list(keys), "kinds": list(kinds)})


def replace_links(bib_id: int, links: Sequence[tuple[int, int]]) -> None:
    """Let the bib's links be those of its current record."""
    roles, keys = [role for role, _ in links], [key for _, key in links]
    with connection.cursor() as cursor:
        cursor.execute(SQL["replace_links"], {"bib": bib_id, "roles": roles, "keys": keys})


def forget_keys(bib_ids: Iterable[int]) -> None:
    """Remove the keys of the bibs' current records, so that they are candidates no more."""
    for bib_id, (found, _kinds) in matching.current_keys(bib_ids).items():
        with connection.cursor() as cursor:
            cursor.execute(SQL["forget_keys"], {"bib": bib_id, "keys": found})


def withdraw_without_holdings(bib_ids: Iterable[int]) -> set[int]:
    """Withdraw those of the bibs that nobody holds any more and forget their keys; returns their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["withdraw_without_holdings"], {"bibs": list(bib_ids)})
        gone = {row[0] for row in cursor.fetchall()}
    forget_keys(gone)
    return gone


def tell(
    *,
    added: dict[int, types.MadeBib] | None = None,
    changed: Iterable[int] = (),
    removed: Iterable[int] = (),
    derived: dict[int, dict[str, bytes]] | None = None,
    institution_id: int | None = None,
) -> None:
    """Write the change feed and tell the subscribers after the commit.

    `added` carries what was derived from each new record, of which `institution_id` is the only holder; `derived`
    what was derived from the records of changed bibs, where that is at hand.
    """
    new = added or {}
    altered = sorted(set(changed) - set(new))
    facts: dict[str, Any] = {"added": list(new), "changed": altered, "removed": sorted(removed)}
    if not any(facts.values()):
        return
    with connection.cursor() as cursor:
        cursor.execute(SQL["tell_change"], facts)
        position = cursor.fetchone()[0]
    joined = set(changed)
    made = {bib_id: bib for bib_id, bib in new.items() if bib_id not in joined}
    events.emit(types.BibsChanged(position=position, made=made, institution_id=institution_id, derived=derived or {}))


def add_keys(bib_id: int) -> None:
    """Remember the keys of the bib's current record, which has none yet."""
    found, kinds = matching.current_keys([bib_id])[bib_id]
    with connection.cursor() as cursor:
        cursor.execute(SQL["remember_keys"], {"bib": bib_id, "keys": found, "kinds": kinds})
