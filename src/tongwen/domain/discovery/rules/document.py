"""What a record is indexed as: the part that comes from the record, the part that comes from its holdings.

The record's part needs no database, so that worker processes can make it; both parts and the bib's number
become one JSON document. Nothing of the text is stored: pages are made from the database. The record's part is
packed as JSON there and goes into the document as it is; what is sorted by stands in front of it, for the bib's number
becomes a part of that.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import orjson

from tongwen.core.search import headings
from tongwen.domain.discovery.rules.record_types import record_type
from tongwen.standards import hanzi, identifiers
from tongwen.standards.marc import types as marc

Fields = dict[str, Any]
"""A JSON object: field name to a value or a list of values."""

LONGEST_VALUE: Final = 240
"""Characters of a facet value, a whole title or a number; the engine's limit is 65,530 bytes a term."""
_LONGEST_SORT_KEY: Final = 60
_MOST_NAMES_IN_PINYIN: Final = 8
_ID_BITS: Final = 40
_ID_LIMIT: Final = 1 << _ID_BITS
_EARLIEST, _LATEST = 1000, 9998
_HEAD: Final = struct.Struct("<iH")
"""Year and length of the title's sort key, which stand before the JSON of the record's part."""
_NO_YEAR: Final = -(1 << 31)
_HAN: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_ARTICLES: Final = {
    "eng": frozenset(("the", "an", "a")),
    "fre": frozenset(("les", "le", "la", "l", "un", "une")),
    "ger": frozenset(("der", "die", "das", "ein", "eine")),
    "spa": frozenset(("el", "la", "los", "las", "un", "una")),
    "ita": frozenset(("il", "lo", "la", "gli", "i", "le", "l", "un", "una")),
    "por": frozenset(("o", "a", "os", "as", "um", "uma")),
    "dut": frozenset(("de", "het", "een")),
}
"""Initial articles that titles are not sorted under, by the language of the text."""


def bib_fields(view: marc.DisplayView) -> Fields:
    """Return the part of the document that the record itself gives."""
    fields = _texts(view)
    fields["number_x"] = _cut(_numbers(view))
    fields["class_x"] = _cut([shelf_key(number) for _, number, _ in view.classifications])
    fields["type"] = record_type(view)
    fields["language"] = list(dict.fromkeys(view.languages))
    fields["class"] = list(dict.fromkeys(_classes(view.classifications)))
    fields |= headings.headings("author", _cut([name.heading.value for name in view.names]))
    fields |= headings.headings(
        "subject", _cut([value for subject in view.subjects for value in subject_values(subject)])
    )
    if view.year is not None:
        fields["year"] = view.year
    return {name: value for name, value in fields.items() if value}


def holding_fields(
    *,
    institution_ids: Iterable[int],
    cities: Iterable[str | int] = (),
    provinces: Iterable[str | int] = (),
    call_numbers: Iterable[str] = (),
) -> Fields:
    """Return the part of the document that its holdings give; places are GB/T 2260 codes."""
    return {
        "library": sorted(set(institution_ids)),
        "city": sorted({int(code) for code in cities}),
        "province": sorted({int(code) for code in provinces}),
        "call_x": _cut(map(shelf_key, call_numbers)),
    }


def pack(bib: Fields) -> bytes:
    """Return the record's part as `document` takes it."""
    year = bib.get("year")
    title: bytes = bib.get("title_s", "").encode()
    rest = bib.copy()
    rest.pop("title_s", None)
    return b"".join((_HEAD.pack(_NO_YEAR if year is None else year, len(title)), title, orjson.dumps(rest)))


def held(holdings: Fields) -> bytes:
    """Return the holdings' part as `document` takes it: members of a JSON object."""
    return orjson.dumps(holdings)[1:-1]


def document(bib_id: int, bib: bytes, holdings: bytes) -> str:
    """Return the whole document as JSON text for `core.search.port.Writer`, from `pack` and `held`."""
    year, length = _HEAD.unpack_from(bib)
    rest = _HEAD.size + length
    newest, oldest = _years(year)
    title = bib[_HEAD.size : rest].decode()
    orders = orjson.dumps(
        {
            "id": bib_id,
            "newest": (newest << _ID_BITS) | (_ID_LIMIT - 1 - bib_id),
            "oldest": (oldest << _ID_BITS) | bib_id,
            "title_s": f"{title}\x01{bib_id:013d}" if title else f"\U0010fffd{bib_id:013d}",
        }
    )
    if not 0 <= bib_id < _ID_LIMIT:
        raise ValueError(f"a bib's number must lie below 2^{_ID_BITS}, not {bib_id}")
    return b"".join((orders[:-1], b",", holdings, b",", bib[rest + 1 :])).decode()


def _years(year: int) -> tuple[int, int]:
    """Return the year to sort by, newest first and oldest first: undated records come last in both directions."""
    if year == _NO_YEAR:
        return _EARLIEST - 1, _LATEST + 1
    kept = min(max(year, _EARLIEST), _LATEST)
    return kept, kept


def shelf_key(number: str) -> str:
    """Return a call or class number as it is compared: lower case, no spaces."""
    return "".join(number.split()).casefold()


def subject_values(subject: marc.Subject) -> tuple[str, ...]:
    """Return what a subject is counted under: the whole heading and, where it is subdivided, its main part."""
    parts = [part for part in subject.parts if part]
    if len(parts) < 2:
        return tuple(parts)
    return " -- ".join(parts), parts[0]


def _texts(view: marc.DisplayView) -> Fields:
    """Analyse each text of a record once, for the text fields, the whole titles and the title's sort key."""
    title = view.title.value
    rest_of_title = " ".join([text.value for text in (view.subtitle, *view.parts) if text.value])
    others = (view.romanized_title, *view.parallel_titles, *view.variant_titles, view.uniform_title)
    groups = {
        "title": [title, rest_of_title, *[text.value for text in others if text.value]],
        "author": _author_texts(view),
        "subject": [" ".join(subject.parts) for subject in view.subjects],
        "publisher": [text.value for text in view.publishers],
        "rest": _rest_texts(view),
    }
    tokens = {name: list(map(_ANALYZE.get(name, hanzi.analyze), texts)) for name, texts in groups.items()}
    titles = tokens["title"]
    fields: Fields = {f"{name}_b": values for name, values in tokens.items()}
    fields["title_b"] = [f"{titles[0]} {titles[1]}" if titles[1] else titles[0], *titles[2:]]
    wholes = [title, title + rest_of_title, *groups["title"][2:]]
    fields["title_x"] = _cut(map(hanzi.joined_title, wholes, [titles[0], *fields["title_b"]]))
    if all("".join(texts).isascii() for texts in groups.values()):
        fields["title_s"] = _sort_key(view, titles[0])
    else:
        fields["title_s"] = _pinyin_sort_key(title) or _sort_key(view, titles[0])
        _add_characters(fields, groups)
        _add_pinyin(fields, view)
    if view.pinyin or "chi" in view.languages:
        _add_romanized(fields, view)
    return fields


# Publishers, places, dates and notes come again (83, 93, 99 and 45 in 100); titles, names and headings hardly do.
_analyze_again = lru_cache(maxsize=4096)(hanzi.analyze)
_ANALYZE: Final = {"publisher": _analyze_again, "rest": _analyze_again}


def _add_characters(fields: Fields, groups: dict[str, list[str]]) -> None:
    """Add the single characters, for queries of one."""
    for name, values in groups.items():
        if characters := hanzi.unigrams(" ".join([value for value in values if not value.isascii()])):
            fields[f"{name}_u"] = characters


def _author_texts(view: marc.DisplayView) -> list[str]:
    texts = [view.responsibility.value] if view.responsibility.value else []
    for name in view.names:
        texts.append(name.heading.value)
        if name.other_script.value:
            texts.append(name.other_script.value)
    return texts


def _rest_texts(view: marc.DisplayView) -> list[str]:
    texts = [text.value for text in (view.edition, *view.places, *view.series) if text.value]
    texts += [note.text.value for note in view.notes]
    texts += [related.title for related in view.related if related.title]
    if view.date:
        texts.append(view.date)
    return texts


def _add_pinyin(fields: Fields, view: marc.DisplayView) -> None:
    """Add the forms under which Han titles and names are searched in pinyin."""
    titles = (view.title, *view.variant_titles, *view.parallel_titles, view.uniform_title)
    forms = [form for text in titles if _HAN.search(text.value) for form in hanzi.title_forms(text.value)]
    _extend(fields, "title_p", forms)
    texts = [text.value for name in view.names[:_MOST_NAMES_IN_PINYIN] for text in (name.heading, name.other_script)]
    _extend(fields, "author_p", [form for text in texts if _HAN.search(text) for form in hanzi.name_forms(text)])


def _add_romanized(fields: Fields, view: marc.DisplayView) -> None:
    """Add the pinyin that a Chinese record itself gives; and its title, where that is in pinyin only."""
    given = [view.romanized_title.value, *view.pinyin]
    _extend(fields, "title_p", [form for form in map(_syllables, given) if form])
    if not _HAN.search(view.title.value):
        _extend(fields, "roman", [form for form in (_syllables(view.title.value),) if form])


def _syllables(text: str) -> str:
    return hanzi.pinyin_query(text) or "" if text else ""


def _extend(fields: Fields, name: str, values: list[str]) -> None:
    if values:
        fields[name] = list(dict.fromkeys([*fields.get(name, []), *values]))


def _numbers(view: marc.DisplayView) -> Iterable[str]:
    """Return the record's numbers; an ISBN of 10 digits is asked for as one of 13 (`matching.numbers`)."""
    others = (*view.wrong_isbns, *view.issns, *(number for _, number in view.other_numbers), view.control_number)
    return (*view.isbns, *map(number_key, others))


def number_key(number: str) -> str:
    """Return a standard number as it is compared: lower case, without spaces and hyphens."""
    return "".join(number.split()).replace("-", "").casefold()


def _classes(classifications: Sequence[marc.Classification]) -> Iterable[str]:
    for scheme, number, _ in classifications:
        if scheme == "clc":
            main = identifiers.clc_main(number)
            if main:
                yield f"clc:{main[0]}"
        elif scheme == "ddc" and number[:3].isascii() and number[:3].isdigit() and len(number) >= 3:
            yield f"ddc:{number[0]}00"


def _pinyin_sort_key(title: str) -> str:
    """Return the syllables of a title that begins in Han script; "" otherwise."""
    return hanzi.pinyin(title)[:_LONGEST_SORT_KEY] if _HAN.match(title.lstrip('《「『“"[(')) else ""


def _sort_key(view: marc.DisplayView, tokens: str) -> str:
    """Return the tokens of a title without its initial article."""
    articles = _ARTICLES.get(view.languages[0], ()) if view.languages else ()
    first = tokens.partition(" ")[0]
    if first in articles:
        tokens = tokens[len(first) + 1 :] or tokens
    return tokens[:_LONGEST_SORT_KEY]


def _cut(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([value[:LONGEST_VALUE] for value in values if value]))
