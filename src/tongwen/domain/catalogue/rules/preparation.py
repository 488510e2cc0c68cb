"""What worker processes do with a piece of a file: frame, decode, validate, key, and derive; no database.

A task goes out as bytes, prepared records come back as plain tuples, so that little is spent on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tongwen.core import compression, derivations
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import deciding, keys, links
from tongwen.standards import hanzi
from tongwen.standards.marc import framing, holdings, iso2709, reading, validation, views
from tongwen.standards.marc import types as marc

_LONGEST_SOURCE_ID: Final = 100


class Task(NamedTuple):
    """A piece of a file: either a block of ISO 2709 bytes, or frames that the reader has cut already."""

    serialization: marc.Serialization
    format: marc.Format
    charset: marc.Charset | None
    offset: int
    block: bytes = b""
    frames: tuple[marc.Frame, ...] = ()
    layouts: dict[str, holdings.Layout] | None = None
    needs_items: bool = False
    """True when a record that speaks of no copy is to be rejected."""
    obeys_deletions: bool = True
    """False when a record that says that it is deleted is a record like any other."""
    derives: bool = True
    """False when what would be derived is of no use: in a preview, or where bibs keep the records they have."""


class Prepared(NamedTuple):
    """A record that is ready to be matched and stored, or one that cannot be taken (`rejected`).

    `ordinal` counts from the start of the task; who knows the file numbers the records through.
    """

    ordinal: int
    offset: int
    problems: tuple[marc.Problem, ...]
    rejected: bytes | None
    source_id: str
    content: int = 0
    format: str = ""
    charset: str = ""
    record: bytes = b""
    keys: tuple[int, ...] = ()
    kinds: tuple[int, ...] = ()
    items: tuple[tuple[str, str, str, int, str], ...] = ()
    view: bytes = b""
    """The match view as `deciding.depart` packs it: most records are never compared, so most are never unpacked."""
    derived: dict[str, bytes] | None = None
    """None where the task did not ask for it; whoever needs it makes it of the stored record."""
    links: tuple[tuple[int, int], ...] = ()
    """(role, key) of rules.links."""
    is_deletion: bool = False
    """True when it only says that the record of its number is deleted."""


def get_ready() -> None:
    """Load what the first record would have to wait for: the dictionaries of pinyin, for a third of a second."""
    hanzi.pinyin("备")


def prepare(task: Task) -> list[Prepared]:
    """Return every record of the task in order; a broken one comes back rejected with its bytes."""
    return [_prepare(frame, task) for frame in _frames(task)]


_new: Final[Any] = tuple.__new__


def numbered(records: Sequence[Prepared], first: int) -> list[Prepared]:
    """Return the records with their numbers in the file, for less than `_replace` takes."""
    return [_new(Prepared, (first + place, *record[1:])) for place, record in enumerate(records)]


def _frames(task: Task) -> Sequence[marc.Frame]:
    if task.frames:
        return task.frames
    return framing.frames_of(task.block, task.offset, 0)


def _prepare(frame: marc.Frame, task: Task) -> Prepared:
    try:
        decoded = reading.decode(frame, task.serialization, charset=task.charset, format=task.format)
    except marc.Unreadable as error:
        problems = (*(one for one in frame.problems if one != error.problem), error.problem)
        return Prepared(frame.ordinal, frame.offset, problems, frame.raw, "")
    source_id = _storable(decoded.record.control("001").strip())[:_LONGEST_SOURCE_ID]
    if task.obeys_deletions and is_deletion(decoded.record):
        return _deletion(frame, decoded.problems, source_id)
    problems = decoded.problems + validation.check(decoded.record, task.format)
    if any(problem.severity is marc.Severity.ERROR for problem in problems):
        return Prepared(frame.ordinal, frame.offset, problems, frame.raw, source_id)
    return _ready(frame, task, decoded, problems, source_id)


def _storable(text: str) -> str:
    """Return text as a database takes it: without NUL, and halves of surrogate pairs (JSON can have them) spelt out."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode()


def _storable_item(item: holdings.HeldItem) -> tuple[str, str, str, int, str]:
    location, call_number, barcode, copies, note = item
    if "\0" in location + call_number + barcode + note:
        location, call_number, barcode, note = map(_storable, (location, call_number, barcode, note))
    return location, call_number, barcode, copies, note


def is_deletion(record: marc.Record) -> bool:
    """Tell whether a record says that it is deleted (record status: MARC 21 and CNMARC, leader, position 5)."""
    return record.leader[5:6] == "d"


def _deletion(frame: marc.Frame, problems: tuple[marc.Problem, ...], source_id: str) -> Prepared:
    """Prepare what may be little more than a number: a deleted record need not be a good one."""
    if not source_id:
        found = marc.Problem("deletion-without-number", marc.Severity.ERROR, tag="001")
        return Prepared(frame.ordinal, frame.offset, (*problems, found), frame.raw, source_id)
    packed = compression.compress(frame.raw)
    return Prepared(frame.ordinal, frame.offset, problems, None, source_id, record=packed, is_deletion=True)


def _ready(
    frame: marc.Frame, task: Task, decoded: marc.Decoded, problems: tuple[marc.Problem, ...], source_id: str
) -> Prepared:
    record = decoded.record
    if task.serialization is marc.Serialization.ISO2709:
        raw, charset = frame.raw, decoded.charset.charset
    else:
        try:
            raw, charset = iso2709.encode(record), marc.Charset.UTF_8
        except iso2709.Unwritable as error:
            found = marc.Problem("unwritable", marc.Severity.ERROR, detail=str(error))
            return Prepared(frame.ordinal, frame.offset, (*problems, found), frame.raw, source_id)
    items = holdings.items(record, task.format, task.layouts)
    if task.needs_items and not items:
        found = marc.Problem("items-missing", marc.Severity.ERROR)
        return Prepared(frame.ordinal, frame.offset, (*problems, found), frame.raw, source_id)
    content = deciding.content_of(raw)
    match_view, display_view = views.both(record, task.format)
    found_keys = keys.keys(match_view)
    return Prepared(
        frame.ordinal,
        frame.offset,
        problems,
        None,
        source_id or f"#{content & ((1 << 64) - 1):016x}",
        content,
        task.format.value,
        charset.value,
        compression.compress(raw),
        tuple(keys.hashed(key) for key in found_keys),
        tuple(int(key.kind) for key in found_keys),
        tuple([_storable_item(item) for item in items]),
        deciding.depart(match_view),
        derivations.derive(types.DISPLAY_VIEW_TOPIC, display_view) if task.derives else None,
        tuple((int(link.role), link.key) for link in links.links(match_view, display_view)),
    )
