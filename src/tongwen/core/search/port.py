"""The search port: what an index holds, what is asked of it, what comes back, and what an engine can do.

Callers know this module and `nodes`; engines implement it. An index is a series of generations: one is current
and answers, a re-index fills the next one beside it and then switches.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from tongwen.core.search.nodes import EVERYTHING, Node

DEEPEST = 10_000
"""Hits that can be paged through; whoever needs all of them harvests or exports."""


class IndexUnusable(RuntimeError):
    """The index cannot be read as it is; the message says what to do."""


class IndexMissing(IndexUnusable):
    """There is no index yet."""


class IndexDamaged(IndexUnusable):
    """The index is there, but cannot be read."""


class IndexOutdated(IndexUnusable):
    """The index was made with other fields than this version asks for."""


class WriterBusy(RuntimeError):
    """Somebody else writes to this index."""


class IndexWriteFailed(RuntimeError):
    """The engine could not write, for instance because the disk is full; nothing after the last commit is kept."""


class TooDeep(ValueError):
    """A page beyond `DEEPEST` hits was asked for."""


class DocumentRefused(ValueError):
    """A document does not fit the schema; the message names the field."""


class QueryRefused(ValueError):
    """The query names a field that the schema lacks, or cannot be executed."""


class FieldKind(enum.StrEnum):
    """How a field is indexed. No text is stored: pages are made from the database."""

    TEXT = "text"
    """Space-separated tokens with their positions; several values keep a gap between them."""
    BAG = "bag"
    """Space-separated tokens without positions."""
    EXACT = "exact"
    """Whole values, to be matched as they are or by their beginning."""
    KEYWORD = "keyword"
    """Whole values, few different ones, that are also counted as facets."""
    HEADING = "heading"
    """Whole values, many different ones, that are also counted as facets; documents carry them as `headings` says.
    Counting strings costs 10 ms and more once there are 100,000 different ones, counting their hashes a tenth."""
    INTEGER = "integer"
    """Signed 64-bit integers that are matched, counted and sorted by."""
    ORDER = "order"
    """One whole value that is only sorted by."""
    RANK = "rank"
    """A signed 64-bit integer that is only sorted by."""
    STAMP = "stamp"
    """A non-negative integer that is only read back (`Engine.stamps`)."""


class Field(NamedTuple):
    name: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of an index. The integer field `id` is always there and need not be declared."""

    name: str
    """A word for the index, used as its folder's name."""
    fields: tuple[Field, ...]
    tie_break: str
    """A RANK field, unique for each document: of hits with the same score the greater value comes first."""
    version: int = 1
    """Raise it when the analysis changes while the fields stay the same."""

    @property
    def fingerprint(self) -> str:
        """Return a word that changes whenever an index must be built anew."""
        parts = [f"{self.version}", self.tie_break, *(f"{name}:{kind}" for name, kind in sorted(self.fields))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def kind(self, name: str) -> FieldKind:
        """Return the kind of a field; raises QueryRefused where there is none of this name."""
        if name == "id":
            return FieldKind.INTEGER
        for field in self.fields:
            if field.name == name:
                return field.kind
        raise QueryRefused(f"the index {self.name} has no field {name}")


class Sort(NamedTuple):
    """The order of the hits: by score where no field is named, else by a unique RANK or ORDER field."""

    field: str = ""
    descending: bool = False


BY_SCORE = Sort()


class Facet(NamedTuple):
    """Ask for the values of a KEYWORD, HEADING or INTEGER field among the hits: the most frequent `size` of them."""

    name: str
    field: str
    size: int = 30
    include: tuple[str, ...] = ()
    """Values of a HEADING field that are counted even where others are more frequent."""


class Filter(NamedTuple):
    """Narrow the hits. A facet of the same name is counted as if this filter were not set."""

    name: str
    node: Node


class Count(NamedTuple):
    """Ask how many hits there are within a part of the index."""

    name: str
    node: Node


@dataclass(frozen=True, slots=True)
class Request:
    """One question to an index."""

    query: Node = EVERYTHING
    filters: tuple[Filter, ...] = ()
    scope: Node = EVERYTHING
    """The part of the index that hits and facets come from; `counts` look beyond it."""
    sort: Sort = BY_SCORE
    offset: int = 0
    limit: int = 20
    facets: tuple[Facet, ...] = ()
    counts: tuple[Count, ...] = ()


class IndexHit(NamedTuple):
    id: int
    score: float


class Value(NamedTuple):
    value: str | int
    hits: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an index answers. All numbers are exact."""

    total: int
    hits: tuple[IndexHit, ...]
    facets: dict[str, tuple[Value, ...]]
    counts: dict[str, int]


class Writer(Protocol):
    """Change an index; nothing is seen by readers before `commit`. Documents come as JSON text of one object."""

    def add(self, document: str) -> None:
        """Add a document whose id is new."""

    def add_all(self, documents: Sequence[str]) -> None:
        """Add many documents whose ids are new, for less than one by one."""

    def replace(self, document_id: int, document: str) -> None:
        """Put a document in the place of the one with this id, if there is one."""

    def delete(self, document_ids: Sequence[int]) -> None:
        """Remove documents; ids that are not there do no harm."""

    def commit(self) -> None:
        """Make all changes last and be seen."""

    def commit_if_due(self, seconds: float) -> bool:
        """Commit when something waits and the last commit lies so far back; frequent commits double the cost."""

    def rollback(self) -> None:
        """Forget everything since the last commit."""

    def close(self) -> None:
        """Release the index; what was not committed is lost."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Build(Protocol):
    """A new generation that is being filled while the current one answers."""

    @property
    def generation(self) -> str:
        """Return the name of the new generation."""

    @property
    def writer(self) -> Writer:
        """Return the writer of the new generation."""

    def switch(self) -> None:
        """Commit, make this generation the current one, and remove the older ones."""

    def discard(self) -> None:
        """Remove what was built; the current generation goes on."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard the build unless it was switched to."""


class Engine(Protocol):
    """An index of one schema. One engine object serves all threads of a process."""

    @property
    def schema(self) -> Schema:
        """Return the fields of this index."""

    def generation(self) -> str:
        """Return the name of the current generation; raises IndexUnusable."""

    def create(self) -> bool:
        """Make an empty index where there is none; returns whether it did."""

    def writer(self) -> Writer:
        """Open the current generation for changes; raises WriterBusy, IndexUnusable."""

    def build(self) -> Build:
        """Begin a new, empty generation; raises WriterBusy when another build runs."""

    def search(self, request: Request) -> Answer:
        """Answer a request from the newest committed state; raises IndexUnusable, TooDeep, QueryRefused."""

    def best(self, query: Node, limit: int) -> tuple[int, ...]:
        """Return the ids of the best hits, uncounted and not in an exact order; raises IndexUnusable, QueryRefused."""

    def document_count(self) -> int:
        """Return how many documents are searchable."""

    def stamps(self, field: str, first: int, last: int) -> list[tuple[int, int]]:
        """Return (id, value) of a STAMP field for every document whose id lies between these two, by id.

        An id that the index has twice comes twice. What was committed before the call is seen.
        """

    def close(self) -> None:
        """Let go of files and caches."""
