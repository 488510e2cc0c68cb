"""Handing in a file, committing its preview, pausing, cancelling, taking it up again, asking for its revert."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from django.db import transaction

from tongwen.core import audit, blobs, clock, jobs, locks, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch
from tongwen.domain.catalogue.services import profiles
from tongwen.standards.marc import types as marc

_State = types.BatchState
_TO_RUN = (_State.PREVIEWING, _State.LOADING)

FAILED_REVERTS = "failed_reverts"
"""Where a batch's evidence counts the tries of a revert that cannot be done."""


def receive_batch(
    *,
    institution_id: int,
    file: BinaryIO,
    file_name: str,
    actor: str,
    preview: bool,
    format: marc.Format | None = None,  # noqa: A002  The field's word.
    charset: marc.Charset | None = None,
    profile: str = "",
) -> int:
    """Keep the file and enter the batch, to be previewed or loaded by whoever runs it; returns its number.

    `profile` names one of the library's profiles; format and charset that are given go before what it says.

    Raises:
        UnreadableFile: the file is empty.
        UnknownProfile: the library has no profile of this name.
        OSError: it cannot be kept (disk full).
    """
    with tenancy.scope(institution_id):
        facts = profiles.facts_for_batch(profile)
    key, size = blobs.keep(file)
    if not size:
        raise types.UnreadableFile("empty", "the file is empty")
    declared = (facts or {}).get
    with tenancy.scope(institution_id), transaction.atomic():
        batch = Batch.objects.create(
            institution_id=institution_id,
            file_name=file_name[-255:],
            blob=key,
            size=size,
            format=format or declared("format") or "",
            charset=charset or declared("charset") or "",
            profile=facts,
            state=_State.PREVIEWING if preview else _State.LOADING,
            created_by=actor,
            created_at=clock.now(),
        )
        _audit(batch, actor, "batch.receive", **({"profile": profile} if profile else {}))
    return batch.pk


def _audit(batch: Batch, actor: str, action: str, **detail: str) -> None:
    audit.record(
        at=clock.now(),
        actor=actor,
        action=action,
        subject=f"batch {batch.pk}",
        institution_id=batch.institution_id,
        file=batch.file_name,
        **detail,
    )


def _locked(batch_id: int) -> Batch:
    try:
        return Batch.objects.select_for_update().get(pk=batch_id)
    except Batch.DoesNotExist:
        raise types.UnknownBatch(f"no batch {batch_id} of this institution") from None


@transaction.atomic
def _change_state(batch_id: int, actor: str, action: str, allowed: tuple[_State, ...], new: _State) -> None:
    batch = _locked(batch_id)
    if batch.state not in allowed:
        raise types.NotAllowedNow(
            f"batch {batch_id} is {batch.state}; this needs it to be {' or '.join(state.value for state in allowed)}"
        )
    batch.state = new.value
    batch.message = ""
    if new is _State.LOADING:
        batch.started_at = None  # It waits for a process.
    batch.save(update_fields=["state", "message", "started_at"])
    _audit(batch, actor, action)


def approve_batch(*, batch_id: int, actor: str) -> None:
    """Let a previewed batch be loaded; what the preview found is found anew.

    Raises:
        UnknownBatch, NotAllowedNow
    """
    _change_state(batch_id, actor, "batch.approve", (_State.PREVIEWED,), _State.LOADING)
    with transaction.atomic():
        _locked(batch_id).batchproblem_set.all().delete()


@transaction.atomic
def resume_batch(*, batch_id: int, actor: str) -> None:
    """Take up a paused, failed or cancelled load behind its last committed record.

    Raises:
        UnknownBatch
        NotAllowedNow: it is none of these, or a revert of it has failed.
    """
    if FAILED_REVERTS in _locked(batch_id).evidence:
        raise types.NotAllowedNow(f"batch {batch_id} is partly taken back; revert it again, then load its file anew")
    allowed = (_State.PAUSED, _State.FAILED, _State.CANCELLED)
    _change_state(batch_id, actor, "batch.resume", allowed, _State.LOADING)


def pause_batch(*, batch_id: int, actor: str) -> None:
    """Stop a load after the chunk at hand; it keeps its place until it is resumed."""
    _change_state(batch_id, actor, "batch.pause", (_State.LOADING,), _State.PAUSED)


@transaction.atomic
def prioritise_batch(*, batch_id: int, priority: types.Priority, actor: str) -> None:
    """Say when a batch runs among those that wait.

    Raises:
        UnknownBatch
        NotAllowedNow: it is done, or being taken back.
    """
    batch = _locked(batch_id)
    if batch.state not in (*_TO_RUN, _State.PREVIEWED, _State.PAUSED, _State.FAILED, _State.CANCELLED):
        raise types.NotAllowedNow(f"batch {batch_id} is {batch.state}; it does not wait for anything")
    batch.priority = priority.value
    batch.save(update_fields=["priority"])
    jobs.reprioritise(job_word(batch_id), job_priority(priority))
    _audit(batch, actor, "batch.prioritise", priority=priority.name.lower())


def job_word(batch_id: int) -> str:
    """Return the word under which a batch's job waits on the queue, once."""
    return f"batch {batch_id}"


def job_priority(priority: types.Priority) -> int:
    """Return a batch's place on the queue of all libraries: SOONER counts among a library's own batches only."""
    return {types.Priority.FIRST: 10, types.Priority.LATER: -10}.get(priority, 0)


def next_batch(institution_id: int) -> int | None:
    """Return which batch of the institution in scope is to run next, None where none waits."""
    waiting = Batch.objects.filter(institution_id=institution_id, state__in=[state.value for state in _TO_RUN])
    return waiting.order_by("-priority", "pk").values_list("pk", flat=True).first()


def cancel_batch(*, batch_id: int, actor: str) -> None:
    """Stop a batch; what is committed stays (and can be reverted or resumed)."""
    allowed = (_State.PREVIEWING, _State.PREVIEWED, _State.LOADING, _State.PAUSED)
    _change_state(batch_id, actor, "batch.cancel", allowed, _State.CANCELLED)


@transaction.atomic
def ask_for_revert(*, batch_id: int, actor: str) -> None:
    """Mark a batch as to be taken back; `reverting.run` does it."""
    allowed = (_State.LOADED, _State.PAUSED, _State.CANCELLED, _State.FAILED)
    _change_state(batch_id, actor, "batch.revert", allowed, _State.REVERTING)
    batch = _locked(batch_id)
    if batch.evidence.pop(FAILED_REVERTS, None) is not None:  # A person asks again: it is tried as often again.
        batch.save(update_fields=["evidence"])


def owner(batch_id: int) -> int:
    """Return the institution of a batch in scope."""
    try:
        return Batch.objects.values_list("institution_id", flat=True).get(pk=batch_id)
    except Batch.DoesNotExist:
        raise types.UnknownBatch(f"no batch {batch_id} of this institution") from None


class Orphan(NamedTuple):
    """A batch that is to run and that nobody runs."""

    id: int
    institution_id: int
    state: str
    created_by: str
    priority: int


def orphans() -> list[Orphan]:
    """Return the batches that are to run while no process works for their institution; their jobs may wait."""
    running = (*_TO_RUN, _State.REVERTING)
    rows = Batch.objects.unscoped("the installation's upkeep looks after every library's batches")
    found = rows.filter(state__in=[state.value for state in running]).order_by("pk")
    rows_found = found.values_list("pk", "institution_id", "state", "created_by", "priority")
    return [Orphan(*row) for row in rows_found if not locks.is_held(load_lock(row[1]))]


def forgotten() -> list[Orphan]:
    """Return the orphans for which no job waits either: nobody will run them."""
    return [orphan for orphan in orphans() if not jobs.waits(job_word(orphan.id))]


def load_lock(institution_id: int) -> str:
    """Return the name of the lock that a process holds while it runs a batch of the institution."""
    return f"catalogue.load.{institution_id}"
