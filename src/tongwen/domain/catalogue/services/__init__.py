"""Public writes of the union catalogue. Batches and reviews are the scoped institution's (core.tenancy)."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from tongwen.core import clock, jobs
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.services import batches, loading, merging, reverting
from tongwen.domain.catalogue.services.batches import cancel_batch, receive_batch
from tongwen.domain.catalogue.services.editing import edit_bib
from tongwen.domain.catalogue.services.loading import explain_failure
from tongwen.domain.catalogue.services.reviews import decide_review, undo_review
from tongwen.standards.marc import types as marc

__all__ = [
    "cancel_batch",
    "commit_batch",
    "continue_revert",
    "decide_review",
    "edit_bib",
    "explain_failure",
    "merge_bibs",
    "receive_batch",
    "requeue_orphans",
    "resume_batch",
    "revert_batch",
    "revert_batch_now",
    "run_batch",
    "start_batch",
    "undo_review",
    "unmerge_bibs",
]

RUN_JOB = "catalogue.run_batch"
REVERT_JOB = "catalogue.revert_batch"


def start_batch(
    *,
    institution_id: int,
    file: BinaryIO,
    file_name: str,
    format: marc.Format | None = None,  # noqa: A002  The field's word.
    charset: marc.Charset | None = None,
    preview: bool,
    actor: str,
) -> int:
    """Keep the file and let a worker preview or load it; returns the batch's number.

    Raises:
        UnreadableFile: the file is empty. OSError: it cannot be kept.
    """
    batch_id = receive_batch(
        institution_id=institution_id,
        file=file,
        file_name=file_name,
        format=format,
        charset=charset,
        preview=preview,
        actor=actor,
    )
    _queue(RUN_JOB, batch_id, institution_id)
    return batch_id


def _queue(name: str, batch_id: int, institution_id: int, **more: str) -> None:
    jobs.defer(
        name,
        once=f"batch {batch_id}",
        batch_id=batch_id,
        institution_id=institution_id,
        **more,
    )


@transaction.atomic
def commit_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker load a previewed batch. Raises UnknownBatch, NotAllowedNow."""
    batches.approve_batch(batch_id=batch_id, actor=actor)
    _queue(RUN_JOB, batch_id, batches.owner(batch_id))


@transaction.atomic
def resume_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker take up a failed or cancelled batch behind its last committed record."""
    batches.resume_batch(batch_id=batch_id, actor=actor)
    _queue(RUN_JOB, batch_id, batches.owner(batch_id))


@transaction.atomic
def revert_batch(*, batch_id: int, actor: str) -> None:
    """Let a worker take a batch back. Raises UnknownBatch, NotAllowedNow."""
    batches.ask_for_revert(batch_id=batch_id, actor=actor)
    _queue(REVERT_JOB, batch_id, batches.owner(batch_id), actor=actor)


def run_batch(*, batch_id: int, advance: loading.Advance | None = None) -> types.BatchState:
    """Preview or load a batch in this process, with progress. Raises UnreadableFile."""
    return loading.run(batch_id=batch_id, advance=advance)


def revert_batch_now(*, batch_id: int, actor: str) -> types.BatchState:
    """Take a batch back in this process."""
    batches.ask_for_revert(batch_id=batch_id, actor=actor)
    return reverting.run(batch_id=batch_id, actor=actor)


def continue_revert(*, batch_id: int, actor: str) -> types.BatchState:
    """Go on with a revert that was asked for."""
    return reverting.run(batch_id=batch_id, actor=actor)


def requeue_orphans() -> int:
    """Queue the batches again that a crash has left running without a process; returns how many."""
    number = 0
    for batch_id, institution_id, state, actor in batches.orphans():
        name = REVERT_JOB if state == types.BatchState.REVERTING else RUN_JOB
        more = {"actor": actor} if name == REVERT_JOB else {}
        _queue(name, batch_id, institution_id, **more)
        number += 1
    return number


def merge_bibs(*, kept_id: int, merged_id: int, actor: str) -> int:
    """Make two bibs one; returns the merge's number. Raises UnknownBib, NotAllowedNow."""
    return merging.merge(kept_id=kept_id, merged_id=merged_id, actor=actor, now=clock.now())


def unmerge_bibs(*, merge_id: int, actor: str) -> tuple[str, ...]:
    """Take a merge back; returns the tags at which a later edit stands. Raises UnknownMerge, NotAllowedNow."""
    return merging.undo_merge(merge_id=merge_id, actor=actor, now=clock.now())
