"""Finding a library by what people type: name in any script, pinyin, initials, code, or some characters of the name."""

from __future__ import annotations

from collections.abc import Iterable

from tongwen.domain.members.types import Institution
from tongwen.standards import hanzi

_LONGEST = 100


def forms(*, code: str, isil: str, name_zh: str, name_zh_hant: str, name_en: str) -> tuple[str, ...]:
    """Return under what a library is found: code, ISIL, folded names, pinyin without spaces, initials."""
    pinyin = hanzi.pinyin(name_zh)
    every = (
        code.casefold(),
        isil.casefold(),
        _folded(name_zh),
        _folded(name_zh_hant),
        _folded(name_en),
        pinyin.replace(" ", ""),
        "".join(syllable[0] for syllable in pinyin.split()),
    )
    return tuple(dict.fromkeys(form for form in every if form))


def find(text: str, institutions: Iterable[Institution]) -> tuple[Institution, ...]:
    """Return who fits what was typed, best first: whole code or name, beginning, within, characters in their order."""
    asked = _folded(text[:_LONGEST])
    squeezed = asked.replace(" ", "")
    if not squeezed:
        return ()
    ranked = ((_rank(asked, squeezed, one.forms), one.name_zh, one) for one in institutions)
    return tuple(one for _rank_of, _name, one in sorted(ranked, key=lambda found: found[:2]) if _rank_of < _NOT_FOUND)


_NOT_FOUND = 9


def _rank(asked: str, squeezed: str, known: tuple[str, ...]) -> int:
    best = _NOT_FOUND
    for form in known:
        if form in (asked, squeezed):
            return 0
        if form.startswith((asked, squeezed)):
            best = min(best, 1)
        elif asked in form or (len(squeezed) > 1 and squeezed in form):
            best = min(best, 2)
    if best == _NOT_FOUND and len(squeezed) > 1 and not squeezed.isascii():
        return 3 if any(_in_order(squeezed, form) for form in known) else _NOT_FOUND
    return best


def _in_order(characters: str, form: str) -> bool:
    """Tell whether the characters stand in the form in their order (南大 in 南京大学)."""
    rest = iter(form)
    return all(character in rest for character in characters)


def _folded(text: str) -> str:
    return " ".join(hanzi.normalize(text).split())
