"""The same books as other libraries hand them in, and the changes of a month: whole records written anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench import saying, varied
from tongwen.standards.marc import iso2709
from tongwen.standards.marc import types as marc

_CHANGED_SHARE, _NEW_SHARE, _DELETED_SHARE = 0.05, 0.01, 0.01
_SEED = 7
_STAMP = "20261101120000.0"


class Month(NamedTuple):
    """An update file with the library's own numbers (001) of the records that are deleted in it."""

    file: Path
    changed: int
    new: int
    deleted: Sequence[str]

    @property
    def records(self) -> int:
        """Return how many records the file holds."""
        return self.changed + self.new + len(self.deleted)


def month(source: Path, sink: Path, number: int) -> Month:
    """Write what comes in a month for a file of `number` records: 5 % changed in a field, 1 % new, 1 % deleted."""
    chance = random.Random(_SEED)  # noqa: S311  A fixed choice, no secret.
    places = chance.sample(range(number), round(number * (_CHANGED_SHARE + _DELETED_SHARE)))
    cut = round(number * _CHANGED_SHARE)
    to_change, to_delete = set(places[:cut]), set(places[cut:])
    fresh = varied.write(source, sink.with_suffix(".new"), round(number * _NEW_SHARE), first_copy=1)
    deleted: list[str] = []
    changed = new = 0
    with saying.doing("writing the monthly update file"), sink.open("wb") as written:
        for place, record in enumerate(varied.stream(source)):
            if place in to_change and (other := _changed(record, place)):
                written.write(other)
                changed += 1
            elif place in to_delete:
                written.write(record[:5] + b"d" + record[6:])
                deleted.append(_number(record))
        for record in varied.stream(fresh):
            written.write(record)
            new += 1
    fresh.unlink()
    return Month(sink, changed, new, deleted)


def _number(record: bytes) -> str:
    return _read(record).control("001").strip()


def _read(record: bytes) -> marc.Record:
    return iso2709.decode(record, format=marc.Format.MARC21).record


def _written(leader: str, fields: Iterable[marc.Field]) -> bytes | None:
    """Return the record with its fields in the order of their tags, None where ISO 2709 cannot hold it."""
    try:
        return iso2709.encode(marc.Record(leader, tuple(sorted(fields, key=lambda one: one.tag))))
    except iso2709.Unwritable:
        return None


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> marc.Field:
    return marc.Field(tag, indicators, tuple(subfields))


_ADDED = (
    _field("500", "  ", ("a", "Includes index.")),
    _field("650", " 0", ("a", "Bibliography"), ("x", "Methodology.")),
    _field("856", "41", ("3", "Table of contents"), ("u", "https://example.org/contents")),
)


def _changed(record: bytes, place: int) -> bytes | None:
    """Return the record as corrected: a field more, by turns a note, a subject or a link, and a later 005."""
    read = _read(record)
    fields = [one._replace(data=_STAMP) if one.tag == "005" else one for one in read.fields]
    return _written(read.leader[:5] + "c" + read.leader[6:], [*fields, _ADDED[place % len(_ADDED)]])


def revised(record: bytes, _code: str, place: int) -> bytes | None:
    """Return the record as the same library hands it in later, a field richer."""
    return _changed(record, place)


def own(record: bytes, code: str, place: int) -> bytes | None:
    """Return the record as a library has it that copied it: its own number and code, the source's in 035, a copy."""
    return _with_own_number(_read(record), code, place)


def brief(record: bytes, code: str, place: int) -> bytes | None:
    """Return the record as a library has it that keeps neither notes nor subjects."""
    read = _read(record)
    kept = tuple(one for one in read.fields if one.tag[0] not in "56" and one.tag != "880")
    return _with_own_number(read._replace(fields=kept), code, place)


def _with_own_number(read: marc.Record, code: str, place: int) -> bytes | None:
    kept = [one for one in read.fields if one.tag not in {"001", "003"}]
    added = [
        marc.Field("001", data=f"{code}{place:08d}"),
        marc.Field("003", data=code),
        _field("035", "  ", ("a", f"(DLC){read.control('001').strip()}")),
        _field("852", "  ", ("b", "main"), ("h", f"Z{place % 1000}"), ("p", f"{code}{place:010d}")),
    ]
    return _written(read.leader, [*added, *kept])


Rewriter = Callable[[bytes, str, int], bytes | None]


def copies(source: Path, sink: Path, code: str, rewrite: Rewriter = own) -> int:
    """Write every record of the source as that library has it; returns how many could be written."""
    with saying.doing(f"writing the copies of {code}"), sink.open("wb") as written:
        return sum(_put(written.write, rewrite(one, code, place)) for place, one in enumerate(varied.stream(source)))


def _put(write: Callable[[bytes], int], record: bytes | None) -> int:
    if record is None:
        return 0
    write(record)
    return 1


class Part(NamedTuple):
    """A library's file: which of the records it has, in which order, and how it has them."""

    library: str
    share: float
    order: str
    rewrite: Rewriter | None


def overlapping(source: Path, folder: Path, part: Part, number: int) -> tuple[Path, set[str]]:
    """Write a library's share of the first `number` records; returns the file and the library's own numbers."""
    chance = random.Random(part.library)  # noqa: S311  A fixed choice, no secret.
    chosen: Iterator[tuple[int, bytes]] = (
        (place, one) for place, one in enumerate(islice(varied.stream(source), number)) if chance.random() < part.share
    )
    ordered = list(chosen)
    if part.order == "backwards":
        ordered.reverse()
    elif part.order == "shuffled":
        chance.shuffle(ordered)
    path, numbers = folder / f"{part.library}.mrc", set()
    with path.open("wb") as written:
        for place, one in ordered:
            record = one if part.rewrite is None else part.rewrite(one, part.library, place)
            if record is not None:
                written.write(record)
                numbers.add(_number(record))
    return path, numbers
