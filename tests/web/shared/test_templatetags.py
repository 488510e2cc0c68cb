from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

from tongwen.standards.marc.types import Text
from tongwen.web.shared.templatetags import tongwen as filters


class TestText:
    def test_carries_language_and_direction(self) -> None:
        assert filters.text(Text("مقدمة", "ar")) == '<span lang="ar" dir="auto">مقدمة</span>'

    def test_escapes_what_a_record_contains(self) -> None:
        assert "<script>" not in filters.text(Text("<script>alert(1)</script>", 'e"n'))


class TestNumbers:
    def test_set_thousands_apart(self) -> None:
        assert (filters.number(1234567), filters.number(None)) == ("1,234,567", "")

    @pytest.mark.parametrize(("value", "words"), [(999, "999 B"), (1500, "1.5 kB"), (242_000_000, "242.0 MB")])
    def test_write_sizes_in_the_unit_that_reads_best(self, value: int, words: str) -> None:
        assert filters.size(value) == words

    @pytest.mark.parametrize(
        ("seconds", "words"), [(1, "1 second"), (89, "89 seconds"), (120, "2 minutes"), (7200, "2 hours")]
    )
    def test_write_durations_in_words(self, seconds: float, words: str) -> None:
        with translation.override("en"):
            assert filters.duration(seconds) == words


class TestMoment:
    def test_writes_local_time_and_keeps_the_moment(self) -> None:
        written = filters.moment(dt.datetime(2026, 1, 1, 16, 30, tzinfo=dt.UTC))
        assert "2026-01-02 00:30" in written
        assert 'datetime="2026-01-02T00:30:00+08:00"' in written


class TestLanguageTag:
    @pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")])
    def test_is_bcp_47(self, language: str, tag: str) -> None:
        with translation.override(language):
            assert Template("{% html_lang %}").render(Context()) == tag


class TestIndicators:
    def test_show_blanks(self) -> None:
        assert filters.indicators("1 ") == "1#"
