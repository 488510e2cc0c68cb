"""The pure functions one by one, beside pymarc's where it has the like."""

from __future__ import annotations

import contextlib
import gc
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pymarc

from bench import figures, records, saying
from tongwen.core import compression
from tongwen.domain.catalogue.rules import keys
from tongwen.domain.discovery.rules import document
from tongwen.standards import hanzi
from tongwen.standards.marc import holdings, iso2709, marcjson, marcxml, validation, views
from tongwen.standards.marc import types as marc

_SAMPLE = 6_000
_ROUNDS = 3
_MARC21 = marc.Format.MARC21


class _Speed(NamedTuple):
    """A function with its inputs, and pymarc's with its own."""

    name: str
    ours: Callable[[Any], Any]
    inputs: Sequence[Any]
    theirs: Callable[[Any], Any] | None = None
    their_inputs: Sequence[Any] = ()


def measure(file: Path) -> dict[str, Any]:
    """Return the CPU µs a record of each function, the median of three rounds on different records."""
    with saying.doing("speeds of the standards"):
        raw, decoded = _readable(records.sample(file, _SAMPLE))
        gc.collect()
        gc.freeze()
        try:
            rows = [_row(one) for one in (*_reading(raw, decoded), *_using(decoded))]
        finally:
            gc.unfreeze()
    return {"records": len(raw), "rounds": _ROUNDS, "speeds": rows}


def _readable(sample: list[bytes]) -> tuple[list[bytes], list[marc.Record]]:
    """Return those of the records that both readers take, so that both do the same work."""
    raw, decoded = [], []
    for one in sample:
        try:
            record = iso2709.decode(one, format=_MARC21).record
            pymarc.Record(data=one).as_marc()
            marcxml.encode(record)
        except (marc.Unreadable, marcxml.Unwritable, pymarc.exceptions.PymarcException, ValueError):
            continue
        raw.append(one)
        decoded.append(record)
    return raw, decoded


def _reading(raw: list[bytes], decoded: list[marc.Record]) -> list[_Speed]:
    theirs = [pymarc.Record(data=one) for one in raw]
    xml = [marcxml.encode(one) for one in decoded]
    json = [marcjson.encode(one) for one in decoded]
    marc8, marc8_theirs = _in_marc8(decoded)
    return [
        _Speed("read ISO 2709, UTF-8", lambda one: iso2709.decode(one, format=_MARC21), raw, _their_read, raw),
        _Speed(
            "read ISO 2709, MARC-8", lambda one: iso2709.decode(one, format=_MARC21), marc8, _their_read, marc8_theirs
        ),
        _Speed("write ISO 2709, UTF-8", iso2709.encode, decoded, pymarc.Record.as_marc, theirs),
        _Speed("read MARCXML", marcxml.decode, xml, _their_xml, xml),
        _Speed("write MARCXML", marcxml.encode, decoded, pymarc.record_to_xml, theirs),
        _Speed("read MARC-in-JSON", marcjson.decode, json, _their_json, json),
        _Speed("write MARC-in-JSON", marcjson.encode, decoded, pymarc.Record.as_json, theirs),
    ]


def _their_read(raw: bytes) -> pymarc.Record:
    return pymarc.Record(data=raw)


def _their_xml(raw: bytes) -> list[pymarc.Record]:
    found: list[pymarc.Record] = pymarc.parse_xml_to_array(io.BytesIO(raw))  # type: ignore[no-untyped-call]
    return found


def _their_json(raw: bytes) -> list[pymarc.Record | None]:
    return list(pymarc.JSONReader(raw.decode()))


def _in_marc8(decoded: list[marc.Record]) -> tuple[list[bytes], list[bytes]]:
    """Write the records in MARC-8, those that can be and that pymarc then reads without complaint."""
    written = []
    for one in decoded:
        told = one._replace(leader=iso2709.leader_for(one.leader, marc.Charset.MARC_8))
        try:
            raw = iso2709.encode(told, charset=marc.Charset.MARC_8)
        except iso2709.Unwritable:
            continue
        complaints = io.StringIO()
        with contextlib.redirect_stderr(complaints):
            _their_read(raw)
        if not complaints.getvalue():
            written.append(raw)
    return written, written


def _using(decoded: list[marc.Record]) -> list[_Speed]:
    matched = [views.match_view(one, _MARC21) for one in decoded]
    shown = [views.display_view(one, _MARC21) for one in decoded]
    titles = [[one.title.value, one.subtitle.value, one.responsibility.value] for one in shown]
    raw = [iso2709.encode(one) for one in decoded]
    return [
        _Speed("validate", lambda one: validation.check(one, _MARC21), decoded),
        _Speed("match view and display view", lambda one: views.both(one, _MARC21), decoded),
        _Speed("match keys", keys.keys, matched),
        _Speed("holdings' items", lambda one: holdings.items(one, _MARC21), decoded),
        _Speed("index fields (all text analysis)", document.bib_fields, shown),
        _Speed("analyse title and responsibility", hanzi.analyze_many, titles),
        _Speed("pinyin of the title", lambda one: hanzi.pinyin(one.title.value), shown),
        _Speed("compress", compression.compress, raw),
    ]


def _row(speed: _Speed) -> dict[str, Any]:
    ours = _microseconds(speed.ours, speed.inputs)
    row = {"name": speed.name, "us": round(ours, 1)}
    if speed.theirs is not None:
        theirs = _microseconds(speed.theirs, speed.their_inputs)
        row |= {"pymarc_us": round(theirs, 1), "times_faster": round(theirs / ours, 1)}
    return row


def _microseconds(function: Callable[[Any], Any], inputs: Sequence[Any]) -> float:
    taken = []
    for first in range(_ROUNDS):
        # Other records in each round, for what a function remembers must not count as its speed.
        part = inputs[first::_ROUNDS]
        began = time.process_time()
        for one in part:
            function(one)
        taken.append((time.process_time() - began) * 1e6 / max(1, len(part)))
    return figures.median(taken)
