"""Who did what to which thing: an append-only trail, written in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tongwen.core import tenancy
from tongwen.core.models import AuditEntry


def record(
    *, at: dt.datetime, actor: str, action: str, subject: str, institution_id: int | None = None, **detail: Any
) -> None:
    """Add an entry. `action` is a verb phrase of the field (`batch.revert`), `subject` names the thing (`batch 12`)."""
    with tenancy.reaching_all("acts on the union and on other institutions are kept like those of one's own"):
        AuditEntry.objects.create(
            at=at, institution_id=institution_id, actor=actor, action=action, subject=subject, detail=detail
        )
