"""Reading reviews, in the scope of the library whose load raised them; and explaining any pair."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import DistinctPair, Review
from tongwen.domain.catalogue.queries import records
from tongwen.domain.catalogue.queries.decisions import stored
from tongwen.domain.catalogue.queries.merges import bibs_below
from tongwen.domain.catalogue.rules import explanation, scoring
from tongwen.standards.marc import types as marc
from tongwen.standards.marc import views

PAGE = 50


class ReviewLine(NamedTuple):
    """A review in a list, with the titles of its two bibs."""

    review: types.Review
    incoming: marc.Text
    candidate: marc.Text


def _review(row: Review) -> types.Review:
    verdict = types.Verdict(row.verdict) if row.verdict in set(types.Verdict) else None
    return types.Review(
        id=row.pk,
        batch_id=row.batch_id,
        institution_id=row.institution_id,
        bib_id=row.bib_id,
        candidate_id=row.candidate_id,
        decision=stored(row.decision),
        created_at=row.created_at,
        verdict=verdict,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        undoable=verdict is not None,
    )


def _open(institution_id: int) -> Any:
    return Review.objects.filter(institution_id=institution_id, verdict="").select_related("decision")


def reviews(institution_id: int, page: int = 1, *, reason: str = "") -> tuple[ReviewLine, ...]:
    """Return a page of the open reviews, those with the same cause together."""
    rows = _open(institution_id)
    if reason:
        rows = rows.filter(decision__reason=reason)
    start = (page - 1) * PAGE
    found = list(rows.order_by("decision__reason", "pk")[start : start + PAGE])
    pairs = records.bibs([bib_id for row in found for bib_id in (row.bib_id, row.candidate_id)])
    return tuple(
        ReviewLine(_review(row), _title(pairs.get(row.bib_id)), _title(pairs.get(row.candidate_id))) for row in found
    )


def _title(bib: types.Bib | None) -> marc.Text:
    return bib.view.title if bib else marc.Text("")


def review_count(institution_id: int) -> int:
    """Return how many reviews of the institution are open."""
    return int(_open(institution_id).count())


def review_reasons(institution_id: int) -> tuple[tuple[str, int], ...]:
    """Return the causes of the open reviews with their numbers, the commonest first."""
    rows = _open(institution_id).values_list("decision__reason").annotate(number=Count("pk"))
    return tuple(rows.order_by("-number", "decision__reason"))


def review_cause(reason: str) -> str:
    """Return the heading of the reviews with this cause, in the active language; the word itself if it is unknown."""
    return explanation.cause(reason)


def next_review(institution_id: int, after: int = 0) -> int | None:
    """Return the open review that comes next in the queue's order, from the start again at its end."""
    order = list(_open(institution_id).order_by("decision__reason", "pk").values_list("pk", flat=True)[:5_000])
    if after in order:
        order = order[order.index(after) + 1 :] + order[: order.index(after)]
    return order[0] if order else None


def review_pair(review_id: int) -> types.ReviewPair:
    """Return a review with both records and the decision in words, in the active language.

    A decided pair comes as it was when it was decided: each record in its version of then, with the holdings that
    came with it, though a merge has made the two one since.

    Raises:
        UnknownReview: the institution in scope has none with this number, or one of its bibs is withdrawn.
    """
    row = Review.objects.filter(pk=review_id).select_related("decision").first()
    if row is None:
        raise types.UnknownReview(f"no review {review_id} of this institution")
    review = _review(row)
    try:
        incoming, candidate = _as_decided(review) if review.verdict else _as_they_are(review)
    except types.UnknownBib as error:
        raise types.UnknownReview(str(error)) from None
    return types.ReviewPair(review, incoming, candidate, explanation.explain(review.decision))


def _as_they_are(review: types.Review) -> tuple[types.HeldBib, types.HeldBib]:
    return records.held_bib(review.bib_id), records.held_bib(review.candidate_id)


def _as_decided(review: types.Review) -> tuple[types.HeldBib, types.HeldBib]:
    pair = (review.bib_id, review.candidate_id)
    found = records.bibs_before(pair, review.decided_at) if review.decided_at else {}
    if len(found) < len(set(pair)):
        raise types.UnknownBib(f"a bib of review {review.id} is withdrawn")
    incoming, candidate = (set(bibs_below(bib_id)) for bib_id in pair)
    if incoming < candidate:
        candidate -= incoming
    elif candidate < incoming:
        incoming -= candidate
    sides = zip(pair, (incoming, candidate), strict=True)
    mine, theirs = (types.HeldBib(found[one], records.holdings_at_home(sorted(homes))) for one, homes in sides)
    return mine, theirs


class Explained(NamedTuple):
    """A decision about any two bibs, made now, with its words, and what a person said of the pair before."""

    decision: types.Decision
    words: tuple[str, ...]
    said_different: bool


def explain_pair(bib_id: int, other_id: int) -> Explained:
    """Compare two bibs by today's rules and say in words what comes out. Raises UnknownBib."""
    first, second = (views.match_view(one.record, one.format) for one in (records.bib(bib_id), records.bib(other_id)))
    decision = scoring.decide(first, second)
    lower, higher = sorted((bib_id, other_id))
    said = DistinctPair.objects.filter(lower_id=lower, higher_id=higher).exists()
    return Explained(decision, explanation.explain(decision), said)
