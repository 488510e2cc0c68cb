"""Stored observations in the words of today's comparison.

A comparison that learns to tell two things apart gives them two words, and decisions made before know only one. The
texts that were compared are stored beside the words, so most of them can be told apart after all; what the texts do
not tell (the wording of the whole description) stays unsaid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tongwen.domain.catalogue.rules import forms, old_books, statements
from tongwen.domain.catalogue.rules.numerals import NATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tongwen.domain.catalogue.types import Feature

_CONTINUING = frozenset({"serial", "integrating"})
_BETWEEN = "; "


def restated(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return the features with the outcomes, and those features about old books, that later comparisons made."""
    found = [feature._replace(outcome=_outcome(feature)) for feature in features]
    names = {feature.name for feature in features}
    if "ancient" in names and "press" not in names:
        found += _of_old_books({feature.name: feature for feature in features})
    return tuple(found)


def _outcome(feature: Feature) -> str:
    name, outcome, _, _, mine, theirs = feature
    if (name, outcome) == ("year", "equal") and mine != theirs:
        return "one-of-several"
    if (name, outcome) == ("extent", "one-missing"):
        return statements.uncounted(mine, theirs)
    if (name, outcome) == ("place", "different"):
        return statements.place(forms.compact(mine), forms.compact(theirs))
    if (name, outcome) == ("series", "different"):
        return statements.series((mine,), (theirs,))
    if (name, outcome) == ("publisher", "disjoint") and statements.same_house(
        mine.split(_BETWEEN), theirs.split(_BETWEEN)
    ):
        return "equal"
    return outcome


def _of_old_books(known: dict[str, Feature]) -> Iterator[Feature]:
    ancient = known["ancient"]
    years = [int(year) for year in (ancient.mine, ancient.theirs) if year]
    languages = " ".join(f"{known[name].mine} {known[name].theirs}" for name in ("language",) if name in known)
    titles = f"{known['title'].mine} {known['title'].theirs}"
    is_native = NATIVE.search(titles) is not None or not forms.NATIVE_LANGUAGES.isdisjoint(languages.split())
    level = known.get("level")
    is_continuing = level is not None and {level.mine, level.theirs} <= _CONTINUING
    yield ancient._replace(
        name="press", outcome=old_books.press(years, is_native=is_native, is_continuing=is_continuing)
    )
    authors = known["authors"]
    first = [forms.person(names.split(_BETWEEN)[0]) for names in (authors.mine, authors.theirs) if names]
    yield ancient._replace(name="creator", outcome=old_books.creator(first))
