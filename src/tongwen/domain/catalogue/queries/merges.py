"""Merges: which stand behind a bib, what a merge would give, what taking one back would do."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, BibVersion, DistinctPair, Holding
from tongwen.domain.catalogue.models import Merge as MergeRow
from tongwen.domain.catalogue.queries import records
from tongwen.domain.catalogue.rules import explanation, merging, scoring
from tongwen.standards.marc import holdings as marc_holdings
from tongwen.standards.marc import types as marc
from tongwen.standards.marc import views

_PUBLIC = "the holdings of the union catalogue are everybody's to read"


class Merge(NamedTuple):
    """Two bibs made one."""

    id: int
    kept_id: int
    merged_id: int
    merged_title: marc.Text
    moved_holdings: int
    actor: str
    at: dt.datetime
    undone_at: dt.datetime | None
    undone_by: str


class Part(NamedTuple):
    """A field of a record that a merge would give, and whose it is."""

    field: marc.Field
    in_kept: bool
    in_merged: bool


class MergePreview(NamedTuple):
    """What making two bibs one would give. Nothing is written."""

    kept: types.HeldBib
    merged: types.HeldBib
    format: marc.Format
    base_is_merged: bool
    """True where the merged bib's record is the better one and becomes the base."""
    mixed: bool
    """False where the records are of two formats, so that the better one stands alone."""
    parts: tuple[Part, ...]
    left_out: tuple[Part, ...]
    """Fields of the two records that the result does not have."""
    band: types.Band
    words: tuple[str, ...]
    said_different: bool


class UnmergePreview(NamedTuple):
    """What taking a merge back would do. Nothing is written."""

    merge: Merge
    survivor_id: int
    """The bib that has the holdings now."""
    institution_ids: tuple[int, ...]
    """Whose holdings go home; empty where nobody holds the merged bib any more, which then is withdrawn."""
    holdings: int
    leaving: tuple[marc.Field, ...]
    coming_back: tuple[marc.Field, ...]
    tags: tuple[str, ...]
    """Where a later edit met what the merge brought, so that a person should look."""


_BEHIND = """
WITH RECURSIVE behind (id) AS (
    SELECT id FROM merge WHERE kept_id = %(bib)s AND undone_at IS NULL
    UNION
    SELECT m.id FROM merge m JOIN merge above ON m.kept_id = above.merged_id JOIN behind ON behind.id = above.id
    WHERE m.undone_at IS NULL
)
SELECT id FROM behind
"""
_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT %(bib)s::bigint
    UNION
    SELECT merge.merged_id FROM merge JOIN below ON merge.kept_id = below.id
    WHERE merge.undone_at IS NULL
)
SELECT id FROM below
"""


def _numbers(statement: str, bib_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"bib": bib_id})
        return [row[0] for row in cursor.fetchall()]


def bibs_below(bib_id: int) -> tuple[int, ...]:
    """Return the numbers that lead to this bib by merges that stand, its own first."""
    return tuple(sorted(_numbers(_BELOW, bib_id), key=lambda number: (number != bib_id, number)))


def holds_one_of(bib_ids: tuple[int, ...]) -> bool:
    """Tell whether the institution in scope holds one of the bibs. Raises NoScope."""
    return Holding.objects.filter(bib_id__in=bib_ids).exists()


def _merges(rows: list[Any]) -> tuple[Merge, ...]:
    bibs = records.bibs([row.merged_id for row in rows])
    return tuple(
        Merge(
            id=row.pk,
            kept_id=row.kept_id,
            merged_id=row.merged_id,
            merged_title=bibs[row.merged_id].view.title if row.merged_id in bibs else marc.Text(""),
            moved_holdings=row.moved_holdings,
            actor=row.actor,
            at=row.at,
            undone_at=row.undone_at,
            undone_by=row.undone_by,
        )
        for row in rows
    )


def merge(merge_id: int) -> Merge:
    """Return one merge, undone or not. Raises UnknownMerge."""
    return _merges([_row(merge_id)])[0]


def _row(merge_id: int) -> MergeRow:
    row = MergeRow.objects.filter(pk=merge_id).first()
    if row is None:
        raise types.UnknownMerge(f"no merge has the number {merge_id}")
    return row


def merges(bib_id: int) -> tuple[Merge, ...]:
    """Return the merges that stand behind a bib, those of bibs merged into it included, the newest first."""
    numbers = _numbers(_BEHIND, bib_id)
    return _merges(list(MergeRow.objects.filter(pk__in=numbers).order_by("-pk")))


def undone_merges(bib_id: int) -> tuple[Merge, ...]:
    """Return the merges of a bib, with itself on either side, that were taken back, the newest first."""
    rows = MergeRow.objects.filter(Q(kept_id=bib_id) | Q(merged_id=bib_id), undone_at__isnull=False)
    return _merges(list(rows.order_by("-pk")))


def merge_preview(kept_id: int, merged_id: int) -> MergePreview:
    """Return what `services.merge_bibs` would write, field by field.

    Raises:
        UnknownBib, NotAllowedNow: one of the two is no active bib, or they are the same.
    """
    kept, merged = _active(kept_id), _active(merged_id)
    if kept_id == merged_id:
        raise types.NotAllowedNow(f"bib {kept_id} cannot be merged with itself")
    composed = merging.composed((kept.bib.record, kept.bib.format), (merged.bib.record, merged.bib.format))
    mine, theirs = (frozenset(held.bib.record.fields) for held in (kept, merged))
    result = marc_holdings.without_local(composed.record, composed.format)
    taken = frozenset(composed.record.fields)
    decision = scoring.decide(*(views.match_view(held.bib.record, held.bib.format) for held in (merged, kept)))
    lower, higher = sorted((kept_id, merged_id))
    return MergePreview(
        kept=kept,
        merged=merged,
        format=composed.format,
        base_is_merged=composed.base_is_other,
        mixed=kept.bib.format is merged.bib.format,
        parts=tuple(Part(field, field in mine, field in theirs) for field in result.fields),
        left_out=tuple(
            Part(field, held is kept, held is merged)
            for held in (kept, merged)
            for field in marc_holdings.without_local(held.bib.record, held.bib.format).fields
            if field not in taken
        ),
        band=decision.band,
        words=explanation.explain(decision),
        said_different=DistinctPair.objects.filter(lower_id=lower, higher_id=higher).exists(),
    )


def _active(bib_id: int) -> types.HeldBib:
    held = records.held_bib(bib_id)
    if held.bib.merged_into is not None:
        raise types.NotAllowedNow(f"bib {bib_id} is merged into {records.survivor(bib_id)}, not active")
    return held


def unmerge_preview(merge_id: int) -> UnmergePreview:
    """Return what `services.unmerge_bibs` would do now.

    Raises:
        UnknownMerge, NotAllowedNow: it was undone already.
    """
    row = _row(merge_id)
    if row.undone_at is not None:
        raise types.NotAllowedNow(f"merge {merge_id} was undone already")
    survivor_id = records.survivor(row.kept_id)
    homes = _numbers(_BELOW, row.merged_id)
    going = list(
        Holding.objects.unscoped(_PUBLIC).filter(home_bib_id__in=homes).values_list("institution_id", flat=True)
    )
    before, after, tags = _without(row, survivor_id)
    return UnmergePreview(
        merge=_merges([row])[0],
        survivor_id=survivor_id,
        institution_ids=tuple(sorted(set(going))),
        holdings=len(going),
        leaving=_less(before, after),
        coming_back=_less(after, before),
        tags=tags,
    )


def _without(row: MergeRow, survivor_id: int) -> tuple[merging.State, merging.State, tuple[str, ...]]:
    """Return the surviving bib's record as it is, as it would be without the merge, and the tags to look at."""
    current = _state(survivor_id)
    if row.version_after == row.version_before:
        return current, current, ()
    with_other, without_other = (_state(row.kept_id, number) for number in (row.version_after, row.version_before))
    left = merging.taken_out(_state(row.kept_id), with_other, without_other)
    tags = set(left.tags)
    if survivor_id != row.kept_id:
        left = merging.taken_out_behind(current, with_other, without_other)
        tags.update(left.tags)
    return current, (left.record, left.format), tuple(sorted(tags))


def _state(bib_id: int, number: int | None = None) -> merging.State:
    wanted = Bib.objects.values_list("version", flat=True).get(pk=bib_id) if number is None else number
    row = BibVersion.objects.get(bib_id=bib_id, version=wanted)
    return records.decoded(row.record, row.charset, row.format), marc.Format(row.format)


def _less(first: merging.State, second: merging.State) -> tuple[marc.Field, ...]:
    """Return the fields of the first record that the second does not have, local ones left out."""
    present = frozenset(second[0].fields)
    return tuple(field for field in marc_holdings.without_local(*first).fields if field not in present)
