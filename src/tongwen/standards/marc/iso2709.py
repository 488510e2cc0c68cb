"""ISO 2709 records: bytes to `Record` and back.

Source: ISO 2709:2008 as MARC 21 and UNIMARC use it: a leader of 24 characters (length at 0-4, base address of the
data at 12-16), a directory of entries of 12 (tag 3, length 4, start 5), fields ended by 1E, the record by 1D,
subfields opened by 1F. A healthy record takes the short way here; whatever disagrees with its own directory goes
through `mending`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tongwen.standards.marc import charset as charsets
from tongwen.standards.marc import mending
from tongwen.standards.marc.types import (
    Charset,
    CharsetEvidence,
    Decoded,
    Field,
    Format,
    Problem,
    Record,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORD_END: Final = "\x1d"
FIELD_END: Final = "\x1e"
SUBFIELD: Final = "\x1f"
LEADER_LENGTH: Final = 24
LONGEST_RECORD: Final = 99_999
LONGEST_FIELD: Final = 9_999

_NO_PROBLEMS: Final[tuple[Problem, ...]] = ()
_BY_LEADER: Final = CharsetEvidence(Charset.UTF_8, "leader", certain=True)
_BY_ASCII: Final = CharsetEvidence(Charset.UTF_8, "ascii", certain=True)
_WITHOUT_CONTROLS: Final = bytes(0x20 if code < 0x1D else code for code in range(0x100))
"""Maps control characters other than the delimiters to blanks."""

_CONTROL_CHARACTER: Final = re.compile("[\x00-\x1c\x7f]")
_DIRECTORY: Final = re.compile(rb"(?:[\x20-\x7e]{3}[0-9]{9})+")
_DIGITS: Final = [b"%d" % digit for digit in range(10)]
_FOUR_DIGITS: Final = [b"%04d" % number for number in range(10_000)]
_CONTROL_TAGS: Final = frozenset(f"00{digit}" for digit in range(10))
_WIDE: Final = (Charset.UTF_16LE, Charset.UTF_16BE)

# NamedTuple's own constructor is a Python function; tuple.__new__ with the class halves the cost of a field.
_new: Any = tuple.__new__


class Unwritable(Exception):
    """The record cannot be expressed in ISO 2709; the message says which field and why."""


class TooLong(Unwritable):
    """The record passes 99,999 bytes, or one of its fields 9,999."""


class Unencodable(Unwritable):
    """A character does not exist in the chosen character set."""


def decode(raw: bytes, *, charset: Charset | None = None, format: Format | None = None) -> Decoded:  # noqa: A002 - the field's word
    """Read one record, mending what can be mended.

    `raw` is the record with its terminator. A declared `charset` is used as said; otherwise it is chosen with
    evidence. Raises `types.Unreadable` when nothing sensible can be read. `lossless` is true exactly when
    `encode(record, charset=decoded.charset.charset)` gives `raw` back; otherwise a MENDED problem says why not.
    """
    if charset is None or charset is Charset.UTF_8:
        quick = _decode_healthy_utf8(raw, charset)
        if quick is not None:
            return quick
    return _decode_carefully(raw, charset, format)


def encode(record: Record, *, charset: Charset = Charset.UTF_8) -> bytes:
    """Write one record; record length and base address are computed, the rest of the leader stays as it is.

    Raises `TooLong`, `Unencodable` or `Unwritable`. LDR/09 is not touched: see `leader_for`.
    """
    write = charsets.encoder(charset)
    directory: list[str] = []
    bodies: list[bytes] = []
    place = 0
    unit = 2 if charset in _WIDE else 1
    for field in record.fields:
        body = _field_bytes(field, write, charset)
        length = len(body) // unit
        if length > LONGEST_FIELD or place > LONGEST_RECORD:
            message = f"field {field.tag} takes {length} bytes at {place}: ISO 2709 holds 9999 a field, 99999 a record"
            raise TooLong(message)
        directory.append(f"{field.tag}{length:04d}{place:05d}")
        bodies.append(body)
        place += length
    base = LEADER_LENGTH + 12 * len(bodies) + 1
    total = base + place + 1
    if total > LONGEST_RECORD:
        message = f"the record takes {total} bytes: ISO 2709 holds 99999"
        raise TooLong(message)
    if len(record.leader) != LEADER_LENGTH:
        message = f"the leader has {len(record.leader)} characters, not 24"
        raise Unwritable(message)
    leader = f"{total:05d}{record.leader[5:12]}{base:05d}{record.leader[17:]}"
    head = _head_bytes(leader + "".join(directory) + FIELD_END, charset)
    return head + b"".join(bodies) + (RECORD_END.encode(charsets.CODECS[charset]) if charset in _WIDE else b"\x1d")


def leader_for(leader: str, charset: Charset) -> str:
    """Return a MARC 21 leader whose position 09 tells the character set (`a` is UTF-8, blank MARC-8)."""
    return leader[:9] + ("a" if charset is Charset.UTF_8 else " ") + leader[10:]


def _decode_healthy_utf8(raw: bytes, declared: Charset | None) -> Decoded | None:
    """Read a record whose directory describes it exactly and whose text is certain; None for all others."""
    if not (raw.isascii() or raw[9:10] == b"a"):
        return None
    count = _healthy_entries(raw)
    if not count or raw.translate(_WITHOUT_CONTROLS) != raw:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    fields = _plain_fields(text, count)
    if fields is None:
        return None
    if declared is not None:
        evidence = CharsetEvidence(declared, "declared", certain=True)
    else:
        evidence = _BY_LEADER if text[9] == "a" else _BY_ASCII
    return Decoded(Record(text[:LEADER_LENGTH], fields), evidence, _NO_PROBLEMS, lossless=True)


def _healthy_entries(raw: bytes) -> int:
    """Return the number of fields when leader and directory describe the bytes in canonical order, else 0.

    The directory that the fields ask for is written and compared: that is cheaper than reading its numbers.
    """
    size = len(raw)
    if raw[:5] != b"%05d" % size or raw[-2:] != b"\x1e\x1d" or not raw[:LEADER_LENGTH].isascii():
        return 0
    digits = raw[12:17]
    base = int(digits) if digits.isdigit() else 0
    count, rest = divmod(base - LEADER_LENGTH - 1, 12)
    if rest or count < 1 or base > size - 2 or raw[base - 1] != 0x1E:
        return 0
    directory = raw[LEADER_LENGTH : base - 1]
    if not directory.isdigit() and _DIRECTORY.fullmatch(directory) is None:
        return 0
    expected: list[bytes] = []
    place = entry = 0
    for body in raw[base:-2].split(b"\x1e"):
        length = len(body) + 1
        if length > LONGEST_FIELD:
            return 0
        expected.append(directory[entry : entry + 3])
        expected.append(_FOUR_DIGITS[length])
        expected.append(_DIGITS[place // 10_000])
        expected.append(_FOUR_DIGITS[place % 10_000])
        entry += 12
        place += length
    return count if b"".join(expected) == directory else 0


def _plain_fields(text: str, count: int) -> tuple[Field, ...] | None:
    """Build the fields of a healthy record, None where one of them has an odd shape.

    This is the hottest loop of loading: tuples are built in place, since a call costs as much as the tuple.
    """
    fields: list[Field] = []
    directory = LEADER_LENGTH
    new, kind = _new, Field
    for body in text[LEADER_LENGTH + 12 * count + 1 : -2].split(FIELD_END):
        tag = text[directory : directory + 3]
        directory += 12
        if body[2:3] == SUBFIELD and tag not in _CONTROL_TAGS:
            indicators = body[:2]
            if SUBFIELD in indicators:
                return None
            try:
                subfields = tuple([(piece[0], piece[1:]) for piece in body[3:].split(SUBFIELD)])
            except IndexError:  # Two delimiters stand side by side.
                return None
            fields.append(new(kind, (tag, indicators, subfields, "")))
        elif tag in _CONTROL_TAGS and body and SUBFIELD not in body:
            fields.append(new(kind, (tag, "", (), body)))
        else:
            return None
    return tuple(fields)


def _decode_carefully(raw: bytes, declared: Charset | None, format: Format | None) -> Decoded:  # noqa: A002
    """Read any record: choose the character set, mend the layout, and compare the result with the bytes."""
    evidence = charsets.evidence(raw, declared=declared, format=format)
    narrow, reading = raw, evidence.charset
    problems: list[Problem] = []
    if evidence.charset in _WIDE:
        text, found = charsets.decode(raw, evidence.charset)
        problems.extend(found)
        narrow, reading = text.lstrip("\ufeff").encode(), Charset.UTF_8
    layout = mending.cut(narrow)
    problems.extend(layout.problems)
    fields = tuple([_careful_field(part, reading, problems) for part in layout.parts])
    record = Record(layout.leader.decode("latin-1"), fields)
    problems.extend(_leader_findings(layout.leader, evidence))
    try:
        lossless = encode(record, charset=evidence.charset) == raw
    except Unwritable:
        lossless = False
    return Decoded(record, evidence, _settled(problems, lossless=lossless), lossless)


def _careful_field(part: mending.Part, charset: Charset, problems: list[Problem]) -> Field:
    tag = part.tag.decode("latin-1")
    pieces: list[str] = []
    place = part.offset
    # MARC-8 starts afresh in each subfield; the other sets do not mind being cut at a delimiter.
    for piece in part.body.split(b"\x1f"):
        text, found = charsets.decode(piece, charset)
        problems.extend(item._replace(tag=tag, offset=place + item.offset) for item in found)
        pieces.append(text)
        place += len(piece) + 1
    problems.extend(_shape_findings(tag, pieces, part.offset))
    if tag in _CONTROL_TAGS or (len(pieces) == 1 and len(pieces[0]) != 2):
        return Field(tag, data=SUBFIELD.join(pieces))
    return Field(tag, pieces[0], tuple((piece[:1], piece[1:]) for piece in pieces[1:]))


def _shape_findings(tag: str, pieces: list[str], offset: int) -> Iterator[Problem]:
    """Report what is odd in a field and yet kept as it is."""
    text = SUBFIELD.join(pieces)
    control = _CONTROL_CHARACTER.search(text.replace(SUBFIELD, ""))
    if control is not None:
        detail = f"control character U+{ord(control.group()):04X}"
        yield Problem("control-character", Severity.WARNING, tag, offset, detail)
    if not text:
        yield Problem("field-empty", Severity.WARNING, tag, offset)
    elif tag in _CONTROL_TAGS:
        if len(pieces) > 1:
            yield Problem("control-field-subfields", Severity.WARNING, tag, offset)
    elif len(pieces) == 1:
        yield Problem("subfield-delimiter-missing", Severity.WARNING, tag, offset, repr(text[:20]))
    else:
        if len(pieces[0]) != 2:
            yield Problem("indicators", Severity.WARNING, tag, offset, repr(pieces[0][:20]))
        if "" in pieces[1:]:
            yield Problem("subfield-empty", Severity.WARNING, tag, offset)


def _leader_findings(leader: bytes, evidence: CharsetEvidence) -> Iterator[Problem]:
    if not leader.isascii() or _CONTROL_CHARACTER.search(leader.decode("latin-1")):
        yield Problem("leader-characters", Severity.WARNING, "", 0, repr(leader.decode("latin-1")))
    if leader[9:10] == b"a" and evidence.charset is not Charset.UTF_8:
        detail = f"LDR/09 says UTF-8, read as {evidence.charset.value}"
        yield Problem("charset-contradicts-leader", Severity.WARNING, "", 9, detail)


def _settled(problems: list[Problem], *, lossless: bool) -> tuple[Problem, ...]:
    """Make the severities agree with the comparison: MENDED stands exactly where the bytes would differ."""
    if lossless:
        return tuple(
            item._replace(severity=Severity.WARNING) if item.severity is Severity.MENDED else item for item in problems
        )
    if not any(item.severity is Severity.MENDED for item in problems):
        problems.append(Problem("rewritten", Severity.MENDED, "", -1, "another spelling of the same text"))
    return tuple(problems)


def _field_text(field: Field) -> str:
    if not field.subfields and not field.indicators:
        return field.data
    return field.indicators + "".join([SUBFIELD + code + value for code, value in field.subfields])


def _field_bytes(field: Field, write: Callable[[str], bytes], charset: Charset) -> bytes:
    if len(field.tag) != 3 or not field.tag.isascii():
        message = f"the tag {field.tag!r} has not three characters"
        raise Unwritable(message)
    try:
        if charset is Charset.MARC_8:
            return b"\x1f".join([write(piece) for piece in _field_text(field).split(SUBFIELD)]) + b"\x1e"
        return write(_field_text(field) + FIELD_END)
    except UnicodeEncodeError as error:
        message = f"field {field.tag}: U+{ord(error.object[error.start]):04X} does not exist in {charset.value}"
        raise Unencodable(message) from None


def _head_bytes(head: str, charset: Charset) -> bytes:
    """Write leader and directory; the leader keeps bytes outside ASCII as Latin-1, one character each."""
    try:
        return head.encode(charsets.CODECS[charset] if charset in _WIDE else "latin-1")
    except UnicodeEncodeError:
        message = f"the leader {head[:LEADER_LENGTH]!r} has characters that no leader can hold"
        raise Unwritable(message) from None
