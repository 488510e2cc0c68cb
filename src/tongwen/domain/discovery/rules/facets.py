"""What a chosen facet value means, and how counted values are shown: years as decades, chosen values always."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tongwen.core.search import nodes, port
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import schema

_DECADE = "s"
"""A decade is written `1980s`, a year `1984`."""


def chosen(filters: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Group chosen values by facet. Raises SearchProblem `unknown-facet`."""
    grouped: dict[str, tuple[str, ...]] = {}
    for facet, value in filters:
        if facet not in schema.FACET_FIELDS:
            raise types.SearchProblem("unknown-facet", facet)
        if value not in grouped.get(facet, ()):
            grouped[facet] = (*grouped.get(facet, ()), value)
    return grouped


def condition(facet: str, values: Sequence[str]) -> nodes.Node:
    """Return what holds when one of these values of a facet is chosen; an ill-formed value holds nowhere."""
    if facet == "library":
        return nodes.OneOf("library", tuple(int(value) for value in values if _is_number(value)))
    if facet == "year":
        return nodes.Some(tuple(_years(value) for value in values))
    return nodes.OneOf(schema.FACET_FIELDS[facet].field, tuple(values))


def asked(facet: str, values: Sequence[str]) -> port.Facet:
    """Return what the index is asked to count; chosen headings are counted even where others are more frequent."""
    field, size = schema.FACET_FIELDS[facet]
    include = tuple(values) if facet in ("author", "subject") else ()
    return port.Facet(facet, field, size, include)


def shown(facet: str, counted: Sequence[port.Value], values: Sequence[str]) -> tuple[types.FacetValue, ...]:
    """Return the values of a facet as they are shown, the chosen ones marked and never missing."""
    pairs = _by_decade(counted, values) if facet == "year" else [(str(value), count) for value, count in counted]
    missing = [(value, 0) for value in values if value not in dict(pairs)]
    return tuple(types.FacetValue(value, count, value in values) for value, count in (*pairs, *missing))


def _by_decade(counted: Sequence[port.Value], values: Sequence[str]) -> list[tuple[str, int]]:
    """Add years up to decades, latest first; within a chosen decade, and where chosen themselves, years stand too."""
    years = {int(value): count for value, count in counted}
    decades: Counter[int] = Counter()
    for year, count in years.items():
        decades[year // 10 * 10] += count
    pairs: list[tuple[str, int]] = []
    for decade in sorted(decades, reverse=True):
        word = f"{decade}{_DECADE}"
        pairs.append((word, decades[decade]))
        within = [year for year in range(decade + 9, decade - 1, -1) if year in years]
        pairs += [(str(year), years[year]) for year in within if word in values or str(year) in values]
    return pairs


def _years(value: str) -> nodes.Node:
    if value.endswith(_DECADE) and _is_number(value[:-1]):
        decade = int(value[:-1])
        return nodes.Range("year", decade, decade + 9)
    return nodes.OneOf("year", (int(value),) if _is_number(value) else ())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
