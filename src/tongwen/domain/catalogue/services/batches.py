"""Handing in a file, committing its preview, cancelling it, taking it up again, asking for its revert."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from tongwen.core import audit, blobs, clock, locks, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch
from tongwen.standards.marc import types as marc

_State = types.BatchState


def receive_batch(
    *,
    institution_id: int,
    file: BinaryIO,
    file_name: str,
    actor: str,
    preview: bool,
    format: marc.Format | None = None,  # noqa: A002  The field's word.
    charset: marc.Charset | None = None,
) -> int:
    """Keep the file and enter the batch, to be previewed or loaded by whoever runs it; returns its number.

    Raises:
        UnreadableFile: the file is empty.
        OSError: it cannot be kept (disk full).
    """
    key, size = blobs.keep(file)
    if not size:
        raise types.UnreadableFile("empty", "the file is empty")
    with tenancy.scope(institution_id), transaction.atomic():
        batch = Batch.objects.create(
            institution_id=institution_id,
            file_name=file_name[-255:],
            blob=key,
            size=size,
            format=format.value if format else "",
            charset=charset.value if charset else "",
            state=_State.PREVIEWING if preview else _State.LOADING,
            created_by=actor,
            created_at=clock.now(),
        )
        _audit(batch, actor, "batch.receive")
    return batch.pk


def _audit(batch: Batch, actor: str, action: str) -> None:
    audit.record(
        at=clock.now(),
        actor=actor,
        action=action,
        subject=f"batch {batch.pk}",
        institution_id=batch.institution_id,
        file=batch.file_name,
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
    batch.save(update_fields=["state", "message"])
    _audit(batch, actor, action)


def approve_batch(*, batch_id: int, actor: str) -> None:
    """Let a previewed batch be loaded; what the preview found is found anew.

    Raises:
        UnknownBatch, NotAllowedNow
    """
    _change_state(batch_id, actor, "batch.approve", (_State.PREVIEWED,), _State.LOADING)
    with transaction.atomic():
        _locked(batch_id).batchproblem_set.all().delete()


def resume_batch(*, batch_id: int, actor: str) -> None:
    """Take up a failed or cancelled load behind its last committed record."""
    _change_state(batch_id, actor, "batch.resume", (_State.FAILED, _State.CANCELLED), _State.LOADING)


def cancel_batch(*, batch_id: int, actor: str) -> None:
    """Stop a batch; what is committed stays (and can be reverted or resumed)."""
    allowed = (_State.PREVIEWING, _State.PREVIEWED, _State.LOADING)
    _change_state(batch_id, actor, "batch.cancel", allowed, _State.CANCELLED)


def ask_for_revert(*, batch_id: int, actor: str) -> None:
    """Mark a batch as to be taken back; `reverting.run` does it."""
    allowed = (_State.LOADED, _State.CANCELLED, _State.FAILED)
    _change_state(batch_id, actor, "batch.revert", allowed, _State.REVERTING)


def owner(batch_id: int) -> int:
    """Return the institution of a batch in scope."""
    try:
        return Batch.objects.values_list("institution_id", flat=True).get(pk=batch_id)
    except Batch.DoesNotExist:
        raise types.UnknownBatch(f"no batch {batch_id} of this institution") from None


def orphans() -> list[tuple[int, int, str, str]]:
    """Return (batch, institution, state, who handed it in) of the batches that are to run and that nobody runs."""
    running = (_State.PREVIEWING.value, _State.LOADING.value, _State.REVERTING.value)
    rows = Batch.objects.unscoped("the installation's upkeep looks after every library's batches")
    found = rows.filter(state__in=running).values_list("pk", "institution_id", "state", "created_by")
    return [row for row in found.order_by("pk") if not locks.is_held(load_lock(row[1]))]


def load_lock(institution_id: int) -> str:
    """Return the name of the lock that a process holds while it runs a batch of the institution."""
    return f"catalogue.load.{institution_id}"
