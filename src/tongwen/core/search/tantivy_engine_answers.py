"""Rank and count with Tantivy: stable pages, exact facets, several scopes counted at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import tantivy

from tongwen.core.search import headings, nodes, port
from tongwen.core.search.tantivy_engine_queries import Compiler

_SLACK = 32
"""Hits fetched on both sides of a page to see whether a group of equal scores crosses its edge."""

_SEGMENT_SIZE = 2000
"""Values that each segment reports for a facet, before the most frequent of all segments are taken."""


class Counted(NamedTuple):
    """What of an answer does not depend on the page."""

    total: int
    facets: dict[str, tuple[port.Value, ...]]
    counts: dict[str, int]


def ranked(
    searcher: tantivy.Searcher, compiler: Compiler, schema: port.Schema, request: port.Request
) -> tuple[port.IndexHit, ...]:
    """Return one page in its exact order: the field's, or score and then the schema's tie-break."""
    query = compiler.narrowed(request.query, *(narrowing.node for narrowing in request.filters), request.scope)
    field, descending = request.sort
    if not field and isinstance(request.query, nodes.Everything):
        field, descending = schema.tie_break, True
    if field:
        order = tantivy.Order.Desc if descending else tantivy.Order.Asc
        schema.kind(field)
        found = searcher.search(
            query, request.limit, count=False, order_by_field=field, offset=request.offset, order=order
        )
        addresses = [address for _, address in found.hits]
        return tuple(port.IndexHit(number, 0.0) for number in _integers(searcher, "id", addresses))
    return _by_score(searcher, query, schema, request.offset, request.limit)


def _by_score(
    searcher: tantivy.Searcher, query: tantivy.Query, schema: port.Schema, offset: int, limit: int
) -> tuple[port.IndexHit, ...]:
    """Order by score, weighted so lightly by the tie-break that it parts equal scores, then by the tie-break itself.

    Tantivy orders equal scores by their place in the index, which merges change. So the window is widened
    until it holds every hit whose score equals that of the page's first or last, and ordered here.
    """
    slack = _SLACK
    while True:
        start, end = max(0, offset - slack), offset + limit + slack
        window = searcher.search(query, end - start, count=False, offset=start, weight_by_field=schema.tie_break).hits
        first, last = offset - start, offset - start + limit
        if first >= len(window):
            return ()
        cut_above = start > 0 and window[0][0] == window[first][0]
        cut_below = len(window) == end - start and window[-1][0] == window[last - 1][0]
        if not cut_above and not cut_below:
            break
        slack *= 8
    addresses = [address for _, address in window]
    ties = _integers(searcher, schema.tie_break, addresses)
    order = sorted(range(len(window)), key=lambda place: (-window[place][0], -ties[place]))[first:last]
    ids = _integers(searcher, "id", [addresses[place] for place in order])
    return tuple(port.IndexHit(number, window[place][0]) for number, place in zip(ids, order, strict=True))


def best(searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> tuple[int, ...]:
    """Return the ids of the hits with the best scores, found in one pass; which of equals come is left open."""
    hits = searcher.search(query, limit, count=False).hits
    return tuple(_integers(searcher, "id", [address for _, address in hits]))


def _integers(searcher: tantivy.Searcher, field: str, addresses: list[tantivy.DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(field, addresses)]


def stamped(searcher: tantivy.Searcher, query: tantivy.Query, field: str, *, expected: int) -> list[tuple[int, int]]:
    """Return (id, value of the field) of all hits by id; `expected` is how many there are unless some are doubled."""
    limit = min(expected, searcher.num_docs) + 1
    while True:
        hits = searcher.search(query, limit, count=False).hits
        if len(hits) < limit:
            break
        limit *= 2
    addresses = [address for _, address in hits]
    return sorted(zip(_integers(searcher, "id", addresses), _integers(searcher, field, addresses), strict=True))


class Counter:
    """Counts totals, facets and scopes for one schema."""

    def __init__(self, schema: port.Schema, compiler: Compiler) -> None:
        self._schema = schema
        self._compiler = compiler

    def count(self, searcher: tantivy.Searcher, request: port.Request) -> Counted:
        """Count in as few passes as the request allows: one, and one more for each facet with a chosen value."""
        filters = {narrowing.name: narrowing.node for narrowing in request.filters}
        free = [facet for facet in request.facets if facet.name not in filters]
        chosen = [facet for facet in request.facets if facet.name in filters]
        total, facets = self._facets(searcher, request, tuple(filters.values()), free)
        for facet in chosen:
            others = tuple(node for name, node in filters.items() if name != facet.name)
            facets |= self._facets(searcher, request, others, [facet])[1]
        counts = self._counts(searcher, request, tuple(filters.values()), total)
        return Counted(total, {facet.name: facets[facet.name] for facet in request.facets}, counts)

    def _facets(
        self,
        searcher: tantivy.Searcher,
        request: port.Request,
        conditions: tuple[nodes.Node, ...],
        facets: list[port.Facet],
    ) -> tuple[int, dict[str, tuple[port.Value, ...]]]:
        query = self._compiler.narrowed(nodes.bare(request.query), *conditions, request.scope)
        aggregations: dict[str, Any] = {"total": {"filter": "*"}}
        for facet in facets:
            self._schema.kind(facet.field)
            terms = {"field": facet.field, "size": facet.size, "segment_size": max(_SEGMENT_SIZE, facet.size)}
            aggregations[f"facet:{facet.name}"] = {"terms": terms}
        result = searcher.aggregate(query, aggregations)
        values = {facet.name: self._values(searcher, query, facet, result[f"facet:{facet.name}"]) for facet in facets}
        return int(result["total"]["doc_count"]), values

    def _values(
        self, searcher: tantivy.Searcher, query: tantivy.Query, facet: port.Facet, result: dict[str, Any]
    ) -> tuple[port.Value, ...]:
        """Return a facet's values with their exact counts, most frequent first."""
        counted = {bucket["key"]: int(bucket["doc_count"]) for bucket in result["buckets"]}
        heading = self._schema.kind(facet.field) is port.FieldKind.HEADING
        wanted = [headings.heading_number(value) for value in facet.include]
        if heading and (result["doc_count_error_upper_bound"] or not counted.keys() >= set(wanted)):
            counted = self._recounted(searcher, query, facet.field, list(dict.fromkeys([*counted, *wanted])))
        values = (
            port.Value(self._label(searcher, facet.field, int(key)) if heading else _key(key), count)
            for key, count in counted.items()
        )
        return tuple(sorted(values, key=lambda value: (-value.hits, str(value.value))))

    def _recounted(
        self, searcher: tantivy.Searcher, query: tantivy.Query, field: str, numbers: list[int]
    ) -> dict[int, int]:
        """Count each value by itself: a segment reports its most frequent values only, so sums may fall short."""
        result = searcher.aggregate(query, {str(number): {"filter": f"{field}:{number}"} for number in numbers})
        return {number: int(result[str(number)]["doc_count"]) for number in numbers}

    def _label(self, searcher: tantivy.Searcher, field: str, number: int) -> str:
        """Return the words of a heading from a document that carries it."""
        one = self._compiler.query(nodes.Term(field, number))
        for _, address in searcher.search(one, 1, count=False).hits:
            for stored in searcher.doc(address)[headings.label_field(field)]:
                if (words := headings.words_of(number, stored)) is not None:
                    return words
        return f"{number:013x}"

    def _counts(
        self, searcher: tantivy.Searcher, request: port.Request, conditions: tuple[nodes.Node, ...], total: int
    ) -> dict[str, int]:
        aggregations: dict[str, Any] = {}
        counts: dict[str, int] = {}
        for name, node in request.counts:
            text = self._compiler.filter_text(node)
            if node == request.scope:
                counts[name] = total
            elif text is not None:
                aggregations[name] = {"filter": text}
            else:
                query = self._compiler.narrowed(nodes.bare(request.query), *conditions, node)
                counts[name] = int(searcher.aggregate(query, {"n": {"filter": "*"}})["n"]["doc_count"])
        if aggregations:
            query = self._compiler.narrowed(nodes.bare(request.query), *conditions)
            result = searcher.aggregate(query, aggregations)
            counts |= {name: int(result[name]["doc_count"]) for name in aggregations}
        return {name: counts[name] for name, _ in request.counts}


def _key(key: object) -> str | int:
    return key if isinstance(key, str) else int(key)  # type: ignore[call-overload]
