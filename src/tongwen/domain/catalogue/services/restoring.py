"""Making an earlier version of a bib's record the current one again: a new version with the old text."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tongwen.core import audit, locks
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, BibVersion
from tongwen.domain.catalogue.services import storing, versions


@transaction.atomic
def restore(*, bib_id: int, version: int, seen: int, actor: str, now: dt.datetime) -> int:
    """Write the record of an earlier version as the newest one; returns its number. Holdings stay where they are.

    `seen` is the version that the person saw as the current one.

    Raises:
        UnknownBib, UnknownVersion, NotAllowedNow: the bib is not active, or has been changed since it was seen.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    bib = Bib.objects.select_for_update().filter(pk=bib_id).first()
    if bib is None:
        raise types.UnknownBib(f"no bib has the number {bib_id}")
    if bib.state != Bib.State.ACTIVE:
        raise types.NotAllowedNow(f"bib {bib_id} is {bib.state}, not active")
    if bib.version != seen:
        raise types.NotAllowedNow(f"bib {bib_id} is at version {bib.version} by now, no longer at {seen}")
    try:
        record, told = versions.record_of(bib, version)
    except BibVersion.DoesNotExist:
        raise types.UnknownVersion(f"bib {bib_id} has no version {version}") from None
    if (record, told) == versions.record_of(bib):
        return bib.version
    number = versions.write(bib, record, told, actor=actor, reason="restored", now=now)
    storing.tell(changed=[bib_id])
    audit.record(at=now, actor=actor, action="bib.restore", subject=f"bib {bib_id}", version=number, restored=version)
    return number
