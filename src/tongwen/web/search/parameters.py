"""Between the address of a results page and the question it stands for.

Every state of the page is an address: `q`, `in`, `tier`, `sort`, `page`, `year_from`, `year_to`, one parameter per
facet that may be repeated, and `at`, the code of the library through whose eyes a kept link was made.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from tongwen.domain.discovery.types import FACETS, Search, SearchField, Sort, Tier
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution
from tongwen.web.shared import own_library
from tongwen.web.shared.paging import page_number

PAGE_SIZE = 20
_MOST_FILTERS = 50
_LATEST_YEAR = 9999

Word = TypeVar("Word", bound=enum.StrEnum)


def read(query: QueryDict, own: Institution | None) -> Search:
    """Read a question leniently: what is not understood is as if it were not there.

    Without an own library only the nation can be searched. Years that stand the wrong way round are turned.
    """
    years = _years(query)
    tier = _word(Tier, query.get("tier", ""), Tier.NATION)
    return Search(
        text=query.get("q", "").strip(),
        field=_word(SearchField, query.get("in", ""), SearchField.ANY),
        tier=tier if own else Tier.NATION,
        library=own.id if own else None,
        filters=_filters(query),
        year_from=years[0],
        year_to=years[1],
        sort=_word(Sort, query.get("sort", ""), Sort.RELEVANCE),
        page=page_number(query.get("page", "")),
        page_size=PAGE_SIZE,
    )


def link(search: Search, **changes: Any) -> str:
    """Return the address of a question after changes; any change but of the page leads to its first page."""
    if "page" not in changes:
        changes["page"] = 1
    return address(pairs(dataclasses.replace(search, **changes)))


def address(parameters: list[tuple[str, str]]) -> str:
    """Return the address of the results page with these parameters."""
    return f"{reverse('results')}?{urlencode(parameters)}" if parameters else reverse("results")


def pairs(search: Search) -> list[tuple[str, str]]:
    """Return a question as parameters, leaving out what goes without saying."""
    codes = _codes()
    own_code = codes.get(search.library, "") if search.library else ""
    plain = [
        ("q", search.text),
        ("in", _unless(search.field, SearchField.ANY)),
        ("tier", _unless(search.tier, Tier.NATION)),
        (own_library.PARAMETER, own_code if search.tier is not Tier.NATION else ""),
        *(
            (facet, codes.get(_number(value), value) if facet == "library" else value)
            for facet, value in search.filters
        ),
        ("year_from", _text(search.year_from)),
        ("year_to", _text(search.year_to)),
        ("sort", _unless(search.sort, Sort.RELEVANCE)),
        ("page", str(search.page) if search.page > 1 else ""),
    ]
    return [(name, value) for name, value in plain if value]


def with_filter(search: Search, facet: str, value: str) -> str:
    """Return the address with one more facet value chosen."""
    return link(search, filters=(*search.filters, (facet, value)))


def without_filter(search: Search, facet: str, value: str) -> str:
    """Return the address with one facet value less."""
    return link(search, filters=tuple(pair for pair in search.filters if pair != (facet, value)))


def _codes() -> Mapping[int | None, str]:
    return {one.id: one.code for one in members.institutions()}


def _filters(query: QueryDict) -> tuple[tuple[str, str], ...]:
    chosen = [(facet, value) for facet in FACETS for value in query.getlist(facet) if value]
    ids = {one.code: str(one.id) for one in members.institutions()}
    # A library that is no longer known stands for itself and finds nothing, rather than being dropped in silence.
    known = [(facet, ids.get(value, "0") if facet == "library" else value) for facet, value in chosen]
    return tuple(dict.fromkeys(known[:_MOST_FILTERS]))


def _word(kind: type[Word], text: str, otherwise: Word) -> Word:
    try:
        return kind(text)
    except ValueError:
        return otherwise


def _years(query: QueryDict) -> tuple[int | None, int | None]:
    first, last = _year(query.get("year_from", "")), _year(query.get("year_to", ""))
    return (last, first) if first is not None and last is not None and first > last else (first, last)


def _year(text: str) -> int | None:
    text = text.strip()
    return min(int(text), _LATEST_YEAR) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _unless(word: enum.StrEnum, default: enum.StrEnum) -> str:
    return "" if word is default else word.value


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
