"""Find the Gregorian years in a date of publication as it was written.

Chinese, Japanese, Korean and Republican years are counted from eras whose first year is certain.
Hebrew, Hijri and Persian years are only taken from the Gregorian year that the cataloguer put in brackets,
for one of their years lies in two of ours.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

EARLIEST: Final = 1000
LATEST: Final = 2040
LONGEST_SPAN: Final = 20
"""Years; a date `between 1900 and 1999` names no year."""

_ERA_STARTS: Final[dict[str, tuple[int, int]]] = {
    # Name: first year, last year. Ming and Qing reigns count from the new year after the accession.
    "洪武": (1368, 1398), "建文": (1399, 1402), "永乐": (1403, 1424), "洪熙": (1425, 1425), "宣德": (1426, 1435),
    "正统": (1436, 1449), "景泰": (1450, 1457), "天顺": (1457, 1464), "成化": (1465, 1487), "弘治": (1488, 1505),
    "正德": (1506, 1521), "嘉靖": (1522, 1566), "隆庆": (1567, 1572), "万历": (1573, 1620), "天启": (1621, 1627),
    "崇祯": (1628, 1644), "顺治": (1644, 1661), "康熙": (1662, 1722), "雍正": (1723, 1735), "乾隆": (1736, 1795),
    "嘉庆": (1796, 1820), "道光": (1821, 1850), "咸丰": (1851, 1861), "同治": (1862, 1874), "光绪": (1875, 1908),
    "宣统": (1909, 1911), "民国": (1912, 2040),
    "明治": (1868, 1912), "大正": (1912, 1926), "昭和": (1926, 1989), "平成": (1989, 2019), "令和": (2019, 2040),
}  # fmt: skip
_OTHER_SPELLINGS: Final[dict[str, str]] = {
    "永樂": "永乐", "正統": "正统", "天順": "天顺", "隆慶": "隆庆", "萬曆": "万历", "萬歷": "万历", "万暦": "万历",
    "萬暦": "万历", "天啟": "天启", "天啓": "天启", "崇禎": "崇祯", "順治": "顺治", "嘉慶": "嘉庆", "咸豐": "咸丰",
    "光緒": "光绪", "光緖": "光绪", "宣統": "宣统", "民國": "民国", "民囯": "民国", "中華民國": "民国",
    "minguo": "民国", "min guo": "民国", "meiji": "明治", "taishō": "大正", "taisho": "大正", "shōwa": "昭和",
    "showa": "昭和", "heisei": "平成", "reiwa": "令和",
}  # fmt: skip
_ERAS: Final = {
    **_ERA_STARTS,
    **{spelling: _ERA_STARTS[name] for spelling, name in _OTHER_SPELLINGS.items()},
    "檀紀": (-2332, LATEST), "단기": (-2332, LATEST), "tanʼgi": (-2332, LATEST), "tan'gi": (-2332, LATEST),
    "主體": (1912, LATEST), "주체": (1912, LATEST),
}  # fmt: skip
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "两": 2,
    "元": 1,
}
_NUMERAL: Final = "[〇零○一二三四五六七八九十百廿卅元]"

_SIMPLE: Final = re.compile(r"[\[c©]{0,2}(\d{4})[\]?.]*$", re.ASCII)
_FOUR_DIGITS: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_BETWEEN: Final = re.compile(r"between (\d{4}) and (\d{4})")
_BRACKETED: Final = re.compile(r"[\[［(（][^\])］）]*\d{4}[^\])］）]*")
_HAN_YEAR: Final = re.compile("[一二][〇零○一二三四五六七八九]{3}")
_ERA_YEAR: Final = re.compile(
    rf"({'|'.join(sorted(_ERAS, key=len, reverse=True))})\s*(?:(\d{{1,4}})|({_NUMERAL}+)|([{_STEMS}][{_BRANCHES}]))",
)
_HAN_OR_ERA_LETTER: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7afAaGgHhIiOoRr]")
_SHORT_RANGE: Final = re.compile(r"(?<!\d)(\d{4})\s*[-/–]\s*(\d{2})(?!\d)")


# A file holds few dates: of those of the Library of Congress 99 in 100 have come before.
@lru_cache(maxsize=4096)
def years(text: str, *, foreign_calendar: bool = False) -> tuple[int, ...]:
    """Return the Gregorian years of a date as written, the likeliest first, () where none is certain.

    A year in brackets explains or corrects what stands before it (`759 [1999]`, `1951 [i.e. 1915]`), so it alone counts
    when the two are more than five years apart, and goes first after `i.e.` or 即. With `foreign_calendar`
    (the text's language is one whose books carry Hijri, Persian, Hebrew or Indian years) only a bracketed year is
    taken.
    """
    if not foreign_calendar and (simple := _SIMPLE.match(text)):
        return _possible([int(simple[1])])
    if (between := _BETWEEN.search(text)) and int(between[2]) - int(between[1]) > LONGEST_SPAN:
        return ()
    wide = text.translate(_WIDE_DIGITS) if not text.isascii() else text
    bracketed = [int(year) for group in _BRACKETED.findall(wide) for year in _FOUR_DIGITS.findall(group)]
    bracketed = list(_possible(bracketed))
    if foreign_calendar and bracketed:
        return tuple(dict.fromkeys(bracketed))
    outside = [] if foreign_calendar else _plain_years(_BRACKETED.sub(" ", wide) if bracketed else wide)
    if bracketed and any(abs(year - bracketed[0]) > 5 for year in outside):
        outside = []
    found = bracketed + outside if "i.e." in wide or "即" in wide else outside + bracketed
    if not found or not wide.isascii() or "Min" in wide or "min" in wide:
        found = (found if bracketed else []) or _era_years(wide) or found
    return tuple(dict.fromkeys(found))


def _plain_years(text: str) -> list[int]:
    found: list[int] = []
    if "-" in text or "/" in text:
        for first, last in _SHORT_RANGE.findall(text):
            found += [int(first), int(first[:2] + last)]
    found += [int(year) for year in _FOUR_DIGITS.findall(text)]
    return list(_possible(found))


def _possible(found: list[int]) -> tuple[int, ...]:
    return tuple(year for year in found if EARLIEST <= year <= LATEST)


def _era_years(text: str) -> list[int]:
    """Return the years written in an era, or as four Han digits."""
    if not _HAN_OR_ERA_LETTER.search(text):
        return []
    found = []
    for era, digits, numeral, cycle in _ERA_YEAR.findall(text.lower()):
        first, last = _ERAS[era]
        if cycle:
            found += _in_the_cycle(cycle, first, last)
            continue
        year = first - 1 + (int(digits) if digits else _number(numeral))
        if first <= year <= last + 1:
            found.append(year)
    found += [_positional(year) for year in _HAN_YEAR.findall(text)]
    return list(_possible(found))


def _in_the_cycle(cycle: str, first: int, last: int) -> list[int]:
    """Return the year that has these two signs of the sexagenary cycle, if the era holds exactly one."""
    fitting = [
        year
        for year in range(max(first, EARLIEST), last + 1)
        if _STEMS[(year - 4) % 10] == cycle[0] and _BRANCHES[(year - 4) % 12] == cycle[1]
    ]
    return fitting if len(fitting) == 1 else []


def _number(numeral: str) -> int:
    """Read a Chinese numeral below 200: 二十五, 廿三, 百零二, 八八."""
    if not any(sign in numeral for sign in "十百廿卅"):
        return _positional(numeral)
    total = unit = 0
    for sign in numeral:
        if sign in _DIGITS:
            unit = _DIGITS[sign]
        elif sign in "廿卅":
            total += 20 if sign == "廿" else 30
        else:
            total += (unit or 1) * (10 if sign == "十" else 100)
            unit = 0
    return total + unit


def _positional(numeral: str) -> int:
    value = 0
    for sign in numeral:
        value = value * 10 + _DIGITS.get(sign, 0)
    return value


_WIDE_DIGITS: Final = {0xFF10 + value: str(value) for value in range(10)} | {0xFF3B: "[", 0xFF3D: "]"}
