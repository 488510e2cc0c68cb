"""MARC-in-JSON: framing, reading and writing.

Source: Ross Singer's proposal (2010): {"leader": …, "fields": [{"001": …}, {"245": {"ind1", "ind2", "subfields":
[{"a": …}]}}]}. Files hold one object, an array of them, or one object a line. Objects are cut out before they are
parsed, so that a broken one costs itself only.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from tongwen.standards.marc.types import (
    Charset,
    CharsetEvidence,
    Decoded,
    Field,
    Frame,
    Problem,
    Record,
    Severity,
    Subfield,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
LONGEST = 1 << 23
"""Bytes of one record that are kept together before it is given up (8 MiB)."""

_EVIDENCE = CharsetEvidence(Charset.UTF_8, "json", certain=True)
_FIRST_KEY = re.compile(rb'\{\s*("(?:[^"\\]|\\.){1,200}"\s*:)')
_BETWEEN = b" \t\r\n,[]\xef\xbb\xbf"
_AFTER = b" \t\r\n,]"
_CONTROL = re.compile(rb"[\x00-\x1f]")
_LONGEST_KEY = 256
_LEADER_LENGTH = 24


class Unwritable(Exception):
    """The record holds a character that UTF-8 cannot hold (half of a surrogate pair)."""


def frames(source: BinaryIO, *, start: int = 0, ordinal: int = 0, chunk_size: int = CHUNK) -> Iterator[Frame]:
    """Cut out each record object; `raw` is its bytes, `offset` its place in the file.

    The stream stands at byte `start`, before the array or before an object. Every object opens with the same key as
    the first one (`{"leader"` as a rule); an unescaped quote cannot stand in a string, so that is a safe mark.
    """
    held = b""
    place = start
    opening: re.Pattern[bytes] | None = None
    while data := source.read(chunk_size):
        held += data
        if opening is None:
            opening = _opening(held)
        if opening is None:
            continue
        begins = [match.start() for match in opening.finditer(held)]
        for begin, end in pairwise(begins):
            yield _frame(held[begin:end], ordinal, place + begin)
            ordinal += 1
        keep = begins[-1] if begins else max(len(held) - _LONGEST_KEY, 0)
        if len(held) - keep > LONGEST:
            problem = Problem("record-too-long", Severity.ERROR, "", LONGEST, "no further record begins")
            yield Frame(ordinal, place + keep, held[keep:], (problem,))
            ordinal += 1
            keep = len(held)
        place += keep
        held = held[keep:]
    if opening is not None and opening.match(held):
        yield _frame(held, ordinal, place)
    elif held.strip(_BETWEEN):
        problem = Problem("no-record", Severity.ERROR, "", 0, f"no JSON object: {held[:20]!r}")
        yield Frame(ordinal, place, held, (problem,))


def decode(raw: bytes) -> Decoded:
    """Read one object. Raises `types.Unreadable` with the byte offset in `raw` where it is no JSON or no record."""
    problems: list[Problem] = []
    content = _parsed(raw, problems)
    if not isinstance(content, dict) or not isinstance(content.get("fields"), list):
        raise Unreadable(Problem("record-empty", Severity.ERROR, "", 0, "no object with a list of fields"))
    fields = [field for item in content["fields"] for field in _fields(item, problems)]
    leader = content.get("leader")
    if not isinstance(leader, str) or len(leader) != _LEADER_LENGTH:
        problems.append(Problem("leader-length", Severity.MENDED, "", -1, f"{str(leader)[:30]!r}: not 24 characters"))
        leader = (leader if isinstance(leader, str) else "")[:_LEADER_LENGTH].ljust(_LEADER_LENGTH)
    lossless = not any(problem.severity is Severity.MENDED for problem in problems)
    return Decoded(Record(leader, tuple(fields)), _EVIDENCE, tuple(problems), lossless)


def read(source: BinaryIO) -> Iterator[tuple[Frame, Decoded | Problem]]:
    """Read a whole file record by record; what cannot be read comes as its problem."""
    for frame in frames(source):
        bad = next((problem for problem in frame.problems if problem.severity is Severity.ERROR), None)
        if bad is not None:
            yield frame, bad
            continue
        try:
            yield frame, decode(frame.raw)
        except Unreadable as error:
            yield frame, error.problem


def encode(record: Record) -> bytes:
    """Write one object on one line, without a line end. Raises `Unwritable`."""
    fields = [{field.tag: _value(field)} for field in record.fields]
    try:
        return orjson.dumps({"leader": record.leader, "fields": fields})
    except TypeError as error:
        message = f"the record holds a character that no JSON can hold: {error}"
        raise Unwritable(message) from None


def _parsed(raw: bytes, problems: list[Problem]) -> Any:
    """Parse strictly; bare control characters in strings and bytes outside UTF-8 are let pass with a finding."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        wrong = raw[error.start : error.start + 4].hex(" ")
        problems.append(Problem("charset-bytes", Severity.MENDED, "", error.start, f"{wrong} is not UTF-8"))
        text = raw.decode("utf-8", "replace")
    try:
        content = json.loads(text, strict=False)
    except (json.JSONDecodeError, RecursionError) as error:
        # The error counts characters; the report counts bytes.
        offset = len(text[: getattr(error, "pos", 0)].encode("utf-8", "replace"))
        problem = Problem("json-not-well-formed", Severity.ERROR, "", offset, str(getattr(error, "msg", "too deep")))
        raise Unreadable(problem) from None
    found = _CONTROL.search(raw)
    if found is not None:
        problems.append(Problem("control-character", Severity.WARNING, "", found.start(), "bare in a JSON string"))
    return content


def _opening(held: bytes) -> re.Pattern[bytes] | None:
    first = _FIRST_KEY.search(held)
    if first is None:
        return None
    key = first.group(1)[:-1].rstrip()
    return re.compile(rb"\{\s*" + re.escape(key) + rb"\s*:")


def _frame(piece: bytes, ordinal: int, offset: int) -> Frame:
    return Frame(ordinal, offset, piece.rstrip(_AFTER))


def _fields(item: Any, problems: list[Problem]) -> Iterator[Field]:
    if not isinstance(item, dict):
        problems.append(Problem("field-unreadable", Severity.MENDED, "", -1, f"no field: {str(item)[:40]!r}"))
        return
    for tag, value in item.items():
        if len(tag) != 3:
            problems.append(Problem("tag", Severity.MENDED, tag[:12], -1, "the tag has not three characters"))
        name = tag[:3].rjust(3, "0")
        if isinstance(value, str):
            yield Field(name, data=value)
        elif isinstance(value, dict):
            yield _data_field(name, value, problems)
        else:
            problems.append(Problem("field-unreadable", Severity.MENDED, name, -1, f"{str(value)[:40]!r}"))


def _data_field(tag: str, value: dict[str, Any], problems: list[Problem]) -> Field:
    indicators = ""
    for name in ("ind1", "ind2"):
        mark = value.get(name, " ")
        if not isinstance(mark, str) or len(mark) != 1:
            problems.append(Problem("indicators", Severity.MENDED, tag, -1, f"{name} is {str(mark)[:12]!r}"))
            mark = str(mark or " ")[:1]
        indicators += mark
    listed = value.get("subfields", [])
    subfields: list[Subfield] = []
    for item in listed if isinstance(listed, list) else [listed]:
        for code, text in item.items() if isinstance(item, dict) else [("", item)]:
            if len(code) != 1 or not isinstance(text, str):
                detail = f"{code[:12]!r}: {str(text)[:30]!r}"
                problems.append(Problem("subfield-code", Severity.MENDED, tag, -1, detail))
            subfields.append((code[:1], text if isinstance(text, str) else str(text or "")))
    return Field(tag, indicators, tuple(subfields))


def _value(field: Field) -> str | dict[str, Any]:
    if not field.subfields and not field.indicators:
        return field.data
    marks = field.indicators.ljust(2)
    return {"ind1": marks[0], "ind2": marks[1], "subfields": [{code: value} for code, value in field.subfields]}
