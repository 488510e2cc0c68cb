"""What each part of a load can do by itself, with nothing beside it: reading, preparing, COPY, the search engine.

The sample's records are all new, so that nothing is looked up or compared: what is left are the floors under the
time of a load. Everything runs in this process, one part after the other, and stays in the installation's tables.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from bench import scratch
from bench.watching import tree_cpu
from tongwen.core import search, tenancy
from tongwen.domain.catalogue import services, types
from tongwen.domain.catalogue.rules import preparation
from tongwen.domain.catalogue.rules.chunk import Chunk
from tongwen.domain.catalogue.services import loading, rows
from tongwen.domain.catalogue.services.rows import new_ids
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import documents
from tongwen.domain.members import queries as members
from tongwen.standards.marc import framing, reading
from tongwen.standards.marc import types as marc

_FIXED = (marc.Serialization.ISO2709, marc.Format.MARC21, None)


@dataclass(slots=True)
class _Taken:
    wall: float = 0.0
    cpu: float = 0.0
    server: float = 0.0


def measure(file: Path, server: int) -> list[dict[str, Any]]:
    """Return the parts with records a second by the clock and µs CPU a record, here and in the database server."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # As in the worker processes.
    with file.open("rb") as source:
        blocks = list(framing.chunks(source, chunk_size=loading.BLOCK))
    preparation.prepare(preparation.Task(*_FIXED, 0, block=blocks[0].data[:20_000]))  # Tables made at first use.
    reading_alone, preparing, copying, indexing = _Taken(), _Taken(), _Taken(), _Taken()
    with _counted(reading_alone, server):
        number = sum(_decoded(block) for block in blocks)
    with _counted(preparing, server):
        pieces = [preparation.prepare(preparation.Task(*_FIXED, one.offset, block=one.data)) for one in blocks]
    institution = members.institution_by_code(scratch.LIBRARY).id
    with tenancy.scope(institution):
        chunks = _chunks(file, pieces, institution)
        for chunk in chunks:
            with _counted(copying, server), transaction.atomic():
                rows.write(chunk)
    texts = [text for chunk in chunks for text in documents.of_made_bibs(chunk.added, institution)]
    with _counted(indexing, server), search.engine(SCHEMA).writer() as writer:
        writer.add_all(texts)
        writer.commit()
    parts = {
        "one core reads (frame and decode)": reading_alone,
        "one core prepares (with that, validate, keys, text analysis, compress)": preparing,
        "COPY into the tables": copying,
        "the search engine": indexing,
    }
    return [_facts(name, taken, number) for name, taken in parts.items()]


def _facts(name: str, taken: _Taken, number: int) -> dict[str, Any]:
    return {
        "part": name,
        "records": number,
        "per_second": round(number / taken.wall),
        "cpu_us": round(taken.cpu * 1e6 / number, 1),
        "server_cpu_us": round(taken.server * 1e6 / number, 1),
    }


@contextmanager
def _counted(taken: _Taken, server: int) -> Iterator[None]:
    """Add the block's wall time, and the CPU of all threads of this process and of the server's processes."""
    before = _clocks(server)
    yield
    wall, cpu, of_server = (now - then for now, then in zip(_clocks(server), before, strict=True))
    taken.wall, taken.cpu, taken.server = taken.wall + wall, taken.cpu + cpu, taken.server + of_server


def _clocks(server: int) -> tuple[float, float, float]:
    return time.perf_counter(), time.process_time(), tree_cpu(server)


def _decoded(block: framing.Chunk) -> int:
    frames = framing.frames_of(block.data, block.offset, 0)
    for frame in frames:
        reading.decode(frame, marc.Serialization.ISO2709, format=marc.Format.MARC21)
    return len(frames)


def _chunks(file: Path, pieces: list[list[preparation.Prepared]], institution: int) -> list[Chunk]:
    """Gather the rows of every piece as of new records, each with a bib and a holding of its own."""
    with file.open("rb") as source:
        batch = services.receive_batch(
            institution_id=institution, file=source, file_name=file.name, actor="bench", preview=False
        )
    chunks, ordinal = [], 0
    for piece in pieces:
        chunk = Chunk(batch, institution, "bench")
        accepted = [one for one in piece if one.rejected is None]
        bib_ids, holding_ids = new_ids(len(accepted), len(accepted))
        for record in accepted:
            _gather(chunk, record._replace(ordinal=ordinal), next(bib_ids), next(holding_ids))
            ordinal += 1
        chunks.append(chunk)
    return chunks


def _gather(chunk: Chunk, record: preparation.Prepared, bib_id: int, holding_id: int) -> None:
    chunk.add_bib(record, bib_id, holding_id)
    chunk.add_holding(record, bib_id, holding_id, base_version=1)
    chunk.enter(record, types.Outcome.NEW, bib_id, holding_id)
    if record.problems:
        chunk.add_problems(record)
