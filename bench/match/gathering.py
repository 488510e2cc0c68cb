"""The real records that the set is built from, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import records
from tongwen.standards.marc import formats, iso2709, reading, sniff
from tongwen.standards.marc import types as marc

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_HEAD = 64 << 10


class Real(NamedTuple):
    """A real record. `id` names its collection and its number there."""

    id: str
    record: marc.Record
    format: marc.Format


def library_of_congress(path: Path) -> Iterator[Real]:
    """Yield the records of the Library of Congress file in its order; their ids are their LCCNs."""
    with path.open("rb") as source:
        rest = b""
        while block := source.read(1 << 24):
            *whole, rest = (rest + block).split(b"\x1d")
            for raw in whole:
                yield _loc(raw + b"\x1d")


def _loc(raw: bytes) -> Real:
    record = iso2709.decode(raw, charset=marc.Charset.UTF_8, format=marc.Format.MARC21).record
    return Real(f"loc:{record.control('001').strip()}", record, marc.Format.MARC21)


def provide_library_of_congress(folder: Path) -> Path:
    """Return the unpacked file of 250,000 records; raises `bench.records.NoRecords`."""
    return records.provide(folder, records.ALL)


def file(path: Path, collection: str) -> Iterator[Real]:
    """Yield the readable records of any MARC file."""
    with path.open("rb") as source:
        serialization = sniff.sniff(source.read(_HEAD)).serialization
        if serialization is None:
            return
        source.seek(0)
        for frame in reading.open_records(source, serialization):
            try:
                record = reading.decode(frame, serialization).record
            except marc.Unreadable:
                continue
            yield Real(f"{collection}:{path.stem}:{frame.ordinal}", record, formats.detect(record)[0])


def shared(folder: str) -> list[Real]:
    """Return the records of a folder or file of the shared data; none where it is absent."""
    root = SHARED / folder
    paths = sorted(root.rglob("*")) if root.is_dir() else [root] if root.exists() else []
    return [real for path in paths if path.is_file() for real in file(path, folder.replace("/", "-"))]
