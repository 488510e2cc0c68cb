"""Background jobs of the catalogue: take ids, enter the institution's scope, call one service."""

from __future__ import annotations

import structlog

from tongwen.core import jobs, tenancy
from tongwen.domain.catalogue import services, types

logger = structlog.get_logger("tongwen.catalogue.jobs")


@jobs.job(services.RUN_JOB, queue="loads")
def run_batch(*, batch_id: int, institution_id: int) -> None:
    """Preview or load the library's next batch, this one or one that goes before it.

    A file that holds no records is the library's problem, not the queue's.
    """
    with tenancy.scope(institution_id):
        try:
            services.take_turn(batch_id=batch_id)
        except types.UnreadableFile as error:
            logger.info("unreadable file", batch=batch_id, reason=str(error))
        except jobs.Stopping:
            logger.info("left for the next worker", batch=batch_id)


@jobs.job(services.REVERT_JOB, queue="loads")
def revert_batch(*, batch_id: int, institution_id: int, actor: str) -> None:
    """Take a batch back."""
    with tenancy.scope(institution_id):
        try:
            services.continue_revert(batch_id=batch_id, actor=actor)
        except jobs.Stopping:
            logger.info("left for the next worker", batch=batch_id)
