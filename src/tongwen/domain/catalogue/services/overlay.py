"""What a delivered record gives to a union record that is not its own alone, beside its holding.

A library's profile may let its records fill or better the union record they match (types.Overlay). A library whose
record a bib is made of, and which others have changed since, gets its changes joined with theirs. Either writes a
version, and a note by which a revert takes out exactly what came in.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from tongwen.core import clock, compression
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import BatchOverlay, Bib
from tongwen.domain.catalogue.rules import differences, merging, preparation
from tongwen.domain.catalogue.rules.chunk import Chunk
from tongwen.domain.catalogue.services import merging as merges
from tongwen.domain.catalogue.services import redelivering, versions
from tongwen.standards.marc import holdings, iso2709
from tongwen.standards.marc import types as marc

logger = structlog.get_logger("tongwen.catalogue.overlay")


def finish(chunk: Chunk, policy: types.Overlay) -> None:
    """Write the versions that the chunk's deliveries ask for; runs when its rows are written, before it is told."""
    for record, holding in chunk.rejoined:
        _rejoin(chunk, record, holding)
    if policy is not types.Overlay.ATTACH:
        for record, bib_id, holding_id in chunk.matched:
            _give(chunk, record, (bib_id, holding_id), policy)


def _rejoin(chunk: Chunk, record: preparation.Prepared, holding: redelivering.KnownHolding) -> None:
    """Bring what the library has changed since its last delivery into a record that others have changed as well."""
    bib = Bib.objects.select_for_update().get(pk=holding.bib_id)
    current, told = versions.record_of(bib)
    if told.value != record.format or holding.format != record.format:
        return  # Another format stands there now, by a merge: the library's record stays with its holding.
    if holding.record is not None:
        earlier = _decode(holding.record, holding.charset, told)
    else:
        earlier, _ = versions.record_of(bib, holding.base_version)
    joined = differences.join(earlier, current, _decode(record.record, record.charset, told)).record
    _write(chunk, record.ordinal, bib, (current, joined), (told, "redelivered"))


def _give(chunk: Chunk, record: preparation.Prepared, place: tuple[int, int], policy: types.Overlay) -> None:
    """Let the record fill or better the union record; `place` is (bib, holding). Two formats are not mixed."""
    bib_id, holding_id = place
    bib = Bib.objects.select_for_update().get(pk=bib_id)
    current, told = versions.record_of(bib)
    if bib.state != Bib.State.ACTIVE or told.value != record.format:
        return
    delivered = holdings.without_local(_decode(record.record, record.charset, told), told)
    if policy is types.Overlay.UPGRADE and merging.better(holdings.without_local(current, told), delivered):
        composed = merging.compose(delivered, current, told)
        _write(chunk, record.ordinal, bib, (current, composed), (told, "upgraded"), base_holding_id=holding_id)
    else:
        _write(chunk, record.ordinal, bib, (current, merging.compose(current, delivered, told)), (told, "filled"))


def _write(
    chunk: Chunk,
    ordinal: int,
    bib: Bib,
    change: tuple[marc.Record, marc.Record],
    words: tuple[marc.Format, str],
    *,
    base_holding_id: int | None = None,
) -> None:
    """Write a version where the record changes; `change` is (as it is, as it is to be), `words` (format, reason)."""
    current, wanted = change
    if wanted == current:
        return
    before, base_before = bib.version, bib.base_holding_id
    if base_holding_id is not None:
        bib.base_holding_id = base_holding_id
    try:
        versions.write(bib, wanted, words[0], actor=chunk.actor, reason=words[1], now=clock.now())
    except types.NotAllowedNow as error:
        logger.warning("union record left as it is", bib=bib.pk, batch=chunk.batch_id, reason=str(error))
        return
    BatchOverlay.objects.create(
        batch_id=chunk.batch_id,
        ordinal=ordinal,
        bib=bib,
        version_before=before,
        version_after=bib.version,
        base_holding_before=base_before if base_holding_id is not None else None,
    )
    chunk.changed.add(bib.pk)
    chunk.overlaid.add(bib.pk)


def _decode(packed: bytes, charset: str, told: marc.Format) -> marc.Record:
    return iso2709.decode(compression.decompress(packed), charset=marc.Charset(charset), format=told).record


def take_back(batch_id: int, ordinals: Iterable[int], actor: str) -> set[int]:
    """Take out of the union records what these records of a batch brought in, and no more; returns the bibs."""
    notes = BatchOverlay.objects.filter(batch_id=batch_id, ordinal__in=list(ordinals)).order_by("-pk")
    touched: set[int] = set()
    for note in notes:
        # After a merge it has come into the bib that stands as well.
        for bib_id in dict.fromkeys((note.bib_id, merges.survivor(note.bib_id))):
            if _take_out(note, Bib.objects.select_for_update().get(pk=bib_id), actor):
                touched.add(bib_id)
        note.delete()
    return touched


def _take_out(note: BatchOverlay, bib: Bib, actor: str) -> bool:
    home = Bib.objects.get(pk=note.bib_id)
    brought, told = versions.record_of(home, note.version_after)
    without, _ = versions.record_of(home, note.version_before)
    current, current_format = versions.record_of(bib)
    if current_format is not told:
        return False
    wanted = without if current == brought else differences.join(brought, current, without).record
    if bib.pk == note.bib_id and note.base_holding_before is not None:
        bib.base_holding_id = note.base_holding_before
        bib.save(update_fields=["base_holding_id"])
    if wanted == current:
        return False
    versions.write(bib, wanted, told, actor=actor, reason="reverted", now=clock.now())
    return True
