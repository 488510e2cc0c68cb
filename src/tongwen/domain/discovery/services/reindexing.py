"""Building the index anew beside the one that serves, and switching to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from tongwen.core import locks, processes, search
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.discovery.rules import derivation
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import documents, follower

_POOL_PAYS_FROM = 5_000

Rows = list[catalogue.IndexRow]


def reindex(*, advance: Callable[[int], None] | None = None) -> int:
    """Build a new generation from all active bibs, follow what changed meanwhile, switch; returns the documents.

    Searches and loads go on. `advance` is called with the number of bibs done so far.

    Raises:
        WriterBusy: another re-index is at work.
    """
    engine = search.engine(SCHEMA)
    done = 0
    with engine.build() as build:
        reached = catalogue.last_change()
        for rows, parts in _with_parts():
            build.writer.add_all([text for _, text in documents.joined(rows, parts)])
            done += len(rows)
            if advance is not None:
                advance(done)
        with locks.hold(follower.INDEX_LOCK):
            while changes := catalogue.changes_after(reached, 100):
                for change in changes:
                    follower.apply(change, build.writer)
                    reached = change.position
            generation = build.generation
            follower.keep_position(generation, reached)
            build.switch()
    return engine.document_count()


def _with_parts() -> Iterator[tuple[Rows, list[bytes]]]:
    pieces = catalogue.all_index_rows()
    if catalogue.number_of_bibs() < _POOL_PAYS_FROM:
        yield from ((rows, derivation.stored_fields(_records(rows))) for rows in pieces)
        return
    with processes.pool() as pool:
        waiting: deque[tuple[Rows, Future[list[bytes]]]] = deque()
        for rows in pieces:
            waiting.append((rows, pool.submit(derivation.stored_fields, _records(rows))))
            if len(waiting) > processes.size() * 2:
                ready, future = waiting.popleft()
                yield ready, future.result()
        for ready, future in waiting:
            yield ready, future.result()


def _records(rows: Rows) -> list[tuple[str, str, bytes]]:
    return [(row.format, row.charset, row.record) for row in rows]
