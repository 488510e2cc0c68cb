"""Stored decisions weighed again with other rules: what would change?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import DistinctPair, MatchDecision
from tongwen.domain.catalogue.rules import explanation, policy, scoring

_AT_ONCE = 2_000
_SILENT = frozenset({"", "both-missing"})
"""Outcomes that a demand may name and that are not put into words."""


class Moved(NamedTuple):
    """A decision that would come out otherwise; `words` is its new headline in the active language."""

    bib_id: int
    candidate_id: int
    before: types.Decision
    after: types.Decision
    words: str


class Move(NamedTuple):
    """All decisions that go from one band and cause to another, with a few of them."""

    before: types.Band
    before_reason: str
    after: types.Band
    after_reason: str
    decisions: int
    examples: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What other rules would make of an installation's decisions."""

    rules_version: str
    decisions: int
    before: dict[types.Band, int]
    after: dict[types.Band, int]
    moves: tuple[Move, ...]
    """Only what changes its band, the commonest first."""
    against_a_person: int
    """Pairs of which a person said that they are not the same, and which these rules would merge."""


def rules_versions() -> tuple[str, ...]:
    """Return the versions of the rules that came with this release, the oldest first."""
    return policy.versions()


def replay(*, rules: str = "", examples: int = 3, batch_id: int | None = None) -> Replay:
    """Weigh the stored decisions again, of one batch or of all, and count what changes its band.

    `rules` is a version that came with the release or the path of a TOML file; "" stands for today's rules. Features
    are those that were observed then, in the words of today's comparison (`rules.restating`).

    Raises:
        UnreadableRules: no such version or file, or it cannot be read as rules, or it names what no comparison ever
            observes; says where.
    """
    chosen = _rules(rules)
    before: Counter[types.Band] = Counter()
    after: Counter[types.Band] = Counter()
    moves: dict[tuple[types.Band, str, types.Band, str], tuple[int, tuple[Moved, ...]]] = {}
    merged: set[tuple[int, int]] = set()
    rows = MatchDecision.objects.order_by("pk")
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    for row in rows.iterator(chunk_size=_AT_ONCE):
        old = _stored(row)
        new = scoring.weigh(old.features, rules=chosen)
        # Two candidates that fitted equally well are no matter of weights: the other one is not stored.
        if old.reason == "ambiguous" and new.band is types.Band.AUTOMATIC:
            new = old
        before[old.band] += 1
        after[new.band] += 1
        if new.band is types.Band.AUTOMATIC:
            merged.add((min(row.bib_id, row.candidate_id), max(row.bib_id, row.candidate_id)))
        if new.band is not old.band:
            key = (old.band, old.reason, new.band, new.reason)
            number, shown = moves.get(key, (0, ()))
            if len(shown) < examples:
                words = explanation.headline(new)
                shown = (*shown, Moved(row.bib_id, row.candidate_id, old, new, words))
            moves[key] = number + 1, shown
    found = [Move(*key, number, shown) for key, (number, shown) in moves.items()]
    found.sort(key=lambda move: (-move.decisions, move[:4]))
    total = before.total()
    return Replay(chosen.version, total, dict(before), dict(after), tuple(found), _against_a_person(merged))


def _rules(wanted: str) -> policy.Rules:
    if not wanted:
        return policy.RULES
    if wanted in policy.versions():
        return policy.of_version(wanted)
    found = policy.read(Path(wanted))
    unknown = sorted(" ".join(key) for key in found.named() - explanation.PHRASES.keys() if key[1] not in _SILENT)
    if unknown:
        raise types.UnreadableRules(f"{Path(wanted).name}: no comparison finds {', '.join(unknown)}")
    return found


def _stored(row: MatchDecision) -> types.Decision:
    features = tuple(types.Feature(*feature) for feature in row.features)
    return types.Decision(types.Band(row.band), row.score, features, row.reason, row.rules_version)


def _against_a_person(merged: set[tuple[int, int]]) -> int:
    said = DistinctPair.objects.values_list("lower_id", "higher_id").iterator(chunk_size=_AT_ONCE)
    return sum(pair in merged for pair in said)
