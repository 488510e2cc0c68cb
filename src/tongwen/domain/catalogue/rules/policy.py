"""The weights, vetoes, limits and thresholds of matching, as data with a version.

A feature has an outcome (see `comparison`); this table says what each outcome is worth. Because outcomes are words,
a stored decision can be weighed again with other rules without its records (`scoring.weigh`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Rules:
    """How observations become a decision.

    `weights` and `vetoes` are keyed by (feature, outcome); an outcome that is not listed weighs nothing.
    `limits` send a pair to review however high it scores. `limits_unless_same` do so too, unless the two are provably
    the same record. Where no strong identifier is shared, every feature of `demands` must show one of its outcomes.
    Scores run from minus infinity to 1.
    """

    version: str
    weights: Mapping[tuple[str, str], float]
    vetoes: frozenset[tuple[str, str]]
    limits: frozenset[tuple[str, str]]
    limits_unless_same: frozenset[tuple[str, str]]
    doubts: frozenset[tuple[str, str]]
    """Each of these alone is borne; more than `doubts_borne` together send a pair to review."""
    demands: Mapping[str, frozenset[str]]
    strong: frozenset[tuple[str, str]]
    """What counts as a shared strong identifier."""
    proof: frozenset[tuple[str, str]]
    """Identifiers that, together with `proof_demands`, prove two records to be one."""
    proof_demands: Mapping[str, frozenset[str]]
    automatic: float = 0.9
    review: float = 0.8
    strongest_at_least: float = 0.4
    doubts_borne: int = 1
    close_call: float = 0.05
    """Two automatic candidates whose scores differ by less than this are a case for review."""
    worth: Mapping[tuple[str, str], tuple[float, bool]] = field(init=False, repr=False, compare=False)
    """Weight and veto of every outcome that has either: made of the two tables, for one look-up each."""

    def __post_init__(self) -> None:
        listed = self.weights.keys() | self.vetoes
        worth = {key: (self.weights.get(key, 0.0), key in self.vetoes) for key in listed}
        object.__setattr__(self, "worth", MappingProxyType(worth))


_WEIGHTS = {
    ("same-source", "equal"): 0.75,
    ("isbn", "equal"): 0.75,
    ("isbn", "shared"): 0.6,
    ("isbn", "loosely-shared"): 0.48,
    ("isbn", "disjoint"): -0.75,
    ("wrong-isbn", "shared"): 0.3,
    ("issn", "equal"): 0.5,
    ("issn", "disjoint"): -0.5,
    ("lccn", "equal"): 0.6,
    ("lccn", "disjoint"): -0.2,
    ("oclc", "equal"): 0.5,
    ("national", "equal"): 0.5,
    ("national", "disjoint"): -0.2,
    ("book-number", "equal"): 0.5,
    ("book-number", "disjoint"): -0.5,
    ("title", "equal"): 0.5,
    ("title", "equal-romanized"): 0.4,
    ("title", "similar"): 0.4,
    ("title", "variant"): 0.2,
    ("title", "different"): -0.6,
    ("subtitle", "equal"): 0.05,
    ("subtitle", "different"): -0.2,
    ("edition", "equal"): 0.05,
    ("authors", "equal"): 0.3,
    ("authors", "shared"): 0.2,
    ("authors", "in-statement"): 0.2,
    ("authors", "disjoint"): -0.3,
    ("publisher", "equal"): 0.1,
    ("publisher", "disjoint"): -0.1,
    ("place", "equal"): 0.05,
    ("year", "equal"): 0.1,
    ("year", "far"): -0.2,
    ("extent", "equal"): 0.1,
    ("extent", "near"): 0.05,
    ("extent", "different"): -0.2,
    ("extent", "far"): -0.3,
    ("language", "equal"): 0.1,
    ("language", "disjoint"): -0.2,
    ("material", "equal"): 0.1,
    ("series", "equal"): 0.05,
    ("host", "equal"): 0.1,
}

_VETOES = {
    ("volume", "different"),
    ("number", "different"),
    ("edition", "different"),
    ("year", "different"),
    ("material", "different"),
    ("carrier", "different"),
    ("level", "different"),
    ("level", "set-versus-volume"),
    ("extent", "set-versus-volume"),
    ("translation", "different"),
    ("host", "disjoint"),
}

_LIMITS = {
    ("same-source", "different"),
    ("lccn", "disjoint"),
    ("national", "disjoint"),
    ("isbn", "disjoint"),
    ("issn", "disjoint"),
    ("book-number", "disjoint"),
    ("title", "same-sound"),
    ("title", "other-script"),
    ("title", "variant"),
    ("title", "partly"),
    ("title", "similar-native"),
    ("title", "different"),
    ("title", "missing"),
    ("subtitle", "different"),
    ("volume", "one-missing"),
    ("volume", "unclear"),
    ("volume", "name-different"),
    ("volume", "name-missing"),
    ("number", "one-missing"),
    ("edition", "unclear"),
    ("edition", "unstated"),
    ("authors", "disjoint"),
    ("year", "far"),
    ("extent", "far"),
    ("language", "disjoint"),
    ("level", "unclear"),
    ("host", "one-missing"),
}

_EQUAL = frozenset({"equal"})

RULES = Rules(
    version="2026-11-1",
    weights=MappingProxyType(_WEIGHTS),
    vetoes=frozenset(_VETOES),
    limits=frozenset(_LIMITS),
    limits_unless_same=frozenset({("ancient", "yes")}),
    doubts=frozenset(
        {
            ("isbn", "loosely-shared"),
            ("title", "similar"),
            ("edition", "one-missing"),
            ("edition", "similar"),
            ("year", "near"),
            ("extent", "different"),
            ("publisher", "disjoint"),
            ("place", "different"),
            ("variant-title", "disjoint"),
        }
    ),
    demands=MappingProxyType(
        {
            "title": _EQUAL,
            "subtitle": frozenset({"equal", "both-missing", "part"}),
            "authors": frozenset({"equal", "in-statement"}),
            "year": _EQUAL,
            "publisher": _EQUAL,
            "extent": _EQUAL,
            "language": frozenset({"equal", "one-missing", "both-missing"}),
            "edition": frozenset({"equal", "both-missing"}),
            "variant-title": frozenset({"equal", ""}),
            # Two places are two publications (a book published at once in two countries).
            "place": frozenset({"equal", ""}),
            # Not asked (only one names a series) is well; two different series are two publications.
            "series": frozenset({"equal", ""}),
        }
    ),
    strong=frozenset(
        {
            ("same-source", "equal"),
            ("isbn", "equal"),
            ("isbn", "shared"),
            ("isbn", "loosely-shared"),
            ("issn", "equal"),
            ("lccn", "equal"),
            ("oclc", "equal"),
            ("national", "equal"),
            ("book-number", "equal"),
        }
    ),
    proof=frozenset({("same-source", "equal"), ("lccn", "equal"), ("oclc", "equal"), ("national", "equal")}),
    proof_demands=MappingProxyType(
        {
            "title": _EQUAL,
            "year": _EQUAL,
            "extent": frozenset({"equal", "near", "one-missing", "both-missing"}),
        }
    ),
)
