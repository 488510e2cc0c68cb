"""Follow a batch while it runs: how many records are stored after how many seconds, and how big the base is then."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench import saying, scratch

SEGMENT = 50_000
_POLL_SECONDS = 0.25
_WEIGHED_EVERY = 250_000
_PROGRESS = "SELECT (counts->>'read')::int FROM batch WHERE id > %s"
_SIZE = "SELECT pg_database_size(current_database())"


@dataclass(slots=True)
class Progress:
    """How many records were stored after how many seconds from the beginning; `sizes` is (records, bytes)."""

    began: float = 0.0
    points: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def seconds_at(self, records: int) -> float:
        """Return when so many records were stored, between two looks by proportion."""
        earlier = self.points[0]
        for point in self.points:
            if point[1] >= records:
                share = (records - earlier[1]) / max(1, point[1] - earlier[1])
                return earlier[0] + (point[0] - earlier[0]) * share
            earlier = point
        return earlier[0]

    def pieces(self, size: int) -> list[dict[str, Any]]:
        """Return the rate of every whole piece of so many records, from stored to stored."""
        found = []
        for end in range(size, self.points[-1][1] + 1, size):
            took = self.seconds_at(end) - self.seconds_at(end - size)
            found.append({"to": end, "seconds": round(took, 2), "per_second": round(size / max(took, 1e-9))})
        return found


@contextmanager
def following(made: scratch.Installation) -> Iterator[Progress]:
    """Note four times a second how many records the next batch has stored; say so at every 50,000."""
    progress, ended = Progress(), threading.Event()
    earlier = made.value("SELECT COALESCE(max(id), 0) FROM batch")

    def look() -> None:
        with made.connect() as connection:
            while not ended.wait(_POLL_SECONDS):
                row = connection.execute(_PROGRESS, [earlier]).fetchone()
                if row and row[0] and row[0] != progress.points[-1][1]:
                    before = progress.points[-1][1]
                    progress.points.append((time.perf_counter() - progress.began, row[0]))
                    _say(progress, before)
                    if row[0] // _WEIGHED_EVERY > before // _WEIGHED_EVERY:
                        size = connection.execute(_SIZE).fetchone()
                        progress.sizes.append((row[0], size[0] if size else 0))

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    progress.began = time.perf_counter()
    try:
        yield progress
    finally:
        ended.set()
        looker.join()


def _say(progress: Progress, before: int) -> None:
    now = progress.points[-1][1]
    if now // SEGMENT > before // SEGMENT:
        end = now // SEGMENT * SEGMENT
        took = progress.seconds_at(end) - progress.seconds_at(end - SEGMENT)
        saying.say(f"  {end:,} records, the last {SEGMENT:,} at {SEGMENT / max(took, 1e-9):,.0f}/s")
