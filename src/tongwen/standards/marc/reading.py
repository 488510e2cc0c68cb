"""One way to read records whatever they are written in: frames from a stream, a record from a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from tongwen.standards.marc import framing, iso2709, marcjson, marcxml
from tongwen.standards.marc.types import (
    Charset,
    Decoded,
    Format,
    Frame,
    Problem,
    Serialization,
    Severity,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_records(
    source: BinaryIO, serialization: Serialization, *, start: int = 0, ordinal: int = 0
) -> Iterator[Frame]:
    """Yield the frames of a file; the stream stands at byte `start`, where record number `ordinal` begins.

    To resume, seek to the end of the last frame taken and pass that place and the next number. UTF-16 and other
    encodings of MARCXML declare themselves at the beginning only: such files are read from 0 and the frames skipped.
    """
    if serialization is Serialization.ISO2709:
        return framing.frames(source, start=start, ordinal=ordinal)
    if serialization is Serialization.MARCXML:
        return marcxml.frames(source, start=start, ordinal=ordinal)
    return marcjson.frames(source, start=start, ordinal=ordinal)


def decode(
    frame: Frame,
    serialization: Serialization,
    *,
    charset: Charset | None = None,
    format: Format | None = None,  # noqa: A002 - the field's word
) -> Decoded:
    """Read the record of a frame; the findings of the framing stand before those of the reading.

    `charset` and `format` are what the person who loads declared; XML and JSON carry their own character set.
    Raises `types.Unreadable` for damage.
    """
    for problem in frame.problems:
        if problem.severity is Severity.ERROR:
            raise Unreadable(problem)
    if serialization is Serialization.ISO2709:
        decoded = iso2709.decode(frame.raw, charset=charset, format=format)
    elif serialization is Serialization.MARCXML:
        decoded = marcxml.decode(frame.raw)
    else:
        decoded = marcjson.decode(frame.raw)
    return _joined(frame.problems, decoded) if frame.problems else decoded


def _joined(framed: tuple[Problem, ...], decoded: Decoded) -> Decoded:
    """Join the findings; where both saw the same, the reading saw more."""
    seen = {problem.code for problem in decoded.problems}
    kept = tuple(problem for problem in framed if problem.code not in seen)
    return decoded._replace(problems=kept + decoded.problems)
