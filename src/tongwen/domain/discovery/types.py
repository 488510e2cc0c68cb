"""The vocabulary of discovery: what is asked, within which tier, and what comes back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from tongwen.domain.catalogue import types as catalogue


class Tier(enum.StrEnum):
    """The four tiers of the scope: own library, city, province, nation."""

    LIBRARY = "library"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


class SearchField(enum.StrEnum):
    """What the search box may be narrowed to."""

    ANY = "any"
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    ISBN = "isbn"
    CALL_NUMBER = "callnumber"


class Sort(enum.StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


FACETS = ("library", "type", "language", "year", "class", "author", "subject")
"""The facets in the order of the page. Values: library = institution id; type = Material/Carrier word (see
`discovery.queries.record_type`); language = ISO 639-2/B; year = decade or year; class = 中图法 main class or DDC
hundred with its scheme (`clc:T`, `ddc:500`); author and subject = the heading."""


class SearchProblem(ValueError):
    """The search cannot be answered as asked; `code` is a stable word (`too-long`, `nothing-to-search` …)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Search:
    """One question of a reader."""

    text: str = ""
    field: SearchField = SearchField.ANY
    tier: Tier = Tier.NATION
    library: int | None = None
    """The reader's own library (institution id); without it only the nation can be searched."""
    filters: tuple[tuple[str, str], ...] = ()
    """(facet, value), all of which must hold; several values of one facet are alternatives."""
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 20


class FacetValue(NamedTuple):
    """One value of a facet and the number of hits that have it."""

    value: str
    hits: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the bib's view, and where it is held in the reader's terms."""

    bib: catalogue.Bib
    score: float
    library_ids: tuple[int, ...]
    held_here: bool
    in_city: int
    """Libraries of the reader's city that hold it (0 without an own library)."""
    in_province: int
    in_nation: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the index differs from the catalogue, by bib number, apart from what it has still to take in."""

    compared: int
    """Active bibs of the catalogue."""
    missing: tuple[int, ...] = ()
    """Active bibs without a document."""
    stale: tuple[int, ...] = ()
    """Bibs whose document shows another version or other holdings."""
    doubled: tuple[int, ...] = ()
    """Bibs with more than one document."""
    surplus: tuple[int, ...] = ()
    """Documents of no active bib."""

    @property
    def bib_ids(self) -> tuple[int, ...]:
        """Return all of them, each once."""
        return tuple(sorted({*self.missing, *self.stale, *self.doubled, *self.surplus}))


class Correction(NamedTuple):
    """The question as it may have been meant, where it has hits, and how many."""

    text: str
    tier: Tier
    hits: int


@dataclass(frozen=True, slots=True)
class Results:
    search: Search
    total: int
    hits: tuple[Hit, ...]
    tiers: dict[Tier, int]
    """Exact number of hits in each tier for the same question; without an own library only NATION."""
    facets: dict[str, tuple[FacetValue, ...]]
    milliseconds: float
    correction: Correction | None = None
    """What the reader may have meant, where hardly anything was found."""
    notes: tuple[str, ...] = field(default_factory=tuple)
    """Stable words about how the question was understood: `quotes-unbalanced`, `marks-dropped` …"""
