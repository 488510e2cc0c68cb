"""Numbers in titles: the designation of a volume or part, and the other numbers that tell two titles apart.

Chinese, Roman and Arabic numerals and number words come out as the same digits, so that `第二卷`, `卷二`, `vol. II`
and `Second volume` are all "2". 上, 中 and 下 stay as they are: 上 is the first of two or three and never equals 1.
"""

from __future__ import annotations

import re
from typing import Final

from tongwen.standards import hanzi

# Letters of East Asian scripts: kana, bopomofo, ideographs with their extensions, Hangul.
NATIVE: Final = re.compile("[\u3040-\u312f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")

_HAN_NUMERAL: Final = "一二三四五六七八九十百廿卅"
# A number behind a space or bracket at the end of a title counts the volume; inside a title it may be a word (三体).
_LAST: Final = re.compile(rf"(?<=\s)[{_HAN_NUMERAL}]+(?=\s*$)")

_UNITS: Final = "(?:分册|分卷|卷|册|辑|集|编|部分|部|篇|函|期|号|章|季|巻|권|책|호|집)"
# The two ends of a range of volumes; a hash joins them, which folding leaves alone.
RANGE: Final = re.compile(rf"(\d+)\s*(?:[-–—~]|至|到)\s*第?(\d+)(?=\s*{_UNITS})")
_HAN_DESIGNATION: Final = re.compile(
    rf"(?:第\s*(\d+(?:#\d+)?)\s*{_UNITS}|[卷册辑集编篇之]\s*(\d+)(?=\s|$)|(?<=\s)(\d+(?:#\d+)?)\s*{_UNITS}?$"
    rf"|(?<=.)(?:([上中下])\s*{_UNITS}|(?<=\s)([上中下])(?=\s|$))|(?<=.)([甲乙丙丁戊己庚辛])[编集部种]"
    r"|(?<=.)([续前后正外别初])(?:集|编|辑|篇)$)"
)

_MARKERS: Final = frozenset(
    """
    vol vols volume volumes v band bd bde tome tomes tom tomo t part parts pt pts partie parte teil theil tl deel
    book bk livre libro buch kniga kn no nr num number numero nummer issue heft fasc fascicle fascicule
    series ser serie section sect chapter chast ch vypusk vyp osa nide dil sv svazek cast zeszyt zesz cz kotet
    juan ce ji pian bian том т вып выпуск кн книга ч часть № del bind hefte folge lieferung lfg dl dept
    """.split()  # noqa: SIM905 - a list of words reads better
)
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "one two three four five six seven eight nine ten eleven twelve",
    "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte",
    "erster zweiter dritter vierter funfter sechster siebter achter neunter zehnter",
    "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme",
    "premiere seconde",
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo",
    "primera segunda tercera cuarta quinta sexta septima octava novena decima",
    "primo secondo terzo quarto",
    "prima seconda terza quarta",
)


def _roman(number: int) -> str:
    text = ""
    for size, letters in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        text += letters * (number // size)
        number %= size
    return text


_ROMAN: Final = {_roman(number): str(number) for number in range(1, 90)}
_WORDS: Final = {word: str(number) for line in _ORDINALS for number, word in enumerate(line.split(), 1)} | _ROMAN
# Roman numerals that are no words by themselves count wherever they stand in a title (SAT II, Henry VIII).
_LONG_ROMAN: Final = frozenset(word for word in _ROMAN if len(word) > 1 and not {"l"} & set(word)) - {"xi"}
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th|d|e|eme|er|re|os?|as?|й|я|ая|ый)?$")
_NUMBER: Final = re.compile(r"\d+")


def value(word: str) -> str:
    """Return the number that a word means as digits ("2nd", "second", "ii" -> "2"), "" where it means none."""
    if word[:1].isdigit():
        found = _ORDINAL.match(word)
        return (found[1].lstrip("0") or "0") if found else ""
    return _WORDS.get(word, "")


def without_designation(text: str, native: bool) -> tuple[list[str], list[str]]:
    """Split folded text into its words and the designation of a volume or part that stands in it."""
    if native:
        return _without_han_designation(text)
    words = text.split()
    volume: list[str] = []
    if not _MARKERS.isdisjoint(words):
        rest, volume = _without_marked(words)
        # A title is never left empty: "Volume 2" is then the title, and its number a number inside it.
        words, volume = (rest, volume) if rest else (words, [])
    if len(words) > 1 and not _LONG_ROMAN.isdisjoint(words):
        words = [_ROMAN[word] if word in _LONG_ROMAN else word for word in words]
    return words, volume


def _without_han_designation(text: str) -> tuple[list[str], list[str]]:
    words, volume = _han_designation(text)
    return (words, volume) if words else (text.split(), [])


def _han_designation(text: str) -> tuple[list[str], list[str]]:
    """Take `第2卷`, `卷2`, `上册`, a last bare `上` or `二` out of text whose numerals are unified."""
    volume: list[str] = []

    def take(found: re.Match[str]) -> str:
        mark = next(group for group in found.groups() if group)
        volume.append(mark.lstrip("0").replace("#", "-") or "0")
        return " "

    counted = _LAST.sub(lambda found: hanzi.volume_key(found[0]), text)
    return _HAN_DESIGNATION.sub(take, counted).split(), volume


def _without_marked(words: list[str]) -> tuple[list[str], list[str]]:
    """Take `volume 2`, `second part`, `part B` out of a list of words."""
    rest: list[str] = []
    volume: list[str] = []
    at, count = 0, len(words)
    while at < count:
        word = words[at]
        if word in _MARKERS:
            following = words[at + 1] if at + 1 < count else ""
            number = value(following) or (following if len(following) == 1 and following != "a" else "")
            if number:
                volume.append(number)
                at += 2
                continue
            if rest and value(rest[-1]) and not rest[-1].isdigit() and len(word) > 2:
                volume.append(value(rest.pop()))
                at += 1
                continue
        rest.append(word)
        at += 1
    return rest, volume


def numbers(words: list[str], core: str) -> frozenset[str]:
    """Return every number in the words of a title, without leading zeros; `2nd` and `second` count as 2."""
    if core.isascii() and core.isalpha():
        found = [_WORDS[word] for word in words if len(word) > 3 and word in _WORDS]
        return frozenset(found) if found else _NONE
    found = [number.lstrip("0") or "0" for word in words for number in _NUMBER.findall(word)]
    found += [_WORDS[word] for word in words if len(word) > 3 and word in _WORDS]
    return frozenset(found)


_NONE: Final[frozenset[str]] = frozenset()


def of_part(part: str) -> tuple[list[str], str]:
    """Read one part as it is written: its numbers and letters in order, and its name without spaces.

    "Book I" is 1, "第二册" 2, "v. 1-3" is 1-3, "第二卷 下册" 2 and 下, "Volume 5, Herbs" 5 and "herbs".
    """
    key = hanzi.volume_key(part).split()
    if key and all(_MARK.fullmatch(token) for token in key):
        return key, ""
    folded = _NO_WORD.sub(" ", hanzi.unify_numerals(part))
    if not folded.isascii() and NATIVE.search(folded):
        # A blank in front lets a bare 上 or 二 at the start count as the number of the part.
        words, volume = _han_designation(f" {folded.strip()}")
        return volume, "".join(words)
    words = folded.split()
    volume = []
    if not _MARKERS.isdisjoint(words):
        words, volume = _without_marked(words)
    return volume, "".join([_ROMAN[word] if word in _LONG_ROMAN else word for word in words])


# One token of `hanzi.volume_key` that designates and does not name: a number, a range, a letter, 上 or 甲.
_MARK: Final = re.compile(r"\d+(?:-\d+)*|[a-z]|[上中下甲乙丙丁戊己庚辛壬癸]")
_NO_WORD: Final = re.compile(r"[^\w+#]+|_+")
_ORDER: Final = ({"上": 1, "中": 2, "下": 3}, {mark: at for at, mark in enumerate("甲乙丙丁戊己庚辛壬癸", 1)})
_LETTERS: Final = {mark: at for at, mark in enumerate("abcdefgh", 1)}


def designate_alike(one: tuple[str, ...], two: tuple[str, ...]) -> str:
    """Compare two designations: equal, part (one is more exact), unclear (上 beside 1, A beside 1), or different."""
    if one == two:
        return "equal"
    short, long = sorted((one, two), key=len)
    if not all(_may_be(left, right) for left, right in zip(short, long, strict=False)):
        return "different"
    return "unclear" if len(short) == len(long) else "part"


def _may_be(left: str, right: str) -> bool:
    if left == right:
        return True
    for marks in (*_ORDER, _LETTERS):
        for mark, number in ((left, right), (right, left)):
            # 下 is the second of two or the third of three.
            if mark in marks and number.isdigit() and (marks[mark] == int(number) or (mark, number) == ("下", "2")):
                return True
    return False
