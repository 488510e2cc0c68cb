"""Deciding many records against their candidates at once, from packed records: pure, for worker processes."""

from __future__ import annotations

import enum
import functools
import marshal
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
import xxhash

from tongwen.core import compression, derivations
from tongwen.domain.catalogue.rules import comparison, extracts, keys, scoring
from tongwen.domain.catalogue.types import DISPLAY_VIEW_TOPIC, Band, Decision
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc

PackedRecord = tuple[str, str, bytes]
"""A stored record: format, charset, compressed ISO 2709."""


class Kept(NamedTuple):
    """A bib whose extract is kept (`packed` as in rules.extracts)."""

    packed: bytes


Standing = PackedRecord | Kept | bytes
"""A bib that is compared with: its record, its extract, or (from `depart`) its match view where that is at hand."""

_KEPT_ARRIVALS: Final = 64


class Question(NamedTuple):
    """A record (its match view from `depart`) and the bibs it is to be compared with, at least one."""

    view: bytes
    bib_ids: tuple[int, ...]


class Settled(NamedTuple):
    """A decision as it is kept and sent between processes: `features` are lists in JSON, as types.Feature has them."""

    band: Band
    score: float
    reason: str
    rules_version: str
    features: bytes


Answer = tuple[int, Settled]
"""The bib of the pair that decides, and the decision."""


Answered = tuple[list[Answer], dict[int, extracts.Extract]]
"""Answers, with the extracts that were made on the way."""


class Again(NamedTuple):
    """What a changed record is beside the record of the bib that its library delivered it to."""

    other_book: Settled | None
    """The decision by which it describes another book now; None where it does not."""
    keys: tuple[int, ...] | None
    """The keys of the bib's record, hashed; None where they are the delivered record's own, or were not asked for."""


class Delivered(NamedTuple):
    """A record that its library delivered before (its match view from `depart`) and the bib's record as it stands."""

    view: bytes
    standing: PackedRecord
    needs_keys: bool


def view_of(record: PackedRecord) -> marc.MatchView:
    """Return the match view of a stored record."""
    read = _read(record)
    return views.match_view(read.record, read.format)


class _Read(NamedTuple):
    raw: bytes
    record: marc.Record
    format: marc.Format


def _read(record: PackedRecord) -> _Read:
    format_, charset, packed = record
    told, raw = marc.Format(format_), compression.decompress(packed)
    return _Read(raw, iso2709.decode(raw, charset=marc.Charset(charset), format=told).record, told)


def decide(questions: Sequence[Question], bibs: dict[int, Standing]) -> list[Answer]:
    """Answer the questions in order; `bibs` holds every bib that they name."""
    prepared: dict[int, comparison.Prepared] = {}
    answers: list[Answer] = []
    for one in questions:
        mine = arriving(one.view)
        for bib_id in one.bib_ids:
            if bib_id not in prepared:
                prepared[bib_id] = standing(bibs[bib_id])
        answers.append(answer(mine, [(bib_id, prepared[bib_id]) for bib_id in one.bib_ids]))
    return answers


def decide_only(questions: Sequence[Question], bibs: dict[int, Standing]) -> Answered:
    """Answer the questions and make no extracts."""
    return decide(questions, bibs), {}


def decide_and_extract(questions: Sequence[Question], bibs: dict[int, Standing]) -> Answered:
    """Answer the questions, and make the extracts of the bibs that are joined and have none."""
    read = {bib_id: _read(bib) for bib_id, bib in bibs.items() if not isinstance(bib, Kept | bytes)}
    seen = {bib_id: depart(views.match_view(one.record, one.format)) for bib_id, one in read.items()}
    answers = decide(questions, {**bibs, **seen})
    joined = {bib_id for bib_id, decision in answers if decision.band is Band.AUTOMATIC and bib_id in read}
    return answers, {bib_id: _extract(read[bib_id], seen[bib_id]) for bib_id in joined}


def _extract(read: _Read, view: bytes) -> extracts.Extract:
    derived = derivations.derive(DISPLAY_VIEW_TOPIC, views.display_view(read.record, read.format))
    return extracts.pack(content_of(read.raw), view, derived)


def content_of(raw: bytes) -> int:
    """Return the number by which a record is known to be the same, byte for byte: XXH3, signed 64 bits."""
    return xxhash.xxh3_64_intdigest(raw) - (1 << 63)


def compare_again(records: Sequence[Delivered]) -> list[Again]:
    """Say of each record whether it still describes the bib, in order."""
    return [_compare_again(one) for one in records]


def _compare_again(one: Delivered) -> Again:
    mine, theirs = _unpacked(one.view), view_of(one.standing)
    if mine == theirs:
        return Again(None, None)
    decision = scoring.decide(mine, theirs)
    is_other = decision.band is Band.NEW and bool(decision.vetoes)
    if is_other or not one.needs_keys:
        return Again(settled(decision) if is_other else None, None)
    return Again(None, tuple(keys.hashed(key) for key in keys.keys(theirs)))


def standing(bib: Standing) -> comparison.Prepared:
    """Return a bib prepared for comparing."""
    if isinstance(bib, Kept):
        return arriving(extracts.unpack(bib.packed)[0])
    return arriving(bib) if isinstance(bib, bytes) else comparison.prepared(view_of(bib))


def depart(view: marc.MatchView) -> bytes:
    """Return a match view as bytes for another process of this program; `arriving` takes it.

    Every record of a load is sent, few are compared: plain values in one tuple cost a fifth of a pickled dataclass.
    """
    values: list[Any] = list(view)
    for place in _ENUM_PLACES:
        values[place] = values[place]._value_  # `value` is a property written in Python
    return marshal.dumps(tuple(values))


# Asked twice in a row where the bib's record is the same, byte for byte, as the one that arrives.
@functools.lru_cache(maxsize=_KEPT_ARRIVALS)
def arriving(view: bytes) -> comparison.Prepared:
    """Return the match view that a worker made of a record, prepared for comparing."""
    return comparison.prepared(_unpacked(view))


def _unpacked(view: bytes) -> marc.MatchView:
    values: list[Any] = list(marshal.loads(view))  # noqa: S302  Our own worker process wrote it.
    for place, members in _ENUMS:
        values[place] = members[values[place]]
    return marc.MatchView(*values)


_NAMES: Final = marc.MatchView._fields
_KINDS: Final[dict[str, type[enum.StrEnum]]] = {
    "format": marc.Format,
    "material": marc.Material,
    "carrier": marc.Carrier,
    "level": marc.Level,
}
_ENUMS: Final = [(_NAMES.index(name), {member.value: member for member in kind}) for name, kind in _KINDS.items()]
_ENUM_PLACES: Final = [place for place, _ in _ENUMS]


def closeness(mine: comparison.Prepared, theirs: comparison.Prepared) -> int:
    """Return how surely two records are one: 3 the record itself, 2 its description, 1 by the rules, 0 not surely."""
    if mine.view == theirs.view:
        return 3
    bare = [one.view._replace(control_number="", control_agency="") for one in (mine, theirs)]
    if bare[0] == bare[1]:
        return 2
    return int(scoring.decide(mine, theirs).band is Band.AUTOMATIC)


def ruled_out(answer: Answer) -> Answer:
    """Return the answer after a person's word: said not to be the same, whatever the rules find."""
    return answer[0], answer[1]._replace(band=Band.NEW, reason="said-different")


def settled(decision: Decision) -> Settled:
    """Return a decision as it is kept."""
    features = orjson.dumps(list(map(tuple, decision.features)))
    if b"\\u0000" in features:  # A record may hold a NUL, the database's JSON may not.
        features = orjson.dumps([tuple(map(_without_nul, feature)) for feature in decision.features])
    return Settled(decision.band, decision.score, decision.reason, decision.rules_version, features)


def _without_nul(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value


def answer(mine: comparison.Prepared, candidates: Sequence[tuple[int, comparison.Prepared]]) -> Answer:
    """Answer one question whose records are prepared."""
    bib_id, decision = decide_one(mine, candidates)
    return bib_id, settled(decision)


def decide_one(
    mine: comparison.Prepared, candidates: Sequence[tuple[int, comparison.Prepared]]
) -> tuple[int, Decision]:
    """Return the pair that decides: the best match, or where there is none the one that came nearest."""
    choice = scoring.decide_among(mine, candidates)
    if choice.best is None:
        place = max(range(len(candidates)), key=lambda each: choice.decisions[each].score)
    else:
        place = next(each for each, (bib_id, _) in enumerate(candidates) if bib_id == choice.best)
    return candidates[place][0], choice.decisions[place]
