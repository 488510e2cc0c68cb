"""Records written as lines of text: tag, a blank, two indicators, a blank, and data with `$` before subfield codes."""

from __future__ import annotations

from tongwen.standards.marc.types import Field, Record

MARC21_LEADER = "00000nam a2200000 a 4500"
CNMARC_LEADER = "00000nam0 2200000   450 "


def field(line: str) -> Field:
    """Read one line: `245 10 $aTitle /$cAuthor.` or `001    0120130001`."""
    tag, indicators, data = line[:3], line[4:6], line[7:]
    if "$" not in data:
        return Field(tag, data=data)
    return Field(tag, indicators, tuple((piece[0], piece[1:]) for piece in data.split("$")[1:]))


def record(*lines: str, leader: str = MARC21_LEADER) -> Record:
    return Record(leader, tuple(field(line) for line in lines))


def cnmarc(*lines: str, leader: str = CNMARC_LEADER) -> Record:
    return Record(leader, tuple(field(line) for line in lines))
