"""Reads the sources of the samples: paragraphs of `Key: value` lines, one paragraph per publication.

Titles, imprints and extents are written as on a catalogue card (ISBD), so that a cataloguer can check them at sight.
The keys are described in `samples/README.md`; an unknown key or a holding nobody can place stops the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = frozenset(
    [
        "Id",
        "Type",
        "Lang",
        "Country",
        "Title",
        "Roman",
        "Part",
        "RomanPart",
        "Variant",
        "Name",
        "Body",
        "Edition",
        "RomanEdition",
        "Imprint",
        "RomanImprint",
        "Year",
        "EndYear",
        "Extent",
        "Series",
        "RomanSeries",
        "ISBN",
        "SetISBN",
        "WrongISBN",
        "MisprintedISBN",
        "BookNo",
        "ISSN",
        "CN",
        "Original",
        "Class",
        "Dewey",
        "Sibu",
        "Subject",
        "Keyword",
        "Note",
        "Bibliography",
        "Contents",
        "Abstract",
        "Thesis",
        "Link",
        "Set",
        "Parts",
        "Frequency",
        "Numbering",
        "Continues",
        "ContinuedBy",
        "Scale",
        "Print",
        "Online",
        "Held",
        "LCCN",
    ],
)
REPEATED = frozenset(
    ["Variant", "Name", "Body", "Series", "RomanSeries", "ISBN", "Subject", "Keyword", "Note", "Parts"]
)
TYPES = frozenset(
    [
        "book",
        "set",
        "ancient",
        "ebook",
        "serial",
        "ejournal",
        "map",
        "score",
        "dvd",
        "cd",
        "proceedings",
        "thesis",
        "microform",
    ]
)
FLAGS = frozenset(
    ["brief", "trad", "simp", "marc21", "cnmarc", "no-isbn", "no-edition", "isbn10", "no-hyphens", "typo"]
)


class SourceError(ValueError):
    """A source says something the builder does not know; the message names file and line."""


class Title(NamedTuple):
    """The first area of ISBD: title proper, other title information, parallel title, statements of responsibility."""

    proper: str = ""
    other: str = ""
    parallel: str = ""
    by: tuple[str, ...] = ()


class Imprint(NamedTuple):
    place: str = ""
    publisher: str = ""
    date: str = ""


class Extent(NamedTuple):
    pages: str = ""
    illustrations: str = ""
    size: str = ""


class Name(NamedTuple):
    """A heading, its form in Latin letters where given, dates, the role in Chinese; a body has `corporate`."""

    heading: str
    latin: str
    dates: str
    role: str
    corporate: bool = False


class ISBN(NamedTuple):
    number: str
    qualifier: str
    price: str


class Held(NamedTuple):
    library: str
    copies: int
    flags: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """What the sources say of one publication."""

    id: str
    type: str
    languages: tuple[str, ...]
    originals: tuple[str, ...]
    title: Title
    roman: Title
    imprint: Imprint
    roman_imprint: Imprint
    extent: Extent
    names: tuple[Name, ...]
    isbns: tuple[ISBN, ...]
    set_isbn: ISBN | None
    held: tuple[Held, ...]
    year: str
    end_year: str
    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, key: str) -> str:
        """Return the value of a key that stands once, "" where it is absent."""
        return self.one.get(key, "")

    def all(self, key: str) -> tuple[str, ...]:
        """Return the values of a key that may repeat."""
        return self.many.get(key, ())

    @property
    def language(self) -> str:
        """Return the first language of the text."""
        return self.languages[0]


def read_all(folder: Path) -> list[Facts]:
    """Read every `*.rec` of a folder in the order of the files' names."""
    facts: list[Facts] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.rec")):
        for where, pairs in _paragraphs(path):
            one = _facts(where, pairs)
            if one.id in seen:
                raise SourceError(f"{where}: {one.id} stands already at {seen[one.id]}")
            seen[one.id] = where
            facts.append(one)
    unknown = {each.get("Set") for each in facts if each.get("Set")} - set(seen)
    if unknown:
        raise SourceError(f"{folder}: no such sets: {', '.join(sorted(unknown))}")
    return facts


def _paragraphs(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    pairs: list[tuple[str, str]] = []
    start = 0
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([*lines, ""], start=1):
        if line.startswith("#"):
            continue
        if line.strip():
            key, colon, value = line.partition(":")
            if not colon or key not in KEYS or not value.strip():
                raise SourceError(f"{path.name}:{number}: not a known key with a value: {line}")
            start = start or number
            pairs.append((key, value.strip()))
        elif pairs:
            yield f"{path.name}:{start}", pairs
            pairs, start = [], 0


def _facts(where: str, pairs: list[tuple[str, str]]) -> Facts:
    one: dict[str, str] = {}
    many: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        if key in REPEATED:
            many[key] = (*many.get(key, ()), value)
        elif key in one:
            raise SourceError(f"{where}: {key} stands twice")
        else:
            one[key] = value
    missing = [key for key in ("Id", "Title", "Held") if key not in one]
    if missing or one.get("Type", "book") not in TYPES:
        raise SourceError(f"{where}: missing {missing} or unknown type {one.get('Type', '')}")
    languages, _, originals = one.get("Lang", "chi").partition("<")
    imprint = _imprint(one.get("Imprint", ""))
    return Facts(
        id=one["Id"],
        type=one.get("Type", "book"),
        languages=tuple(languages.replace(",", " ").split()),
        originals=tuple(originals.replace(",", " ").split()),
        title=_title(one["Title"]),
        roman=_title(one.get("Roman", "")),
        imprint=imprint,
        roman_imprint=_imprint(one.get("RomanImprint", "")),
        extent=_extent(one.get("Extent", "")),
        names=tuple(_names(many)),
        isbns=tuple(_isbn(each) for each in many.get("ISBN", ())),
        set_isbn=_isbn(one["SetISBN"]) if "SetISBN" in one else None,
        held=tuple(_held(where, one["Held"])),
        year=one.get("Year", "") or _year(imprint.date),
        end_year=one.get("EndYear", ""),
        one=one,
        many=many,
    )


def _title(text: str) -> Title:
    rest, _, by = text.partition(" / ")
    rest, _, parallel = rest.partition(" = ")
    proper, _, other = rest.partition(" : ")
    return Title(proper.strip(), other.strip(), parallel.strip(), tuple(by.split(" ; ")) if by else ())


def _imprint(text: str) -> Imprint:
    place, colon, rest = text.partition(" : ")
    if not colon:
        place, _, date = text.rpartition(", ")
        return Imprint(place, date=date)
    publisher, _, date = rest.rpartition(", ")
    return Imprint(place, publisher, date) if re.search(r"\d", date) else Imprint(place, rest)


def _extent(text: str) -> Extent:
    rest, _, size = text.partition(" ; ")
    pages, _, illustrations = rest.partition(" : ")
    return Extent(pages, illustrations, size)


def _names(many: dict[str, tuple[str, ...]]) -> Iterator[Name]:
    for key in ("Name", "Body"):
        for value in many.get(key, ()):
            heading, dates, role = ([part.strip() for part in value.split("|")] + ["", ""])[:3]
            name, _, latin = heading.partition(" = ")
            yield Name(name, latin, dates, role or "著", corporate=key == "Body")


def _isbn(text: str) -> ISBN:
    number, qualifier, price = ([part.strip() for part in text.split("|")] + ["", ""])[:3]
    return ISBN(number, qualifier, price)


def _held(where: str, text: str) -> Iterator[Held]:
    for each in text.split(","):
        library, *words = each.split()
        copies = [int(word[1:]) for word in words if re.fullmatch(r"x\d+", word)]
        flags = frozenset(word for word in words if not re.fullmatch(r"x\d+", word))
        if not re.fullmatch(r"D(0[1-9]|1[0-2])", library) or flags - FLAGS:
            raise SourceError(f"{where}: nobody can place this holding: {each.strip()}")
        yield Held(library, copies[0] if copies else 1, flags)


def _year(date: str) -> str:
    found = re.search(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)", date)
    return found.group(1) if found else ""
