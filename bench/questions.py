"""Readers' questions, made from the records themselves, so that each has at least one right answer.

The choice follows from a seed: every run on the same file asks the same.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tongwen.standards import hanzi
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc

SHARES = {"words": 60, "title": 30, "author": 30, "one word": 20, "han": 20, "pinyin": 20, "isbn": 20}
"""Kinds of questions and how many of 200 are of each."""

_PUNCTUATION = " .,:;/=()[]\"'!?-"
_SHORTEST = 4
_HAN = re.compile("[\u4e00-\u9fff]{2,8}")


class Question(NamedTuple):
    """A question as it is typed; `field` is a `discovery.types.SearchField` value."""

    kind: str
    text: str
    field: str = "any"


Maker = Callable[[marc.DisplayView, random.Random], Question | None]


def make(records: Sequence[bytes], number: int, seed: int) -> list[Question]:
    """Return `number` different questions in mixed order; fewer of a kind where the records do not have it."""
    chance = random.Random(seed)  # noqa: S311  A fixed choice, no secret.
    wanted = {kind: max(1, round(share * number / sum(SHARES.values()))) for kind, share in SHARES.items()}
    found: dict[Question, None] = {}
    for view in _views(records, chance):
        for kind in [kind for kind in _MAKERS if wanted[kind]]:  # The rarer kinds choose first.
            question = _MAKERS[kind](view, chance)
            if question is not None and question not in found:
                found[question] = None
                wanted[kind] -= 1
                break
        if not any(wanted.values()):
            break
    asked = list(found)
    chance.shuffle(asked)
    return asked


def _views(records: Sequence[bytes], chance: random.Random) -> Iterator[marc.DisplayView]:
    """Yield the views of healthy records in random order, those with Han text in every third place."""
    order = list(records)
    chance.shuffle(order)
    han = iter([raw for raw in order if _HAN.search(raw.decode("utf-8", "replace"))])
    for place, raw in enumerate(order):
        chosen = next(han, raw) if place % 3 == 0 else raw
        try:
            decoded = iso2709.decode(chosen, format=marc.Format.MARC21)
        except marc.Unreadable:
            continue
        yield views.display_view(decoded.record, marc.Format.MARC21)


def _words_of(text: str) -> list[str]:
    """Return the longer words with the diacritics that they are written with: letters and marks only."""
    found = [word.strip(_PUNCTUATION) for word in text.split()]
    return [
        word
        for word in found
        if len(word) >= _SHORTEST and {unicodedata.category(one)[0] for one in word} <= {"L", "M"}
    ]


def _title_words(view: marc.DisplayView) -> list[str]:
    return _words_of(view.title.value) if not _HAN.search(view.title.value) else []


def _words(view: marc.DisplayView, chance: random.Random) -> Question | None:
    """Two or three words of the title and the author's first word, as people type them."""
    words = _title_words(view)
    names = [word for name in view.names[:1] for word in _words_of(name.heading.value)[:1]]
    if len(words) < 2:
        return None
    chosen = chance.sample(words, min(len(words), chance.choice((2, 3)))) + names[: chance.choice((0, 1))]
    return Question("words", " ".join(chosen).lower())


def _title(view: marc.DisplayView, _chance: random.Random) -> Question | None:
    words = _title_words(view)
    return Question("title", view.title.value[:120], "title") if len(words) >= 2 else None


def _author(view: marc.DisplayView, _chance: random.Random) -> Question | None:
    if not view.names or _HAN.search(view.names[0].heading.value):
        return None
    return Question("author", view.names[0].heading.value, "author")


def _one_word(view: marc.DisplayView, chance: random.Random) -> Question | None:
    words = [word for subject in view.subjects for word in _words_of(subject.parts[0] if subject.parts else "")]
    return Question("one word", chance.choice(words).lower()) if words else None


def _han_title(view: marc.DisplayView) -> str:
    found = _HAN.search(view.title.value)
    return found.group() if found and view.languages[:1] == ("chi",) else ""


def _han(view: marc.DisplayView, _chance: random.Random) -> Question | None:
    title = _han_title(view)
    return Question("han", title) if title else None


def _pinyin(view: marc.DisplayView, _chance: random.Random) -> Question | None:
    title = _han_title(view)
    return Question("pinyin", hanzi.pinyin(title)) if len(title) >= 3 else None


def _isbn(view: marc.DisplayView, _chance: random.Random) -> Question | None:
    return Question("isbn", view.isbns[0]) if view.isbns else None


_MAKERS: dict[str, Maker] = {
    "isbn": _isbn,
    "han": _han,
    "pinyin": _pinyin,
    "words": _words,
    "title": _title,
    "author": _author,
    "one word": _one_word,
}
