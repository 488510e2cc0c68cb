"""Titles: what of them is compared, and how two of them stand to each other.

A title proper, its subtitle and its parts stand in different places in different catalogues, with the number of the
volume inside or beside the title; East Asian titles come in their own script, romanised, or both.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from tongwen.domain.catalogue.rules import forms, numerals

if TYPE_CHECKING:
    from tongwen.standards.marc import types as marc

Observation = tuple[str, str, str, str]

# One letter may differ in a word of this length or longer, in this many words at most.
_TYPO_LENGTH: Final = 5
_TYPO_WORDS: Final = 2


class Titles(NamedTuple):
    """The titles of a record in normal form."""

    main: forms.Title
    subtitle: str
    """Without spaces; what follows a colon inside the title proper counts as subtitle."""
    subtitle_numbers: frozenset[str]
    native: tuple[str, ...]
    """The title in East Asian script without spaces, the main one first, then variants; empty where there is none."""
    others: frozenset[str]
    """Variant titles without spaces."""
    romanized: bool
    """The main title is a romanised one (the text is East Asian, the title is in Latin letters)."""

    @property
    def whole(self) -> str:
        """Return title, part name and subtitle as one, for records that divide them differently."""
        return self.main.core + self.main.part_name + self.subtitle


def of(view: marc.MatchView) -> Titles:
    """Work out the normal forms of a view's titles."""
    language = view.languages[0] if view.languages else ""
    main = forms.title(view.title, view.parts, language)
    sub_words = forms.folded(f"{forms.tail(view.title)} {view.subtitle}").split()
    subtitle = "".join(sub_words)
    others = [other for other in map(forms.compact, view.other_titles) if other]
    native = tuple(other for other in others if numerals.NATIVE.search(other)) if others else ()
    if main.native:
        native = (main.core, *native)
    return Titles(
        main,
        subtitle,
        numerals.numbers(sub_words, subtitle),
        native,
        frozenset(others),
        not main.native and language in forms.NATIVE_LANGUAGES,
    )


def observe(mine: Titles, theirs: Titles, a: marc.MatchView, b: marc.MatchView) -> list[Observation]:
    """Compare title, subtitle, volume and the numbers inside the titles."""
    ours, other = _shown(a), _shown(b)
    outcome = _title(mine, theirs)
    found = [("title", outcome, ours, other), ("subtitle", _subtitle(mine, theirs), a.subtitle, b.subtitle)]
    volume = _volume(mine, theirs)
    if volume:
        found.append(("volume", volume, _designation(mine, a), _designation(theirs, b)))
    variants = _variants(mine, theirs)
    if variants:
        found.append(("variant-title", variants, "; ".join(a.other_titles[:2]), "; ".join(b.other_titles[:2])))
    number = _number(mine, theirs)
    if number:
        found.append(("number", number, ours, other))
    return found


def _shown(view: marc.MatchView) -> str:
    return f"{view.title} : {view.subtitle}" if view.subtitle else view.title


def _designation(titles: Titles, view: marc.MatchView) -> str:
    return ", ".join(view.parts) or " ".join(titles.main.volume)


def _title(mine: Titles, theirs: Titles) -> str:
    one, two = mine.main, theirs.main
    if not one.core or not two.core:
        return "missing"
    if one.native is not two.native or mine.romanized or theirs.romanized:
        return _across_scripts(mine, theirs)
    if one.core == two.core or mine.whole == theirs.whole:
        return "equal"
    return _nearly(mine, theirs)


def _nearly(mine: Titles, theirs: Titles) -> str:
    one, two = mine.main, theirs.main
    if one.native:
        if _one_character_apart(one.core, two.core):
            return "similar-native"
    elif _differ_by_typos(one.words, two.words):
        return "similar"
    if one.core in theirs.others or two.core in mine.others:
        return "variant"
    short, long = sorted((one.core, two.core), key=len)
    return "partly" if len(short) > 3 and long.startswith(short) else "different"


def _across_scripts(mine: Titles, theirs: Titles) -> str:  # noqa: PLR0911 - one way out per outcome
    """Compare where a title is romanised: the original script decides; the sound alone proposes only."""
    if mine.native and theirs.native:
        if mine.native[0] == theirs.native[0]:
            return "equal"
        if not set(mine.native).isdisjoint(theirs.native):
            return "variant"
        return "same-sound" if _same_sound(mine, theirs) else "different"
    if mine.romanized and theirs.romanized:
        return "equal-romanized" if _same_sound(mine, theirs) else _nearly(mine, theirs)
    if mine.main.native is theirs.main.native:
        return "equal" if mine.main.core == theirs.main.core else _nearly(mine, theirs)
    if _same_sound(mine, theirs):
        return "same-sound"
    if not mine.others.isdisjoint({theirs.main.core}) or not theirs.others.isdisjoint({mine.main.core}):
        return "variant"
    return "other-script"


def _same_sound(mine: Titles, theirs: Titles) -> bool:
    """Compare the sound of the titles; a romanised form that a record brings along counts as its sound too."""
    one, two = mine.main, theirs.main
    if one.native is not two.native and (one.core in theirs.others or two.core in mine.others):
        return True
    sound = forms.sound(one)
    return bool(sound) and sound == forms.sound(two)


def _differ_by_typos(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Tell whether two lists of words differ by a letter in one or two long words, and by no number."""
    if len(one) != len(two):
        return False
    pairs = [(left, right) for left, right in zip(one, two, strict=True) if left != right]
    return len(pairs) <= min(_TYPO_WORDS, len(one) - 1) and all(_is_typo(*pair) for pair in pairs)


def _is_typo(left: str, right: str) -> bool:
    if min(len(left), len(right)) < _TYPO_LENGTH or left[0] != right[0]:
        return False
    if not (left.isalpha() and right.isalpha()):
        return False
    return _one_letter_apart(left, right)


def _one_letter_apart(left: str, right: str) -> bool:
    """Tell whether one letter inserted, dropped, changed or swapped with its neighbour makes one out of the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip_longest(left, right)) if x != y), len(left))
    if len(left) == len(right):
        rest, other = left[start:], right[start:]
        return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    short, long = sorted((left, right), key=len)
    return short[start:] == long[start + 1 :]


def _one_character_apart(left: str, right: str) -> bool:
    return min(len(left), len(right)) >= 4 and _one_letter_apart(left, right)


def _subtitle(mine: Titles, theirs: Titles) -> str:
    one, two = mine.subtitle, theirs.subtitle
    if not one or not two:
        if not one and not two:
            return "both-missing"
        return "equal" if mine.whole == theirs.whole else "one-missing"
    if one == two or mine.whole == theirs.whole:
        return "equal"
    if one.startswith(two) or two.startswith(one):
        return "part"
    return "equal" if _one_letter_apart(one, two) and one.isalpha() and two.isalpha() and len(one) > 8 else "different"


def _variants(mine: Titles, theirs: Titles) -> str:
    """Compare variant titles in the script of the main title; "" where one side has none."""
    if not mine.others or not theirs.others:
        return ""
    if mine.main.native and theirs.main.native:
        one, two = frozenset(mine.native[1:]), frozenset(theirs.native[1:])
    else:
        one, two = mine.others, theirs.others
    if not one or not two:
        return ""
    if one.isdisjoint(two):
        return "disjoint"
    # Sheets of one map series share the name of the series, and each has its own besides.
    return "equal" if one <= two or two <= one else "partly"


def _volume(mine: Titles, theirs: Titles) -> str:  # noqa: PLR0911 - one way out per outcome
    """Compare the designation of volume or part, and the name of the part; "" where neither has any.

    A number that stands bare in the other title (`Algebra 2` beside part `2`) is the same designation.
    """
    one, two = mine.main.volume, theirs.main.volume
    name, other_name = mine.main.part_name, theirs.main.part_name
    if not one and not two and not name and not other_name:
        return ""
    if one and two and one != two:
        alike = numerals.designate_alike(one, two)
        return "one-missing" if alike == "part" else alike
    if bool(one) is not bool(two):
        bare = theirs.main.numbers if one else mine.main.numbers
        if not set(one or two) <= bare:
            return "one-missing"
    if name == other_name or mine.whole == theirs.whole:
        return "equal"
    if not name or not other_name:
        return "name-missing"
    if name.startswith(other_name) or other_name.startswith(name):
        # One names a part of the part (a volume of documents, an index).
        return "name-missing"
    one_script = mine.main.native is theirs.main.native
    return "different" if one_script and not (one and two) else "name-different"


def _number(mine: Titles, theirs: Titles) -> str:
    """Compare the numbers inside the titles (years, dates, ordinals); "" where neither has any."""
    one, two = mine.main.numbers, theirs.main.numbers
    if mine.whole == theirs.whole:
        return "equal" if one or two else ""
    if mine.subtitle and theirs.subtitle:
        one, two = one | mine.subtitle_numbers, two | theirs.subtitle_numbers
    one, two = one - set(theirs.main.volume), two - set(mine.main.volume)
    if one == two:
        return "equal" if one else ""
    if _abbreviated(one) == _abbreviated(two):
        return "equal"
    return "one-missing" if one <= two or two <= one else "different"


def _abbreviated(numbers: frozenset[str]) -> set[str]:
    """Return the numbers with the century of a year dropped: '94 and 1994 are one."""
    return {number[2:] if len(number) == 4 and number[:2] in {"18", "19", "20"} else number for number in numbers}
