"""Fold text to the one form in which it is searched and compared.

The steps, in order: NFKC; case folding; diacritics off Latin, Greek and Cyrillic letters and vowel points off Hebrew
and Arabic (kana keep their dakuten: が is another letter than か); variant, Japanese, Korean and traditional characters
to simplified, one code point to one (`variants.txt`, see `derive`); katakana to hiragana; all digits to 0-9;
all apostrophes to one.
"""

from __future__ import annotations

import re
import unicodedata
from importlib import resources
from typing import Final

_MARKS: Final = (
    *range(0x0300, 0x0370),  # combining diacritics
    *range(0x0483, 0x0488),  # Cyrillic titlo and its kin
    *range(0x0591, 0x05BE),  # Hebrew accents and points
    *(0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7),
    *range(0x064B, 0x0660),  # Arabic vowel points
    *(0x0640, 0x0670),  # tatweel, superscript alef
    *range(0x1AB0, 0x1B00),
    *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x2100),
    *range(0xFE00, 0xFE10),  # variation selectors
    *range(0xFE20, 0xFE30),  # halves of the ligatures that romanised Cyrillic uses
    *range(0xE0100, 0xE01F0),
    *(0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF),  # invisible
)
_ROMANIZATION_SIGNS: Final = "ʹʺʻʼʽʾʿˈ"
"""Soft sign, hard sign, ayn, alif: part of a word in romanised text, and hardly ever typed."""
_APOSTROPHES: Final = "‘’‛′＇`´"
_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
_LETTERS |= {"ơ": "o", "ư": "u", "ə": "a", "ŋ": "n", "ĸ": "k", "ſ": "s", "ƀ": "b", "ɓ": "b", "ɗ": "d", "ƙ": "k"}
_ALPHABETS: Final = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00), range(0x0370, 0x0530), range(0x1F00, 0x2000))


def _without_marks() -> dict[int, str | None]:
    """Map the letters that have a diacritic to the bare letter."""
    bare: dict[int, str | None] = {}
    for code in (code for alphabet in _ALPHABETS for code in alphabet):
        character = chr(code)
        base = "".join(c for c in unicodedata.normalize("NFD", character.casefold()) if not unicodedata.combining(c))
        base = "".join(_LETTERS.get(c, c) for c in base)
        if base and base != character:
            bare[code] = base
    return bare


def _digits() -> dict[int, str]:
    codes = (code for code in range(0x0660, 0x1FFFF) if unicodedata.category(chr(code)) == "Nd")
    return {code: str(unicodedata.digit(chr(code))) for code in codes}


def _variants() -> dict[int, str]:
    text = resources.files(__package__).joinpath("variants.txt").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines())
    return {ord(form): target for target, forms in lines for form in forms}


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict(_variants())
    table |= _digits()
    table |= _without_marks()
    table |= {code: chr(code - 0x60) for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
    table |= dict.fromkeys(_MARKS)
    table |= dict.fromkeys(map(ord, _ROMANIZATION_SIGNS))
    table |= dict.fromkeys(map(ord, _APOSTROPHES), "'")
    return table


FOLDS: Final = _table()
"""What `normalize` does to single code points after NFKC and case folding, for `str.translate`."""


_NON_ASCII: Final = re.compile(r"([^\x00-\x7f]+)")
_KEPT_RUN: Final = 2
_KEPT_RUNS: Final = 4096


_RUNS: Final[dict[str, str]] = {}
"""The folded form of short runs of characters outside ASCII (diacritics, dashes), which come again and again."""


def _fold(run: str) -> str:
    known = _RUNS.get(run)
    if known is not None:
        return known
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", run).casefold())
    folded = unicodedata.normalize("NFKC", folded.translate(FOLDS))
    if len(run) <= _KEPT_RUN and len(_RUNS) < _KEPT_RUNS:
        _RUNS[run] = folded
    return folded


def normalize(text: str) -> str:
    """Return the folded text; spaces and punctuation stay, and folding twice changes nothing.

    After NFKC one code point gives one, except diacritics and invisible signs (none) and æ, œ, þ, ß (two letters).
    Only runs outside ASCII are looked at closely: a letter and a mark that follows it fold alike together and apart.
    """
    if not text.isascii():
        # Cut and joined: a third of what `sub` takes, which makes a match of each run.
        pieces: list[str] = _NON_ASCII.split(text)
        for place in range(1, len(pieces), 2):
            pieces[place] = _fold(pieces[place])
        text = "".join(pieces)
    return text.lower().replace("`", "'")
