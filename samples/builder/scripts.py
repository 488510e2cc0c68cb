"""Writes names and titles in other scripts: pinyin, ALA-LC Russian, traditional characters."""

from __future__ import annotations

import functools
import re
import unicodedata

import opencc
from pypinyin import lazy_pinyin

COMPOUND_SURNAMES = ("欧阳", "司马", "诸葛", "上官", "司徒", "尉迟", "夏侯", "端木")
# Syllables that a dictionary of phrases reads otherwise than these names and titles do.
READINGS = {
    "曾巩": "zeng gong",
    "曾国藩": "zeng guo fan",
    "乐府": "yue fu",
    "单田芳": "shan tian fang",
    "朝花": "zhao hua",
}

_LEFT, _RIGHT = "\ufe20", "\ufe21"


def _ligature(pair: str) -> str:
    return pair[0] + _LEFT + pair[1] + _RIGHT


RUSSIAN = dict(
    zip(
        "абвгдежзийклмнопрстуфхъыьэ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "ĭ",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ʺ",
            "y",
            "ʹ",
            "ė",
        ],
        strict=True,
    ),
) | {
    "ё": "ë",
    "ц": _ligature("ts"),
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": _ligature("iu"),
    "я": _ligature("ia"),
    "і": "ī",
    "ѣ": _ligature("ie"),
}


def is_han(text: str) -> bool:
    """Tell whether a text holds a Chinese character."""
    return bool(re.search(r"[\u3400-\u9fff]", text))


def is_cyrillic(text: str) -> bool:
    """Tell whether a text holds a Cyrillic letter."""
    return bool(re.search(r"[\u0400-\u04ff]", text))


def is_latin(text: str) -> bool:
    """Tell whether every letter of a text is Latin."""
    return all("LATIN" in unicodedata.name(char, "") or char in "ʹʺʻʼ" for char in text if char.isalpha())


def pinyin(text: str) -> str:
    """Return lower-case syllables, one space apart; what is no Chinese character stays as it is."""
    for phrase, reading in READINGS.items():
        text = text.replace(phrase, f" {reading} ")
    syllables = lazy_pinyin(text, v_to_u=True)
    joined = (
        re.sub(r"[《》“”「」『』]", " ", " ".join(syllables)).replace("·", " ").replace("、", ", ").replace("，", ", ")
    )
    joined = joined.replace("：", ": ").replace("（", "(").replace("）", ")").replace("—", "-")
    joined = re.sub(r"\s+([,:)\]])", r"\1", re.sub(r"\s+", " ", joined))
    return re.sub(r"([(\[])\s+", r"\1", joined).strip()


def sentence(text: str) -> str:
    """Begin a romanised title with a capital."""
    return text[:1].upper() + text[1:]


def personal(name: str) -> str:
    """Return a Chinese personal name in pinyin, family name first: `Cao, Xueqin`."""
    family = 2 if name[:2] in COMPOUND_SURNAMES else 1
    first, last = "".join(pinyin(name[:family]).split()), "".join(pinyin(name[family:]).split())
    return f"{first.capitalize()}, {last.capitalize()}" if last else first.capitalize()


def place(name: str) -> str:
    """Return a Chinese place name in pinyin, written as one word."""
    special = {"西安": "Xi'an", "香港": "Xianggang", "陕西": "Shaanxi"}
    return special.get(name) or "".join(pinyin(name).split()).capitalize()


def capitals(text: str) -> str:
    """Begin the first syllable of a romanised body or publisher with a capital."""
    return sentence(pinyin(text))


def russian(text: str) -> str:
    """Romanise Russian by the ALA-LC table (2012), ligatures as half marks as the Library of Congress writes them."""
    written = []
    for char in unicodedata.normalize("NFC", text):
        letters = RUSSIAN.get(char.lower(), char)
        written.append(letters[:1].upper() + letters[1:] if char.isupper() and char.lower() in RUSSIAN else letters)
    return "".join(written)


@functools.cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def traditional(text: str) -> str:
    """Write a text in traditional characters."""
    return _converter("s2t").convert(text)


def simplified(text: str) -> str:
    """Write a text in simplified characters."""
    return _converter("t2s").convert(text)
