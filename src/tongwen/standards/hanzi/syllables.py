"""Divide romanised Chinese (Hanyu Pinyin) into syllables.

The design of search by pinyin: an index field holds the syllables of a Han title or name (`hong lou meng`, see
`readings`) and, for a romanised record, its Latin words divided here; a query that divides completely
(`honglou meng`, `hongloumeng`, `hóng lóu mèng`) is looked up there by its syllables. What divides in two ways
(`yanan`: 雅男, 延安) has two queries, the likelier first. ü is u on both sides, typed v or yu as well.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from tongwen.standards.hanzi.folding import normalize

_FINALS_BY_INITIAL = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "f": "a an ang ei en eng o ou u",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue uo",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "w": "a ai an ang ei en eng o u",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS_BY_INITIAL.items() for final in finals.split())
"""The syllables of Hanyu Pinyin without tones; ü is written u."""

_LONGEST = 6
_MOST_LETTERS = 200
_WORDS = re.compile(r"[a-z]+")
_TONE_NUMBER = re.compile(r"(?<=[a-z])[1-5](?![0-9])")
_NOT_PINYIN = re.compile(r"[^a-z'\s,.\-]")
_U = re.compile(r"([ln])(?:yu|v)(?=e|$|[^aeiou])")

_Division = tuple[str, ...]


def _cost(division: _Division) -> tuple[int, int]:
    # Inside a word a syllable that begins with a vowel has an apostrophe (GB/T 16159): without one it is unlikely.
    return sum(syllable[0] in "aeo" for syllable in division[1:]), len(division)


_LONGEST_NEAR = 40


@lru_cache(maxsize=4096)
def divisions(word: str, limit: int = 4) -> tuple[_Division, ...]:
    """Return the likeliest complete divisions of a word of the letters a-z, the best first; () where there is none."""
    ways: list[list[_Division]] = [[()]]
    for end in range(1, len(word) + 1):
        found = [
            (*before, word[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if word[start:end] in SYLLABLES
            for before in ways[start]
        ]
        ways.append(sorted(found, key=_cost)[:limit])
    return tuple(ways[-1])


class NearDivision(NamedTuple):
    """A division of a word of which one piece is no syllable, and the syllables that it may stand for."""

    before: tuple[str, ...]
    instead: tuple[str, ...]
    after: tuple[str, ...]


def near_divisions(word: str) -> tuple[NearDivision, ...]:
    """Return the divisions of a word of the letters a-z into two or more syllables of which one has a wrong letter.

    `honglumeng` gives among others `hong`, one of `lou`, `luo` …, `meng`; `hongloumemg` ends in one of `meng`, `men` ….
    () where it is longer than a title of ten characters is.
    """
    if len(word) > _LONGEST_NEAR:
        return ()
    ends = {start: divisions(word[start:], 1) for start in range(len(word) + 1)}
    found = []
    for start in range(len(word)):
        for before in divisions(word[:start], 1) if start else ((),):
            for end in range(start + 1, min(len(word), start + _LONGEST + 1) + 1):
                for after in ends[end] if end < len(word) else ((),):
                    instead = _near_syllables(word[start:end]) if before or after else ()
                    if instead:
                        found.append(NearDivision(before, instead, after))
    return tuple(found)


@lru_cache(maxsize=4096)
def _near_syllables(piece: str) -> tuple[str, ...]:
    """Return the syllables that are one insertion, deletion, substitution or swap away from a piece of a word."""
    halves = [(piece[:place], piece[place:]) for place in range(len(piece) + 1)]
    near = {left + right[1:] for left, right in halves if right}
    near |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    near |= {left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase}
    near |= {left + letter + right for left, right in halves for letter in ascii_lowercase}
    return tuple(sorted((near & SYLLABLES) - {piece}))


def _words(text: str) -> list[str]:
    """Return the lower-case words; tone marks and numbers go, ü is u.

    What divides as it is typed has no ü: `ninyu` is nin yu.
    """
    words = _WORDS.findall(_TONE_NUMBER.sub(" ", normalize(text)))
    return [word if divisions(word) else _U.sub(r"\1u", word) for word in words]


def split_pinyin(text: str) -> str:
    """Divide each word into syllables, space-joined; a word that does not divide stays whole.

    `honglou meng` and `hongloumeng` both give `hong lou meng`.
    """
    return " ".join(" ".join(next(iter(divisions(word)), (word,))) for word in _words(text[:_MOST_LETTERS]))


def pinyin_queries(text: str, limit: int = 4) -> tuple[str, ...]:
    """Return the ways to read a query as pinyin, as space-joined syllables, the likeliest first.

    () where a letter or digit of the text is not pinyin, a word does not divide, or the text is longer than
    200 characters. `hlm` does not divide: initials are tokens of the same field and are looked up as they are.
    """
    if len(text) > _MOST_LETTERS or _NOT_PINYIN.search(_TONE_NUMBER.sub("", normalize(text))):
        return ()
    readings: list[_Division] = [()]
    for word in _words(text):
        readings = [(*before, *division) for division in divisions(word) for before in readings][:limit]
        if not readings:
            return ()
    return tuple(" ".join(reading) for reading in readings if reading)


def pinyin_query(text: str) -> str | None:
    """Return the likeliest reading of a query as pinyin syllables, None where it is not pinyin."""
    return next(iter(pinyin_queries(text)), None)
