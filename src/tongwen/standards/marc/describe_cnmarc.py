"""Read a CNMARC record into a `Description`: one pass over the fields, each tag sent to its reader by the field map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tongwen.standards import identifiers
from tongwen.standards.marc import coded_cnmarc, dates, numbers_cnmarc
from tongwen.standards.marc import fields_cnmarc as fc
from tongwen.standards.marc.codes import bcp47, language
from tongwen.standards.marc.description import EMPTY, Description
from tongwen.standards.marc.punctuation import trim
from tongwen.standards.marc.roles import relator
from tongwen.standards.marc.types import (
    Classification,
    Field,
    Format,
    Link,
    Name,
    Note,
    Record,
    Related,
    Subject,
    Text,
    make_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Description, Field, Any], None]

_HAN: Final = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS: Final = re.compile(r"[A-Za-z]{1}")
_CALIS_NUMBER: Final = re.compile(r"CAL\s?\d{6,}")


def describe(record: Record) -> Description:
    """Gather what a CNMARC record says for both views."""
    description = Description(Format.CNMARC)
    leader, fields = record
    coded_cnmarc.read_leader(description, leader)
    for field in fields:
        if field[0] == "101":
            _languages(description, field)
            break
    readers = READERS
    for field in fields:
        if (entry := readers.get(field[0])) is not None:
            entry[0](description, field, entry[1])
    coded_cnmarc.conclude(description)
    return description


def _languages(description: Description, field: Field) -> None:
    """Read 101: languages of the text ($a) and of the original ($c); first indicator 1 says translation."""
    for code, value in field[2]:
        found = language(value) if code in "ac" else ""
        if not found or found == "und":
            continue
        into = description.languages if code == "a" else description.original_languages
        if found not in into:
            into.append(found)
    indicator = field[1][:1]
    if indicator == "1" or (indicator != "0" and description.original_languages):
        description.coded["translated"] = indicator
    if description.languages:
        description.language = description.languages[0]
        description.lang = bcp47(description.language)


def _lang(description: Description, text: str) -> str:
    """Return the language of transcribed text: that of the book, but a text without Han is not marked Chinese."""
    lang = description.lang
    return lang if lang != "zh" or _HAN.search(text) else ""


def _chinese(text: str) -> Text:
    """Return text in the cataloguer's words: Chinese where it has Han."""
    return make_text(text, "zh" if _HAN.search(text) else "")


def _add_pinyin(description: Description, value: str) -> None:
    """Keep a pinyin form; $9 may hold the number of an authority record instead, which has no letters."""
    if _LETTERS.search(value):
        description.pinyin.append(value.strip())


class _Titles(NamedTuple):
    proper: list[str]
    subtitle: list[str]
    parallel: list[str]
    parts: list[str]
    responsibility: list[str]


def _title(description: Description, field: Field, _: None) -> None:  # noqa: C901 - one branch for each subfield
    """Read 200. After $d the other elements belong to the parallel title, until the next $a."""
    titles = _Titles([], [], [], [], [])
    pinyin = ""
    in_parallel = said_before = False
    for code, raw in field[2]:
        value = trim(raw)
        if code == "a":
            in_parallel = False
            titles.proper.append(value)
        elif code == "d":
            in_parallel, said_before = True, bool(titles.responsibility)
            titles.parallel.append(value.lstrip("= "))
        elif code == "c":
            description.variant_titles.append(make_text(value))
        elif code in "AE9":
            _add_pinyin(description, value)
            pinyin = pinyin or (value if code != "E" and _LETTERS.search(value) else "")
        elif code == "b":
            description.coded["gmd"] = value.lower()
        elif code in "fg" and value and not (in_parallel and said_before):
            titles.responsibility.append(value)
        elif in_parallel:
            continue
        elif code == "e":
            titles.subtitle.append(value)
        elif code in "hi":
            titles.parts.append(value)
    _keep_titles(description, titles, pinyin)


def _keep_titles(description: Description, titles: _Titles, pinyin: str) -> None:
    if description.title is not EMPTY:
        description.variant_titles += [make_text(title, _lang(description, title)) for title in titles.proper]
        return
    proper = titles.proper[0] if titles.proper else ""
    lang = _lang(description, proper)
    description.title = make_text(proper, lang)
    for further in titles.proper[1:]:
        description.variant_titles.append(make_text(further, lang))
        description.other_titles.append(further)
    if titles.subtitle:
        description.subtitle = make_text(" : ".join(titles.subtitle), lang)
    if titles.responsibility:
        description.responsibility = make_text(" ; ".join(titles.responsibility), lang)
    description.parts = [make_text(part, lang) for part in titles.parts if part]
    for parallel in titles.parallel:
        description.parallel_titles.append(make_text(parallel))
        description.other_titles.append(parallel)
    if pinyin:
        description.romanized_title = make_text(pinyin.strip(), "zh-Latn")


def _titled(description: Description, field: Field) -> Text:
    """Read the title of a 5XX with its language ($z), and keep its pinyin."""
    words = []
    for code, value in field[2]:
        if code in fc.PINYIN:
            _add_pinyin(description, value)
        elif code in fc.TITLE_SUBFIELDS:
            words.append(trim(value))
    title = ". ".join(word for word in words if word)
    return make_text(title, bcp47(field.first("z")) or _chinese(title).lang)


def _uniform_title(description: Description, field: Field, _: None) -> None:
    title = _titled(description, field)
    if title.value and not description.uniform_title.value:
        description.uniform_title = title


def _parallel_title(description: Description, field: Field, _: None) -> None:
    title = _titled(description, field)
    if title.value and title.value not in description.other_titles:
        description.parallel_titles.append(title)
        description.other_titles.append(title.value)


def _variant_title(description: Description, field: Field, of_this_book: bool) -> None:
    title = _titled(description, field)
    if title.value:
        description.variant_titles.append(title)
        if of_this_book:
            description.other_titles.append(title.value)


def _name(description: Description, field: Field, rule: fc.NameField) -> None:
    """Read a 7XX: $a name, $b given name of a Western name or a body's part, $g the name in its own script."""
    kind, main = rule
    found: dict[str, str] = {}
    parts = []
    pinyin = ""
    for code, value in field[2]:
        if code in fc.PINYIN:
            _add_pinyin(description, value)
            pinyin = pinyin or (value.strip() if _LETTERS.search(value) else "")
        elif code == "b" and kind == "body":
            parts.append(trim(value))
        else:
            found.setdefault(code, value)
    name = _heading(found, parts, inverted=field[1][1:2] == "1")
    if not name:
        return
    if kind == "body" and field[1][:1] == "1":
        kind = "meeting"
    original = trim(found.get("g", "")).strip("()（） ")
    other = make_text(pinyin, "zh-Latn" if pinyin else "")
    description.authors.append(name)
    if "," in original or "，" in original:
        other = make_text(original)
        description.authors.append(original)
    lifetime = found.get("f", "").strip(" ()（），,.;")
    description.names.append(Name(_chinese(name), relator(found.get("4", "")), lifetime, kind, other, main=main))


def _heading(found: dict[str, str], parts: list[str], *, inverted: bool) -> str:
    name = trim(found.get("a", ""))
    if not name:
        return ""
    if given := trim(found.get("b", "")):
        name = f"{name}, {given}" if inverted else f"{name} {given}"
    if number := trim(found.get("d", "")):
        name = f"{name} {number.strip('()（）')}"
    for part in parts:
        name += f" {part}" if _HAN.search(part) else f". {part}"
    return name


def _subject(description: Description, field: Field, rule: fc.SubjectField) -> None:
    kind, codes = rule
    heading = []
    parts = [""]
    scheme = ""
    for code, value in field[2]:
        if code in codes:
            heading.append(trim(value))
        elif code in fc.SUBDIVISIONS:
            parts.append(trim(value))
        elif code == "2":
            scheme = value
    parts[0] = " ".join(heading)
    if parts[0]:
        description.subjects.append(Subject(tuple(parts), kind, _chinese(parts[0]).lang, scheme))


def _keywords(description: Description, field: Field, _: None) -> None:
    for word in field.all("a"):
        if trim(word):
            description.subjects.append(Subject((trim(word),), "keyword", _chinese(word).lang))


def _note(description: Description, field: Field, kind: str) -> None:
    text = " ".join([value for code, value in field[2] if code.islower()]).strip()
    if text:
        description.notes.append(Note(kind, _chinese(text)))


def _edition(description: Description, field: Field, _: None) -> None:
    if description.edition is EMPTY and (value := trim(" ".join(field.all("a") + field.all("b")))):
        description.edition = make_text(value, _lang(description, value))


def _imprint(description: Description, field: Field, _: None) -> None:
    for code, raw in field[2]:
        value = trim(raw) if code in "acd" else ""
        if not value:
            continue
        if code == "a":
            description.places.append(make_text(value, _lang(description, value)))
        elif code == "c":
            description.publishers.append(make_text(value, _lang(description, value)))
        else:
            description.date = description.date or value
            description.imprint_years += dates.years(value)


_BEFORE: Final = {"c": " : ", "d": " ; ", "e": " + "}


def _extent(description: Description, field: Field, _: None) -> None:
    full = ""
    for code, raw in field[2]:
        value = trim(raw)
        if value and code in "acde":
            full += (_BEFORE.get(code, " ; ") if full else "") + value
    pages = " ; ".join(field.all("a"))
    first = description.full_extent is EMPTY
    description.extent = pages if first else f"{description.extent} ; {pages}"
    description.full_extent = make_text(full if first else f"{description.full_extent.value} ; {full}")


def _series(description: Description, field: Field, _: None) -> None:
    if value := _series_words(field[2]):
        description.series.append(make_text(value, _lang(description, value)))


def _series_words(subfields: tuple[Any, ...]) -> str:
    title = ". ".join(trim(value) for code, value in subfields if code in "ahi" and trim(value))
    number = next((trim(value) for code, value in subfields if code == "v"), "")
    return f"{title} ; {number}" if title and number else title


class _Linked(NamedTuple):
    title: str = ""
    volume: str = ""
    control_number: str = ""
    isbn: str = ""
    issn: str = ""


def _linked(field: Field) -> _Linked:
    """Read a 4XX: fields embedded after each $1 (`001…`, `200 1` followed by their subfields), or plain $t $x $y $0."""
    title = volume = number = isbn = issn = inner = ""
    for code, value in field[2]:
        if code == "1":
            inner = value[:3]
            if inner == "001":
                number = value[3:].strip()
        elif not inner or inner == "200" or inner.startswith("5"):
            if code in ("a", "t"):
                title = title or trim(value)
            elif code in ("h", "i"):
                title = f"{title}. {trim(value)}" if title else trim(value)
            elif code == "v":
                volume = volume or trim(value)
            elif not inner and code in ("0", "3", "x", "y"):
                number = value.strip() if code in ("0", "3") else number
                issn = identifiers.issn(value) or "" if code == "x" else issn
                isbn = identifiers.isbn13(value) or "" if code == "y" else isbn
        elif code == "a" and inner in ("010", "011"):
            isbn = isbn or (identifiers.isbn13(value) or "" if inner == "010" else "")
            issn = issn or (identifiers.issn(value) or "" if inner == "011" else "")
    return _Linked(title, volume, number, isbn, issn)


def _related(description: Description, field: Field, kind: str) -> None:
    tag = field[0]
    linked = _linked(field)
    if not any(linked):
        return
    kind = _direction(description, tag, kind)
    title = linked.title or linked.volume
    description.related.append(Related(kind, title, linked.control_number, linked.isbn, linked.issn))
    if kind == "host":
        description.coded["461"] = title
        description.host += [value for value in (linked.control_number, linked.title) if value]
    elif kind == "part":
        description.coded["463"] = title
    elif tag == "454":
        description.coded["454"] = title
    elif tag == "410":
        words = f"{linked.title} ; {linked.volume}" if linked.volume else linked.title
        description.traced_series.append(make_text(words, _lang(description, words)))


def _direction(description: Description, tag: str, kind: str) -> str:
    """Tell whether a link of 461-463 goes up to the host or down to a part."""
    if tag == "463" and description.level == "component":
        return "host"
    if tag == "462" and description.coded["hierarchy"] == "1":
        return "part"
    return kind


def _classification(description: Description, field: Field, scheme: str) -> None:
    edition = field.first("v")
    for value in field.all("a"):
        numbers = identifiers.clc_numbers(value) if scheme == "clc" else (value.strip(),)
        description.classifications += [Classification(scheme, number, edition) for number in numbers if number]


def _other_classification(description: Description, field: Field, _: None) -> None:
    source = field.first("2")
    for value in field.all("a"):
        number = value.strip()
        if number:
            scheme = "sibu" if number[0] in fc.FOUR_BRANCHES else "other"
            description.classifications.append(Classification(scheme, number, field.first("v") or source))


def _link(description: Description, field: Field, _: None) -> None:
    label = trim(" ".join([value for code, value in field[2] if code in "3yz"]))
    description.links += [Link(url.strip(), label) for url in field.all("u") if url.strip()]


def _control_number(description: Description, field: Field, _: None) -> None:
    """Read 001. CALIS' own numbers (`CAL 0120130001`) name their agency; letters of others are often a system's."""
    number = field[3].strip()
    description.control_number = description.control_number or number
    if _CALIS_NUMBER.fullmatch(number) and not description.agency:
        description.agency = "CAL"
        description.national_numbers.append("calis:" + number.replace(" ", ""))


def _control_agency(description: Description, field: Field, _: None) -> None:
    description.agency = field[3].strip() or description.agency


def _source(description: Description, field: Field, _: None) -> None:
    """Read 801: only the issuing agency (second indicator 3) has given the control number; whoever made or changed
    the description has not (UNIMARC 801).
    """
    if field.indicators[1:] == "3" and not description.agency:
        description.agency = field.first("b").strip()


def _coded(description: Description, field: Field, tag: str) -> None:
    value = field.first("a")
    description.coded.setdefault(tag, value)


def _general(description: Description, field: Field, _: None) -> None:
    coded_cnmarc.read_general(description, field.first("a"))


READERS: Final[dict[str, tuple[Reader, Any]]] = {
    **numbers_cnmarc.READERS,
    "001": (_control_number, None),
    "003": (_control_agency, None),
    "100": (_general, None),
    "106": (_coded, "106"),
    "130": (_coded, "130"),
    "135": (_coded, "135"),
    "140": (_coded, "140"),
    "200": (_title, None),
    "205": (_edition, None),
    "210": (_imprint, None),
    "214": (_imprint, None),
    "215": (_extent, None),
    "225": (_series, None),
    "686": (_other_classification, None),
    "696": (_other_classification, None),
    "801": (_source, None),
    "856": (_link, None),
    **{tag: (_name, rule) for tag, rule in fc.NAMES.items()},
    **dict.fromkeys(fc.UNIFORM_TITLES, (_uniform_title, None)),
    **dict.fromkeys(fc.PARALLEL_TITLES, (_parallel_title, None)),
    **dict.fromkeys(fc.VARIANT_TITLES, (_variant_title, True)),
    **dict.fromkeys(fc.OTHER_TITLES_NOT_OF_THIS_BOOK, (_variant_title, False)),
    **{tag: (_subject, rule) for tag, rule in fc.SUBJECTS.items()},
    **dict.fromkeys(fc.KEYWORDS, (_keywords, None)),
    **{tag: (_note, kind) for tag, kind in fc.NOTES.items()},
    **{tag: (_related, kind) for tag, kind in fc.RELATED.items()},
    **{tag: (_classification, scheme) for tag, scheme in fc.CLASSIFICATIONS.items()},
}
