"""Read a MARC21 record into a `Description`: one pass over the fields, each tag sent to its reader by the field map.

An 880 field is read together with the field it stands beside (MARC 21, appendix A, model A), whichever of the two
is in the original script.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tongwen.standards import identifiers
from tongwen.standards.marc import coded_marc21, dates, numbers_marc21
from tongwen.standards.marc import fields_marc21 as fm
from tongwen.standards.marc.codes import bcp47, language
from tongwen.standards.marc.codes_languages import NOT_IN_LATIN, OWN_CALENDARS
from tongwen.standards.marc.description import EMPTY, Description
from tongwen.standards.marc.punctuation import trim
from tongwen.standards.marc.roles import relator
from tongwen.standards.marc.types import (
    Field,
    Format,
    Link,
    Name,
    Record,
    Related,
    Subject,
    make_classification,
    make_name,
    make_note,
    make_subject,
    make_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Description, Field, Field | None, Any], None]
    """Reads one field; the second field is its romanised counterpart, the last argument the line of the field map."""

NOT_LATIN: Final = re.compile(
    "[\u0370-\u1cff\u2c80-\u2dff\u2e80-\ua4ff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00020000-\U0003ffff]"
)
"""A letter of a script other than Latin (combining marks and the modifier letters of romanisation are not such)."""

_CLC_AT_START: Final = re.compile(r"[A-KN-VXZ][A-Z]?[0-9\[\-/]")


def describe(record: Record) -> Description:
    """Gather what a MARC21 record says for both views."""
    description = Description(Format.MARC21)
    leader, fields = record
    coded = ""
    alternates: list[Field] = []
    for field in fields:
        tag = field[0]
        if tag == "008":
            coded = coded or field[3]
        elif tag == "880":
            alternates.append(field)
    coded_marc21.read_fixed(description, leader, coded)
    _set_language(description, coded[35:38])
    if alternates:
        _read_with_alternates(description, fields, alternates)
    else:
        readers = READERS
        for field in fields:
            if (entry := readers.get(field[0])) is not None:
                entry[0](description, field, None, entry[1])
    if description.fallback and not (description.publishers or description.places):
        read_imprint(description, *description.fallback[0])
    coded_marc21.conclude(description, coded)
    return description


def _set_language(description: Description, code: str) -> None:
    code = language(code) if code else ""
    if code and code != "und":
        description.languages.append(code)
    description.language = code
    description.lang = bcp47(code)
    if code in NOT_IN_LATIN:
        description.latin_lang = description.lang + "-Latn"


def _read_with_alternates(description: Description, fields: tuple[Field, ...], alternates: list[Field]) -> None:
    """Read the fields of a record that has 880 fields, each with its counterpart; then the 880 fields left alone."""
    waiting: dict[str, list[Field]] = {}
    for alternate in alternates:
        waiting.setdefault(alternate.first("6")[:6], []).append(alternate)
    for field in fields:
        entry = READERS.get(field[0])
        if entry is None:
            continue
        subfields = field[2]
        link = subfields[0][1] if subfields and subfields[0][0] == "6" else ""
        place = f"{field[0]}-{link[4:6]}"
        paired = waiting.get(place) if link[4:6] not in ("", "00") else None
        if paired is None:
            entry[0](description, field, None, entry[1])
            continue
        shown, other = _original_first(field, paired)
        entry[0](description, shown, other, entry[1])
        waiting[place] = [left for left in paired if left is not other and left[2] is not shown[2]]
    for link, alone in waiting.items():
        entry = READERS.get(link[:3])
        if entry is not None and not link.startswith("0"):
            for field in alone:
                entry[0](description, Field(link[:3], field[1], field[2]), None, entry[1])


def _original_first(field: Field, alternates: list[Field]) -> tuple[Field, Field | None]:
    """Return the field in the original script and the romanised one, whichever of them is the 880."""
    if _not_latin(field):
        return field, next((other for other in alternates if not _not_latin(other)), None)
    original = next((other for other in alternates if _not_latin(other)), None)
    if original is None:
        return field, None
    return Field(field[0], original[1], original[2]), field


def _not_latin(field: Field) -> bool:
    return NOT_LATIN.search("".join([value for code, value in field[2] if code != "6"])) is not None


def _lang(description: Description, text: str) -> str:
    """Return the tag of transcribed text: the language of the text, marked as romanised where it is."""
    if description.latin_lang and not NOT_LATIN.search(text):
        return description.latin_lang
    return description.lang


def _joined(field: Field, codes: str) -> str:
    return trim(" ".join([value for code, value in field[2] if code in codes]))


def _title(description: Description, field: Field, other: Field | None, _: None) -> None:
    title, subtitle, parts, parallel, responsibility = _title_elements(description, field)
    if description.title is not EMPTY:
        description.variant_titles.append(make_text(title, _lang(description, title)))
        description.other_titles.append(title)
        return
    lang = _lang(description, title)
    description.title = make_text(title, lang)
    if subtitle:
        description.subtitle = make_text(subtitle, lang)
    if responsibility:
        description.responsibility = make_text(responsibility, lang)
    if parts:
        description.parts = [make_text(part, lang) for part in parts]
    for value in parallel:
        description.parallel_titles.append(make_text(value))
        description.other_titles.append(value)
    if other is not None:
        romanized = _title_elements(description, other)[0]
        description.romanized_title = make_text(romanized, description.latin_lang)
        description.other_titles.append(romanized)


def _title_elements(  # noqa: C901 - one branch for each subfield
    description: Description, field: Field
) -> tuple[str, str, list[str], list[str], str]:
    """Take a 245 apart: title proper, other title information, parts, parallel titles, responsibility.

    A 245 without $a (the form $k of an archive counts as one) lends its $b or first part as the title.
    """
    title = subtitle = responsibility = before = ""
    parts: list[str] = []
    parallel: list[str] = []
    for code, value in field[2]:
        if code == "a":
            title = trim(value) if not title else f"{title} {trim(value)}"
        elif code == "b":
            if before.endswith("="):
                parallel.append(trim(value))
            else:
                subtitle = f"{subtitle} {value}" if subtitle else value
        elif code == "c":
            responsibility = trim(value)
        elif code in "np":
            if before.endswith("="):
                continue
            parts.append(trim(value))
        elif code == "h":
            description.coded["gmd"] = value.lower()
        elif code in "ks" and not title:
            title = trim(value)
        before = value.rstrip()
    subtitle = trim(subtitle)
    if not title:
        title, subtitle = subtitle or (parts[0] if parts else ""), ""
    return title, subtitle, parts, parallel, responsibility


def _variant_title(description: Description, field: Field, other: Field | None, codes: str) -> None:
    value = _joined(field, codes)
    if not value:
        return
    tag, indicators = field[0], field[1]
    text = make_text(value, _lang(description, value) if other is not None else "")
    if tag == "246" and indicators[1:2] in fm.PARALLEL_TITLE_INDICATORS:
        description.parallel_titles.append(text)
    else:
        description.variant_titles.append(text)
    if tag in ("246", "222", "210") or (tag == "740" and indicators[1:2] != "2"):
        description.other_titles.append(value)
        if other is not None:
            description.other_titles.append(_joined(other, codes))


def _uniform_title(description: Description, field: Field, other: Field | None, codes: str) -> None:
    value = _joined(field, codes)
    if not value:
        return
    if not description.uniform_title.value:
        description.uniform_title = make_text(value, _lang(description, value) if other is not None else "")
    translated_into = field.first("l")
    if translated_into and "&" not in translated_into:
        description.coded["240l"] = translated_into


def _name(  # noqa: C901 - one branch for each subfield
    description: Description, field: Field, other: Field | None, rule: fm.NameField
) -> None:
    kind, codes, dates_code, main = rule
    heading: list[str] = []
    lifetime = role = words = work = ""
    for code, value in field[2]:
        if code == "t":
            work = value
        elif work:
            continue
        elif code in codes:
            heading.append(value)
        elif code == dates_code:
            lifetime = value
        elif code == "4":
            role = role or relator(value)
        elif code == "e":
            words = words or value
    name = trim(" ".join(heading))
    if not name:
        return
    if work:
        _name_and_title(description, field, Name(make_text(name), kind=kind))
        return
    description.authors.append(name)
    if words and not role:
        role = relator(words)
    if other is None:
        description.names.append(make_name(make_text(name), role, lifetime.strip(" .,;"), kind, main=main))
        return
    romanized = _joined(other, codes)
    description.authors.append(romanized)
    lifetime = lifetime or (other.first(dates_code) if dates_code else "")
    description.names.append(
        make_name(
            make_text(name, description.lang),
            role,
            lifetime.strip(" .,;"),
            kind,
            make_text(romanized, description.latin_lang),
            main=main,
        )
    )


def _name_and_title(description: Description, field: Field, author: Name) -> None:
    """Read a 7XX that names a work: a part of this book (second indicator 2) or another work."""
    contained = field[1][1:2] == "2"
    title = _joined(field, "tfklmnoprs") or author.heading.value
    description.related.append(Related("contains" if contained else "related", title))
    if contained:
        description.names.append(author)


def _subject(description: Description, field: Field, other: Field | None, rule: fm.SubjectField) -> None:
    kind, codes = rule
    heading: list[str] = []
    parts = [""]
    source = ""
    for code, value in field[2]:
        if code in codes:
            heading.append(value)
        elif code in "vxyz":
            parts.append(trim(value))
        elif code == "2":
            source = value
    parts[0] = trim(heading[0] if len(heading) == 1 else " ".join(heading))
    if not parts[0]:
        return
    scheme, lang = fm.SUBJECT_SCHEMES.get(field[1][1:2], ("", ""))
    if not scheme and source:
        scheme, lang = source, fm.SCHEME_LANGUAGES.get(source, "")
    if other is not None:
        description.subjects.append(make_subject(tuple(parts), kind, description.lang, scheme))
        _subject(description, other, None, rule)
        return
    description.subjects.append(make_subject(tuple(parts), kind, lang, scheme))


def _keywords(description: Description, field: Field, _: Field | None, codes: str) -> None:
    for code, value in field[2]:
        if code in codes and (word := trim(value)):
            description.subjects.append(Subject((word,), "keyword"))


def _note(description: Description, field: Field, other: Field | None, kind: str) -> None:
    subfields = field[2]
    if len(subfields) == 1 and subfields[0][0] == "a":
        text = subfields[0][1].strip()
    else:
        left_out = fm.NOTE_SUBFIELDS_LEFT_OUT
        text = " ".join([value for code, value in subfields if code not in left_out]).strip()
    if text:
        description.notes.append(make_note(kind, make_text(text, description.lang if other is not None else "")))


def _series(description: Description, field: Field, _: Field | None, codes: str) -> None:
    if value := _joined(field, codes):
        description.series.append(make_text(value, _lang(description, value)))


def _traced_series(description: Description, field: Field, other: Field | None, codes: str) -> None:
    if value := _joined(field, codes):
        description.traced_series.append(make_text(value, description.lang if other is not None else ""))


def _edition(description: Description, field: Field, _: Field | None, __: None) -> None:
    if description.edition is EMPTY and (value := _joined(field, "ab")):
        description.edition = make_text(value, _lang(description, value))


def _imprint(description: Description, field: Field, other: Field | None, _: None) -> None:
    if field[0] == "264" and field[1][1:2] not in ("1", " "):
        if field[1][1:2] == "4":
            description.imprint_years.extend(dates.years(field.first("c")))
        else:
            description.fallback.append((field, other))
        return
    read_imprint(description, field, other)


def read_imprint(description: Description, field: Field, other: Field | None) -> None:
    """Read places, publishers and date of a 260 or 264."""
    own_calendar = description.language in OWN_CALENDARS
    lang = description.lang
    for code, value in field[2]:
        if code not in "abc" or not (text := trim(value)):
            continue
        if code == "c":
            description.date = description.date or text
            description.imprint_years += dates.years(text, foreign_calendar=own_calendar)
        elif code == "a":
            description.places.append(make_text(text, _lang(description, text) if description.latin_lang else lang))
        else:
            description.publishers.append(make_text(text, _lang(description, text) if description.latin_lang else lang))
    if other is not None:
        description.places_other += [trim(place) for place in other.all("a")]
        description.publishers_other += [trim(publisher) for publisher in other.all("b")]
        if not description.imprint_years:
            description.imprint_years += dates.years(other.first("c"), foreign_calendar=own_calendar)


def _extent(description: Description, field: Field, _: Field | None, __: None) -> None:
    pages, everything = "", []
    for code, value in field[2]:
        if code == "a":
            pages = f"{pages} {value}" if pages else value
        if code in "abcefg":
            everything.append(value)
    pages = trim(pages)
    full = trim(" ".join(everything))
    if description.full_extent is EMPTY:
        description.extent = pages
        description.full_extent = make_text(full)
    else:
        description.extent = f"{description.extent} ; {pages}"
        description.full_extent = make_text(f"{description.full_extent.value} ; {full}")


def _related(description: Description, field: Field, _: Field | None, kind: str) -> None:
    found: dict[str, str] = {}
    for code, value in field[2]:
        if code in "tsawxz":
            found.setdefault(code, value)
    title = trim(found.get("t") or found.get("s") or found.get("a") or "")
    number = found.get("w", "")
    isbn = identifiers.isbn13(found["z"]) or "" if "z" in found else ""
    issn = identifiers.issn(found["x"]) or "" if "x" in found else ""
    if not (title or number or isbn or issn):
        return
    description.related.append(Related(kind, title, number, isbn, issn))
    if kind == "host":
        description.host += [value for value in (number, title) if value]
    elif kind == "translation-of":
        description.coded["765"] = title


def _link(description: Description, field: Field, _: Field | None, __: None) -> None:
    label = trim(" ".join([value for code, value in field[2] if code in "3yz"]))
    kind = fm.LINK_KINDS.get(field[1][1:2], "resource")
    for code, value in field[2]:
        if code == "u" and (url := value.strip()):
            description.links.append(Link(url, label, kind))
            if kind == "resource":
                description.coded["856"] = field[1]


def _classification(description: Description, field: Field, _: Field | None, scheme: str) -> None:
    edition = field.first("2")
    for code, value in field[2]:
        if code == "a" and (number := value.strip()):
            if scheme == "ddc":
                number = number.replace("/", "").replace("'", "").replace("′", "")
            description.classifications.append(make_classification(scheme, number, edition))


def _other_classification(description: Description, field: Field, _: Field | None, __: None) -> None:
    source = field.first("2")
    scheme = fm.CLASSIFICATION_SOURCES.get(source.partition("/")[0].lower(), "other")
    for number in field.all("a"):
        if number.strip():
            description.classifications.append(make_classification(scheme, number.strip(), source))


def _chinese_classification(description: Description, field: Field, _: Field | None, scheme: str) -> None:
    for number in field.all("a"):
        if scheme != "clc" or _CLC_AT_START.match(number):
            description.classifications.append(make_classification(scheme, number.strip(), field.first("2")))


def _languages(description: Description, field: Field, _: Field | None, __: None) -> None:
    """Read an 041; codes of older records stand together without a break (`engfre`)."""
    if field[1][1:2] == "7":
        return
    description.coded["041"] = field[1]
    if field[1][:1] == "1":
        description.is_translation = True
    for code, value in field[2]:
        if code not in "adh":
            continue
        into = description.original_languages if code == "h" else description.languages
        for start in range(0, len(value.strip()) - 2, 3):
            found = language(value.strip()[start : start + 3])
            if found and found != "und" and found not in into:
                into.append(found)


def _control_number(description: Description, field: Field, _: Field | None, __: None) -> None:
    description.control_number = description.control_number or field[3].strip()


def _control_agency(description: Description, field: Field, _: Field | None, __: None) -> None:
    description.agency = field[3].strip()


def _coded(description: Description, field: Field, _: Field | None, tag: str) -> None:
    description.coded.setdefault(tag, field[3])


def _carrier_type(description: Description, field: Field, _: Field | None, __: None) -> None:
    description.coded["338"] = description.coded.get("338", "") + " " + " ".join(field.all("b"))


READERS: Final[dict[str, tuple[Reader, Any]]] = {
    **numbers_marc21.READERS,
    "001": (_control_number, None),
    "003": (_control_agency, None),
    "006": (_coded, "006"),
    "007": (_coded, "007"),
    "041": (_languages, None),
    "084": (_other_classification, None),
    "245": (_title, None),
    "250": (_edition, None),
    "260": (_imprint, None),
    "264": (_imprint, None),
    "300": (_extent, None),
    "338": (_carrier_type, None),
    "856": (_link, None),
    **{tag: (_name, rule) for tag, rule in fm.NAMES.items()},
    **{tag: (_variant_title, codes) for tag, codes in fm.VARIANT_TITLES.items()},
    **{tag: (_uniform_title, codes) for tag, codes in fm.UNIFORM_TITLES.items()},
    **{tag: (_series, codes) for tag, codes in fm.SERIES.items()},
    **{tag: (_traced_series, codes) for tag, codes in fm.TRACED_SERIES.items()},
    **{tag: (_subject, rule) for tag, rule in fm.SUBJECTS.items()},
    **{tag: (_keywords, codes) for tag, codes in fm.KEYWORDS.items()},
    **{tag: (_note, kind) for tag, kind in fm.NOTES.items()},
    **{tag: (_related, kind) for tag, kind in fm.RELATED.items()},
    **{tag: (_classification, scheme) for tag, scheme in fm.CLASSIFICATIONS.items()},
    **{tag: (_chinese_classification, scheme) for tag, scheme in fm.CHINESE_CLASSIFICATIONS.items()},
}
