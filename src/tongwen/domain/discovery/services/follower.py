"""Keeping the index in step with the catalogue: a follower reads the change feed and writes what it says.

Whoever holds the index lock follows; its position is kept with the generation, after each commit of the index.
A process that dies between the two follows the same changes again, which changes nothing. A load that runs in the
follower's own process hands its documents over ready-made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, connection, connections

from tongwen.core import clock, locks, search
from tongwen.core.search import port
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types as catalogue_types
from tongwen.domain.discovery.models import IndexPosition
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import documents

logger = structlog.get_logger("tongwen.discovery.following")

INDEX_LOCK = "discovery.index"
_POLL_SECONDS = 0.5
_COMMIT_SECONDS = 20.0
_QUIET_SECONDS = 2.0
_FEW = 100
"""Fewer changed bibs than this are made visible at once. More come from a load, which goes on: each commit makes a
segment and segments are merged, so a commit after every chunk costs more than the indexing."""
_CHANGES_AT_ONCE = 20
_TROUBLES = (DatabaseError, OSError, RuntimeError)
"""Database, disk, index (port.IndexUnusable, IndexWriteFailed, WriterBusy), a worker process that is gone."""
_MOST_HANDED_OVER = 20_000
"""Documents that may wait for the follower; a faster load waits for it."""


def position(generation: str) -> int:
    """Return the last change that a generation has taken in."""
    return IndexPosition.objects.filter(pk=generation).values_list("position", flat=True).first() or 0


def keep_position(generation: str, reached: int) -> None:
    """Write down how far a generation has come."""
    IndexPosition.objects.update_or_create(
        generation=generation, defaults={"position": reached, "updated_at": clock.now()}
    )


def behind() -> int:
    """Return how many entries of the change feed the index has not taken in."""
    return max(0, catalogue.last_change() - position(search.engine(SCHEMA).generation()))


class _Handover:
    """Documents that a load in this process has made, by the number of their change."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._events: dict[int, catalogue_types.BibsChanged] = {}
        self._waiting = 0
        self.active = False

    def give(self, event: catalogue_types.BibsChanged) -> None:
        """Leave the event for the follower of this process, if it is at work; wait while too much lies here."""
        with self._condition:
            while self.active and self._waiting > _MOST_HANDED_OVER:
                self._condition.wait(1.0)
            if self.active and (event.made or event.derived):
                self._events[event.position] = event
                self._waiting += len(event.made) + len(event.derived)

    def take(self, change: int) -> catalogue_types.BibsChanged | None:
        """Return what was left for this change."""
        with self._condition:
            event = self._events.pop(change, None)
            if event is not None:
                self._waiting -= len(event.made) + len(event.derived)
                self._condition.notify_all()
            return event

    @contextmanager
    def open(self) -> Iterator[None]:
        """Accept events; whatever is left at the end is forgotten, since the catalogue has it all."""
        with self._condition:
            self.active = True
        try:
            yield
        finally:
            with self._condition:
                self.active = False
                self._events.clear()
                self._waiting = 0
                self._condition.notify_all()


_handover = _Handover()


def hand_over(event: catalogue_types.BibsChanged) -> None:
    """Take an event of the catalogue after its commit."""
    _handover.give(event)


def apply(change: catalogue_types.Change, writer: port.Writer) -> None:
    """Write what a change says, from what was handed over or else from the catalogue as it is now."""
    event = _handover.take(change.position)
    made = event.made if event is not None else {}
    if event is not None and event.institution_id is not None:
        writer.add_all(documents.of_made_bibs(made, event.institution_id))
    others = [bib_id for bib_id in (*change.added, *change.changed) if bib_id not in made]
    rewrite(others, writer, event.derived if event is not None else {})
    if change.removed:
        writer.delete(change.removed)


def rewrite(bib_ids: list[int], writer: port.Writer, derived: Mapping[int, dict[str, bytes]]) -> None:
    """Write the documents of these bibs anew; bibs that are not active leave the index."""
    if not bib_ids:
        return
    rows = catalogue.index_rows(bib_ids)
    for bib_id, text in documents.of_rows(rows, derived):
        writer.replace(bib_id, text)
    gone = set(bib_ids) - {row.bib_id for row in rows}
    if gone:
        writer.delete(sorted(gone))


def catch_up() -> bool:
    """Take in all changes there are, if nobody else is doing so; returns whether this process did."""
    engine = search.engine(SCHEMA)
    with locks.try_hold(INDEX_LOCK) as taken:
        if not taken:
            return False
        with engine.writer() as writer, _handover.open():
            _follow(engine, writer)
    return True


class _Intake:
    """How far a generation has come, in the index and in what its last commit made visible."""

    def __init__(self, engine: port.Engine, writer: port.Writer) -> None:
        self._generation = engine.generation()
        self._writer = writer
        self.reached = self._kept = position(self._generation)
        self._waiting = 0
        self._last_change_at = time.monotonic()

    def take(self, change: catalogue_types.Change) -> None:
        """Write a change, and commit when the last commit lies far back."""
        apply(change, self._writer)
        self.reached = change.position
        self._waiting += len(change.added) + len(change.changed) + len(change.removed)
        self._last_change_at = time.monotonic()
        if self._writer.commit_if_due(_COMMIT_SECONDS):
            self._keep()

    def quiet_for(self) -> float:
        """Return the seconds since the last change."""
        return time.monotonic() - self._last_change_at

    def pause(self, *, is_end: bool) -> None:
        """Commit what waits, unless it looks like the middle of a load."""
        if self.reached != self._kept and (is_end or self._waiting < _FEW or self.quiet_for() > _QUIET_SECONDS):
            self._writer.commit()
            self._keep()

    def _keep(self) -> None:
        keep_position(self._generation, self.reached)
        self._kept = self.reached
        self._waiting = 0


def _follow(
    engine: port.Engine,
    writer: port.Writer,
    stopping: threading.Event | None = None,
    hurrying: threading.Event | None = None,
) -> None:
    """Take in changes until there are none for a while (at once, where nobody else will add any).

    `stopping`: what is committed is still taken in. `hurrying`: end after the change at hand.
    """
    intake = _Intake(engine, writer)
    while True:
        changes = catalogue.changes_after(intake.reached, _CHANGES_AT_ONCE)
        for change in changes:
            intake.take(change)
            if hurrying is not None and hurrying.is_set():
                intake.pause(is_end=True)
                return
        if changes:
            continue
        is_end = stopping is None or stopping.is_set() or intake.quiet_for() > _POLL_SECONDS * 8
        intake.pause(is_end=is_end)
        if stopping is None or is_end:
            return
        stopping.wait(_POLL_SECONDS / 5)


class Follower(threading.Thread):
    """A thread that keeps the index in step for as long as its process lives."""

    def __init__(self) -> None:
        super().__init__(name="index-follower", daemon=True)
        self._stopping = threading.Event()
        self._hurrying = threading.Event()

    def run(self) -> None:
        """Follow until stopped; trouble with database or index is logged once a change of words and tried again."""
        said = ""
        while not self._stopping.is_set():
            try:
                self._turn()
                said = ""
            except _TROUBLES as error:
                if str(error) != said:
                    logger.warning("index follower waits", reason=str(error))
                said = str(error)
                connection.close_if_unusable_or_obsolete()
            self._stopping.wait(_POLL_SECONDS)
        connections.close_all()

    def _turn(self) -> None:
        engine = search.engine(SCHEMA)
        if not behind():
            return
        with locks.try_hold(INDEX_LOCK) as taken:
            if taken:
                with engine.writer() as writer, _handover.open():
                    _follow(engine, writer, self._stopping, self._hurrying)

    def stop(self) -> None:
        """Let the thread take in what has been committed so far and end."""
        self._stopping.set()
        self.join()

    def abandon(self) -> None:
        """Let the thread end after the change at hand; whoever follows next takes in the rest."""
        self._hurrying.set()
        self.stop()


@contextmanager
def following() -> Iterator[Follower]:
    """Keep the index in step while the block runs; at its end everything committed in it is searchable.

    A block that is interrupted is not waited for: its changes are in the feed.
    """
    follower = Follower()
    follower.start()
    try:
        yield follower
    except KeyboardInterrupt:
        follower.abandon()
        raise
    except Exception:
        follower.stop()
        _try_to_catch_up()
        raise
    follower.stop()
    wait_until_indexed()


def _try_to_catch_up() -> None:
    """Take in what a failed block has committed, unless that is impossible for the same reason."""
    try:
        catch_up()
    except _TROUBLES as error:
        logger.warning("the index is behind", reason=str(error))


def wait_until_indexed(seconds: float = 600.0) -> bool:
    """Wait until the index has taken in everything committed so far, helping where nobody is at it."""
    target = catalogue.last_change()
    end = time.monotonic() + seconds
    while position(search.engine(SCHEMA).generation()) < target:
        if time.monotonic() > end:
            return False
        if not catch_up():
            time.sleep(0.1)
    return True
