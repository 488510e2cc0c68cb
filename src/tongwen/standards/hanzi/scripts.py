"""Tell which script a text is written in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

# First code point and script, each up to the next entry; "" where no letters of a single script are.
_STARTS: tuple[tuple[int, str], ...] = (
    (0x0000, ""), (0x0041, "Latin"), (0x0250, "Latin"), (0x02B0, ""), (0x0370, "Greek"), (0x0400, "Cyrillic"),
    (0x0530, "Armenian"), (0x0590, "Hebrew"), (0x0600, "Arabic"), (0x0700, "Syriac"), (0x0750, "Arabic"),
    (0x0780, "Thaana"), (0x07C0, ""), (0x08A0, "Arabic"), (0x0900, "Devanagari"), (0x0980, "Bengali"),
    (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"), (0x0B00, "Oriya"), (0x0B80, "Tamil"), (0x0C00, "Telugu"),
    (0x0C80, "Kannada"), (0x0D00, "Malayalam"), (0x0D80, "Sinhala"), (0x0E00, "Thai"), (0x0E80, "Lao"),
    (0x0F00, "Tibetan"), (0x1000, "Myanmar"), (0x10A0, "Georgian"), (0x1100, "Hangul"), (0x1200, "Ethiopic"),
    (0x13A0, ""), (0x1780, "Khmer"), (0x1800, "Mongolian"), (0x18B0, ""), (0x1C80, "Cyrillic"), (0x1C90, ""),
    (0x1D00, "Latin"), (0x1DC0, ""), (0x1E00, "Latin"), (0x1F00, "Greek"), (0x2000, ""), (0x2C60, "Latin"),
    (0x2C80, ""), (0x2DE0, "Cyrillic"), (0x2E00, ""), (0x2E80, "Han"), (0x2FE0, ""), (0x3005, "Han"), (0x3008, ""),
    (0x3041, "Kana"), (0x3100, "Bopomofo"), (0x3130, "Hangul"), (0x3190, ""), (0x31F0, "Kana"), (0x3200, ""),
    (0x3400, "Han"), (0x4DC0, ""), (0x4E00, "Han"), (0xA000, "Yi"), (0xA4D0, ""), (0xA640, "Cyrillic"), (0xA6A0, ""),
    (0xA720, "Latin"), (0xA800, ""), (0xA960, "Hangul"), (0xA980, ""), (0xAC00, "Hangul"), (0xD800, ""),
    (0xF900, "Han"), (0xFB00, "Latin"), (0xFB13, "Armenian"), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, ""),
    (0xFE70, "Arabic"), (0xFF00, "Latin"), (0xFF66, "Kana"), (0xFFA0, "Hangul"), (0xFFE0, ""), (0x1B000, "Kana"),
    (0x1B170, ""), (0x20000, "Han"), (0x40000, ""),
)  # fmt: skip
_CODES = tuple(code for code, _ in _STARTS)
_LETTER = re.compile(r"[^\W\d_]")
_ASCII_LETTER = re.compile("[A-Za-z]")


def script(text: str) -> str:
    """Return the script that most letters belong to, by its Unicode name; "" where there are no letters.

    Han with any kana is `Kana` and Han with any Hangul is `Hangul`: so Japanese and Korean are told from Chinese.
    """
    if text.isascii():
        return "Latin" if _ASCII_LETTER.search(text) else ""
    counts = Counter(_STARTS[bisect_right(_CODES, ord(letter)) - 1][1] for letter in _LETTER.findall(text))
    counts.pop("", None)
    if not counts:
        return ""
    dominant = counts.most_common(1)[0][0]
    if dominant == "Han":
        return next((mixed for mixed in ("Kana", "Hangul") if counts[mixed]), "Han")
    return dominant
