"""One chunk of a load in one transaction: look up, decide, write, tell.

Check and insert are serialised by the catalogue's write lock, so that loads that run side by side make no
duplicates and never wait for each other in a circle (ADR 0004).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from tongwen.core import clock, compression, events, locks
from tongwen.domain.catalogue import queries, types
from tongwen.domain.catalogue.models import Review
from tongwen.domain.catalogue.rules import deciding, preparation
from tongwen.domain.catalogue.rules.chunk import Chunk
from tongwen.domain.catalogue.services import matching, redelivering, rows
from tongwen.domain.catalogue.services.rows import SQL, new_ids
from tongwen.standards.marc import types as marc

WRITE_LOCK = "catalogue.write"
_BULK_LOCK = "catalogue.write.bulk"
_REVIEWS = "what becomes of a bib ends the reviews of every library that has it in a pair"


def take_bulk_turn() -> None:
    """Wait for the write lock as one of those who write much and often, and keep it until the transaction ends.

    They queue for their turn first, so that at most one of them waits for the write lock itself: whoever wants to
    write a single record waits for no more than the piece at hand, however many files are loaded.
    """
    locks.hold_until_commit(_BULK_LOCK)
    locks.hold_until_commit(WRITE_LOCK)


class Foreseen(NamedTuple):
    """What comparing a chunk gave, at a position of the change feed (of its first run, where numbers come twice)."""

    position: int
    known: dict[str, redelivering.Redelivered]
    matcher: matching.Matcher


class _Way(NamedTuple):
    """What differs between a load and its rehearsal: how is compared, and what is kept of it for others.

    A load compares here while others wait for the lock: worker processes may be busy for seconds.
    """

    answer: matching.Answering
    compare: matching.Comparing
    keep: Callable[[Chunk], None]


_FOR_GOOD = _Way(deciding.decide_and_extract, deciding.compare_again, rows.keep_extracts)
_REHEARSAL = _Way(matching.helped(deciding.decide_only), matching.helped_compare, lambda _chunk: None)


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
        self.derivable = 0
        """Records so far that became a bib's, so that what is derived from them is of use."""

    def foresee(self, records: Sequence[preparation.Prepared]) -> Foreseen:
        """Compare the records with what stands, before anybody is kept waiting; outside of transactions."""
        position = queries.last_change()
        accepted = [record for record in next(_without_repeats(records)) if record.rejected is None]
        known = redelivering.compared(self.institution_id, accepted, matching.helped_compare)
        answer = matching.helped(deciding.decide_and_extract)
        return Foreseen(position, known, matching.Matcher(_fresh(accepted, known), answer))

    def store(self, records: Sequence[preparation.Prepared], foreseen: Foreseen) -> dict[str, int]:
        """Match and write the records for good, under the write lock; returns what they became, by outcome.

        Raises:
            matching.Outdated: others have written so much since it was foreseen that it had better be foreseen anew.
        """
        return self._store(records, _FOR_GOOD, foreseen)

    def store_anyway(self, records: Sequence[preparation.Prepared]) -> dict[str, int]:
        """Do what `store` does without anything foreseen: all comparing keeps the others waiting."""
        return self._store(records, _FOR_GOOD)

    def rehearse(self, records: Sequence[preparation.Prepared]) -> dict[str, int]:
        """Do what `store` does without holding others up, for a preview that the caller rolls back."""
        return self._store(records, _REHEARSAL)

    def _store(
        self, records: Sequence[preparation.Prepared], way: _Way, foreseen: Foreseen | None = None
    ) -> dict[str, int]:
        totals: dict[str, int] = {}
        for run in _without_repeats(records):
            for outcome, number in self._store_run(run, way, foreseen).items():
                totals[outcome] = totals.get(outcome, 0) + number
            foreseen = None  # Only the first run could be.
        return totals

    def _store_run(
        self, records: Sequence[preparation.Prepared], way: _Way, foreseen: Foreseen | None
    ) -> dict[str, int]:
        chunk = Chunk(self.batch_id, self.institution_id, self.actor)
        accepted = [record for record in records if record.rejected is None]
        known, matcher = self._compared(accepted, way, foreseen)
        matcher.heed_people()
        bib_ids, holding_ids = new_ids(len(accepted), len(accepted) - len(known))
        for given in records:
            again = known.get(given.source_id)
            record = _refused_deletion(given) if given.is_deletion and again is None else given
            _note_problems(chunk, record, matcher)
            if record.rejected is not None:
                continue
            if again is not None:
                redelivering.take_in(chunk, again, bib_ids)
            else:
                _deliver(chunk, record, matcher, next(bib_ids), next(holding_ids))
        rows.write(chunk)
        way.keep(chunk)
        _withdraw_left(chunk)
        self._finish(chunk)
        self.derivable += chunk.derivable
        tell(
            added=chunk.added,
            changed=chunk.changed,
            removed=chunk.removed,
            derived=chunk.derived_at_hand(),
            institution_id=self.institution_id,
        )
        return chunk.counts

    def _compared(
        self, accepted: Sequence[preparation.Prepared], way: _Way, foreseen: Foreseen | None
    ) -> tuple[dict[str, redelivering.Redelivered], matching.Matcher]:
        """Return what was foreseen if nobody has written since, else what of it still holds and the rest anew."""
        if foreseen is None:
            known = redelivering.compared(self.institution_id, accepted, way.compare)
            return known, matching.Matcher(_fresh(accepted, known), way.answer)
        if foreseen.position == queries.last_change():
            return foreseen.known, foreseen.matcher
        known = redelivering.compared(self.institution_id, accepted, way.compare, foreseen=foreseen.known)
        return known, matching.Matcher(_fresh(accepted, known), way.answer, foreseen=foreseen.matcher)


def _fresh(accepted: Iterable[preparation.Prepared], known: Container[str]) -> list[preparation.Prepared]:
    return [record for record in accepted if record.source_id not in known and not record.is_deletion]


def _without_repeats(records: Sequence[preparation.Prepared]) -> Iterator[Sequence[preparation.Prepared]]:
    """Cut the records where a source number comes again, so that the later one finds the earlier one stored."""
    start = 0
    seen: set[str] = set()
    for place, record in enumerate(records):
        if record.rejected is None and record.source_id in seen:
            yield records[start:place]
            start, seen = place, set()
        seen.add(record.source_id)
    yield records[start:]


def _refused_deletion(record: preparation.Prepared) -> preparation.Prepared:
    """Return as rejected what deletes something that the library does not hold."""
    found = marc.Problem("deletion-unknown", marc.Severity.ERROR, tag="001", detail=record.source_id)
    return record._replace(problems=(*record.problems, found), rejected=compression.decompress(record.record))


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
            chunk.join_twin(record, bib_id)
        if (extract := matcher.extract(record, bib_id)) is not None:
            chunk.extracts[bib_id] = extract
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


def _withdraw_left(chunk: Chunk) -> None:
    """Withdraw the bibs that holdings have left, unless somebody else holds them."""
    if chunk.left:
        gone = withdraw_without_holdings(chunk.left)
        close_reviews(gone, clock.now())
        chunk.removed.update(gone)
        chunk.changed |= chunk.left - gone


def replace_links(bib_id: int, links: Sequence[tuple[int, int]]) -> None:
    """Let the bib's links be those of its current record."""
    rows.replace_links([bib_id], [(bib_id, role, key) for role, key in links])


def forget_keys(bib_ids: Iterable[int]) -> None:
    """Remove the keys of the bibs' current records, so that they are candidates no more."""
    found = matching.current_keys(bib_ids)
    rows.forget_keys([(key, bib_id) for bib_id, (keys, _kinds) in found.items() for key in keys])


def withdraw_without_holdings(bib_ids: Iterable[int]) -> set[int]:
    """Withdraw those of the bibs that nobody holds any more and forget their keys; returns their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["withdraw_without_holdings"], {"bibs": list(bib_ids)})
        gone = {row[0] for row in cursor.fetchall()}
    forget_keys(gone)
    return gone


def close_reviews(gone: set[int], now: dt.datetime) -> None:
    """Close the open reviews, of whatever library, that have a withdrawn bib in their pair."""
    if not gone:
        return
    for side in ("bib_id__in", "candidate_id__in"):
        open_reviews = Review.objects.unscoped(_REVIEWS).filter(verdict="", **{side: gone})
        open_reviews.update(verdict="obsolete", decided_at=now)


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
    joined = set(changed)
    altered = sorted(joined - set(new))
    facts: dict[str, Any] = {"added": list(new), "changed": altered, "removed": sorted(removed)}
    if not any(facts.values()):
        return
    with connection.cursor() as cursor:
        cursor.execute(SQL["tell_change"], facts)
        position = cursor.fetchone()[0]
    made = {bib_id: bib for bib_id, bib in new.items() if bib_id not in joined and bib.derived}
    events.emit(types.BibsChanged(position=position, made=made, institution_id=institution_id, derived=derived or {}))


def add_keys(bib_id: int) -> None:
    """Remember the keys of the bib's current record, which has none yet."""
    found, kinds = matching.current_keys([bib_id])[bib_id]
    with connection.cursor() as cursor:
        cursor.execute(SQL["remember_keys"], {"bib": bib_id, "keys": found, "kinds": kinds})
