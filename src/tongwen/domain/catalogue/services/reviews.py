"""What a person says of a pair: the same, or not the same; both can be taken back."""

from __future__ import annotations

from django.db import transaction

from tongwen.core import audit, clock
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import DistinctPair, Review
from tongwen.domain.catalogue.services import merging


def _locked(review_id: int) -> Review:
    try:
        return Review.objects.select_for_update(of=("self",)).get(pk=review_id)
    except Review.DoesNotExist:
        raise types.UnknownReview(f"no review {review_id} of this institution") from None


@transaction.atomic
def decide_review(*, review_id: int, verdict: types.Verdict, actor: str) -> None:
    """Write the verdict down; SAME merges the incoming bib into the candidate, DIFFERENT is remembered for ever.

    Where one of the two has been merged since, the bib that it leads to takes its place.

    Raises:
        UnknownReview, NotAllowedNow: decided already, or one of the two bibs is no longer active.
    """
    review = _locked(review_id)
    if review.verdict:
        raise types.NotAllowedNow(f"review {review_id} was decided already: {review.verdict}")
    now = clock.now()
    if verdict is types.Verdict.SAME:
        kept, merged = merging.survivor(review.candidate_id), merging.survivor(review.bib_id)
        if kept != merged:
            review.merge_id = merging.merge(kept_id=kept, merged_id=merged, actor=actor, now=now)
    else:
        lower, higher = sorted((review.bib_id, review.candidate_id))
        DistinctPair.objects.get_or_create(
            lower_id=lower, higher_id=higher, defaults={"decided_by": actor, "decided_at": now}
        )
    review.verdict, review.decided_by, review.decided_at = verdict.value, actor, now
    review.save()
    _audit(review, actor, f"review.{verdict.value}")


@transaction.atomic
def undo_review(*, review_id: int, actor: str) -> None:
    """Open a decided pair again and take back what the verdict did."""
    review = _locked(review_id)
    if review.verdict not in (types.Verdict.SAME, types.Verdict.DIFFERENT):
        raise types.NotAllowedNow(f"review {review_id} has no verdict to take back")
    if review.verdict == types.Verdict.SAME:
        merge_id, review.merge_id = review.merge_id, None
        if merge_id is not None:  # None where other merges had made the two one already.
            merging.undo_merge(merge_id=merge_id, actor=actor, now=clock.now())
    else:
        lower, higher = sorted((review.bib_id, review.candidate_id))
        DistinctPair.objects.filter(lower_id=lower, higher_id=higher).delete()
    review.verdict, review.decided_by, review.decided_at = "", "", None
    review.save()
    _audit(review, actor, "review.undo")


def _audit(review: Review, actor: str, action: str) -> None:
    audit.record(
        at=clock.now(),
        actor=actor,
        action=action,
        subject=f"review {review.pk}",
        institution_id=review.institution_id,
        bib=review.bib_id,
        candidate=review.candidate_id,
    )
