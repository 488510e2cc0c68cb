"""Public reads of discovery: search within a tier, with facets and the exact counts of all tiers."""

from __future__ import annotations

import time

from django.db import DatabaseError

from tongwen.core import search as index
from tongwen.core.search import nodes, port
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.discovery import types
from tongwen.domain.discovery.queries import correcting
from tongwen.domain.discovery.rules import correction, facets, matching, question, schema
from tongwen.domain.discovery.rules.record_types import RECORD_TYPES, record_type
from tongwen.domain.members import queries as members

__all__ = ["RECORD_TYPES", "engine", "record_type", "search", "warm_up"]

_LARGEST_PAGE = 200
_SORTS = {
    types.Sort.RELEVANCE: port.Sort(),
    types.Sort.NEWEST: port.Sort("newest", descending=True),
    types.Sort.OLDEST: port.Sort("oldest"),
    types.Sort.TITLE: port.Sort("title_s"),
}


def engine() -> port.Engine:
    """Return this process's engine for the bib index."""
    return index.engine(schema.SCHEMA)


def warm_up() -> None:
    """Read what the first question would wait for: dictionaries, the index, the facets of the whole union."""
    try:
        for text in ("红楼梦", ""):
            search(types.Search(text=text))
    except (types.SearchProblem, port.IndexUnusable, DatabaseError):
        return  # Whoever asks first will be told; the portal must start all the same.


def search(search: types.Search, *, engine: port.Engine | None = None) -> types.Results:
    """Answer a reader's question.

    Raises:
        SearchProblem: `too-long`, `nothing-to-search`, `unknown-facet`, `library-needed`, `bad-page`, `too-deep`.
        UnknownInstitution: the reader's own library is no member.
        IndexUnusable: there is no index, or it must be built anew (`tongwen reindex`).
    """
    started = time.perf_counter()
    understood = question.understand(search.text, search.field)
    request = _request(search, matching.compiled(understood.query))
    engine = engine or index.engine(schema.SCHEMA)
    answer = engine.search(request)
    chosen = facets.chosen(search.filters)
    hits = _hits(search, answer.hits)
    meant = _correction(search, answer.counts[types.Tier.NATION], hits, engine)
    return types.Results(
        search=search,
        total=answer.total,
        hits=hits,
        tiers={types.Tier(name): count for name, count in answer.counts.items()},
        facets={name: facets.shown(name, answer.facets[name], chosen.get(name, ())) for name in types.FACETS},
        milliseconds=(time.perf_counter() - started) * 1000,
        notes=understood.notes,
        correction=meant,
    )


def _correction(
    search: types.Search, total: int, hits: tuple[types.Hit, ...], engine: port.Engine
) -> types.Correction | None:
    """Return what may have been meant, where the words alone, without any filter, find nothing anywhere."""
    narrowed = search.filters or search.year_from is not None or search.year_to is not None
    if narrowed or not search.text.strip():
        return None
    if total > correcting.FEW:
        if not correction.is_found_by_sound_only(search.text, (hit.bib.view for hit in hits)):
            return None
        total = 0
    return correcting.corrected(search, total, _tiers(search.library), engine)


def _request(search: types.Search, query: nodes.Node) -> port.Request:
    if search.page < 1 or not 1 <= search.page_size <= _LARGEST_PAGE:
        raise types.SearchProblem("bad-page", f"{search.page} x {search.page_size}")
    if search.page * search.page_size > port.DEEPEST:
        raise types.SearchProblem("too-deep", str(port.DEEPEST))
    chosen = facets.chosen(search.filters)
    filters = [port.Filter(name, facets.condition(name, values)) for name, values in chosen.items()]
    if search.year_from is not None or search.year_to is not None:
        filters.append(port.Filter("years", nodes.Range("year", search.year_from, search.year_to)))
    tiers = _tiers(search.library)
    if search.tier not in tiers:
        raise types.SearchProblem("library-needed", search.tier)
    return port.Request(
        query=query,
        filters=tuple(filters),
        scope=tiers[search.tier],
        sort=_SORTS[search.sort],
        offset=(search.page - 1) * search.page_size,
        limit=search.page_size,
        facets=tuple(facets.asked(name, chosen.get(name, ())) for name in types.FACETS),
        counts=tuple(port.Count(tier, node) for tier, node in tiers.items()),
    )


def _tiers(library: int | None) -> dict[types.Tier, nodes.Node]:
    """Return the tiers that a reader has, each with what of the index belongs to it."""
    if library is None:
        return {types.Tier.NATION: nodes.Everything()}
    own = members.institution(library)
    return {
        types.Tier.LIBRARY: nodes.Term("library", own.id),
        types.Tier.CITY: nodes.Term("city", int(own.city)),
        types.Tier.PROVINCE: nodes.Term("province", int(own.province)),
        types.Tier.NATION: nodes.Everything(),
    }


def _hits(search: types.Search, found: tuple[port.IndexHit, ...]) -> tuple[types.Hit, ...]:
    """Return the hits with their bibs and where they are held. A bib that is gone since the last commit is left out."""
    ids = [hit.id for hit in found]
    bibs = catalogue.bibs(ids)
    libraries = catalogue.library_ids(ids)
    city: frozenset[int] = frozenset()
    province: frozenset[int] = frozenset()
    if search.library is not None:
        own = members.institution(search.library)
        city = frozenset(members.institution_ids_in_city(own.city))
        province = frozenset(members.institution_ids_in_province(own.province))
    return tuple(
        types.Hit(
            bib=bibs[hit.id],
            score=hit.score,
            library_ids=libraries.get(hit.id, ()),
            held_here=search.library in libraries.get(hit.id, ()),
            in_city=len(city.intersection(libraries.get(hit.id, ()))),
            in_province=len(province.intersection(libraries.get(hit.id, ()))),
            in_nation=len(libraries.get(hit.id, ())),
        )
        for hit in found
        if hit.id in bibs
    )
