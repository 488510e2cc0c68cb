from __future__ import annotations

from collections import Counter

import pytest

from bench.match import measures
from tongwen.domain.catalogue.types import Band


class TestWilson:
    @pytest.mark.parametrize(
        ("hits", "of", "lower", "upper"),
        [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
    )
    def test_gives_the_bounds_of_the_literature(self, hits: int, of: int, lower: float, upper: float) -> None:
        """The last two are the examples of Newcombe (1998), method 3."""
        assert measures.wilson(hits, of) == pytest.approx((lower, upper), abs=5e-5)


class TestCounts:
    COUNTS = measures.Counts(
        Counter({Band.AUTOMATIC: 90, Band.REVIEW: 6, Band.NEW: 4}), Counter({Band.AUTOMATIC: 1, Band.NEW: 99})
    )

    def test_counts_precision_in_the_automatic_band_only(self) -> None:
        assert self.COUNTS.precision == (90, 91)

    def test_counts_what_a_person_sees_as_found(self) -> None:
        assert self.COUNTS.recall == (96, 100)
        assert self.COUNTS.automatic_recall == (90, 100)

    def test_has_no_share_of_nothing(self) -> None:
        assert measures.Share(0, 0).facts()["value"] is None
