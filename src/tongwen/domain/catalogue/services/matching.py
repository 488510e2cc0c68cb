"""Finding the bib that a record describes: candidates by key, then the rules' decision.

The comparing is done by worker processes where they run; only a record that may match another of its own chunk is
decided here, because that other has just been made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from django.db import connection

from tongwen.core import processes
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import comparison, deciding, extracts, keys, preparation
from tongwen.domain.catalogue.services.rows import SQL, int_array

Answering = Callable[[Sequence[deciding.Question], dict[int, deciding.Standing]], deciding.Answered]
"""deciding.decide_and_extract or deciding.decide_only, or one of them `helped`."""

AskedAgain = tuple[bytes, int, bool]
Comparing = Callable[[Sequence[deciding.Delivered]], list[deciding.Again]]

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


def compared_again(asked: Sequence[AskedAgain], compare: Comparing = deciding.compare_again) -> list[deciding.Again]:
    """Compare changed records, each given as (match view, bib, needs keys), with their bibs' current records.

    A bib without its record is drift for the doctor to find: it gets the record, and has no keys to lose.
    """
    stored = stored_records(bib_id for _, bib_id, _ in asked)
    known = [deciding.Delivered(view, stored[bib_id], keys) for view, bib_id, keys in asked if bib_id in stored]
    answers = iter(compare(known))
    return [next(answers) if bib_id in stored else deciding.Again(None, ()) for _, bib_id, _ in asked]


def helped_compare(asked: Sequence[deciding.Delivered]) -> list[deciding.Again]:
    """Compare again in worker processes, where some are at hand; they may be busy for a while."""
    if len(asked) < _WORTH_SENDING or processes.standing() is None:
        return deciding.compare_again(asked)
    pieces = [asked[start : start + _PIECE] for start in range(0, len(asked), _PIECE)]
    # As a user of the pool, so that it does not end when the load that began it does.
    with processes.pool() as helpers:
        return [answer for answers in helpers.map(deciding.compare_again, pieces) for answer in answers]


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


MOST_ASKED_ANEW = 200
"""Questions that are answered while others wait for the write lock."""


class Outdated(Exception):
    """What was foreseen of a chunk does not hold any more."""


class _Known(NamedTuple):
    """What the database says of a bib that may be matched: its record, or instead an extract (rules.extracts)."""

    version: int
    format: str
    charset: str
    record: bytes
    content: int | None
    packed: bytes

    def standing(self) -> deciding.Standing:
        """Return what it is compared by."""
        if self.content is not None:
            return deciding.Kept(self.packed)
        return self.format, self.charset, self.record


class Matcher:
    """Decides the records of one chunk in their order; a record may match one that stands before it in the chunk."""

    def __init__(
        self, records: Sequence[preparation.Prepared], answer: Answering, *, foreseen: Matcher | None = None
    ) -> None:
        """Compare the records with their candidates; what is still as it was when it was `foreseen` is not asked again.

        Raises:
            Outdated: so much has changed since that it had better be foreseen anew.
        """
        self._by_key = _look_up(records)
        self._made_by_key: dict[int, list[int]] = defaultdict(list)
        self._made: dict[int, preparation.Prepared] = {}
        named = {record.ordinal: self._candidates(record, self._by_key) for record in records}
        wanted = {bib_id for bib_ids in named.values() for bib_id in bib_ids}
        same = foreseen.still_known(wanted) if foreseen is not None else {}
        self._known = same | _known_bibs(wanted - same.keys())
        self._stored = _standing(self._known, named, records)
        self._questions = {}
        for record in records:
            # A key without its bib is drift for the doctor to find, no reason to stop a load.
            known = tuple(bib_id for bib_id in named[record.ordinal] if bib_id in self._stored)
            if known:
                self._questions[record.ordinal] = deciding.Question(record.view, known)
        self._answers = foreseen.answers_to(self._questions, same) if foreseen is not None else {}
        asked = {ordinal: one for ordinal, one in self._questions.items() if ordinal not in self._answers}
        if foreseen is not None and len(asked) > MOST_ASKED_ANEW:
            raise Outdated(f"{len(asked)} records have other candidates by now")
        answers, self._extracts = answer(list(asked.values()), self._stored)
        self._answers |= zip(asked, answers, strict=True)
        if foreseen is not None:
            self._extracts = foreseen.extracts_of(same) | self._extracts
        self._ruled_out: dict[int, frozenset[int]] = {}

    def still_known(self, bib_ids: set[int]) -> dict[int, _Known]:
        """Return what is known of those of the bibs that are in the version they were in."""
        wanted = bib_ids & self._known.keys()
        if not wanted:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(SQL["versions"], {"bibs": int_array(wanted)})
            found = cursor.fetchall()
        return {bib_id: self._known[bib_id] for bib_id, version in found if self._known[bib_id].version == version}

    def answers_to(self, questions: dict[int, deciding.Question], same: Container[int]) -> dict[int, deciding.Answer]:
        """Return the answers to those of the questions that were asked before, about bibs that are the same still."""
        return {
            ordinal: self._answers[ordinal]
            for ordinal, one in questions.items()
            if self._questions.get(ordinal) == one and all(bib_id in same for bib_id in one.bib_ids)
        }

    def extracts_of(self, bib_ids: Container[int]) -> dict[int, extracts.Extract]:
        """Return the extracts that were made of these bibs."""
        return {bib_id: one for bib_id, one in self._extracts.items() if bib_id in bib_ids}

    def heed_people(self) -> None:
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
        return deciding.answer(mine, rest) if rest else deciding.ruled_out(self._answers[ordinal])

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
        return deciding.answer(deciding.arriving(record.view), compared)

    def is_twin(self, record: preparation.Prepared, bib_id: int) -> bool:
        """Tell whether a bib's current record is the record itself, byte for byte."""
        return self._stored.get(bib_id) is record.view

    def extract(self, record: preparation.Prepared, bib_id: int) -> tuple[int, extracts.Extract] | None:
        """Return (version, extract) of a bib that the record joins, None where one is kept or none was made."""
        known = self._known.get(bib_id)
        if known is None or known.content is not None:
            return None
        made = self._extracts.get(bib_id)
        if made is None and record.derived is not None and self.is_twin(record, bib_id):
            made = extracts.pack(record.content, record.view, record.derived)
        return (known.version, made) if made is not None else None

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


def _known_bibs(bib_ids: Iterable[int]) -> dict[int, _Known]:
    wanted = set(bib_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["standing"], {"bibs": int_array(wanted), "stamp": extracts.stamp()})
        return {row[0]: _Known(*row[1:]) for row in cursor.fetchall()}


def _standing(
    known: dict[int, _Known], named: dict[int, list[int]], records: Sequence[preparation.Prepared]
) -> dict[int, deciding.Standing]:
    """Return the bibs that are named; of one whose record arrives again unchanged, the view that came with it."""
    found = {bib_id: one.standing() for bib_id, one in known.items()}
    for record in records:
        found.update((bib_id, record.view) for bib_id in named[record.ordinal] if _is_of(known.get(bib_id), record))
    return found


def _is_of(known: _Known | None, record: preparation.Prepared) -> bool:
    """Tell whether the bib's record is this very one, byte for byte."""
    if known is None or (known.format, known.charset) != (record.format, record.charset):
        return False
    return known.record == record.record if known.content is None else known.content == record.content


def helped(answer: Answering) -> Answering:
    """Return what answers in worker processes, where some are at hand; they may be busy for a while."""
    return partial(_answers, answer)


def _answers(
    answer: Answering, questions: Sequence[deciding.Question], bibs: dict[int, deciding.Standing]
) -> deciding.Answered:
    if len(questions) < _WORTH_SENDING or processes.standing() is None:
        return answer(questions, bibs)
    pieces = [questions[start : start + _PIECE] for start in range(0, len(questions), _PIECE)]
    needed = [{bib_id: bibs[bib_id] for one in piece for bib_id in one.bib_ids} for piece in pieces]
    answers: list[deciding.Answer] = []
    made: dict[int, extracts.Extract] = {}
    # As a user of the pool, so that it does not end when the load that began it does.
    with processes.pool() as helpers:
        for some, extracted in helpers.map(answer, pieces, needed):
            answers += some
            made |= extracted
    return answers, made
