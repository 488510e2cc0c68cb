"""Write Chinese, Roman and spelt-out numerals as Arabic ones, so that volumes and years can be compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tongwen.standards.hanzi.folding import normalize


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


_DIGITS: Final = {
    character: value
    for value, characters in enumerate(
        ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_FUSED: Final = {"廿": "二十", "卅": "三十", "卌": "四十"}
_HAN_NUMERAL: Final = "零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万廿卅卌"
_HAN_DIGIT: Final = "零〇○一二三四五六七八九"
_UNITS: Final = "卷册辑集编部篇章回期号年月日届次世纪级版分本函帙册巻권책"
_LONGEST: Final = 20  # A longer run of numerals is no number of anything.
_UNIT_BEFORE: Final = "卷册辑集编部篇章回期号"

_POSITIONAL: Final = re.compile(f"(?<![{_HAN_NUMERAL}])[{_HAN_DIGIT}]{{2,}}(?![{_HAN_NUMERAL}])")
_WITH_UNIT: Final = re.compile(
    f"(?<=第)[{_HAN_NUMERAL}]+|[{_HAN_NUMERAL}]+(?=[至到\\-~][{_HAN_NUMERAL}]+[{_UNITS}])"
    f"|[{_HAN_NUMERAL}]+(?=[{_UNITS}])"
    f"|(?<=[{_UNIT_BEFORE}])[之第]?[{_HAN_NUMERAL}]+(?![^\\W\\d_至到])"
)
_ROMAN: Final = re.compile(r"(?=[mdclxvi])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1}
# Two letters at least, and small: `Vitamin C`, `CD`, `I` and `MIX` are words, `World War II` is not.
_ROMAN_IN_TEXT: Final = re.compile(r"\b(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})\b")
_ROMAN_AFTER_UNIT: Final = re.compile(
    r"\b((?:vols?|volumes?|v|pts?|parts?|bks?|books?|b(?:an)?d|bde|t|tom[eoi]?|teil|tl|nos?|ser|series|"
    r"т|том|ч|часть|кн|вып)\.?\s*)([ivxlc]+)\b"
)
_MARKERS: Final = _words(
    "vol vols volume volumes v pt pts part parts bk bks book books bd band bde t tom tome tomo tomi teil tl no nos "
    "ser series edition ed т том ч часть кн вып"
)
_ORDINAL: Final = re.compile(r"(?<![0-9.])([0-9]+)(?:st|nd|rd|th|re|er|eme|e|[ao](?=\.?\s+ed))\b")
_WORDS: Final = {
    word: str(value)
    for value, words in enumerate(
        ("one first", "two second", "three third", "four fourth", "five fifth", "six sixth", "seven seventh",
         "eight eighth", "nine ninth", "ten tenth", "eleven eleventh", "twelve twelfth"),
        1,
    )
    for word in words.split()
}  # fmt: skip
_SPELT: Final = re.compile(
    r"\b(vols?|volumes?|pts?|parts?|bks?|books?|nos?|series)\.?\s+(" + "|".join(_WORDS) + r")\b"
    r"|\b(" + "|".join(_WORDS) + r")\s+(?=(?:vol(?:ume)?|part|book|edition|ed|series)\b)"
)


def _roman_value(letters: str) -> int | None:
    """Return the value of a well-formed Roman numeral in small letters, else None."""
    if not _ROMAN.fullmatch(letters):
        return None
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _han_value(numeral: str) -> int:
    """Return the value of a Chinese numeral, positional (二〇〇八) or with units (二百五十三)."""
    for fused, spelt in _FUSED.items():
        numeral = numeral.replace(fused, spelt)
    if not any(unit in numeral for unit in (*_TENS, "万")):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    ten_thousands, _, rest = numeral.rpartition("万")
    return (_han_value(ten_thousands) * 10_000 if ten_thousands else 0) + _below_ten_thousand(rest)


def _below_ten_thousand(numeral: str) -> int:
    total = digit = 0
    for character in numeral:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[character] if digit else _DIGITS[character]
    return total + digit


def _arabic_digits(numeral: str) -> str:
    return str(_han_value(numeral)) if len(numeral) <= _LONGEST else numeral


def _arabic(numeral: re.Match[str]) -> str:
    return _arabic_digits(numeral[0].lstrip("之第"))


def _after_unit(found: re.Match[str]) -> str:
    value = _roman_value(found[2])
    return found[0] if value is None else f"{found[1]}{value}"


def _spelt(found: re.Match[str]) -> str:
    return f"{found[1]} {_WORDS[found[2]]}" if found[2] else f"{_WORDS[found[3]]} "


def unify_numerals(text: str) -> str:
    """Return the normalised text with its numerals in Arabic digits.

    Chinese numerals where they count (第一卷, 卷十二, 三十年) or are written digit by digit (二〇〇八), never inside
    other words (三体, 一千零一夜); Roman ones after a volume word (`vol. ii`), or in two or more capitals I, V and X
    (`World War II`); English number words beside a volume word (`volume two`, `second edition`).
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "I" in text or "X" in text:
        text = _ROMAN_IN_TEXT.sub(lambda found: str(_roman_value(found[0].lower())), text)
    folded = normalize(text)
    # The long alternations are tried only where one of their words stands: titles are many, volume words few.
    if not _MARKERS.isdisjoint(folded.replace(".", " ").split()):
        folded = _SPELT.sub(_spelt, _ROMAN_AFTER_UNIT.sub(_after_unit, folded))
    folded = _ORDINAL.sub(r"\1", folded)
    if folded.isascii():
        return folded
    return _POSITIONAL.sub(_arabic, _WITH_UNIT.sub(_arabic, folded))


_VOLUME_WORDS: Final = re.compile(
    r"\b(?:vol(?:ume)?s?|v|pts?|parts?|bks?|books?|bd|bde|band|tl|teil|t|tom[eoi]?|tomes|nos?|number|nr|fasc|fascicules?|"
    r"parties?|section|sect|issue|ser|series|том|т|ч|часть|кн|книга|вып|выпуск|juan|ce|di|ji|bian|kan|maki|kwon)\b\.?|"
    r"제|第|总第"
)
_HAN_UNIT: Final = re.compile(
    f"(?<=[0-9上中下首末全终前后续补正外别甲乙丙丁戊己庚辛壬癸])[{_UNITS}]+"
    f"|^[{_UNITS}]+(?=[0-9上中下])|(?<=[ ,])[{_UNITS}]+(?=[0-9上中下])"
)
_KOREAN_PARTS: Final = str.maketrans({"상": "上", "중": "中", "하": "下"})
_KOREAN_PART: Final = re.compile("^[상중하](?=권|책|편|$)")
_RANGE: Final = re.compile(rf"([0-9])\s*(?:[-~‐–—/]|至|到)\s*[{_UNIT_BEFORE}]?(?=[0-9])")
_KEY_TOKEN: Final = re.compile(r"[0-9]+(?:-[0-9]+)*|[^\W\d_]+")
_ROMANIZED_PART: Final = re.compile(r"\b(?:juan|ce|ji|bian|bu|di)\b")
_ROMANIZED_NUMERALS: Final = ("yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "shi")
_ROMANIZED = {"shang": "上", "zhong": "中", "xia": "下"}
_ROMANIZED |= {syllable: str(value) for value, syllable in enumerate(_ROMANIZED_NUMERALS, 1)}
_ONLY_HAN_NUMERAL: Final = re.compile(f"[{_HAN_NUMERAL}]+")


def _key_token(token: str) -> str:
    if token.isascii() and token.isdigit():
        return token.lstrip("0") or "0"
    if _ONLY_HAN_NUMERAL.fullmatch(token):
        return _arabic_digits(token)
    # A single c, d, l or m is the letter of a part; i, v and x are numbers there.
    value = _roman_value(token) if token.isascii() and (len(token) > 1 or token in {"i", "v", "x"}) else None
    return token if value is None else str(value)


def volume_key(text: str) -> str:
    """Return the number or name of a volume or part in the one form in which two are compared; "" for no text.

    `第二卷`, `卷二`, `2`, `vol. 2`, `v.2`, `Bd. II`, `Т. 2` and `volume two` are `2`; `v. 1-3` and `第一至三卷`
    are `1-3`; `第二卷下册` is `2 下`. 上, 中, 下 keep their character, and so do 甲, 乙 and the letters A, B:
    上 is not equal to 1, for a set of 上 and 下 may stand inside volume 1, so comparing 上 with 1 is undecided.
    Romanised Chinese counts as Chinese (`di er juan`, `shang ce`). A named part (名词卷) is its words.
    """
    unified = unify_numerals(text).strip(" .,:;/()[]")
    unified = _KOREAN_PART.sub(lambda found: found[0].translate(_KOREAN_PARTS), unified)
    bare = _HAN_UNIT.sub(" ", _VOLUME_WORDS.sub(" ", _RANGE.sub(r"\1-", unified)))
    # `v` alone names no volume word but the number five.
    found = _KEY_TOKEN.findall(bare if bare.strip(" .") else unified)
    if _ROMANIZED_PART.search(unified):
        found = [_ROMANIZED.get(token, token) for token in found]
    return " ".join(_key_token(token) for token in found)
