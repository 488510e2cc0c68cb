from __future__ import annotations

import dataclasses
import datetime as dt

from django.utils import translation

from tongwen.domain.catalogue.types import Batch, BatchCounts, BatchState
from tongwen.web.loads import report

NOW = dt.datetime(2026, 1, 1, 12, 0, 30, tzinfo=dt.UTC)


def batch(state: BatchState, **facts) -> Batch:
    plain = Batch(
        id=7, institution_id=1, file_name="a.mrc", size=1000, format=None, charset=None, state=state,
        counts=BatchCounts(), preview_counts=None, offset=0, message="", evidence={}, created_by="x",
        created_at=NOW, started_at=NOW - dt.timedelta(seconds=30), finished_at=None, rate=0.0,
    )  # fmt: skip
    return dataclasses.replace(plain, **facts)


class TestProgress:
    def test_tells_rate_and_time_left(self) -> None:
        running = batch(BatchState.LOADING, counts=BatchCounts(read=600, new=600), offset=250)
        with translation.override("en"):
            shown = report.progress(running, NOW)
        assert shown.percent == 25
        assert dict(shown.facts) == {"Records read": "600", "Records per second": "20", "Time left": "2 minutes"}

    def test_never_says_all_before_it_is_done(self) -> None:
        assert report.progress(batch(BatchState.LOADING, offset=1000), NOW).percent == 99

    def test_does_not_guess_before_anything_is_done(self) -> None:
        assert report.seconds_left(batch(BatchState.LOADING), NOW) is None


class TestShownCounts:
    def test_are_those_of_the_preview_until_the_load(self) -> None:
        preview = BatchCounts(read=5, new=5)
        previewed = batch(BatchState.PREVIEWED, preview_counts=preview)
        assert report.shown_counts(previewed) == preview
        loaded = batch(BatchState.LOADED, preview_counts=preview, counts=BatchCounts(read=5, matched=5))
        assert report.shown_counts(loaded).matched == 5


class TestTabs:
    def test_list_records_only_after_a_load(self) -> None:
        preview = batch(BatchState.PREVIEWED, preview_counts=BatchCounts(read=5, new=5))
        assert len(report.tabs(preview, "overview")) == 2
        loaded = batch(BatchState.LOADED, counts=BatchCounts(read=6, new=5, review=1))
        assert [tab.count for tab in report.tabs(loaded, "new")] == [None, 0, 5, 1]
