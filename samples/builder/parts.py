"""What both formats share: a field, a record under construction, and the copy a library describes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from builder import scripts

if TYPE_CHECKING:
    from builder import facts as sources

Subfields = list[tuple[str, str]]


class Field(NamedTuple):
    """A control field has text and no subfields."""

    tag: str
    indicators: str = ""
    subfields: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass
class Record:
    """A record under construction; empty values leave no trace in it."""

    leader: str
    fields: list[Field] = field(default_factory=list)

    def control(self, tag: str, text: str) -> None:
        """Add a control field."""
        self.fields.append(Field(tag, text=text))

    def add(self, tag: str, indicators: str, *subfields: tuple[str, str]) -> None:
        """Add a data field with those subfields that have a value, or nothing where none has."""
        filled = tuple((code, value) for code, value in subfields if value)
        if filled:
            self.fields.append(Field(tag, indicators, filled))

    def sort(self) -> None:
        """Put the fields into the order of their tags, fields of one tag staying as they were added."""
        self.fields.sort(key=lambda each: each.tag)


@dataclass(frozen=True)
class File:
    """One file of a library, as `practice.toml` describes it."""

    library: str
    name: str
    format: str
    takes: str
    charset: str
    style: str = "calis"
    shared: bool = False
    traditional: bool = False


def number(library: str, serial: int) -> str:
    """Return the number that a library gives its record."""
    return f"DEMO{library}{serial:06d}"


@dataclass(frozen=True)
class Copy:
    """What a library describes: the facts, its own number, its call number, rooms and barcodes, its practice."""

    facts: sources.Facts
    file: File
    serial: int
    common_number: int
    set_number: str
    """Control number of the record of the set it belongs to, "" where no library describes that."""
    location: str
    class_number: str
    item_number: int
    copies: int
    flags: frozenset[str]

    @property
    def control_number(self) -> str:
        """Return the library's own record number."""
        return number(self.file.library, self.serial)

    @property
    def barcodes(self) -> list[str]:
        """Return one barcode per copy."""
        return [f"{self.file.library}8{self.serial:06d}{copy}" for copy in range(1, self.copies + 1)]

    @property
    def is_brief(self) -> bool:
        """Tell whether the library gives title, imprint and extent only."""
        return "brief" in self.flags

    @property
    def stamp(self) -> str:
        """Return a date and time of last change (005) that follows from the record's number."""
        draw = zlib.crc32(self.control_number.encode("ascii"))
        return f"{2008 + draw % 15}{1 + draw // 16 % 12:02d}{1 + draw // 256 % 28:02d}{8 + draw // 8192 % 10:02d}3015.0"

    def write(self, text: str) -> str:
        """Write a text in the characters that the library uses for this copy."""
        if not scripts.is_han(text) or self.facts.language != "chi":
            return text
        if "trad" in self.flags or (self.file.traditional and "simp" not in self.flags):
            return scripts.traditional(text)
        return scripts.simplified(text) if "simp" in self.flags else text

    def isbn(self, number: str) -> str:
        """Write an ISBN as the library does: as in the source, in its old form, without hyphens, or mistyped."""
        bare = number.replace("-", "")
        if "typo" in self.flags:
            # A neighbouring check digit: the number is wrong, and nothing in the record says so.
            wrong = bare[:-1] + ("0" if bare[-1] in "9X" else str(int(bare[-1]) + 1))
            return wrong if self.file.format == "marc21" else number[:-1] + wrong[-1]
        if "isbn10" in self.flags and bare.startswith("978"):
            body = bare[3:12]
            check = sum((10 - at) * int(digit) for at, digit in enumerate(body)) % 11
            return body + "0X987654321"[check]
        return bare if "no-hyphens" in self.flags or self.file.format == "marc21" else number
