from __future__ import annotations

import pytest
from django.utils import translation

from tongwen.web.reviews import words


class TestCause:
    @pytest.mark.parametrize(
        ("reason", "heading"),
        [
            ("ambiguous", "Several records of the catalogue fit equally well"),
            ("veto-volume", "To be looked at: the volume or part"),
            ("limit-title-other-script", "To be looked at: the title"),
            ("same-source-but-year", "To be looked at: the year"),
            ("veto-book-number-different", "To be looked at: the unified book number"),
            ("something-new", "something-new"),
        ],
    )
    def test_is_a_heading_in_words(self, reason: str, heading: str) -> None:
        with translation.override("en"):
            assert words.cause(reason) == heading
