"""What kind of file this is: told from its first bytes and records, with the reasons, before anything is loaded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from tongwen.domain.catalogue import types
from tongwen.standards.marc import formats, reading, sniff
from tongwen.standards.marc import types as marc

_HEAD = 64 << 10
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Inspected:
    """The serialization and format of a file, and what says so (for the report)."""

    serialization: marc.Serialization
    format: marc.Format
    evidence: dict[str, Any]


def inspect(source: BinaryIO, *, format: marc.Format | None, charset: marc.Charset | None) -> Inspected:  # noqa: A002
    """Tell what the file holds from its first 200 records; leaves the source at its start.

    Raises:
        UnreadableFile: it holds no records; says what it is and at which byte.
    """
    head = source.read(_HEAD)
    source.seek(0)
    sniffed = sniff.sniff(head)
    if sniffed.serialization is None:
        raise types.UnreadableFile(sniffed.what, sniffed.detail, sniffed.offset)
    decoded = list(_sample(source, sniffed.serialization, charset, format))
    source.seek(0)
    if not decoded:
        raise types.UnreadableFile("no-record", "no record could be read from this file")
    told, reason = _format(decoded, format)
    charsets = Counter(one.charset for one in decoded)
    evidence = {
        "serialization": sniffed.serialization.value,
        "format": told.value,
        "format_reason": reason,
        "charsets": [
            {"charset": found.charset.value, "reason": found.reason, "certain": found.certain, "records": number}
            for found, number in charsets.most_common(5)
        ],
        "sample": len(decoded),
    }
    return Inspected(sniffed.serialization, told, evidence)


def _sample(
    source: BinaryIO, serialization: marc.Serialization, charset: marc.Charset | None, format_: marc.Format | None
) -> list[marc.Decoded]:
    found = []
    for frame in islice(reading.open_records(source, serialization), _SAMPLE):
        try:
            found.append(reading.decode(frame, serialization, charset=charset, format=format_))
        except marc.Unreadable:
            continue  # The load will report it with its place.
    return found


def _format(decoded: list[marc.Decoded], declared: marc.Format | None) -> tuple[marc.Format, str]:
    if declared is not None:
        return declared, "declared"
    votes = Counter(formats.detect(one.record) for one in decoded)
    (told, reason), _ = votes.most_common(1)[0]
    return told, reason
