"""Writing a bib's next version: append-only, keys renewed, told to those who follow."""

from __future__ import annotations

import datetime as dt

from tongwen.core import compression
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Bib, BibVersion
from tongwen.domain.catalogue.rules import links
from tongwen.domain.catalogue.services import storing
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc


def record_of(bib: Bib, version: int | None = None) -> tuple[marc.Record, marc.Format]:
    """Return the record of a bib in a version (the current one by default) with its format."""
    row = bib.versions.get(version=bib.version if version is None else version)
    raw = compression.decompress(row.record)
    told = marc.Format(row.format)
    return iso2709.decode(raw, charset=marc.Charset(row.charset), format=told).record, told


def write(
    bib: Bib,
    record: marc.Record,
    format: marc.Format,  # noqa: A002  The field's word.
    *,
    actor: str,
    reason: str,
    now: dt.datetime,
) -> int:
    """Write the record, in UTF-8, as the bib's newest version and return its number; saves the bib.

    Keys of an active bib are renewed; the caller tells of the change.

    Raises:
        NotAllowedNow: the record is too long to be written.
    """
    leader = iso2709.leader_for(record.leader, marc.Charset.UTF_8) if format is marc.Format.MARC21 else record.leader
    try:
        raw = iso2709.encode(record._replace(leader=leader))
    except iso2709.Unwritable as error:
        raise types.NotAllowedNow(f"bib {bib.pk} cannot be written: {error}") from error
    if bib.state == Bib.State.ACTIVE:
        storing.forget_keys([bib.pk])
    bib.version = (BibVersion.objects.filter(bib=bib).order_by("-version").values_list("version", flat=True)[0]) + 1
    bib.versions.create(
        version=bib.version,
        format=format.value,
        charset=marc.Charset.UTF_8.value,
        record=compression.compress(raw),
        actor=actor,
        reason=reason,
    )
    bib.updated_at = now
    bib.save()
    relink(bib.pk, record, format)
    if bib.state == Bib.State.ACTIVE:
        storing.add_keys(bib.pk)
    return bib.version


def relink(bib_id: int, record: marc.Record, told: marc.Format) -> None:
    """Let the bib's links be those that its current record gives."""
    found = links.links(*views.both(record, told))
    storing.replace_links(bib_id, [(int(link.role), link.key) for link in found])
