"""What a reader may have meant whose words find nothing: where to look for it, and how to tell it from a hit.

The index keeps no texts, so a guess has two halves: a query for records that may hold what was meant, and a reading
of such a record, which gives the question as it should have been typed. Latin words may differ by a letter (long ones
by two), Han characters sound alike or one of them is wrong, missing or too many, pinyin has one wrong letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tongwen.core.search import nodes
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import matching, question
from tongwen.standards import hanzi
from tongwen.standards.marc import types as marc

RARE = 100
"""A word that more records have is right: records have errors too, and other languages have their own words."""
_LONGEST = 80
_MOST_WORDS = 6
_FEWEST_LETTERS, _MANY_LETTERS = 4, 8
_FEWEST_CHARACTERS, _MOST_CHARACTERS = 2, 20
_FEWEST_WITH_ONE_WRONG = 3
_LOOKED_IN = ("title", "author", "subject")
_MOST_SUSPECTS = 3
_JOINING = re.compile(r"\b(?:AND|OR|NOT)\b|(?:^|\s)[-－]|\*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Meant(NamedTuple):
    """The question as it may have been meant, and by how many letters or characters it differs from what was typed."""

    text: str
    changes: float


class Guess(Protocol):
    """One way in which a question may be mistyped."""

    def query(self, target: matching.Target) -> nodes.Node:
        """Return what records match that may hold what was meant."""

    def meant(self, view: marc.DisplayView, target: matching.Target) -> Meant | None:
        """Return the question as this record corrects it, None where it does not."""


def guesses(text: str, records_with: Callable[[str], int]) -> Iterator[Guess]:
    """Yield the ways in which a question may be mistyped, the likeliest first.

    None for a question with operators, which was typed with care. `records_with` says how many records have a token,
    exactly only up to `RARE`; of many words the rarest are suspected.
    """
    if len(text) > _LONGEST or _JOINING.search(text):
        return
    folded = hanzi.normalize(text)
    characters = "".join(_HAN.findall(folded))
    if characters:
        if _FEWEST_CHARACTERS <= len(characters) <= _MOST_CHARACTERS and not _WORD.search(_HAN.sub(" ", folded)):
            yield Characters(characters)
        return
    tokens = tuple(dict.fromkeys(hanzi.tokens(text)))
    if 0 < len(tokens) <= _MOST_WORDS:
        yield from _misspelt(text, tokens, {token: records_with(token) for token in tokens})
    letters = "".join(hanzi.tokens(text))
    if letters.isascii() and letters.isalpha() and len(letters) >= _FEWEST_LETTERS:
        readings = hanzi.near_divisions(letters)
        if readings:
            yield Syllables(readings)


def is_found_by_sound_only(text: str, views: Iterable[marc.DisplayView]) -> bool:
    """Return whether a question in Han script found records, but only romanised ones: no character of it is there."""
    characters = set("".join(_HAN.findall(hanzi.normalize(text))))
    seen = ["".join(_texts(view, matching.TARGETS["cql.anywhere"])) for view in views] if characters else []
    return bool(seen) and all(characters.isdisjoint(hanzi.normalize(texts)) for texts in seen)


def _misspelt(text: str, tokens: tuple[str, ...], records: Mapping[str, int]) -> Iterator[Guess]:
    """Suspect the rarest words of one wrong letter, then the very rarest of two; each letter costs milliseconds."""
    rare = [token for token in tokens if records[token] <= RARE] or tokens
    suspects = sorted((token for token in rare if _edits(token)), key=lambda token: records[token])[:_MOST_SUSPECTS]
    if suspects:
        edits = dict.fromkeys(suspects, 1)
        yield Words(text, tokens, edits)
        if _edits(suspects[0]) > 1 and not records[suspects[0]]:
            yield Words(text, tokens, edits | {suspects[0]: 2})


def target_of(field: types.SearchField) -> matching.Target | None:
    """Return where the words of a question are looked for; None for numbers, which are not guessed at."""
    return matching.TARGETS.get(question.INDEX_NAMES[field].lower())


def _edits(word: str) -> int:
    """Return how many letters of a word may be wrong."""
    if not word.isalpha() or len(word) < _FEWEST_LETTERS:
        return 0
    return 2 if len(word) >= _MANY_LETTERS else 1


def _texts(view: marc.DisplayView, target: matching.Target) -> Iterator[str]:
    """Yield the texts of a record that a question to this target is compared with."""
    names = {name for name, _ in target.texts}
    if "title" in names:
        titles = (view.title, view.subtitle, *view.parts, view.uniform_title, view.romanized_title)
        yield from (text.value for text in (*titles, *view.variant_titles, *view.parallel_titles) if text.value)
    if "author" in names:
        yield from (form.value for name in view.names for form in (name.heading, name.other_script) if form.value)
    if "subject" in names:
        yield from (part for subject in view.subjects for part in subject.parts)
    if "publisher" in names:
        yield from (text.value for text in view.publishers)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of letters, some of which have a letter or two wrong."""

    text: str
    tokens: tuple[str, ...]
    edits: Mapping[str, int]
    """How many letters of a token may be wrong; 0 for one that is not named."""

    def query(self, target: matching.Target) -> nodes.Node:
        """Return what holds all words or words near them, those with the words themselves first."""
        names = [name for name, _ in target.texts if name in _LOOKED_IN] or [name for name, _ in target.texts]
        wanted, better = [], []
        for token in self.tokens:
            edits = self.edits.get(token, 0)
            exact = nodes.Best(tuple(nodes.Term(f"{name}_b", token) for name in names))
            wanted.append(
                nodes.Best(tuple(nodes.Near(f"{name}_b", token, edits) for name in names)) if edits else exact
            )
            better.append(exact)
        return nodes.Prefer(nodes.Every(tuple(wanted)), tuple(better))

    def meant(self, view: marc.DisplayView, target: matching.Target) -> Meant | None:
        """Return the text with each word as the record has it, letter case and marks left out."""
        there = {token for text in _texts(view, target) for token in hanzi.tokens(text)}
        changed: dict[str, str] = {}
        changes = 0
        for token in self.tokens:
            edits = self.edits.get(token, 0)
            nearest = _nearest(token, there, edits) if edits else (0, token)
            if nearest is None:
                return None
            if nearest[0]:
                changed[token] = nearest[1]
                changes += nearest[0]
        text = _WORD.sub(lambda word: changed.get(hanzi.analyze(word[0]), word[0]), self.text)
        return Meant(text, changes) if changes and text != self.text else None


def _nearest(word: str, tokens: Iterable[str], most: int) -> tuple[int, str] | None:
    """Return the token with the fewest wrong letters, of equals one that begins alike, and how many are wrong."""
    near = ((distance(word, token, most), token) for token in tokens if abs(len(token) - len(word)) <= most)
    found = [(wrong, token[:1] != word[:1], token) for wrong, token in near if wrong <= most and token.isalpha()]
    return (min(found)[0], min(found)[2]) if found else None


def distance(one: str, other: str, most: int) -> int:
    """Return how many insertions, deletions, substitutions and swaps of neighbours lead from one word to the other.

    Above `most` any greater number may come back.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        this = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, this[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            this.append(cost)
        if min(this) > most:
            return most + 1
        before, last = last, this
    return last[-1]


@dataclass(frozen=True, slots=True)
class Characters:
    """Han characters, folded, of which some stand for others that sound alike, or one is wrong."""

    text: str

    def query(self, target: matching.Target) -> nodes.Node:
        """Return what sounds so, and what holds all characters but one."""
        syllables = tuple(hanzi.pinyin(self.text).split())
        ways: list[nodes.Node] = [nodes.Phrase(f"{name}_p", syllables) for name in target.pinyin if syllables]
        single = list(dict.fromkeys(self.text))
        if len(single) >= _FEWEST_WITH_ONE_WRONG:
            for name, _ in target.texts:
                terms = tuple(nodes.Term(f"{name}_u", character) for character in single)
                ways.append(nodes.Some(terms, len(terms) - 1))
        return nodes.Some(tuple(ways)) if ways else nodes.Nothing()

    def meant(self, view: marc.DisplayView, target: matching.Target) -> Meant | None:
        """Return the nearest piece of the record's Han texts, in the record's own characters."""
        pieces = (piece for text in _texts(view, target) for run in _HAN.findall(text) for piece in self._near(run))
        return min(pieces, key=lambda piece: piece.changes, default=None)

    def _near(self, run: str) -> Iterator[Meant]:
        folded, length = hanzi.normalize(run), len(self.text)
        sounds, wanted = hanzi.pinyin(run).split(), hanzi.pinyin(self.text).split()
        aligned = len(sounds) == len(run) == len(folded)
        for start in range(len(folded) - length + 1):
            piece = slice(start, start + length)
            wrong = sum(one != other for one, other in zip(folded[piece], self.text, strict=True))
            if aligned and sounds[piece] == wanted and 0 < wrong < length + (length >= _FEWEST_WITH_ONE_WRONG):
                yield Meant(run[piece], wrong - 0.5)
            elif wrong == 1 and length >= _FEWEST_WITH_ONE_WRONG:
                yield Meant(run[piece], 1)
        if length >= _FEWEST_WITH_ONE_WRONG and abs(len(folded) - length) == 1 and distance(folded, self.text, 1) == 1:
            yield Meant(run, 1)


@dataclass(frozen=True, slots=True)
class Syllables:
    """Pinyin with one wrong letter: the ways to read it, each with one syllable put right."""

    readings: tuple[hanzi.NearDivision, ...]

    def query(self, target: matching.Target) -> nodes.Node:
        """Return what holds the syllables of a reading, in any order."""
        ways = []
        for name in target.pinyin:
            for before, instead, after in self.readings:
                terms = tuple(nodes.Term(f"{name}_p", syllable) for syllable in (*before, *after))
                ways.append(nodes.Every((*terms, nodes.OneOf(f"{name}_p", instead))))
        return nodes.Some(tuple(ways)) if ways else nodes.Nothing()

    def meant(self, view: marc.DisplayView, target: matching.Target) -> Meant | None:
        """Return the Han characters that read so."""
        for text in _texts(view, target):
            for run in _HAN.findall(text):
                sounds = hanzi.pinyin(run).split()
                found = self._place(sounds) if len(sounds) == len(run) else None
                if found is not None:
                    return Meant(run[found], 1)
        return None

    def _place(self, sounds: list[str]) -> slice | None:
        for before, instead, after in self.readings:
            length = len(before) + 1 + len(after)
            for start in range(len(sounds) - length + 1):
                middle = start + len(before)
                rest = sounds[start:middle], sounds[middle + 1 : start + length]
                if sounds[middle] in instead and rest == (list(before), list(after)):
                    return slice(start, start + length)
        return None
