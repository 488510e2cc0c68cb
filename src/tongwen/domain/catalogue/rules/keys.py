"""Match keys: what two records must share to be compared at all.

A key only proposes. Keys are exact; each is hashed to 64 bits for the index, and the caller verifies the text after
a hit. A record has about five.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import xxhash

from tongwen.domain.catalogue.rules import forms
from tongwen.domain.catalogue.rules.numerals import NATIVE

if TYPE_CHECKING:
    from tongwen.standards.marc import types as marc

MAX_CANDIDATES: Final = 500
"""More candidates than this for one record is an error to report: one of its keys says nothing."""

_TITLE_WORDS: Final = 4
_NATIVE_CHARACTERS: Final = 8
_MAX_NUMBERS: Final = 20


class KeyKind(enum.IntEnum):
    """What a key is made of. The numbers are stored: never renumber."""

    SOURCE = 1
    ISBN = 2
    WRONG_ISBN = 3
    ISSN = 4
    BOOK_NUMBER = 5
    CN = 6
    NATIONAL = 7
    LCCN = 8
    OCLC = 9
    TITLE_YEAR = 10
    TITLE_AUTHOR = 11
    TITLE_PUBLISHER = 12
    SOUND_YEAR = 13


_KIND_AS_BYTES: Final = [b"%d " % number for number in range(max(KeyKind) + 1)]


class Key(NamedTuple):
    """A blocking key. `text` is what is compared after a hash hit."""

    kind: KeyKind
    text: str


_new: Final[Any] = tuple.__new__
_digest: Final = xxhash.xxh3_64_intdigest


def _key(kind: KeyKind, text: str) -> Key:
    """Return `Key(kind, text)` at half the cost: a NamedTuple's own constructor is a Python function."""
    key: Key = _new(Key, (kind, text))
    return key


def hashed(key: Key) -> int:
    """Return the key as a signed 64-bit number (xxh3 of kind and text), as PostgreSQL's bigint takes it."""
    number = _digest(_KIND_AS_BYTES[int(key[0])] + key[1].encode("utf-8", "surrogatepass"))
    return number - (1 << 64) if number >= 1 << 63 else number


def keys(view: marc.MatchView) -> tuple[Key, ...]:
    """Return the keys of a record, each once, identifiers first.

    Of a set's many ISBNs the first twenty count. The title keys hold the title proper without article, subtitle and
    designation, with the number of the volume beside it, so that the volumes of a set do not propose each other.
    """
    found = _identifier_keys(view)
    found += _title_keys(view)
    return tuple(dict.fromkeys(found))


def _identifier_keys(view: marc.MatchView) -> list[Key]:
    found = []
    if view.control_number and view.control_agency:
        found.append(_key(KeyKind.SOURCE, f"{view.control_agency} {view.control_number}"))
    for kind, numbers in (
        (KeyKind.ISBN, view.isbns),
        (KeyKind.WRONG_ISBN, view.wrong_isbns),
        (KeyKind.ISSN, view.issns),
        (KeyKind.BOOK_NUMBER, view.book_numbers),
        (KeyKind.LCCN, view.lccns),
        (KeyKind.OCLC, view.oclc_numbers),
    ):
        if numbers:
            found += [_key(kind, number) for number in numbers[:_MAX_NUMBERS]]
    if view.national_numbers:
        found += [_national(number) for number in view.national_numbers[:_MAX_NUMBERS]]
    return found


def _national(number: str) -> Key:
    """Return the key of a national number; a CN number of a periodical counts without its class."""
    if number[:3].casefold() in {"cn:", "cn "}:
        return _key(KeyKind.CN, number[3:].partition("/")[0].strip())
    return _key(KeyKind.NATIONAL, number)


def _title_keys(view: marc.MatchView) -> list[Key]:
    language = view.languages[0] if view.languages else ""
    title = forms.title(view.title, view.parts, language)
    if not title.core:
        return []
    volume = ".".join(title.volume)
    year = str(view.years[0]) if view.years else ""
    found = [_key(KeyKind.TITLE_YEAR, f"{title.core}|{volume}|{year}")]
    found += [_key(KeyKind.TITLE_YEAR, f"{title.core}|{volume}|{other}") for other in view.years[1:2]]
    if view.authors:
        name = forms.family(view.authors[0])
        found.append(_key(KeyKind.TITLE_AUTHOR, f"{_short(title, view)}|{volume}|{name}"))
    if view.publishers:
        found.append(_key(KeyKind.TITLE_PUBLISHER, f"{title.core}|{volume}|{forms.publisher(view.publishers[0])}"))
    if title.native or language in forms.NATIVE_LANGUAGES:
        found += _script_keys(view, title, volume, year)
    elif view.other_titles and not title.core.isascii():
        # Arabic, Cyrillic, Hebrew …: a library that kept the romanised title only is found by that.
        romanised = [forms.title(other, (), language).core for other in view.other_titles[:2]]
        found += [_key(KeyKind.TITLE_YEAR, f"{core}|{volume}|{year}") for core in romanised if core.isascii()]
    return found


def _short(title: forms.Title, view: marc.MatchView) -> str:
    """Return the first words of title and subtitle together, wherever the record divides them."""
    if title.native:
        core = title.core
        if len(core) < _NATIVE_CHARACTERS and view.subtitle:
            core += forms.compact(view.subtitle)
        return core[:_NATIVE_CHARACTERS]
    words = title.words
    if len(words) < _TITLE_WORDS and view.subtitle:
        words += tuple(forms.folded(view.subtitle).split())
    return "".join(words[:_TITLE_WORDS])


def _script_keys(view: marc.MatchView, title: forms.Title, volume: str, year: str) -> list[Key]:
    """Return the keys that bring a record in East Asian script together with its romanised counterpart.

    The sound is that of the title and of the romanised forms that stand beside it; it proposes and never counts
    (homophones are different books).
    """
    sounds = [forms.sound(title)]
    found = []
    if title.native:
        romanised = [other for other in view.other_titles[:2] if not NATIVE.search(other)]
        sounds += [forms.sound(forms.title(other, (), "chi")) for other in romanised]
    else:
        original = next((other for other in view.other_titles if not other.isascii() and NATIVE.search(other)), "")
        if original:
            found = [_key(KeyKind.TITLE_YEAR, f"{forms.title(original).core}|{volume}|{year}")]
    return [*found, *(_key(KeyKind.SOUND_YEAR, f"{sound}|{volume}|{year}") for sound in sounds if sound)]
