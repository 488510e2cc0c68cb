"""Profiles of loading: kept per library, taken along by each batch as they were, tried on a sample without writing."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from tongwen.core import audit, clock, tenancy
from tongwen.domain.catalogue import queries, types
from tongwen.domain.catalogue.models import Batch, LoadProfile, PickedUp
from tongwen.domain.catalogue.queries.profiles import profile_of_facts
from tongwen.domain.catalogue.rules import preparation
from tongwen.domain.catalogue.services import inspection
from tongwen.standards.marc import holdings, reading, validation, views
from tongwen.standards.marc import types as marc

SAMPLE = 200
"""Records of a file that a trial shows."""

_NAME = re.compile(r"[\w-]{1,40}")
_TAG = re.compile(r"[0-9A-Z]{3}")
_CODES = re.compile(r"[0-9a-z]*")
_ALTERNATIVES = re.compile(r"[0-9a-z]+(\|[0-9a-z]+)*|")
_LONGEST_BETWEEN = 5


def save_profile(*, institution_id: int, profile: types.Profile, actor: str) -> int:
    """Keep a profile under its name, in the place of an earlier one; returns its number.

    Batches that were handed in before go on by what it said then.

    Raises:
        BadProfile: names the field and why.
    """
    check(profile)
    facts = {
        "format": profile.format.value if profile.format else "",
        "charset": profile.charset.value if profile.charset else "",
        "layouts": [[tag, list(layout)] for tag, layout in profile.layouts.items()],
        "overlay": profile.overlay.value,
        "without_items": profile.without_items.value,
        "deletions": profile.deletions.value,
        "is_picked_up": profile.is_picked_up,
    }
    with tenancy.scope(institution_id), transaction.atomic():
        row, _ = LoadProfile.objects.update_or_create(institution_id=institution_id, name=profile.name, defaults=facts)
        _audit(row, actor, "profile.save", **facts)
    return row.pk


def check(profile: types.Profile) -> None:
    """Refuse a profile that cannot be followed. Raises BadProfile."""
    if not _NAME.fullmatch(profile.name):
        raise types.BadProfile("name", "name", profile.name)
    for tag, layout in profile.layouts.items():
        if not _TAG.fullmatch(tag) or tag < "010":
            raise types.BadProfile("layouts", "tag", tag)
        if not (layout.location or layout.call_number or layout.barcode):
            raise types.BadProfile("layouts", "nothing-mapped", tag)
        if not (_ALTERNATIVES.fullmatch(layout.location) and _ALTERNATIVES.fullmatch(layout.call_number)):
            raise types.BadProfile("layouts", "codes", tag)
        if not all(_CODES.fullmatch(codes) for codes in (layout.barcode, layout.copies, layout.note)):
            raise types.BadProfile("layouts", "codes", tag)
        if len(layout.between) > _LONGEST_BETWEEN:
            raise types.BadProfile("layouts", "between", tag)


@transaction.atomic
def remove_profile(*, name: str, actor: str) -> None:
    """Forget a profile of the institution in scope. What was loaded by it stays, its pick-up folder too.

    Raises:
        UnknownProfile
        NotAllowedNow: files of its pick-up folder are being loaded.
    """
    row = LoadProfile.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise types.UnknownProfile(f"no profile {name!r} of this institution")
    if PickedUp.objects.filter(profile_name=name, is_settled=False).exists():
        raise types.NotAllowedNow(f"files of the pick-up folder of profile {name!r} are being loaded")
    _audit(row, actor, "profile.remove")
    row.delete()


def _audit(row: LoadProfile, actor: str, action: str, **detail: Any) -> None:
    audit.record(
        at=clock.now(),
        actor=actor,
        action=action,
        subject=f"profile {row.name}",
        institution_id=row.institution_id,
        **detail,
    )


def facts_for_batch(name: str) -> dict[str, Any] | None:
    """Return what a batch keeps of the profile that it is loaded by, None without one. Raises UnknownProfile."""
    if not name:
        return None
    profile = queries.profile(name)
    return {
        "name": profile.name,
        "format": profile.format,
        "charset": profile.charset,
        "layouts": [[tag, list(layout)] for tag, layout in profile.layouts.items()],
        "overlay": profile.overlay.value,
        "without_items": profile.without_items.value,
        "deletions": profile.deletions.value,
    }


def kept(batch: Batch) -> types.Profile:
    """Return the profile as it was when the batch was handed in; one that changes nothing where there was none."""
    return profile_of_facts(batch.profile) if batch.profile else types.Profile("")


def mapping(profile: types.Profile) -> dict[str, Any]:
    """Return what `preparation.Task` needs of a profile."""
    return {
        "layouts": profile.layouts or None,
        "needs_items": profile.without_items is types.WithoutItems.REJECT,
        "obeys_deletions": profile.deletions is types.Deletions.OBEY,
    }


def try_profile(*, file: BinaryIO, profile: types.Profile) -> types.Trial:
    """Show what a profile makes of the first records of a file. Nothing is written.

    Raises:
        BadProfile
        UnreadableFile: the file holds no records.
    """
    check(profile)
    told = inspection.inspect(file, format=profile.format, charset=profile.charset)
    frames = islice(reading.open_records(file, told.serialization), SAMPLE)
    records = tuple(_tried(frame, place, told, profile) for place, frame in enumerate(frames))
    return types.Trial(told.evidence, records)


def _tried(frame: marc.Frame, ordinal: int, told: inspection.Inspected, profile: types.Profile) -> types.TriedRecord:
    try:
        decoded = reading.decode(frame, told.serialization, charset=profile.charset, format=told.format)
    except marc.Unreadable as error:
        problems = (*(one for one in frame.problems if one != error.problem), error.problem)
        return types.TriedRecord(
            ordinal, frame.offset, "", marc.Text(""), (), problems, is_rejected=True, is_unreadable=True
        )
    record = decoded.record
    if profile.deletions is types.Deletions.OBEY and preparation.is_deletion(record):
        return _tried_deletion(frame, ordinal, told, decoded)
    problems = decoded.problems + validation.check(record, told.format)
    items = holdings.items(record, told.format, profile.layouts or None)
    if not items and profile.without_items is types.WithoutItems.REJECT:
        problems = (*problems, marc.Problem("items-missing", marc.Severity.ERROR))
    return types.TriedRecord(
        ordinal=ordinal,
        offset=frame.offset,
        control_number=record.control("001").strip(),
        title=views.display_view(record, told.format).title,
        items=tuple(types.Item(*item) for item in items),
        problems=problems,
        is_rejected=any(problem.severity is marc.Severity.ERROR for problem in problems),
    )


def _tried_deletion(
    frame: marc.Frame, ordinal: int, told: inspection.Inspected, decoded: marc.Decoded
) -> types.TriedRecord:
    return types.TriedRecord(
        ordinal=ordinal,
        offset=frame.offset,
        control_number=decoded.record.control("001").strip(),
        title=views.display_view(decoded.record, told.format).title,
        items=(),
        problems=(*decoded.problems, marc.Problem("deletion", marc.Severity.WARNING, tag="LDR", offset=5)),
    )
