"""Making two bibs one, and taking that back. A merge is an event: what was kept, what moved, who said so."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from tongwen.core import audit, locks
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, Holding, Merge
from tongwen.domain.catalogue.services import storing
from tongwen.domain.catalogue.services.rows import SQL

_REASON = "a merge moves the holdings of every library"


@transaction.atomic
def merge(*, kept_id: int, merged_id: int, actor: str, now: dt.datetime) -> int:
    """Move all holdings of one bib to another and redirect its number for ever; returns the merge's number.

    Raises:
        NotAllowedNow: one of the two is no active bib.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    kept, merged = _active(kept_id), _active(merged_id)
    holding_ids = _move_all(merged, kept)
    storing.forget_keys([merged.pk])
    merged.state, merged.merged_into, merged.updated_at = Bib.State.MERGED, kept, now
    merged.save()
    event = Merge.objects.create(kept=kept, merged=merged, holding_ids=holding_ids, actor=actor, at=now)
    storing.tell(changed=[kept.pk], removed=[merged.pk])
    audit.record(at=now, actor=actor, action="bib.merge", subject=f"bib {merged.pk}", into=kept.pk)
    return event.pk


def _active(bib_id: int) -> Bib:
    bib = Bib.objects.select_for_update().get(pk=bib_id)
    if bib.state != Bib.State.ACTIVE:
        raise types.NotAllowedNow(f"bib {bib_id} is {bib.state}, not active")
    return bib


def _move_all(source: Bib, target: Bib) -> list[int]:
    """Point the holdings to the target; a record that was kept as the source's version goes along as its own bytes."""
    with connection.cursor() as cursor:
        cursor.execute(SQL["move_holdings"], {"source": source.pk, "target": target.pk})
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def undo_merge(*, merge_id: int, actor: str, now: dt.datetime) -> None:
    """Send the holdings that a merge moved home, if they are still there, and bring the merged bib back.

    Raises:
        NotAllowedNow: it was undone already, or the kept bib has itself been merged since.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    event = Merge.objects.select_for_update().get(pk=merge_id)
    if event.undone_at is not None:
        raise types.NotAllowedNow(f"merge {merge_id} was undone already")
    _active(event.kept_id)
    merged = event.merged
    Holding.objects.unscoped(_REASON).filter(pk__in=event.holding_ids, bib_id=event.kept_id).update(bib=merged)
    merged.state, merged.merged_into, merged.updated_at = Bib.State.ACTIVE, None, now
    merged.save()
    storing.add_keys(merged.pk)
    event.undone_at = now
    event.save()
    storing.tell(changed=[event.kept_id, merged.pk])
    audit.record(at=now, actor=actor, action="bib.unmerge", subject=f"bib {merged.pk}", out_of=event.kept_id)
