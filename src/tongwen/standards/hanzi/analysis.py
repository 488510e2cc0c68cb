"""Turn text into the tokens that are indexed and searched, the same for documents and for queries.

Runs of Han, kana, Hangul and of the South-East Asian scripts without spaces become overlapping pairs (a run of one
stays one), other letters whole words, digits whole numbers; a letter next to a digit is a boundary (`mp3` is `mp 3`).
An apostrophe belongs to the word (`chʻing`, `ch'ing` and `ching` are one), except after a French or Italian
article, where it ends the word (`l'histoire` is `l histoire`).

Three signs tell names apart that would else be one letter or word: `C++` is `c ++`, `C#` is `c #` and `.NET` is
`net .`; so a question for one of them finds it alone, and one for `C` or `ASP NET` finds it too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from tongwen.standards.hanzi.folding import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAIRED: Final = (
    "\u0e01-\u0e3e\u0e40-\u0eff\u1000-\u1049\u1050-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3005-\u3007\u3021-\u3029\u303b\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001b000-\U0001b16f"  # kana
    "\u3105-\u312f\u31a0-\u31bf\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""The scripts that are cut into pairs, as the inside of a regular expression's character class."""

_SIGNS: Final = "".join(chr(c) for c in range(0x0900, 0x1D00) if unicodedata.category(chr(c))[0] == "M")
_ASCII_TOKENS: Final = re.compile(r"[a-z]+|[0-9]+")
_ASCII_WORDS: Final = re.compile(rb"[a-z]+|[0-9]+")
_TOKENS: Final = re.compile(rf"[a-z]+|[0-9]+|[{PAIRED}]+|(?:[^\W\d_{PAIRED}]+|[{_SIGNS}]+)+")
_PAIRED_RUN: Final = re.compile(f"[{PAIRED}]+")
_FIRST_PAIRED: Final = "\u0e01"
_MAY_BE_PAIRED: Final = re.compile("[\u0e01-\u1cff\u2e80-\uffff\U00010000-\U0010ffff]")
"""Whatever normalises to one of the paired scripts, and more; not Latin with its diacritics, which is far oftener."""
_ELISION: Final = re.compile(
    r"\b([cdjlmns]|qu|(?:jus|lors|puis)qu|(?:d|n|s|dall?|nell?|sull?|dell?|al)l|un)'(?=[^\W\d_])"
)
_NOT_ASCII_WORD: Final = bytes(c for c in range(128) if not chr(c).isalnum())
_LOWER: Final = bytes(ord(chr(c).lower()) if c < 128 else c for c in range(256))
_MARKED: Final = "'`+#"
"""Signs that may belong to a word: text with one of them goes the long way."""
_LOWER_AND_SPACED: Final = bytes(
    ord(chr(c).lower()) if c < 128 and (chr(c).isalnum() or chr(c) in _MARKED) else 0x20 for c in range(256)
)
_DIGITS_AND_MARKED: Final = bytes(chr(c) in f"0123456789{_MARKED}" for c in range(256))
"""Shows with a 1 where digits and signs are."""
_LETTER_BESIDE_DIGIT: Final = re.compile(rb"[0-9][a-z]|[a-z][0-9]")
_ANY_MARKED: Final = re.compile(f"[{_MARKED}]".encode())
SIGNS: Final = frozenset(("++", "#", "."))
"""The tokens that belong to the word before them."""
_SIGN: Final = re.compile(r"((?<=[a-z])\+\+|(?<=(?<![a-z0-9])[a-z])#|\.net(?![a-z0-9]))")


def _words(text: str) -> str:
    """Return the normalised text with its apostrophes resolved."""
    folded = normalize(text)
    if "'" in folded:
        folded = _ELISION.sub(r"\1 ", folded).replace("'", "")
    return folded


def tokens(text: str) -> list[str]:
    """Return the tokens of a text in order; nothing is dropped for its length."""
    return _divided(_words(text))


def _divided(folded: str) -> list[str]:
    return _between_signs(folded, _plain_tokens) if _may_have_signs(folded) else _plain_tokens(folded)


def _may_have_signs(folded: str) -> bool:
    return "+" in folded or "#" in folded or ".net" in folded


def _between_signs(folded: str, divide: Callable[[str], list[str]]) -> list[str]:
    """Return the signs and, divided, what stands between them."""
    found: list[str] = []
    for place, piece in enumerate(_SIGN.split(folded)):
        if place % 2:
            found += ("net", ".") if piece == ".net" else (piece,)
        else:
            found += divide(piece)
    return found


def _plain_tokens(folded: str) -> list[str]:
    if folded.isascii():
        return _ASCII_TOKENS.findall(folded)
    found: list[str] = []
    for token in _TOKENS.findall(folded):
        if token < _FIRST_PAIRED or len(token) == 1 or not _PAIRED_RUN.match(token):
            found.append(token)
        else:
            found += [token[i : i + 2] for i in range(len(token) - 1)]
    return found


def analyze(text: str) -> str:
    """Return the tokens joined by single spaces, for an index that splits at spaces and nowhere else."""
    if text.isascii():
        return _analyze_ascii(text)
    folded = _words(text)  # Of Latin text with its marks this is ASCII.
    return _analyze_ascii(folded) if folded.isascii() else " ".join(_divided(folded))


def _analyze_ascii(text: str) -> str:
    """Return what `analyze` does for ASCII text, without apostrophes in a third of the time: most texts are such."""
    spaced = text.encode().translate(_LOWER_AND_SPACED)
    if 1 in spaced.translate(_DIGITS_AND_MARKED):
        if _ANY_MARKED.search(spaced):
            return " ".join(tokens(text))
        if _LETTER_BESIDE_DIGIT.search(spaced):
            spaced = b" ".join(_ASCII_WORDS.findall(spaced))
    joined = b" ".join(spaced.split()).decode()
    if "net" in joined and ".net" in text.lower():
        return " ".join(tokens(text))
    return joined


def analyze_many(texts: Iterable[str]) -> list[str]:
    """Return `analyze` of each text.

    One by one: joining the fields of a record and splitting the result again was measured to cost more
    (25 against 23 µs a record of the Library of Congress), for one accented letter makes all of it slow.
    """
    return [analyze(text) for text in texts]


def _unique(characters: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(characters))


def unigrams(text: str) -> str:
    """Return each different character of the paired scripts once, space-joined, for queries of one character."""
    if text.isascii() or not _MAY_BE_PAIRED.search(text):
        return ""
    return _unique("".join(_PAIRED_RUN.findall(normalize(text))))


def whole(text: str) -> str:
    """Return the normalised letters and digits of a text in one piece, for exact and left-anchored hits."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NOT_ASCII_WORD).decode()
    return "".join(_TOKENS.findall(normalize(text).replace("'", "")))


def whole_title(text: str) -> str:
    """Return the tokens of a text in one piece, signs included: `whole`, but `C++` and `C#` are not `C`."""
    folded = normalize(text)
    return "".join(_between_signs(folded.replace("'", ""), _TOKENS.findall)) if _may_have_signs(folded) else whole(text)


def joined_title(text: str, analyzed: str) -> str:
    """Return `whole_title` of a text that is analysed: its tokens in one piece, where none of them are pairs."""
    if text.isascii() or not _MAY_BE_PAIRED.search(text):
        return analyzed.replace(" ", "")
    return whole_title(text)


def romanized_key(text: str) -> str:
    """Return the letters and digits of Latin text in one piece, so that division into words does not matter.

    `Chung-kuo ku tai shih`, `Zhong guo`, `Zhongguo`: only spaces, hyphens, apostrophes and marks are evened out, not
    systems of romanisation. "" where the text has letters of another script.
    """
    key = whole(text)
    return key if key.isascii() else ""
