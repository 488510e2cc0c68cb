"""Cut a damaged ISO 2709 record into its fields with the evidence that is left.

Two witnesses say where a field lies: the directory (ISO 2709 §4.4) and the field terminators (1E). Where they agree
there is no damage; where one of them is broken the other is believed, and the report says so.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple, NoReturn

from tongwen.standards.marc.types import Problem, Severity, Unreadable

_ENTRY = re.compile(rb"([\x20-\x7e]{3})([0-9]{4})([0-9]{5})")
_LOOSE_TAG = re.compile(rb"[0-9A-Za-z]{3}")
_LEADER = 24


class Part(NamedTuple):
    """One field: its tag, its bytes without the terminator, and where they stand in the record."""

    tag: bytes
    body: bytes
    offset: int


class Layout(NamedTuple):
    leader: bytes
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]


class _Entry(NamedTuple):
    tag: bytes
    length: int
    start: int


def cut(raw: bytes) -> Layout:
    """Return leader and fields of a record whose parts may contradict each other.

    Raises `Unreadable`: shorter than a leader, no directory, or tags and fields that cannot be brought together.
    """
    if len(raw) < _LEADER + 2:
        _give_up("record-too-short", 0, f"{len(raw)} bytes")
    problems: list[Problem] = []
    leader = raw[:_LEADER]
    directory_end = raw.find(b"\x1e", _LEADER)
    if directory_end < 0:
        _give_up("directory-end-missing", _LEADER, "no field terminator in the record")
    base = directory_end + 1
    end = len(raw) - 1 if raw.endswith(b"\x1d") else len(raw)
    _check_leader(raw, base, problems)
    if end == len(raw):
        problems.append(_mended("terminator-missing", end))
    bodies = _by_terminators(raw, base, end)
    if not bodies:
        _give_up("data-missing", base, "nothing follows the directory")
    entries = _directory(raw[_LEADER:directory_end], len(bodies), problems)
    parts = _by_directory(raw, base, end, entries) or _paired(entries, bodies, problems)
    if parts is None:
        parts = _by_neighbourhood(raw, base, end, entries, problems)
    _report_order(raw, entries, parts, base, problems)
    return Layout(leader, parts, tuple(problems))


def _give_up(code: str, offset: int, detail: str = "") -> NoReturn:
    raise Unreadable(Problem(code, Severity.ERROR, "", offset, detail))


def _mended(code: str, offset: int, detail: str = "", tag: bytes = b"") -> Problem:
    return Problem(code, Severity.MENDED, tag.decode("latin-1"), offset, detail)


def _check_leader(raw: bytes, base: int, problems: list[Problem]) -> None:
    if raw[:5] != b"%05d" % len(raw):
        said = raw[:5].decode("latin-1")
        problems.append(_mended("leader-length", 0, f"{said!r}, the record has {len(raw)} bytes"))
    if raw[12:17] != b"%05d" % base:
        said = raw[12:17].decode("latin-1")
        if raw[20:22] != b"45" and raw[10:12] != b"22":
            _give_up("leader-unusable", 0, repr(raw[:_LEADER].decode("latin-1")))
        problems.append(_mended("base-address", 12, f"{said!r}, the data begin at {base}"))


def _by_terminators(raw: bytes, base: int, end: int) -> list[tuple[int, bytes]]:
    """Cut at every 1E; the last piece counts only if it holds something."""
    bodies: list[tuple[int, bytes]] = []
    place = base
    for piece in raw[base:end].split(b"\x1e"):
        bodies.append((place, piece))
        place += len(piece) + 1
    if not bodies[-1][1]:
        bodies.pop()
    return bodies


def _directory(data: bytes, fields: int, problems: list[Problem]) -> list[_Entry]:
    """Read the entries; a directory out of step is read from both ends towards the damage."""
    cuts = [data[place : place + 12] for place in range(0, len(data), 12)]
    matches = [_ENTRY.fullmatch(entry) for entry in cuts]
    if cuts and all(matches):
        return [_entry(match) for match in matches if match is not None]
    if not data:
        _give_up("directory-empty", _LEADER)
    front, back = _from_both_ends(data)
    left, right = 12 * len(front), len(data) - 12 * len(back)
    code = "directory-length" if len(data) % 12 else "directory-entry"
    place = _LEADER + left
    if not front and not back:
        _give_up(code, place, f"no entry can be read: {data[:24]!r}")
    missing = fields - len(front) - len(back)
    lost = data[left:right]
    tag = _LOOSE_TAG.match(lost)
    if missing == 1 and tag is not None:
        problems.append(_mended(code, place, f"entry {lost!r} is broken; its tag is taken as {tag.group()!r}"))
        return [*front, _Entry(tag.group(), -1, -1), *back]
    if missing == 0 and lost:
        problems.append(_mended(code, place, f"{lost!r} belongs to no field"))
        return [*front, *back]
    return _give_up(code, place, f"{lost[:24]!r}: {fields} fields, {len(front) + len(back)} entries can be read")


def _from_both_ends(data: bytes) -> tuple[list[_Entry], list[_Entry]]:
    """Read entries towards the damage; digits out of step look like entries too, so each must join its neighbour."""
    front: list[_Entry] = []
    place = 0
    while (match := _ENTRY.match(data, 12 * len(front))) is not None:
        entry = _entry(match)
        if entry.start != place:
            break
        front.append(entry)
        place += entry.length
    back: list[_Entry] = []
    right = len(data) - 12
    while right >= 12 * len(front) and (match := _ENTRY.fullmatch(data, right, right + 12)) is not None:
        entry = _entry(match)
        if back and entry.start + entry.length != back[0].start:
            break
        back.insert(0, entry)
        right -= 12
    return front, back


def _entry(match: re.Match[bytes]) -> _Entry:
    return _Entry(match.group(1), int(match.group(2)), int(match.group(3)))


def _by_directory(raw: bytes, base: int, end: int, entries: list[_Entry]) -> tuple[Part, ...] | None:
    """Believe the directory when every entry ends at a terminator within the data and none overlaps."""
    parts: list[Part] = []
    spans: list[tuple[int, int]] = []
    for tag, length, start in entries:
        first = base + start
        last = first + length - 1
        opens = start == 0 or raw[first - 1 : first] == b"\x1e"
        if length < 1 or last >= end or raw[last : last + 1] != b"\x1e" or not opens:
            return None
        parts.append(Part(tag, raw[first:last], first))
        spans.append((first, last))
    spans.sort()
    overlap = any(later[0] <= earlier[1] for earlier, later in pairwise(spans))
    return None if overlap else tuple(parts)


def _paired(entries: list[_Entry], bodies: list[tuple[int, bytes]], problems: list[Problem]) -> tuple[Part, ...] | None:
    """Believe the terminators when they give as many fields as the directory has entries: join them in order."""
    if len(entries) != len(bodies):
        return None
    order = list(range(len(entries)))
    starts = [entry.start for entry in entries]
    if min(starts) >= 0 and len(set(starts)) == len(starts):
        order.sort(key=starts.__getitem__)
    parts: dict[int, Part] = {}
    for rank, (place, body) in zip(order, bodies, strict=True):
        parts[rank] = Part(entries[rank].tag, body, place)
    base = bodies[0][0]
    for entry, part in zip(entries, (parts[rank] for rank in range(len(entries))), strict=True):
        if entry.length >= 0 and (entry.length, entry.start) != (len(part.body) + 1, part.offset - base):
            detail = f"{entry.length} bytes at {entry.start}, found {len(part.body) + 1} at {part.offset - base}"
            problems.append(_mended("directory-mismatch", part.offset, detail, entry.tag))
            break
    return tuple(parts[rank] for rank in range(len(entries)))


def _by_neighbourhood(
    raw: bytes, base: int, end: int, entries: list[_Entry], problems: list[Problem]
) -> tuple[Part, ...]:
    """Take each field where the directory puts it, up to the next entry, when terminators are lost or added.

    The bytes may have moved by the same distance from some place on; the field before tells by how much.
    """
    parts: list[Part] = []
    shift = 0
    for tag, length, start in entries:
        first = base + start + shift
        if start < 0 or first >= end:
            detail = f"the directory puts field {tag.decode('latin-1')} outside the record"
            raise Unreadable(Problem("directory-mismatch", Severity.ERROR, tag.decode("latin-1"), len(raw), detail))
        first, shift = _snapped(raw, base, first, shift)
        last = first + length - 1
        if raw[last : last + 1] != b"\x1e" or last >= end:
            found = raw.find(b"\x1e", first, end)
            lost = raw[last + 1 : last + 3] if last < end else b""
            # A lost terminator leaves the next field's beginning right behind; a moved one is found by search.
            last = found if found >= 0 and not _opens_field(lost) else min(last + 1, end)
            problems.append(_mended("field-terminator", first, "", tag))
            shift += last - first + 1 - length
        parts.append(Part(tag, raw[first:last], first))
    return tuple(parts)


def _snapped(raw: bytes, base: int, first: int, shift: int) -> tuple[int, int]:
    """Move a field's start by up to three bytes to stand right behind a terminator."""
    for by in (0, 1, -1, 2, -2, 3, -3):
        place = first + by
        if place == base or (place > base and raw[place - 1 : place] == b"\x1e"):
            return place, shift + by
    return first, shift


def _opens_field(data: bytes) -> bool:
    return len(data) == 2 and all(byte in b" 0123456789" for byte in data)


def _report_order(
    raw: bytes, entries: list[_Entry], parts: tuple[Part, ...], base: int, problems: list[Problem]
) -> None:
    """Say when the directory is sound but not in the order of the data, or leaves bytes that no entry claims."""
    if any(problem.code.startswith(("directory", "field")) for problem in problems):
        return
    place = base
    for entry, part in zip(entries, parts, strict=True):
        if part.offset != place:
            detail = f"starts at {entry.start}, in directory order it would be {place - base}"
            problems.append(_mended("directory-order", part.offset, detail, part.tag))
            return
        place += len(part.body) + 1
    claimed = len(raw) - 1 if raw.endswith(b"\x1d") else len(raw)
    if place != claimed:
        problems.append(_mended("bytes-unclaimed", place, f"{claimed - place} bytes belong to no entry"))
