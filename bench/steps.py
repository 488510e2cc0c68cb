"""Where the time of a load goes: its stages one after the other in this process, each step by the stopwatch.

A load runs them at the same time, in several processes; what they cost a record is the same, so the sum of the CPU
columns is what a load costs, less starting, waiting and the pipe between the processes, which is measured here too.
"""

from __future__ import annotations

import gc
import pickle
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from bench import scratch
from bench.stopwatch import Stopwatch, without_costs
from bench.watching import tree_cpu
from tongwen.core import events, search, tenancy
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue import types as catalogue
from tongwen.domain.catalogue.rules import preparation
from tongwen.domain.catalogue.services import loading, storing
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import documents
from tongwen.domain.members import queries as members
from tongwen.standards.marc import framing
from tongwen.standards.marc import types as marc

_PREPARING = (
    ("tongwen.standards.marc.framing:frames_of", "frame"),
    ("tongwen.standards.marc.reading:decode", "decode"),
    ("tongwen.standards.marc.validation:check", "validate"),
    ("tongwen.standards.marc.views:both", "match view and display view"),
    ("tongwen.domain.catalogue.rules.keys:keys", "match keys"),
    ("tongwen.standards.marc.holdings:items", "holdings' items"),
    ("tongwen.core.derivations:derive", "index fields (text analysis)"),
    ("tongwen.core.compression:compress", "compress"),
    ("pickle:dumps", "pack the match view"),
)
_STORING = (
    ("tongwen.domain.catalogue.services.redelivering:_known_holdings", "known holdings"),
    ("tongwen.domain.catalogue.services.matching:_look_up", "look up candidates"),
    ("tongwen.domain.catalogue.services.matching:_known_bibs", "fetch candidates"),
    ("tongwen.domain.catalogue.services.matching:_answers", "compare and decide"),
    ("tongwen.domain.catalogue.services.matching:Matcher.decide", "compare and decide"),
    ("tongwen.domain.catalogue.services.storing:new_ids", "take numbers"),
    ("tongwen.domain.catalogue.services.rows:write", "COPY the rows"),
    ("tongwen.domain.catalogue.services.storing:tell", "change feed"),
)

Pieces = list[list[preparation.Prepared]]


def measure(file: Path, number: int, server: int) -> dict[str, Any]:
    """Return steps with µs a record for about `number` records of the file, and the server's CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # As in the worker processes.
    watch = Stopwatch()
    with file.open("rb") as source:
        pieces = _prepare(source, number, watch)
    done = sum(map(len, pieces))
    pieces = _carry(pieces, watch)
    made: list[catalogue.BibsChanged] = []
    events.subscribe(catalogue.BibsChanged, made.append)
    institution = members.institution_by_code(scratch.LIBRARY).id
    server_before = tree_cpu(server)
    with tenancy.scope(institution):
        _store(file, pieces, institution, watch)
    server_seconds = tree_cpu(server) - server_before
    engine_seconds = _index(made, institution, watch)
    return {
        "records": done,
        "steps": [
            {"step": name, "wall_us": round(one.wall * 1e6 / done, 1), "cpu_us": round(one.cpu * 1e6 / done, 1)}
            for name, one in without_costs(watch.steps).items()
        ],
        "postgres_cpu_us": round(server_seconds * 1e6 / done, 1),
        "engine_cpu_us": round(engine_seconds * 1e6 / done, 1),
        "not_found": watch.missing,
    }


def _prepare(source: BinaryIO, number: int, watch: Stopwatch) -> Pieces:
    """Do what the worker processes do, on whole blocks, until there are enough records.

    The first block is done once before, unmeasured, for the tables of scripts and readings are made at first use.
    """
    pieces: Pieces = []
    fixed = (marc.Serialization.ISO2709, marc.Format.MARC21, None)
    preparation.prepare(preparation.Task(*fixed, 0, block=next(framing.chunks(source, chunk_size=loading.BLOCK)).data))
    source.seek(0)
    chunks = framing.chunks(source, chunk_size=loading.BLOCK)
    with watch.watching(*_PREPARING):
        while sum(map(len, pieces)) < number:
            with watch.step("read and cut into blocks"):
                chunk = next(chunks, None)
            if chunk is None:
                break
            with watch.step("the rest of preparing"):
                pieces.append(preparation.prepare(preparation.Task(*fixed, chunk.offset, block=chunk.data)))
    return pieces


def _carry(pieces: Pieces, watch: Stopwatch) -> Pieces:
    """Pack and unpack what a worker process sends back."""
    with watch.step("pipe: pack"):
        packed = [pickle.dumps(piece, protocol=5) for piece in pieces]
    with watch.step("pipe: unpack"):
        return [pickle.loads(one) for one in packed]  # noqa: S301  Our own, packed a line above.


def _store(file: Path, pieces: Pieces, institution: int, watch: Stopwatch) -> None:
    """Match and write the pieces, one transaction each, as a load does."""
    with file.open("rb") as source:
        batch = services.receive_batch(
            institution_id=institution, file=source, file_name=file.name, actor="bench", preview=False
        )
    storer = storing.Storer(batch_id=batch, institution_id=institution, actor="bench")
    first = 0
    planner = loading._one_probe_a_key()  # noqa: SLF001  The same settings as in a load.
    with planner, watch.watching(*_STORING):
        for piece in pieces:
            numbered = preparation.numbered(piece, first)
            first += len(piece)
            with watch.step("gather the rows"):
                foreseen = storer.foresee(numbered)
            with watch.step("commit"), transaction.atomic(), watch.step("gather the rows"):
                storing.take_bulk_turn()
                storer.store(numbered, foreseen)


def _index(made: Sequence[catalogue.BibsChanged], institution: int, watch: Stopwatch) -> float:
    """Index what was made; returns the CPU seconds of the engine's own threads."""
    before, before_here = time.process_time(), time.thread_time()
    with search.engine(SCHEMA).writer() as writer:
        for event in made:
            with watch.step("index document"):
                texts = documents.of_made_bibs(event.made, institution)
            with watch.step("hand to the engine"):
                writer.add_all(texts)
        with watch.step("commit the index"):
            writer.commit()
    return (time.process_time() - before) - (time.thread_time() - before_here)
