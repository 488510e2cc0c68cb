"""Making two bibs one, and taking that back at any later time, in any order.

A holding remembers its home bib; where it stands follows from the merges that stand. So an un-merge is one edge less,
and every holding whose home lies behind that edge goes home with it, whatever was merged before or after.
The merged record is written as a version of the kept bib; un-merging takes out what the merge brought in, by a
three-way difference, so that later edits stay.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from tongwen.core import audit, events, locks
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, Holding, Merge, Review
from tongwen.domain.catalogue.rules import merge_policy, merging
from tongwen.domain.catalogue.services import storing, versions
from tongwen.domain.catalogue.services.rows import SQL

_REASON = "a merge moves the holdings of every library"
_REVIEWS = "what becomes of a bib answers or ends the reviews of every library that has it in a pair"


@transaction.atomic
def merge(*, kept_id: int, merged_id: int, actor: str, now: dt.datetime) -> int:
    """Move all holdings of one bib to another and redirect its number for ever; returns the merge's number.

    The kept bib gets what the field rules take from both records (rules.merge_policy).

    Raises:
        NotAllowedNow: one of the two is no active bib, or they are the same bib.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    if kept_id == merged_id:
        raise types.NotAllowedNow(f"bib {kept_id} cannot be merged with itself")
    kept, merged = _active(kept_id), _active(merged_id)
    before = kept.version
    storing.forget_keys([merged.pk])
    _compose(kept, merged, actor, now)
    moved = Holding.objects.unscoped(_REASON).filter(bib=merged).update(bib=kept)
    merged.state, merged.merged_into, merged.updated_at = Bib.State.MERGED, kept, now
    merged.save()
    event = Merge.objects.create(
        kept=kept,
        merged=merged,
        version_before=before,
        version_after=kept.version,
        policy_version=merge_policy.POLICY_VERSION,
        moved_holdings=moved,
        actor=actor,
        at=now,
    )
    _answer_reviews(event)
    storing.tell(changed=[kept.pk], removed=[merged.pk])
    events.emit(types.BibsMerged(merge_id=event.pk, kept_id=kept.pk, merged_id=merged.pk))
    audit.record(at=now, actor=actor, action="bib.merge", subject=f"bib {merged.pk}", into=kept.pk)
    return event.pk


def _answer_reviews(event: Merge) -> None:
    """Settle the open reviews of this very pair: the merge is their answer, and undoing it asks them again."""
    pair = [event.kept_id, event.merged_id]
    reviews = Review.objects.unscoped(_REVIEWS).filter(bib_id__in=pair, candidate_id__in=pair, verdict="")
    reviews.update(verdict=types.Verdict.SAME.value, merge=event, decided_by=event.actor, decided_at=event.at)


def _ask_reviews_again(event: Merge) -> None:
    Review.objects.unscoped(_REVIEWS).filter(merge=event).update(verdict="", merge=None, decided_by="", decided_at=None)


def _active(bib_id: int) -> Bib:
    bib = Bib.objects.select_for_update().filter(pk=bib_id).first()
    if bib is None:
        raise types.UnknownBib(f"no bib has the number {bib_id}")
    if bib.state != Bib.State.ACTIVE:
        raise types.NotAllowedNow(f"bib {bib_id} is {bib.state}, not active")
    return bib


def _compose(kept: Bib, merged: Bib, actor: str, now: dt.datetime) -> None:
    """Write what both records give together."""
    own = versions.record_of(kept)
    composed = merging.composed(own, versions.record_of(merged))
    if composed.record != own[0]:
        versions.write(kept, composed.record, composed.format, actor=actor, reason="merged", now=now)


@transaction.atomic
def undo_merge(*, merge_id: int, actor: str, now: dt.datetime) -> tuple[str, ...]:
    """Take a merge back: the merged bib stands again, with every holding whose home lies behind it.

    Edits made since stay, in the bib that was kept. Returns the tags of fields that both the un-merge and a later
    edit concern (rules.merging.taken_out); there a person should look.

    Raises:
        UnknownMerge, NotAllowedNow: it was undone already.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    event = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if event is None:
        raise types.UnknownMerge(f"no merge has the number {merge_id}")
    if event.undone_at is not None:
        raise types.NotAllowedNow(f"merge {merge_id} was undone already")
    survivor_id = survivor(event.kept_id)
    event.undone_at, event.undone_by = now, actor
    event.save()
    _ask_reviews_again(event)
    conflicts = _take_out(event, survivor_id, actor, now)
    merged = Bib.objects.select_for_update().get(pk=event.merged_id)
    merged.merged_into = None
    merged.state = Bib.State.ACTIVE
    merged.updated_at = now
    merged.save()
    storing.add_keys(merged.pk)
    homes = _bibs_below(merged.pk)
    Holding.objects.unscoped(_REASON).filter(home_bib_id__in=homes).update(bib=merged)
    gone = storing.withdraw_without_holdings([merged.pk, survivor_id])
    storing.close_reviews(gone, now)
    storing.tell(changed={merged.pk, survivor_id} - gone, removed=gone)
    events.emit(types.BibsUnmerged(merge_id=event.pk, kept_id=survivor_id, merged_id=merged.pk))
    audit.record(at=now, actor=actor, action="bib.unmerge", subject=f"bib {merged.pk}", out_of=survivor_id)
    return conflicts


def survivor(bib_id: int) -> int:
    """Return the bib that a bib's number leads to by the merges that stand."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["survivor"], {"bib": bib_id})
        return int(cursor.fetchone()[0])


def _bibs_below(bib_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["bibs_below"], {"bib": bib_id})
        return [row[0] for row in cursor.fetchall()]


def _take_out(event: Merge, survivor_id: int, actor: str, now: dt.datetime) -> tuple[str, ...]:
    """Take what the merge brought out of the kept bib, and out of the bib that it has itself been merged into."""
    if event.version_after == event.version_before:
        return ()
    kept = Bib.objects.select_for_update().get(pk=event.kept_id)
    with_other, without_other = (
        versions.record_of(kept, number) for number in (event.version_after, event.version_before)
    )
    tags: set[str] = set()
    for bib_id in dict.fromkeys((event.kept_id, survivor_id)):
        bib = Bib.objects.select_for_update().get(pk=bib_id)
        current = versions.record_of(bib)
        take_out = merging.taken_out if bib_id == event.kept_id else merging.taken_out_behind
        left = take_out(current, with_other, without_other)
        tags.update(left.tags)
        if left.record != current[0]:
            versions.write(bib, left.record, left.format, actor=actor, reason="unmerged", now=now)
    return tuple(sorted(tags))
