"""Public writes of the union catalogue. Batches and reviews are the scoped institution's (core.tenancy)."""

from __future__ import annotations

from contextlib import suppress
from typing import BinaryIO

from django.db import DatabaseError, transaction

from tongwen.core import clock, jobs, locks, tenancy
from tongwen.domain.catalogue import queries, types
from tongwen.domain.catalogue.services import batches, loading, merging, restoring, reverting, rights
from tongwen.domain.catalogue.services.batches import cancel_batch, pause_batch, prioritise_batch, receive_batch
from tongwen.domain.catalogue.services.editing import edit_bib
from tongwen.domain.catalogue.services.loading import expected as load_expected
from tongwen.domain.catalogue.services.loading import explain_failure
from tongwen.domain.catalogue.services.pickup import Pickup
from tongwen.domain.catalogue.services.profiles import remove_profile, save_profile, try_profile
from tongwen.domain.catalogue.services.reviews import decide_review, undo_review
from tongwen.domain.catalogue.services.upkeep import (
    bibs_lacking_keys,
    mend_holdings,
    mend_keys,
    tell_again,
    withdraw_unheld,
)
from tongwen.standards.marc import types as marc

__all__ = [
    "Pickup",
    "batches_without_process",
    "bibs_lacking_keys",
    "cancel_batch",
    "commit_batch",
    "continue_revert",
    "decide_review",
    "edit_bib",
    "explain_failure",
    "forgotten_batches",
    "load_expected",
    "mend_holdings",
    "mend_keys",
    "merge_bibs",
    "merge_bibs_as_operator",
    "pause_batch",
    "pick_up",
    "prioritise_batch",
    "receive_batch",
    "remove_profile",
    "requeue_orphans",
    "restore_version",
    "restore_version_as_operator",
    "resume_batch",
    "revert_batch",
    "revert_batch_now",
    "run_batch",
    "save_profile",
    "start_batch",
    "take_turn",
    "tell_again",
    "try_profile",
    "undo_review",
    "unmerge_bibs",
    "unmerge_bibs_as_operator",
    "withdraw_unheld",
]

RUN_JOB = "catalogue.run_batch"
REVERT_JOB = "catalogue.revert_batch"
_AGAIN_SECONDS = 3
"""A batch whose institution is being worked for looks again after so long."""


def start_batch(
    *,
    institution_id: int,
    file: BinaryIO,
    file_name: str,
    format: marc.Format | None = None,  # noqa: A002  The field's word.
    charset: marc.Charset | None = None,
    preview: bool,
    actor: str,
    profile: str = "",
) -> int:
    """Keep the file and let a worker preview or load it; returns the batch's number.

    Raises:
        UnreadableFile: the file is empty. UnknownProfile. OSError: it cannot be kept.
    """
    batch_id = receive_batch(
        institution_id=institution_id,
        file=file,
        file_name=file_name,
        format=format,
        charset=charset,
        preview=preview,
        actor=actor,
        profile=profile,
    )
    _queue(RUN_JOB, batch_id, institution_id)
    return batch_id


def _queue(
    name: str, batch_id: int, institution_id: int, *, priority: int = 0, seconds: int = 0, actor: str = ""
) -> None:
    jobs.defer(
        name,
        once=batches.job_word(batch_id),
        priority=batches.job_priority(types.Priority(priority)),
        seconds=seconds,
        batch_id=batch_id,
        institution_id=institution_id,
        **({"actor": actor} if actor else {}),
    )


@transaction.atomic
def commit_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker load a previewed batch. Raises UnknownBatch, NotAllowedNow."""
    batches.approve_batch(batch_id=batch_id, actor=actor)
    _queue_again(batch_id)


@transaction.atomic
def resume_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker take up a paused, failed or cancelled batch behind its last committed record."""
    batches.resume_batch(batch_id=batch_id, actor=actor)
    _queue_again(batch_id)


def _queue_again(batch_id: int) -> None:
    batch = queries.batch(batch_id)
    _queue(RUN_JOB, batch_id, batch.institution_id, priority=batch.priority)


@transaction.atomic
def revert_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker take a batch back. Raises UnknownBatch, NotAllowedNow."""
    batches.ask_for_revert(batch_id=batch_id, actor=actor)
    _queue(REVERT_JOB, batch_id, batches.owner(batch_id), actor=actor)


def run_batch(*, batch_id: int, advance: loading.Advance | None = None) -> types.BatchState:
    """Preview or load a batch in this process, with progress. Raises UnreadableFile."""
    return loading.run(batch_id=batch_id, advance=advance)


def take_turn(*, batch_id: int) -> types.BatchState | None:
    """Run whichever batch of the scoped institution is to run next; the batch at hand keeps its place on the queue.

    While another process works for the institution, which may be long, the batch waits on the queue and not in a
    worker, so that other libraries go on; None comes back.

    Raises:
        UnreadableFile: that of the batch that ran.
    """
    institution_id = tenancy.current()
    chosen = batches.next_batch(institution_id)
    if chosen is None:
        return None
    state = None
    try:
        if not locks.is_held(batches.load_lock(institution_id)):
            state = loading.run(batch_id=chosen)
    except Exception:
        with suppress(DatabaseError):
            _keep_place(batch_id)
        raise
    _keep_place(batch_id)
    return state


def _keep_place(batch_id: int) -> None:
    """Let a batch that is still to run wait again."""
    batch = queries.batch(batch_id)
    if batch.is_to_run:
        _queue(RUN_JOB, batch_id, batch.institution_id, priority=batch.priority, seconds=_AGAIN_SECONDS)


def revert_batch_now(*, batch_id: int, actor: str) -> types.BatchState:
    """Take a batch back in this process."""
    batches.ask_for_revert(batch_id=batch_id, actor=actor)
    return reverting.run(batch_id=batch_id, actor=actor)


def continue_revert(*, batch_id: int, actor: str) -> types.BatchState:
    """Go on with a revert that was asked for."""
    return reverting.run(batch_id=batch_id, actor=actor)


def batches_without_process() -> tuple[int, ...]:
    """Return the batches that are to run while no process works for their institution."""
    return tuple(orphan.id for orphan in batches.orphans())


def forgotten_batches() -> tuple[int, ...]:
    """Return the batches that are to run, that no process runs and for which no job waits."""
    return tuple(orphan.id for orphan in batches.forgotten())


def requeue_orphans() -> int:
    """Queue the batches again that a crash has left running without a process; returns how many."""
    number = 0
    for orphan in batches.orphans():
        name = REVERT_JOB if orphan.state == types.BatchState.REVERTING else RUN_JOB
        actor = orphan.created_by if name == REVERT_JOB else ""
        _queue(name, orphan.id, orphan.institution_id, priority=orphan.priority, actor=actor)
        number += 1
    return number


def pick_up(watch: Pickup) -> list[int]:
    """Look into the pick-up folders and queue what was taken; returns the numbers of the new batches."""
    taken = watch.look()
    for batch_id, institution_id in taken:
        _queue(RUN_JOB, batch_id, institution_id)
    return [batch_id for batch_id, _ in taken]


def merge_bibs(*, kept_id: int, merged_id: int, actor: str) -> int:
    """Make two bibs one, as staff of an institution that holds one of them; returns the merge's number.

    Raises:
        UnknownBib, NotAllowedNow, NotPermitted.
    """
    rights.check_holder((kept_id, merged_id))
    return merge_bibs_as_operator(kept_id=kept_id, merged_id=merged_id, actor=actor)


def merge_bibs_as_operator(*, kept_id: int, merged_id: int, actor: str) -> int:
    """Make two bibs one, whoever holds them; returns the merge's number. Raises UnknownBib, NotAllowedNow."""
    return merging.merge(kept_id=kept_id, merged_id=merged_id, actor=actor, now=clock.now())


def unmerge_bibs(*, merge_id: int, actor: str) -> tuple[str, ...]:
    """Take a merge back, as staff of an institution that holds the merged record.

    Returns the tags of fields at which a person should look because of a later edit.

    Raises:
        UnknownMerge, NotAllowedNow, NotPermitted.
    """
    rights.check_holder((queries.survivor(queries.merge(merge_id).kept_id),))
    return unmerge_bibs_as_operator(merge_id=merge_id, actor=actor)


def unmerge_bibs_as_operator(*, merge_id: int, actor: str) -> tuple[str, ...]:
    """Take a merge back, whoever holds the bibs; returns the tags to look at. Raises UnknownMerge, NotAllowedNow."""
    return merging.undo_merge(merge_id=merge_id, actor=actor, now=clock.now())


def restore_version(*, bib_id: int, version: int, seen: int, actor: str) -> int:
    """Make an earlier version the current record, as staff of an institution that holds the bib.

    Raises:
        UnknownBib, UnknownVersion, NotAllowedNow, NotPermitted.
    """
    rights.check_holder((bib_id,))
    return restore_version_as_operator(bib_id=bib_id, version=version, seen=seen, actor=actor)


def restore_version_as_operator(*, bib_id: int, version: int, seen: int, actor: str) -> int:
    """Make an earlier version the current record, whoever holds the bib; returns the new version."""
    return restoring.restore(bib_id=bib_id, version=version, seen=seen, actor=actor, now=clock.now())
