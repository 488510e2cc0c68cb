"""What the pages of a load show: its progress, its counts, its tabs."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Batch, BatchCounts, BatchState, Outcome
from tongwen.web.shared import terms
from tongwen.web.shared.components import Progress, Tab
from tongwen.web.shared.templatetags import tongwen as filters

RUNNING = (BatchState.WAITING, BatchState.PREVIEWING, BatchState.LOADING, BatchState.REVERTING)
REVERTIBLE = (BatchState.LOADED, BatchState.PAUSED, BatchState.CANCELLED, BatchState.FAILED)
RESUMABLE = (BatchState.PAUSED, BatchState.FAILED, BatchState.CANCELLED)
WAITS = (BatchState.PREVIEWING, BatchState.PREVIEWED, BatchState.LOADING, BatchState.PAUSED)
PAUSABLE = (BatchState.LOADING,)
CANCELLABLE = (BatchState.PREVIEWING, BatchState.PREVIEWED, BatchState.LOADING, BatchState.PAUSED)
LISTED = (Outcome.NEW, Outcome.MATCHED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DELETED, Outcome.REVIEW)


def has_failed_revert(batch: Batch) -> bool:
    """Tell whether it is taking the batch back that failed, and not the load."""
    return batch.state is BatchState.FAILED and "failed_reverts" in batch.evidence


def progress(batch: Batch, now: dt.datetime) -> Progress:
    """Return how far a running batch is: records, rate, time passed and time left."""
    counts = shown_counts(batch)
    facts = [(_("Records read"), filters.number(counts.read))]
    rate = batch.rate or _rate(batch, now)
    if rate:
        facts.append((_("Records per second"), filters.number(rate)))
    left = seconds_left(batch, now)
    if left is not None:
        facts.append((_("Time left"), filters.duration(left)))
    whole = -1 if batch.state is BatchState.REVERTING else batch.size
    return Progress(batch.offset, whole, filters.state_word(shown_state(batch)), tuple(facts))


def shown_state(batch: Batch) -> BatchState:
    """Return the state to show: a batch that nobody has begun waits."""
    return BatchState.WAITING if batch.is_waiting else batch.state


def seconds_left(batch: Batch, now: dt.datetime) -> float | None:
    """Estimate the seconds left from the bytes done; None while there is nothing to estimate from."""
    if batch.started_at is None or batch.offset <= 0 or batch.state is BatchState.REVERTING:
        return None
    passed = (now - batch.started_at).total_seconds()
    return max(0.0, passed / batch.offset * (batch.size - batch.offset))


def _rate(batch: Batch, now: dt.datetime) -> float:
    if batch.started_at is None:
        return 0.0
    passed = (now - batch.started_at).total_seconds()
    return shown_counts(batch).read / passed if passed > 0 else 0.0


def shown_counts(batch: Batch) -> BatchCounts:
    """Return the counts that matter in this state: of the preview until the load has begun."""
    previewing = batch.state in (BatchState.PREVIEWING, BatchState.PREVIEWED)
    never_loaded = batch.preview_counts is not None and batch.counts.read == 0
    return batch.preview_counts or batch.counts if previewing or never_loaded else batch.counts


def tally(batch: Batch) -> list[Tab]:
    """Return the counts of the outcomes as boxes, those with a list leading to it."""
    counts = shown_counts(batch)
    listed = is_listed(batch)
    boxes = []
    for outcome in (*LISTED, Outcome.REJECTED):
        number = getattr(counts, outcome.value)
        if outcome is Outcome.REJECTED:
            url = f"{reverse('load-problems', args=[batch.id])}?severity=error"
        else:
            url = reverse("load-records", args=[batch.id, outcome.value]) if listed else ""
        boxes.append(Tab(terms.word(terms.OUTCOMES, outcome), url if number else "", number))
    return boxes


def is_listed(batch: Batch) -> bool:
    """Return whether the records of the batch can be listed: after a load, not after a preview only."""
    return batch.counts.read > 0 and batch.state not in (BatchState.PREVIEWING, BatchState.PREVIEWED)


def tabs(batch: Batch, current: str) -> list[Tab]:
    """Return the tabs of a batch's pages; `current` is overview, problems or an outcome."""
    counts = shown_counts(batch)
    found = [Tab(_("Overview"), reverse("load", args=[batch.id]), current=current == "overview")]
    noted = counts.rejected + counts.mended + counts.warnings
    found.append(Tab(_("Problems"), reverse("load-problems", args=[batch.id]), noted, current == "problems"))
    if is_listed(batch):
        for outcome in LISTED:
            number = getattr(counts, outcome.value)
            if number or current == outcome:
                url = reverse("load-records", args=[batch.id, outcome.value])
                found.append(Tab(terms.word(terms.OUTCOMES, outcome), url, number, current == outcome))
    return found
