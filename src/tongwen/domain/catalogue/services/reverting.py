"""Taking a batch back: new holdings go, others become what they were, bibs that nobody holds are withdrawn.

What others have changed since is left as it is and listed. Works through the journal in pieces, each committed with
its marks, so that a revert that was killed goes on.
"""

from __future__ import annotations

import base64
from typing import Any

import orjson
import structlog
from django.db import OperationalError, connection, transaction

from tongwen.core import audit, clock, jobs, locks, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch, BatchEntry, Bib, Holding
from tongwen.domain.catalogue.services import batches, merging, overlay, storing, versions
from tongwen.domain.catalogue.services.rows import SQL

logger = structlog.get_logger("tongwen.catalogue.reverting")

_TRIES = 3
"""Times in a row that a revert may stop before it is given up."""

_PIECE = 250
"""Entries that are taken back while others wait for the write lock."""


def run(*, batch_id: int, actor: str) -> types.BatchState:
    """Revert a batch that is REVERTING, in the scope of its institution; returns REVERTED.

    Where that stops with an error three times without having come further, the batch is FAILED and says why.
    """
    with locks.hold(batches.load_lock(batches.owner(batch_id)), meanwhile=jobs.check_stopping):
        pieces = 0
        try:
            while _revert_piece(batch_id, actor):
                pieces += 1
                jobs.check_stopping()
        except jobs.Stopping:
            raise
        except Exception as error:
            if isinstance(error, OperationalError) and not connection.is_usable():
                raise  # The server is gone, which is not the batch's fault.
            _note_failure(batch_id, error, is_first=pieces > 0)
            raise
    with transaction.atomic():
        Batch.objects.filter(pk=batch_id, state=types.BatchState.REVERTING).update(
            state=types.BatchState.REVERTED, finished_at=clock.now()
        )
        batch = Batch.objects.get(pk=batch_id)
        audit.record(
            at=clock.now(),
            actor=actor,
            action="batch.reverted",
            subject=f"batch {batch_id}",
            institution_id=batch.institution_id,
        )
    return types.BatchState(batch.state)


@transaction.atomic
def _note_failure(batch_id: int, error: Exception, *, is_first: bool) -> None:
    """Write down why the revert stopped; after some tries without any progress it is given up until a person asks."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != types.BatchState.REVERTING:
        return
    tries = 1 if is_first else int(batch.evidence.get(batches.FAILED_REVERTS, 0)) + 1
    lines = str(error).strip().splitlines()
    batch.message = f"{type(error).__name__}: {lines[0] if lines else ''}"
    batch.evidence[batches.FAILED_REVERTS] = tries
    if tries >= _TRIES:
        batch.state, batch.finished_at = types.BatchState.FAILED, clock.now()
    batch.save(update_fields=["message", "evidence", "state", "finished_at"])
    logger.error("revert stopped", batch=batch_id, tries=tries, reason=batch.message)


@transaction.atomic
def _revert_piece(batch_id: int, actor: str) -> bool:
    storing.take_bulk_turn()
    if not Batch.objects.select_for_update().filter(pk=batch_id, state=types.BatchState.REVERTING).exists():
        return False
    entries = list(BatchEntry.objects.filter(batch_id=batch_id, reverted="").order_by("-ordinal")[:_PIECE])
    if not entries:
        return False
    piece = _Piece(batch_id, actor, entries)
    piece.revert()
    return True


class _Piece:
    """Some entries of the journal, the last of the file first."""

    def __init__(self, batch_id: int, actor: str, entries: list[BatchEntry]) -> None:
        self.batch_id = batch_id
        self.institution_id = tenancy.current()
        self.actor = actor
        self.entries = entries
        ids = [entry.holding_id for entry in entries]
        self.holdings = {row.pk: row for row in Holding.objects.select_for_update().filter(pk__in=ids)}
        self.touched: set[int] = set()
        self.gone: list[int] = []

    def revert(self) -> None:
        marks = [(entry.ordinal, self._revert(entry)) for entry in self.entries]
        self._delete_gone()
        undone = [ordinal for ordinal, word in marks if word == "done"]
        self.touched |= overlay.take_back(self.batch_id, undone, self.actor)
        gone = storing.withdraw_without_holdings(self.touched)
        storing.close_reviews(gone, clock.now())
        storing.tell(changed=self.touched - gone, removed=gone)
        with connection.cursor() as cursor:
            cursor.execute(
                SQL["mark_reverted"],
                {"batch": self.batch_id, "ordinals": [mark[0] for mark in marks], "marks": [mark[1] for mark in marks]},
            )

    def _revert(self, entry: BatchEntry) -> str:
        if entry.outcome == types.Outcome.UNCHANGED:
            return "done"
        if entry.outcome == types.Outcome.DELETED and entry.prior is not None:
            return self._bring_back(entry, entry.prior)
        holding = self.holdings.get(entry.holding_id)
        if holding is None:
            return "gone"
        if holding.batch_id != self.batch_id:
            return "changed-since"
        self.touched.add(holding.bib_id)
        if entry.prior is None:
            self.gone.append(self.holdings.pop(entry.holding_id).pk)
            return "done"
        self._restore(holding, entry.prior)
        return "done"

    def _bring_back(self, entry: BatchEntry, prior: dict[str, Any]) -> str:
        """Let a deleted holding stand again, under its number; not where the library has delivered it anew since."""
        delivered_anew = Holding.objects.filter(source_id=entry.source_id).exclude(pk__in=self.gone)
        if delivered_anew.exists():
            return "changed-since"
        self._delete_gone()
        bib_id = self._place_of(prior)
        holding = Holding(
            id=entry.holding_id, institution_id=self.institution_id, bib_id=bib_id, source_id=entry.source_id
        )
        self._write_back(holding, prior, prior["base_version"])
        self.holdings[holding.pk] = holding
        self.touched.add(bib_id)
        return "done"

    def _delete_gone(self) -> None:
        if self.gone:
            Holding.objects.filter(pk__in=self.gone).delete()
            self.gone.clear()

    def _restore(self, holding: Holding, prior: dict[str, Any]) -> None:
        restored_version = prior["base_version"]
        if holding.home_bib_id == prior["home_bib_id"] and holding.base_version is not None:
            restored_version = self._restore_version(holding, prior)
        holding.bib_id = self._place_of(prior)
        self.touched.add(holding.bib_id)
        self._write_back(holding, prior, restored_version)

    @staticmethod
    def _write_back(holding: Holding, prior: dict[str, Any], base_version: int | None) -> None:
        holding.home_bib_id = prior["home_bib_id"]
        holding.content = prior["content"]
        holding.base_version = base_version
        holding.format, holding.charset = prior["format"], prior["charset"]
        holding.record = None if prior["record"] is None else base64.b64decode(prior["record"])
        holding.items = orjson.loads(prior["items"])
        holding.batch_id = prior["batch_id"]
        holding.updated_at = clock.now()
        holding.save()

    def _restore_version(self, holding: Holding, prior: dict[str, Any]) -> int:
        """Write the bib's earlier record as its newest version, unless somebody has edited it since."""
        bib = holding.home_bib
        if bib.version != holding.base_version:
            return int(prior["base_version"])
        earlier = bib.versions.get(version=prior["base_version"])
        standing = bib.state == Bib.State.ACTIVE
        if standing:
            storing.forget_keys([bib.pk])
        bib.version += 1
        bib.versions.create(
            version=bib.version,
            format=earlier.format,
            charset=earlier.charset,
            record=earlier.record,
            actor=self.actor,
            batch_id=self.batch_id,
            reason="reverted",
        )
        bib.updated_at = clock.now()
        bib.save()
        versions.relink(bib.pk, *versions.record_of(bib))
        if standing:
            storing.add_keys(bib.pk)
        return bib.version

    def _place_of(self, prior: dict[str, Any]) -> int:
        """Return where a holding's former home leads now, standing again if everybody had left it."""
        bib_id = merging.survivor(prior["home_bib_id"])
        self._revive(bib_id)
        return bib_id

    @staticmethod
    def _revive(bib_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bib SET state = 'active' WHERE id = %s AND state = 'withdrawn'", [bib_id])
            if cursor.rowcount:
                storing.add_keys(bib_id)
