"""Where each record of an ISO 2709 file begins and ends.

The record terminator (1D) leads, not the record length of the leader: after a wrong length a reader that trusts it
loses every following record. Length and directory are heard as witnesses where the terminator is in doubt (a 1D
inside the data, a terminator that is missing). Source: ISO 2709:2008 §4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from tongwen.standards.marc import charset as charsets
from tongwen.standards.marc.types import Charset, Frame, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK: Final = 1 << 20
LONGEST: Final = 1 << 23
"""Bytes without any terminator that are kept together before they are given up as no record (8 MiB)."""

_END: Final = b"\x1d"
_FILLER: Final = b"\r\n\x00\x1a\t"
_BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = 24
_DIRECTORY: Final = re.compile(rb"(?:[0-9A-Za-z]{3}[0-9]{9})+")
_LEADER: Final = re.compile(rb"[0-9]{5}[a-zA-Z ][a-zA-Z][\x20-\x7e]{5}[0-9]{5}[\x20-\x7e]{7}[0-9A-Za-z]{3}[0-9]{9}")
_INNER: Final = re.compile(
    rb"[0-9]{5}[a-zA-Z ][a-zA-Z][\x20-\x7e]{5}[0-9]{5}[\x20-\x7e]{3}45[0-9 ]{2}[0-9A-Za-z]{3}[0-9]{9}"
)
_HEADER: Final = re.compile(rb"[0-9]{5}[a-zA-Z ][a-zA-Z]")
_LAST_TRIES: Final = 64
_LONGEST_RECORD: Final = 99_999
_SHORT_JUNK: Final = 24


class Chunk(NamedTuple):
    """Whole records in one piece of the file, for a worker: `frames_of(data, offset, first_ordinal)`."""

    offset: int
    first_ordinal: int
    data: bytes


class _Piece(NamedTuple):
    """A stretch of a block that is one record or one piece of damage."""

    start: int
    stop: int
    problems: tuple[Problem, ...]


def frames(
    source: BinaryIO, *, start: int = 0, ordinal: int = 0, chunk_size: int = CHUNK, longest: int = LONGEST
) -> Iterator[Frame]:
    """Read the records of a stream one after the other in bounded memory.

    The stream stands at byte `start` of its file, where a record begins; its first record gets number `ordinal`.
    Damage comes as a frame with an ERROR; nothing is raised but the stream's own errors.
    """
    for offset, data in _blocks(source, start, chunk_size, longest):
        found = frames_of(data, offset, ordinal)
        ordinal += len(found)
        yield from found


def chunks(
    source: BinaryIO, *, start: int = 0, ordinal: int = 0, chunk_size: int = CHUNK, longest: int = LONGEST
) -> Iterator[Chunk]:
    """Cut a stream into blocks that end where a record ends, each with the number of its first record."""
    for offset, data in _blocks(source, start, chunk_size, longest):
        yield Chunk(offset, ordinal, data)
        ordinal += _count(data)


def frames_of(data: bytes, offset: int, ordinal: int) -> list[Frame]:
    """Frame a block that begins and ends with a record; `offset` and `ordinal` are those of its first byte."""
    wide = charsets.wide_charset(data)
    if wide is not None:
        return _wide_frames(data, offset, ordinal, wide.charset)
    found: list[Frame] = []
    start = 0
    size = len(data)
    while start < size:
        stop = data.find(_END, start) + 1
        raw = data[start:stop]
        if raw[:5] == b"%05d" % (stop - start):
            found.append(Frame(ordinal, offset + start, raw))
            ordinal += 1
            start = stop
            continue
        pieces, onward = _examined(data, start, stop or size)
        if not pieces and found:
            after = _between(data[start:onward])._replace(code="bytes-after")
            found[-1] = found[-1]._replace(problems=(*found[-1].problems, after))
        start = onward
        for piece in pieces:
            found.append(Frame(ordinal, offset + piece.start, data[piece.start : piece.stop], piece.problems))
            ordinal += 1
    return found


def _count(data: bytes) -> int:
    """Count the frames of a block without building them where it is healthy."""
    found = start = 0
    while start < len(data):
        stop = data.find(_END, start) + 1
        if data[start : start + 5] != b"%05d" % (stop - start):
            return found + len(frames_of(data[start:], 0, 0))
        found += 1
        start = stop
    return found


def _blocks(source: BinaryIO, start: int, chunk_size: int, longest: int) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) ending at a record's end; `longest` bounds what waits for a terminator."""
    held = b""
    offset = start
    wide: Charset | None = None
    while data := source.read(chunk_size):
        fresh = not held and offset == start
        held += data
        if fresh:
            found = charsets.wide_charset(held)
            wide = found.charset if found else None
        end = _wide_end(held, wide) if wide else _last_end(held)
        if not end and len(held) >= longest:
            end = len(held) - len(held) % 2
        if end:
            yield offset, held[:end]
            offset += end
            held = held[end:]
    if held:
        yield offset, held


def _last_end(held: bytes) -> int:
    """Find the last terminator behind which a record evidently begins; 0 where there is none.

    The very last 1D of the block may stand inside a record's data, so one with a leader behind it is preferred.
    """
    stop = len(held)
    last = 0
    for _ in range(_LAST_TRIES):
        stop = held.rfind(_END, 0, stop)
        if stop < 0:
            break
        last = last or stop + 1
        if _LEADER.match(held, _skipped(held, stop + 1)) is not None:
            return stop + 1
    return last if len(held) - last > _LONGEST_RECORD else 0


def _skipped(data: bytes, place: int, stop: int | None = None) -> int:
    """Step over line ends, NULs and byte order marks between records; over spaces only before a leader."""
    end = len(data) if stop is None else stop
    while place < end:
        if data[place] in _FILLER:
            place += 1
        elif data.startswith(_BOM, place):
            place += len(_BOM)
        else:
            break
    spaces = place
    while spaces < end and data[spaces] == 0x20:
        spaces += 1
    return spaces if spaces == end or (spaces > place and _LEADER.match(data, spaces) is not None) else place


def _examined(data: bytes, start: int, stop: int) -> tuple[list[_Piece], int]:
    """Look closely at a stretch whose leader and terminator disagree; return its pieces and where to go on."""
    begin = _skipped(data, start, stop)
    if begin == stop or data[begin:stop] == _END:
        # Line ends, or the padding of a tape block: nobody's record.
        return [], stop
    before: tuple[Problem, ...] = ()
    if begin > start:
        before = (_between(data[start:begin]),)
        if data[begin : begin + 5] == b"%05d" % (stop - begin):
            return [_Piece(begin, stop, before)], stop
    if _LEADER.match(data, begin) is None:
        inner = _INNER.search(data, begin, stop)
        if inner is not None:
            return _after_junk(data, begin, inner.start(), stop, before)
    stop, inside = _reach(data, begin, stop)
    if inside:
        problem = Problem("terminator-in-data", Severity.WARNING, "", inside - begin, "1D inside a field")
        return [_Piece(begin, stop, (*before, problem))], stop
    return _split_at_leaders(data, begin, stop, before), stop


def _between(junk: bytes) -> Problem:
    shown = junk[:8].hex(" ") + (" …" if len(junk) > 8 else "")
    return Problem("bytes-between", Severity.WARNING, "", -1, f"{len(junk)} bytes beside the record: {shown}")


def _after_junk(
    data: bytes, begin: int, leader: int, stop: int, before: tuple[Problem, ...]
) -> tuple[list[_Piece], int]:
    """Set apart the bytes before a leader: a note for a few of them, a damaged piece for many."""
    if leader - begin < _SHORT_JUNK:
        before = (*before, _between(data[begin:leader]))
        pieces: list[_Piece] = []
    else:
        pieces = [_Piece(begin, leader, (*before, _no_record(data[begin:leader])))]
        before = ()
    rest, onward = _examined(data, leader, stop)
    if rest and before:
        rest[0] = rest[0]._replace(problems=(*before, *rest[0].problems))
    return [*pieces, *rest], onward


def _no_record(raw: bytes) -> Problem:
    return Problem("no-record", Severity.ERROR, "", 0, f"{len(raw)} bytes that are no record: {raw[:12]!r}")


def _reach(data: bytes, begin: int, stop: int) -> tuple[int, int]:
    """Return the end of the record that begins here, and the place of a 1D inside it (0: there is none).

    A directory that reaches beyond the next terminator, exactly to a later one that a record or the end follows,
    shows that the terminators between are data.
    """
    end = _directory_end(data, begin)
    if end <= stop or end > len(data) or data[end - 1 : end] != _END:
        return stop, 0
    onward = _skipped(data, end)
    if onward < len(data) and _LEADER.match(data, onward) is None:
        return stop, 0
    # A record in between means that the directory is wrong, not the terminator.
    if _INNER.search(data, begin + _HEAD, end) is not None:
        return stop, 0
    return end, stop - 1


def _directory_end(data: bytes, begin: int) -> int:
    """Return where the record ends by its directory, terminator included; 0 where the directory is not readable."""
    directory = _DIRECTORY.match(data, begin + _HEAD)
    if directory is None or data[directory.end() : directory.end() + 1] != b"\x1e":
        return 0
    entries = directory.group()
    ends = (
        int(entries[place + 3 : place + 7]) + int(entries[place + 7 : place + 12])
        for place in range(0, len(entries), 12)
    )
    return directory.end() + 1 + max(ends) + 1


def _split_at_leaders(data: bytes, begin: int, stop: int, before: tuple[Problem, ...]) -> list[_Piece]:
    """Separate records that stand together because terminators between them are missing."""
    starts = [begin]
    while (inner := _INNER.search(data, _body(data, starts[-1], stop), stop)) is not None:
        starts.append(inner.start())
    pieces = []
    for first, last in zip(starts, [*starts[1:], stop], strict=True):
        problems = (*before, *_findings(data, first, last))
        before = ()
        pieces.append(_Piece(first, last, problems))
    return pieces


def _body(data: bytes, begin: int, stop: int) -> int:
    """Return where the data of a record begin: digits of a directory must not pass for a leader."""
    directory = _DIRECTORY.match(data, begin + _HEAD, stop)
    if directory is None or data[directory.end() : directory.end() + 1] != b"\x1e":
        return min(begin + _HEAD, stop)
    return directory.end()


def _findings(data: bytes, first: int, last: int) -> tuple[Problem, ...]:
    """Say what is wrong with one piece: no record at all, cut off, without terminator, or a wrong length."""
    raw = data[first:last]
    if raw[:5] == b"%05d" % len(raw) and raw.endswith(_END):
        return ()
    if len(raw) < _HEAD + 2 or b"\x1e" not in raw[_HEAD:]:
        return (_cut(raw) if _HEADER.match(raw) else _no_record(raw),)
    if not raw.endswith(_END):
        end = _directory_end(data, first) - first
        whole = raw.rstrip(_FILLER + b" ")
        if 0 < end - 1 <= len(raw) and raw[end - 2 : end - 1] == b"\x1e":
            return (Problem("terminator-missing", Severity.MENDED, "", len(raw), "the record has no 1D at its end"),)
        if end <= 0 and whole.endswith(b"\x1e"):
            return (Problem("terminator-missing", Severity.MENDED, "", len(raw), "the record has no 1D at its end"),)
        return (_cut(raw),)
    said = raw[:5].decode("latin-1")
    return (Problem("leader-length", Severity.MENDED, "", 0, f"{said!r}, the record has {len(raw)} bytes"),)


def _cut(raw: bytes) -> Problem:
    said = raw[:5].decode("latin-1")
    return Problem("truncated", Severity.ERROR, "", len(raw), f"{len(raw)} of {said} bytes are there")


def _wide_end(held: bytes, charset: Charset) -> int:
    mark = "\x1d".encode(charsets.CODECS[charset])
    place = held.rfind(mark)
    while place >= 0 and place % 2:
        place = held.rfind(mark, 0, place + 1)
    return place + 2 if place >= 0 else 0


def _wide_frames(data: bytes, offset: int, ordinal: int, charset: Charset) -> list[Frame]:
    """Frame UTF-16 text by its terminators; offsets and bytes stay those of the file."""
    codec = charsets.CODECS[charset]
    found: list[Frame] = []
    place = 0
    text = data[: len(data) - len(data) % 2].decode(codec, "surrogatepass")
    for piece in text.split("\x1d"):
        raw = data[place : place + 2 * _units(piece) + 2]
        inner = piece.lstrip("\ufeff\r\n\x00\x1a\t")
        skipped = 2 * (len(piece) - len(inner))
        if inner.strip():
            problems = () if skipped == 0 else (_between(raw[:skipped]),)
            if "\x1e" not in inner:
                problems = (*problems, _no_record(raw[skipped:]))
            elif not raw.endswith("\x1d".encode(codec)):
                problems = (*problems, _cut(raw[skipped:]))
            found.append(Frame(ordinal, offset + place + skipped, raw[skipped:], problems))
            ordinal += 1
        place += len(raw)
    return found


def _units(text: str) -> int:
    return len(text) + sum(1 for character in text if character > "\uffff")
