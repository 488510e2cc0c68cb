"""Finding the bib that a record describes: candidates by key, then the rules' decision.

The comparing is done by worker processes where they run; only a record that may match another of its own chunk is
decided here, because that other has just been made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import connection

from tongwen.core import processes
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import comparison, deciding, keys, preparation
from tongwen.domain.catalogue.services.rows import SQL, int_array

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

_WORTH_SENDING = 20
_PIECE = 200


def stored_records(bib_ids: Iterable[int]) -> dict[int, deciding.PackedRecord]:
    """Return the current records of the bibs, packed as they are stored."""
    wanted = set(bib_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["current_records"], {"bibs": int_array(wanted)})
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def compared_again(asked: Sequence[tuple[bytes, int, bool]]) -> list[deciding.Again]:
    """Compare changed records, each given as (match view, bib, needs keys), with their bibs' current records.

    A bib without its record is drift for the doctor to find: it gets the record, and has no keys to lose.
    """
    stored = stored_records(bib_id for _, bib_id, _ in asked)
    known = [deciding.Delivered(view, stored[bib_id], keys) for view, bib_id, keys in asked if bib_id in stored]
    answers = iter(_helped(deciding.compare_again, known))
    return [next(answers) if bib_id in stored else deciding.Again(None, ()) for _, bib_id, _ in asked]


def _helped(function: Callable[[Sequence[Asked]], list[Answered]], asked: Sequence[Asked]) -> list[Answered]:
    """Apply a pure function to the list, in pieces where worker processes are at hand."""
    if len(asked) < _WORTH_SENDING or processes.standing() is None:
        return function(asked)
    pieces = [asked[start : start + _PIECE] for start in range(0, len(asked), _PIECE)]
    # As a user of the pool, so that it does not end when the load that began it does.
    with processes.pool() as helpers:
        return [answer for answers in helpers.map(function, pieces) for answer in answers]


def current_keys(bib_ids: Iterable[int]) -> dict[int, tuple[list[int], list[int]]]:
    """Return the keys of the bibs' current records as ([hash], [kind]), computed from the records."""
    found = {bib_id: keys.keys(deciding.view_of(record)) for bib_id, record in stored_records(bib_ids).items()}
    return {
        bib_id: ([keys.hashed(key) for key in of_bib], [int(key.kind) for key in of_bib])
        for bib_id, of_bib in found.items()
    }


def said_different(bib_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return for those of the bibs that have any the bibs that a person said are not the same, active or not."""
    wanted = set(bib_ids)
    found: dict[int, set[int]] = defaultdict(set)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["anything_said_different"])
        if cursor.fetchone()[0]:
            cursor.execute(SQL["said_different"], {"bibs": int_array(wanted)})
            for bib_id, other in cursor.fetchall():
                found[bib_id].add(other)
    return {bib_id: frozenset(others) for bib_id, others in found.items()}


def _is_another(
    mine: comparison.Prepared,
    candidate: comparison.Prepared,
    said: Iterable[int],
    records: dict[int, deciding.PackedRecord],
) -> bool:
    """Tell whether the record is rather one of the bibs that were said not to be the candidate."""
    others = [deciding.closeness(mine, deciding.standing(records[bib_id])) for bib_id in said if bib_id in records]
    return bool(others) and max(others) > deciding.closeness(mine, candidate)


class Matcher:
    """Decides the records of one chunk in their order; a record may match one that stands before it in the chunk."""

    def __init__(self, records: Sequence[preparation.Prepared]) -> None:
        self._by_key = _look_up(records)
        self._made_by_key: dict[int, list[int]] = defaultdict(list)
        self._made: dict[int, preparation.Prepared] = {}
        named = {record.ordinal: self._candidates(record, self._by_key) for record in records}
        self._stored = _standing(named, records)
        self._questions = {}
        for record in records:
            # A key without its bib is drift for the doctor to find, no reason to stop a load.
            known = tuple(bib_id for bib_id in named[record.ordinal] if bib_id in self._stored)
            if known:
                self._questions[record.ordinal] = deciding.Question(record.view, known)
        self._answers = dict(zip(self._questions, _answers(list(self._questions.values()), self._stored), strict=True))
        self._ruled_out: dict[int, frozenset[int]] = {}
        self._heed_people()

    def _heed_people(self) -> None:
        """Ask nothing again that a person has answered: a record that is one of two bibs is not the other.

        It may be delivered anew after its load was reverted, or by another library.
        """
        found = {ordinal for ordinal, answer in self._answers.items() if answer[1].band is not types.Band.NEW}
        said = said_different(bib_id for ordinal in found for bib_id in self._questions[ordinal].bib_ids)
        if not said:
            return
        others = stored_records(other for known in said.values() for other in known)
        for ordinal in found:
            question = self._questions[ordinal]
            mine = deciding.arriving(question.view)
            out = frozenset(
                bib_id
                for bib_id in question.bib_ids
                if _is_another(mine, deciding.standing(self._stored[bib_id]), said.get(bib_id, ()), others)
            )
            if out:
                self._ruled_out[ordinal] = out
                self._answers[ordinal] = self._decide_without(mine, ordinal)

    def _decide_without(self, mine: comparison.Prepared, ordinal: int) -> deciding.Answer:
        question, out = self._questions[ordinal], self._ruled_out[ordinal]
        rest = [(bib_id, deciding.standing(self._stored[bib_id])) for bib_id in question.bib_ids if bib_id not in out]
        return deciding.decide_one(mine, rest) if rest else deciding.ruled_out(self._answers[ordinal])

    @staticmethod
    def _candidates(record: preparation.Prepared, by_key: dict[int, list[int]]) -> list[int]:
        """Return the bibs that share keys with the record, those that share most first, at most MAX_CANDIDATES."""
        shared: dict[int, int] = {}
        for found in [by_key[key] for key in record.keys if key in by_key]:
            for bib_id in found:
                shared[bib_id] = shared.get(bib_id, 0) + 1
        if len(shared) < 2:
            return list(shared)
        return sorted(shared, key=shared.__getitem__, reverse=True)[: keys.MAX_CANDIDATES]

    def too_many(self, record: preparation.Prepared) -> int:
        """Return how many bibs share a key with the record where they are more than are compared, else 0."""
        question = self._questions.get(record.ordinal)
        if question is None or len(question.bib_ids) < keys.MAX_CANDIDATES:
            return 0
        number = len({bib_id for key in record.keys for bib_id in self._by_key.get(key, ())})
        return number if number > keys.MAX_CANDIDATES else 0

    def decide(self, record: preparation.Prepared) -> deciding.Answer | None:
        """Return the bib that decides and the decision, or None where there is nothing to compare with."""
        local = self._candidates(record, self._made_by_key)
        if not local:
            return self._answers.get(record.ordinal)
        question = self._questions.get(record.ordinal)
        out = self._ruled_out.get(record.ordinal, frozenset())
        stored = [bib_id for bib_id in question.bib_ids if bib_id not in out] if question is not None else ()
        compared = [(bib_id, deciding.standing(self._stored[bib_id])) for bib_id in stored]
        compared += [(bib_id, deciding.arriving(self._made[bib_id].view)) for bib_id in local]
        return deciding.decide_one(deciding.arriving(record.view), compared)

    def is_twin(self, record: preparation.Prepared, bib_id: int) -> bool:
        """Tell whether a bib's current record is the record itself, byte for byte."""
        return self._stored.get(bib_id) is record.view

    def learn(self, record: preparation.Prepared, bib_id: int) -> None:
        """Make a bib that this chunk has made a candidate for the records after it."""
        self._made[bib_id] = record
        for key in record.keys:
            self._made_by_key[key].append(bib_id)


def _look_up(records: Sequence[preparation.Prepared]) -> dict[int, list[int]]:
    wanted = {key for record in records for key in record.keys}
    by_key: dict[int, list[int]] = defaultdict(list)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(SQL["candidates"], {"keys": int_array(wanted)})
            for key, bib_id in cursor.fetchall():
                by_key[key].append(bib_id)
    return by_key


def _standing(named: dict[int, list[int]], records: Sequence[preparation.Prepared]) -> dict[int, deciding.Standing]:
    """Return the bibs that are named; of one whose record arrives again unchanged, the view that came with it."""
    stored = stored_records(bib_id for bib_ids in named.values() for bib_id in bib_ids)
    found: dict[int, deciding.Standing] = dict(stored)
    for record in records:
        packed = (record.format, record.charset, record.record)
        found.update((bib_id, record.view) for bib_id in named[record.ordinal] if stored.get(bib_id) == packed)
    return found


def _answers(questions: list[deciding.Question], bibs: dict[int, deciding.Standing]) -> list[deciding.Answer]:
    if len(questions) < _WORTH_SENDING or processes.standing() is None:
        return deciding.decide(questions, bibs)
    pieces = [questions[start : start + _PIECE] for start in range(0, len(questions), _PIECE)]
    needed = [{bib_id: bibs[bib_id] for one in piece for bib_id in one.bib_ids} for piece in pieces]
    # As a user of the pool, so that it does not end when the load that began it does.
    with processes.pool() as helpers:
        return [answer for answers in helpers.map(deciding.decide, pieces, needed) for answer in answers]
