"""Changing a bib's record by hand or program, without losing what others changed meanwhile."""

from __future__ import annotations

from django.db import transaction

from tongwen.core import audit, clock, locks
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib
from tongwen.domain.catalogue.rules import differences
from tongwen.domain.catalogue.services import storing, versions
from tongwen.standards.marc import types as marc
from tongwen.standards.marc import validation


@transaction.atomic
def edit_bib(*, bib_id: int, version: int, record: marc.Record, actor: str) -> int:
    """Save a record that was edited from this version of the bib; returns the new version.

    Where others have saved meanwhile, edits of different fields come together by themselves.

    Raises:
        UnknownBib, NotAllowedNow: the bib is merged or withdrawn, or the record lacks what a union record must have.
        EditConflict: both sides changed the same fields; it carries base, mine and theirs.
    """
    locks.hold_until_commit(storing.WRITE_LOCK)
    bib = Bib.objects.select_for_update().filter(pk=bib_id).first()
    if bib is None:
        raise types.UnknownBib(f"no bib has the number {bib_id}")
    if bib.state != Bib.State.ACTIVE:
        raise types.NotAllowedNow(f"bib {bib_id} is {bib.state}, not active")
    current, told = versions.record_of(bib)
    errors = [one for one in validation.check(record, told) if one.severity is marc.Severity.ERROR]
    if errors:
        raise types.NotAllowedNow(f"the record cannot be saved: {', '.join(one.code for one in errors)}")
    if version != bib.version:
        base, _ = versions.record_of(bib, version)
        joined = differences.join(base, current, record)
        if joined.conflicts:
            raise types.EditConflict(base=base, mine=record, theirs=current, tags=joined.conflicts)
        record = joined.record
    if record == current:
        return bib.version
    number = versions.write(bib, record, told, actor=actor, reason="edited", now=clock.now())
    storing.tell(changed=[bib_id])
    audit.record(at=clock.now(), actor=actor, action="bib.edit", subject=f"bib {bib_id}", version=number)
    return number
