"""Take ISBD punctuation off the ends of an element, and tell a name's initial from the end of a sentence.

ISBD (consolidated edition, A.3) and MARC21 practice write the punctuation that introduces the next element
at the end of the element before it. Punctuation inside an element is never touched.
"""

from __future__ import annotations

import re
from typing import Final

EDGES: Final = " \t\r\n\u00a0\u3000\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Blanks and the invisible marks of writing direction, which Hebrew and Arabic 880 fields carry at both ends."""

_INTRODUCING: Final = "/:;=,،؛，：；／"
_INTRODUCING_OR_EDGE: Final = _INTRODUCING + EDGES
_LAST: Final = frozenset(_INTRODUCING + "." + EDGES)
_ABBREVIATIONS: Final = frozenset((
    # In headings, editions and extents; a stop after one of these is not the end of a sentence.
    "Jr", "Sr", "jr", "Co", "Corp", "Inc", "Ltd", "Bros", "Dept", "Univ", "Inst", "Assn", "Dr", "Mr", "Mrs", "Ms",
    "St", "Ste", "etc", "al", "ca", "approx", "fl", "cent", "ed", "eds", "éd", "vyd", "vyp", "Aufl", "Bd", "Hrsg",
    "red", "rev", "vol", "no", "nr", "pt", "ser", "fasc", "ill", "illus", "pp", "col", "ports", "facsims", "изд",
    "перераб", "доп", "испр", "ст", "стр", "кн", "вып",
))  # fmt: skip
_BEFORE_AN_INITIAL: Final = frozenset(" .,([-–'’\u3000")
_INITIAL: Final = re.compile(
    r"""(?:^|[\s.,(\[\-–'’])
        (?: [^\W\d_\u1100-\ufaff][\u0300-\u036f]*
          | [^\W\d_][\ufe20-\ufe2f][^\W\d_][\ufe20-\ufe2f]
          | [^\W\d_]\u0361[^\W\d_]
        )\.$""",
    re.VERBOSE,
)


def trim(text: str) -> str:
    """Return an element without blanks, direction marks and ISBD punctuation at its ends.

    A full stop goes too, unless it belongs to an initial, an abbreviation or an ellipsis,
    or stands before other punctuation, which proves that it is the element's own.
    """
    if not text:
        return text
    last = text[-1]
    if last == ".":
        if text[0] in EDGES:
            text = text.lstrip(EDGES)
        return without_stop(text)
    if last not in _LAST and text[0] not in EDGES:
        return text
    text = text.strip(EDGES)
    bare = text.rstrip(_INTRODUCING_OR_EDGE)
    return without_stop(bare) if bare[-1:] == "." and len(bare) == len(text) else bare


def without_stop(text: str) -> str:
    """Take a sentence's full stop off the end of a text that ends with one, keeping what `trim` keeps."""
    if text[-2:-1] == ".":
        return text
    word = text[text.rfind(" ") + 1 : -1]
    if word in _ABBREVIATIONS:
        return text
    if word.isascii():
        if len(word) == 1 and word.isalpha():
            return text
        if word[-2:-1] in _BEFORE_AN_INITIAL and word[-1:].isalpha() and len(word) > 1:
            return text
    elif _INITIAL.search(text[-8:]):
        return text
    return text[:-1].rstrip(_INTRODUCING_OR_EDGE)
