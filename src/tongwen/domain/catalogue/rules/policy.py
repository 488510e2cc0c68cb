"""The weights, vetoes, limits and thresholds of matching, as data with a version.

A feature has an outcome (see `comparison`); the tables in `weights/` say what each outcome is worth, one file for
each version. Because outcomes are words, a stored decision can be weighed again with other rules without its records
(`scoring.weigh`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tongwen.domain.catalogue.types import UnreadableRules

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "weights"
_CURRENT = "2026-11-3"

Outcomes = frozenset[tuple[str, str]]
"""Pairs (feature, outcome)."""
Demands = dict[str, frozenset[str]]
"""For each feature the outcomes that will do; "" stands for a feature that was not asked."""


@dataclass(frozen=True)
class Rules:
    """How observations become a decision.

    `weights` and `vetoes` are keyed by (feature, outcome); an outcome that is not listed weighs nothing.
    `limits` send a pair to review however high it scores. `limits_unless_same` do so too, unless a number (`proof`) or
    the description (`sure_descriptions`) proves the two to be one. Where no strong identifier is shared, all features
    of one of the `demands` must show one of their outcomes. Scores run from minus infinity to 1.
    """

    version: str
    weights: Mapping[tuple[str, str], float]
    vetoes: Outcomes
    limits: Outcomes
    limits_unless_same: Outcomes
    doubts: Outcomes
    """Each of these alone is borne; more than `doubts_borne` together send a pair to review."""
    demands: tuple[Mapping[str, frozenset[str]], ...]
    strong: Outcomes
    """What counts as a shared strong identifier."""
    proof: Outcomes
    """Identifiers that, together with `proof_demands`, prove two records to be one."""
    proof_demands: Mapping[str, frozenset[str]]
    sure_descriptions: tuple[Mapping[str, frozenset[str]], ...] = ()
    """Demands of which any one, where all its features show their outcomes, proves two records to be one without
    a number."""
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

    def named(self) -> Outcomes:
        """Return every outcome that these rules name, in any table."""
        tables = (*self.demands, *self.sure_descriptions, self.proof_demands)
        demanded = {(name, outcome) for table in tables for name, outcomes in table.items() for outcome in outcomes}
        others = (self.vetoes, self.limits, self.limits_unless_same, self.doubts, self.strong, self.proof)
        return frozenset(demanded).union(self.weights, *others)


def read(path: Path) -> Rules:
    """Read rules from a TOML file. Raises UnreadableRules."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return _rules(tables)
    except KeyError as error:
        raise UnreadableRules(f"{path.name}: {error.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError, OSError) as error:
        raise UnreadableRules(f"{path.name}: {error}") from None


def versions() -> tuple[str, ...]:
    """Return the versions that came with this release, the oldest first."""
    return tuple(sorted((path.stem for path in _FOLDER.glob("*.toml")), key=_in_order))


def _in_order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-"))


def of_version(version: str) -> Rules:
    """Return the rules of a version that came with this release. Raises UnreadableRules for an unknown one."""
    if version not in versions():
        raise UnreadableRules(f"no version {version}; there are {', '.join(versions())}")
    return read(_FOLDER / f"{version}.toml")


def _rules(tables: dict[str, Any]) -> Rules:
    weights = {
        (feature, outcome): float(weight)
        for feature, outcomes in tables["weights"].items()
        for outcome, weight in outcomes.items()
    }
    return Rules(
        version=str(tables["version"]),
        weights=MappingProxyType(weights),
        vetoes=_outcomes(tables["vetoes"]),
        limits=_outcomes(tables["limits"]),
        limits_unless_same=_outcomes(tables["limits_unless_same"]),
        doubts=_outcomes(tables["doubts"]),
        demands=tuple(MappingProxyType(_demands(table)) for table in tables["demands"]),
        strong=_outcomes(tables["strong"]),
        proof=_outcomes(tables["proof"]),
        proof_demands=MappingProxyType(_demands(tables["proof_demands"])),
        sure_descriptions=tuple(MappingProxyType(_demands(table)) for table in tables.get("sure_descriptions", ())),
        **tables["thresholds"],
    )


def _outcomes(table: dict[str, list[str]]) -> Outcomes:
    return frozenset((feature, outcome) for feature, outcomes in table.items() for outcome in outcomes)


def _demands(table: dict[str, list[str]]) -> Demands:
    return {feature: frozenset(outcomes) for feature, outcomes in table.items()}


RULES = of_version(_CURRENT)
"""The rules that loads decide by."""
