"""Precision and recall per band, with 95 % intervals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from bench.match.deciders import Chooser, Judged
from tongwen.domain.catalogue.types import Band

_Z = 1.959964


class Share(NamedTuple):
    """A share with its interval after Wilson (1927), which holds for shares near 0 and 1."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.of) if self.of else None

    def facts(self) -> dict[str, Any]:
        """Return it for JSON: value and interval to five digits."""
        interval = self.interval
        return {
            "hits": self.hits,
            "of": self.of,
            "value": None if self.value is None else round(self.value, 5),
            "interval": None if interval is None else [round(bound, 5) for bound in interval],
        }


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, lower and upper bound."""
    share, square = hits / of, _Z * _Z
    middle = share + square / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    lower, upper = (middle - spread) / whole, (middle + spread) / whole
    return (0.0 if hits == 0 else max(0.0, lower), 1.0 if hits == of else min(1.0, upper))


class Counts(NamedTuple):
    """How many pairs that are the same, and that are not, went into each band."""

    same: Counter[Band]
    different: Counter[Band]

    @property
    def precision(self) -> Share:
        """Of the pairs merged automatically, those that are the same."""
        right = self.same[Band.AUTOMATIC]
        return Share(right, right + self.different[Band.AUTOMATIC])

    @property
    def recall(self) -> Share:
        """Of the pairs that are the same, those that are merged or shown to a person."""
        return Share(self.same[Band.AUTOMATIC] + self.same[Band.REVIEW], self.same.total())

    @property
    def automatic_recall(self) -> Share:
        """Of the pairs that are the same, those that are merged."""
        return Share(self.same[Band.AUTOMATIC], self.same.total())

    @property
    def kept_apart(self) -> Share:
        """Of the pairs that are not the same, those that neither merge nor cost a person's time."""
        return Share(self.different[Band.NEW], self.different.total())

    def facts(self) -> dict[str, Any]:
        return {
            "same": {band.value: self.same[band] for band in Band},
            "different": {band.value: self.different[band] for band in Band},
            "precision": self.precision.facts(),
            "recall": self.recall.facts(),
            "automatic_recall": self.automatic_recall.facts(),
            "kept_apart": self.kept_apart.facts(),
        }


def count(judged: Iterable[Judged], choose: Chooser) -> Counts:
    counts = Counts(Counter(), Counter())
    for one in judged:
        (counts.same if one.pair.same else counts.different)[choose(one)] += 1
    return counts


def proposed(judged: Iterable[Judged]) -> Share:
    """Of the pairs that are the same, those that share a blocking key."""
    found = [one.proposed for one in judged if one.pair.same]
    return Share(sum(found), len(found))
