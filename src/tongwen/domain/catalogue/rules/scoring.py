"""From features to a decision: the score, the vetoes, the limits, the band and the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tongwen.domain.catalogue.rules import comparison, restating
from tongwen.domain.catalogue.rules.policy import RULES, Rules
from tongwen.domain.catalogue.types import Band, Decision, Feature
from tongwen.standards.marc import types as marc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What makes a pair in two scripts worth a look although its score is low: the sound of the title and one of these.
_SAME_SOUND_SUPPORT: Final = frozenset(
    {("extent", "equal"), ("extent", "near"), ("authors", "equal"), ("publisher", "equal")}
)


View = marc.MatchView | comparison.Prepared
"""A match view, or its prepared form where the caller keeps one."""


class Choice(NamedTuple):
    """What came of comparing a record with its candidates.

    `best` is the candidate of the deciding pair: the one to merge with (AUTOMATIC) or to show first (REVIEW); None
    for NEW. `decisions` stand in the order of the candidates.
    """

    best: int | None
    band: Band
    decisions: tuple[Decision, ...]


def decide(mine: View, theirs: View, *, rules: Rules = RULES) -> Decision:
    """Decide whether two records describe the same manifestation, with everything that led to it."""
    return _decision(comparison.compare(mine, theirs, rules=rules), rules)


def weigh(features: Sequence[Feature], *, rules: Rules = RULES) -> Decision:
    """Decide again over stored features with (other) rules, without the records: "what would change?"."""
    weighed = [
        feature._replace(
            weight=rules.weights.get(feature[:2], 0.0),
            veto=feature[:2] in rules.vetoes,
        )
        for feature in restating.restated(features)
    ]
    return _decision(tuple(weighed), rules)


def decide_among(view: View, candidates: Sequence[tuple[int, View]], *, rules: Rules = RULES) -> Choice:
    """Decide about a record and its candidates, each with its number.

    The best automatic one wins. Two automatic ones with nearly the same score make it a review, as `ambiguous`:
    the base holds a duplicate, or the record fits two books.
    """
    mine = comparison.prepared(view)
    decisions = [decide(mine, theirs, rules=rules) for _, theirs in candidates]
    places = sorted(range(len(decisions)), key=lambda place: _rank(decisions[place], candidates[place][0]))
    if not places or decisions[places[0]].band is Band.NEW:
        return Choice(None, Band.NEW, tuple(decisions))
    best = decisions[places[0]]
    if best.band is Band.AUTOMATIC and len(places) > 1:
        second = decisions[places[1]]
        if second.band is Band.AUTOMATIC and _total(best) - _total(second) < rules.close_call:
            decisions = [_doubted(decision) for decision in decisions]
    return Choice(candidates[places[0]][0], decisions[places[0]].band, tuple(decisions))


def _rank(decision: Decision, number: int) -> tuple[int, float, int]:
    return _ORDER[decision.band], -_total(decision), number


_ORDER: Final = {Band.AUTOMATIC: 0, Band.REVIEW: 1, Band.NEW: 2}


def _total(decision: Decision) -> float:
    """Return the score before it is capped, so that a perfect pair and a merely good one can be told apart."""
    return sum(feature.weight for feature in decision.features)


def _doubted(decision: Decision) -> Decision:
    """Return an automatic decision as a review because another record fits as well; others as they are."""
    if decision.band is not Band.AUTOMATIC:
        return decision
    return Decision(Band.REVIEW, decision.score, decision.features, "ambiguous", decision.rules_version)


def _decision(features: tuple[Feature, ...], rules: Rules) -> Decision:
    score = strongest = 0.0
    veto = ""
    for name, _, weight, is_veto, _, _ in features:
        score += weight
        if weight > strongest:  # noqa: PLR1730 - max() costs as much as the rest of the loop
            strongest = weight
        if is_veto and not veto:
            veto = name
    band, reason = _band(features, score, strongest, veto, rules)
    return Decision(band, round(min(score, 1.0), 3), features, reason, rules.version)


def _band(features: tuple[Feature, ...], score: float, strongest: float, veto: str, rules: Rules) -> tuple[Band, str]:
    if veto:
        same_source = features[0].name == "same-source" and features[0].outcome == "equal"
        return (Band.REVIEW, f"same-source-but-{veto}") if same_source else (Band.NEW, f"veto-{veto}")
    seen = {feature[:2] for feature in features}
    if strongest >= rules.strongest_at_least and score >= rules.review:
        identified = not rules.strong.isdisjoint(seen)
        limit = _limit(features, seen, rules, identified=identified)
        if limit or score < rules.automatic:
            return Band.REVIEW, limit or "nearly"
        return Band.AUTOMATIC, "identifier-and-title" if identified else "full-description"
    if ("title", "same-sound") in seen and ("year", "equal") in seen and not seen.isdisjoint(_SAME_SOUND_SUPPORT):
        return Band.REVIEW, "limit-title-same-sound"
    if ("same-source", "equal") in seen:
        return Band.REVIEW, "same-source-but-title"
    return Band.NEW, "too-little-in-common"


def _limit(features: tuple[Feature, ...], seen: set[tuple[str, str]], rules: Rules, *, identified: bool) -> str:
    """Return why a pair may not be merged without a person, "" where nothing speaks against it."""
    for feature in features:
        if feature[:2] in rules.limits:
            return f"limit-{feature.name}-{feature.outcome}"
    ancient = seen & rules.limits_unless_same
    outcomes = {feature.name: feature.outcome for feature in features} if ancient or not identified else {}
    if ancient and not _is_provably_the_same(seen, outcomes, rules):
        return f"limit-{min(ancient)[0]}"
    if len(rules.doubts & seen) > rules.doubts_borne:
        return "limit-doubts"
    if not identified and not any(_show(outcomes, demands) for demands in rules.demands):
        return "limit-no-identifier"
    return ""


def _is_provably_the_same(seen: set[tuple[str, str]], outcomes: Mapping[str, str], rules: Rules) -> bool:
    if not rules.proof.isdisjoint(seen) and _show(outcomes, rules.proof_demands):
        return True
    return any(_show(outcomes, demands) for demands in rules.sure_descriptions)


def _show(outcomes: Mapping[str, str], demands: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether every demanded feature has one of the outcomes demanded of it."""
    return all(outcomes.get(name, "") in allowed for name, allowed in demands.items())
