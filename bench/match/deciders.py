"""The same pair, decided three ways: by Tongwen's rules, by Gold Rush keys, by a shared ISBN."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from typing import NamedTuple

import pymarc
from goldrush import goldrush

from bench.match.labelled import Pair, Side
from tongwen.domain.catalogue.rules import keys, scoring
from tongwen.domain.catalogue.rules.policy import RULES, Rules
from tongwen.domain.catalogue.types import Band, Decision
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc


class Judged(NamedTuple):
    """What became of a pair. `proposed` says that the two share a blocking key and would be compared at all."""

    pair: Pair
    decision: Decision
    proposed: bool
    isbn: bool
    gold_rush: bool | None
    """None where one side is CNMARC, which Gold Rush does not read."""

    @property
    def band(self) -> Band:
        """Return the band as a load would have it: a pair that no key proposes is never compared."""
        return self.decision.band if self.proposed else Band.NEW


def judge(pair: Pair, *, rules: Rules = RULES, beside: bool = True) -> Judged:
    """Decide a pair every way; `beside` false leaves the other ways out."""
    mine, theirs = (views.match_view(side.record, side.format) for side in (pair.left, pair.right))
    proposed = not set(keys.keys(mine)).isdisjoint(keys.keys(theirs))
    decision = scoring.decide(mine, theirs, rules=rules)
    isbn = not set(mine.isbns).isdisjoint(theirs.isbns)
    return Judged(pair, decision, proposed, isbn, _by_gold_rush(pair) if beside else None)


def _by_gold_rush(pair: Pair) -> bool | None:
    if marc.Format.CNMARC in {pair.left.format, pair.right.format}:
        return None
    one, two = _key(pair.left), _key(pair.right)
    return one is not None and one == two


def _key(side: Side) -> str | None:
    """Return the Gold Rush key of a record, None where the program gives none."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            raw = iso2709.encode(side.record)
            return goldrush(pymarc.Record(data=raw, to_unicode=True, force_utf8=True))
        except (iso2709.Unwritable, pymarc.exceptions.PymarcException, ValueError, IndexError, AttributeError):
            return None


Chooser = Callable[[Judged], Band]
"""How one of the ways decides a judged pair, in bands."""


def by_tongwen(judged: Judged) -> Band:
    return judged.band


def by_isbn(judged: Judged) -> Band:
    return Band.AUTOMATIC if judged.isbn else Band.NEW


def by_gold_rush(judged: Judged) -> Band:
    return Band.AUTOMATIC if judged.gold_rush else Band.NEW
