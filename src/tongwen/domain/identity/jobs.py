"""Background jobs of identity: take ids, enter the institution's scope, call one service."""

from __future__ import annotations

import structlog
from django.db import DatabaseError

from tongwen.core import clock, jobs, tenancy
from tongwen.domain.identity.services import passwords, privacy, readers

logger = structlog.get_logger("tongwen.identity.jobs")


@jobs.job(passwords.LETTER_JOB, queue="mail")
def write_letter(*, sealed_username: str) -> None:
    """Answer the wish for a new password, where somebody has this name."""
    passwords.write_letter(sealed_username=sealed_username, now=clock.now())


@jobs.job(readers.RUN_JOB)
def run_import(*, import_id: int, institution_id: int) -> None:
    """Check a file of readers, or take it over."""
    with tenancy.scope(institution_id):
        try:
            readers.run_import(import_id=import_id, now=clock.now())
        except jobs.Stopping:
            logger.info("left for the next worker", file_of_readers=import_id)
        except (DatabaseError, OSError) as error:
            logger.exception("file of readers failed", file_of_readers=import_id)
            readers.fail_import(import_id=import_id, reason=type(error).__name__, now=clock.now())


@jobs.daily(hour=18)
@jobs.job("identity.keep_limits")
def keep_limits(timestamp: int) -> None:
    """Remove what has been kept as long as the settings allow, at night in China."""
    removed = privacy.keep_limits(clock.now())
    logger.info("limits of keeping", asked_at=timestamp, **removed)
