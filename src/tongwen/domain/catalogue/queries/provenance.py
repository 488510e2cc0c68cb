"""Where a union record comes from: which library each field is of, which versions it had, what changed between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch, BibVersion
from tongwen.domain.catalogue.queries import records
from tongwen.domain.catalogue.rules import differences, merging
from tongwen.standards.marc import holdings as marc_holdings
from tongwen.standards.marc import types as marc

_WHO = "which library a version came from is everybody's to know"


class Version(NamedTuple):
    """A version of a bib's record, without its text."""

    number: int
    format: marc.Format
    reason: str
    """A stable word: loaded, redelivered, merged, unmerged, edited, restored, reverted."""
    actor: str
    at: dt.datetime
    institution_id: int | None
    """Whose load wrote it; None where a person did."""


class Origin(NamedTuple):
    """A field of a union record and the libraries whose own record has that very field.

    Where no library has it, `version` is the one that brought it in: by hand, or from a library that has since
    changed its record or left.
    """

    field: marc.Field
    institution_ids: tuple[int, ...]
    version: Version | None


class Changes(NamedTuple):
    """What leads from one version to another; of two formats nothing can be told but that it was replaced."""

    before: Version
    after: Version
    removed: tuple[marc.Field, ...]
    added: tuple[marc.Field, ...]


def versions(bib_id: int) -> tuple[Version, ...]:
    """Return the versions of a bib, the newest first. Raises UnknownBib."""
    rows = list(BibVersion.objects.filter(bib_id=bib_id).defer("record").order_by("-version"))
    if not rows:
        raise types.UnknownBib(f"no bib has the number {bib_id}")
    loads = {row.batch_id for row in rows if row.batch_id is not None}
    owners = dict(Batch.objects.unscoped(_WHO).filter(pk__in=loads).values_list("pk", "institution_id"))
    return tuple(_version(row, owners) for row in rows)


def _version(row: BibVersion, owners: dict[int, int]) -> Version:
    owner = owners.get(row.batch_id) if row.batch_id is not None else None
    return Version(row.version, marc.Format(row.format), row.reason, row.actor, row.at, owner)


def version_record(bib_id: int, number: int) -> marc.Record:
    """Return the record of a bib in one of its versions. Raises UnknownVersion."""
    row = BibVersion.objects.filter(bib_id=bib_id, version=number).first()
    if row is None:
        raise types.UnknownVersion(f"bib {bib_id} has no version {number}")
    return records.decoded(row.record, row.charset, row.format)


def version_changes(bib_id: int, before: int, after: int) -> Changes:
    """Return the fields that went and came between two versions, local ones left out. Raises UnknownVersion."""
    known = {one.number: one for one in versions(bib_id)}
    if before not in known or after not in known:
        raise types.UnknownVersion(f"bib {bib_id} has no version {before if before not in known else after}")
    old, new = (
        marc_holdings.without_local(version_record(bib_id, number), known[number].format) for number in (before, after)
    )
    found = differences.difference(old, new)
    return Changes(known[before], known[after], found.removed, found.added)


def provenance(bib_id: int) -> tuple[Origin, ...]:
    """Return each field of the union record, local ones left out, with where it comes from. Raises UnknownBib."""
    bib = records.bib(bib_id)
    record = marc_holdings.without_local(bib.record, bib.format)
    owners, delivered = records.delivered_by_holding(bib_id)
    sources = merging.sources(record, delivered)
    found = [
        Origin(field, tuple(sorted({owners[holding_id] for holding_id in holding_ids})), None)
        for field, holding_ids in zip(record.fields, sources, strict=True)
    ]
    orphans = {origin.field for origin in found if not origin.institution_ids}
    brought = _brought_in(bib_id, orphans) if orphans else {}
    return tuple(origin._replace(version=brought.get(origin.field)) for origin in found)


def _brought_in(bib_id: int, fields: set[marc.Field]) -> dict[marc.Field, Version]:
    """Return the version since which each of the fields has stood in the record without a break."""
    since: dict[marc.Field, Version] = {}
    standing = set(fields)
    for version, present in _texts(bib_id):
        standing &= present
        since.update((field, version) for field in standing)
        if not standing:
            break
    return since


def _texts(bib_id: int) -> Iterator[tuple[Version, frozenset[marc.Field]]]:
    """Yield the versions from the newest back with the fields of each, decoded only as far as they are asked for."""
    for version in versions(bib_id):
        yield version, frozenset(version_record(bib_id, version.number).fields)
