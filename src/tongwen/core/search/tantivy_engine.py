"""The embedded search engine: Tantivy behind the search port.

Readers look for a new commit or generation a few times a second, by the time stamp of two small files;
facets and counts are kept until the next commit.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from pathlib import Path

import tantivy

from tongwen.core.search import generations, nodes, port
from tongwen.core.search.tantivy_engine_answers import Counted, Counter, best, ranked, stamped
from tongwen.core.search.tantivy_engine_queries import Compiler, tantivy_schema, told
from tongwen.core.search.tantivy_engine_writer import TantivyBuild, TantivyWriter

_KEPT_COUNTS = 256
_STAMPS_AT_ONCE = 50_000
_OPEN_ATTEMPTS = 3
"""A generation may be switched and swept between reading the pointer and opening the files."""

_Stamp = tuple[int, int, int]


class _Snapshot:
    """One committed state of one generation, with the counts made from it."""

    def __init__(self, index: tantivy.Index, folder: Path, stamp: _Stamp) -> None:
        self.index = index
        self.folder = folder
        self.stamp = stamp
        self.searcher = index.searcher()
        self._counted: OrderedDict[port.Request, Counted] = OrderedDict()
        self._lock = threading.Lock()

    def counted(self, request: port.Request, counter: Counter) -> Counted:
        """Return total, facets and counts of a request, made once for all its pages and orders."""
        key = port.Request(request.query, request.filters, request.scope, facets=request.facets, counts=request.counts)
        with self._lock:
            if key in self._counted:
                self._counted.move_to_end(key)
                return self._counted[key]
        counted = counter.count(self.searcher, key)
        with self._lock:
            self._counted[key] = counted
            if len(self._counted) > _KEPT_COUNTS:
                self._counted.popitem(last=False)
        return counted


class TantivyEngine:
    """An index of one schema in a local folder. `look_every`: seconds between two looks for a new commit."""

    def __init__(self, folder: Path, schema: port.Schema, *, look_every: float = 0.2) -> None:
        self._look_every = look_every
        self._schema = schema
        self._folders = generations.Generations(folder, schema.fingerprint)
        self._compiled = tantivy_schema(schema)
        self._compiler = Compiler(schema, self._compiled)
        self._counter = Counter(schema, self._compiler)
        self._snapshot: _Snapshot | None = None
        self._looked_at = 0.0
        self._lock = threading.Lock()

    @property
    def schema(self) -> port.Schema:
        """Return the fields of this index."""
        return self._schema

    def generation(self) -> str:
        """Return the name of the current generation; raises IndexUnusable."""
        return self._folders.current().name

    def create(self) -> bool:
        """Make an empty index where there is none; returns whether it did."""
        if self._folders.exists():
            return False
        with self.build() as build:
            build.switch()
        return True

    def writer(self) -> TantivyWriter:
        """Open the current generation for changes; raises WriterBusy, IndexUnusable."""
        folder = self._folders.current()
        return TantivyWriter(self._open(folder), folder)

    def build(self) -> TantivyBuild:
        """Begin a new, empty generation; raises WriterBusy when another build runs."""
        return TantivyBuild(self._folders, lambda folder: tantivy.Index(self._compiled, path=str(folder)))

    def search(self, request: port.Request) -> port.Answer:
        """Answer a request from the newest committed state; raises IndexUnusable, TooDeep, QueryRefused."""
        if request.offset + request.limit > port.DEEPEST:
            raise port.TooDeep(f"only the first {port.DEEPEST} hits can be paged through")
        snapshot = self._current()
        with told(self._broken):
            counted = snapshot.counted(request, self._counter)
            hits = ranked(snapshot.searcher, self._compiler, self._schema, request) if request.limit else ()
        return port.Answer(counted.total, hits, counted.facets, counted.counts)

    def best(self, query: nodes.Node, limit: int) -> tuple[int, ...]:
        """Return the ids of the best hits, uncounted and not in an exact order; raises IndexUnusable, QueryRefused."""
        searcher = self._current().searcher
        with told(self._broken):
            return best(searcher, self._compiler.query(query), limit)

    def document_count(self) -> int:
        """Return how many documents are searchable."""
        return self._current().searcher.num_docs

    def stamps(self, field: str, first: int, last: int) -> list[tuple[int, int]]:
        """Return (id, value) of a STAMP field for every document whose id lies between these two, by id."""
        with self._lock:
            self._snapshot = self._refreshed(self._snapshot)
            self._looked_at = time.monotonic()
            searcher = self._snapshot.searcher
        query = self._compiler.query(nodes.Range("id", first, last))
        with told(self._broken):
            return stamped(searcher, query, field, expected=min(last - first + 1, _STAMPS_AT_ONCE))

    def close(self) -> None:
        """Let go of files and caches."""
        with self._lock:
            self._snapshot = None

    def _current(self) -> _Snapshot:
        """Return the newest state, looking at the disk at most every `look_every` seconds."""
        with self._lock:
            now = time.monotonic()
            if self._snapshot is None or now - self._looked_at >= self._look_every:
                self._snapshot = self._refreshed(self._snapshot)
                self._looked_at = now
            return self._snapshot

    def _refreshed(self, snapshot: _Snapshot | None) -> _Snapshot:
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                folder = self._folders.current()
                stamp = _stamp(folder / "meta.json")
                if snapshot is not None and snapshot.folder == folder:
                    if snapshot.stamp == stamp:
                        return snapshot
                    with told(self._broken):
                        snapshot.index.reload()
                        return _Snapshot(snapshot.index, folder, stamp)
                with told(self._broken):
                    return _Snapshot(self._open(folder), folder, stamp)
            except (OSError, port.IndexDamaged) as error:
                if attempt == _OPEN_ATTEMPTS - 1:
                    raise self._broken(str(error)) from error
        raise AssertionError("unreachable")

    def _open(self, folder: Path) -> tantivy.Index:
        with told(self._broken):
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual", 0)
            return index

    def _broken(self, message: str) -> Exception:
        return self._folders.damaged(message)


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
