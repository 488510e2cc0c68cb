"""Background work of identity."""

from __future__ import annotations

from tongwen.core import clock, jobs
from tongwen.domain.identity.services import passwords


@jobs.job(passwords.LETTER_JOB, queue="mail")
def write_letter(*, sealed_username: str) -> None:
    """Answer the wish for a new password, where somebody has this name."""
    passwords.write_letter(sealed_username=sealed_username, now=clock.now())
