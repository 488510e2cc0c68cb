"""What membership writes to applicants. The texts stand in `mails/`, one for each kind and language."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from tongwen.core import mail
from tongwen.domain.members import models
from tongwen.domain.members.queries import applying
from tongwen.domain.members.types import ApplicationStep

_TEXTS = Path(__file__).resolve().parents[1] / "mails"
_OF_STEP = {
    ApplicationStep.SUBMIT: "application_received",
    ApplicationStep.ASK_BACK: "application_asked",
    ApplicationStep.REFUSE: "application_refused",
}


def secret(submission: uuid.UUID) -> str:
    """Return the secret of an applicant's page: made of the submission and the installation's key, never stored."""
    return salted_hmac("membership application", submission.hex, algorithm="sha256").hexdigest()[:40]


def tell(row: models.MembershipApplication, step: ApplicationStep, now: dt.datetime) -> None:
    """Write to the applicant what a step means for her; most steps are her own, or bring an invitation instead."""
    if step not in _OF_STEP:
        return
    mail.queue(
        to=row.contact_mail,
        words=_TEXTS / _OF_STEP[step],
        language=row.language or settings.LANGUAGE_CODE,
        facts={
            "portal": settings.TONGWEN_ADDRESS,
            "name": row.contact_name,
            "library": row.name_en if row.language == "en" else row.name_zh,
            "number": applying.number(row),
            "link": f"{settings.TONGWEN_ADDRESS}/apply/{secret(row.submission)}",
        },
        now=now,
    )
