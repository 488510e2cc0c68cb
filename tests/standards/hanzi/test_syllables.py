"""Division of pinyin into syllables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import hanzi
from tongwen.standards.hanzi.syllables import SYLLABLES, divisions

syllables = st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=8)


class TestPinyinQuery:
    @pytest.mark.parametrize(
        "typed", ["hong lou meng", "honglou meng", "hongloumeng", "Hóng lóu mèng", "hong2lou2meng4", "HONG-LOU MENG"]
    )
    def test_reads_every_way_of_typing_a_title(self, typed):
        assert hanzi.pinyin_query(typed) == hanzi.pinyin("红楼梦") == "hong lou meng"

    @pytest.mark.parametrize(
        ("typed", "read"), [("lüse", "lu se"), ("lvse", "lu se"), ("nvren", "nu ren"), ("lüe", "lue")]
    )
    def test_writes_u_for_umlaut(self, typed, read):
        assert hanzi.pinyin_query(typed) == read

    def test_takes_the_apostrophe_as_a_boundary(self):
        assert hanzi.pinyin_query("xi'an") == "xi an"
        assert hanzi.pinyin_queries("xian") == ("xian", "xi an")

    @pytest.mark.parametrize("typed", ["world history", "红楼meng", "hlm", "java", "c++", "", "1984", "meng " * 60])
    def test_is_none_for_what_is_not_pinyin(self, typed):
        assert hanzi.pinyin_query(typed) is None

    @given(syllables)
    def test_finds_the_syllables_again_where_they_are_divided(self, typed):
        # A syllable that is itself two (xian) has more readings, but is likeliest one.
        assert hanzi.pinyin_query(" ".join(typed)) == " ".join(typed)

    @given(syllables)
    def test_divides_whatever_is_made_of_syllables(self, typed):
        found = hanzi.pinyin_query("".join(typed))
        assert found is not None
        assert found.replace(" ", "") == "".join(typed)

    @given(st.text("abcdehinguoz", max_size=60))
    def test_divides_into_syllables_only(self, word):
        for division in divisions(word):
            assert "".join(division) == word
            assert set(division) <= SYLLABLES


class TestSplitPinyin:
    def test_leaves_words_that_do_not_divide(self):
        assert hanzi.split_pinyin("honglou meng world") == "hong lou meng world"


class TestNearDivisions:
    @pytest.mark.parametrize(
        ("word", "division"),
        [
            ("honglumeng", (("hong",), "lou", ("meng",))),
            ("hongloumemg", (("hong", "lou"), "meng", ())),
            ("hngloumeng", ((), "hong", ("lou", "meng"))),
            ("sijin", ((), "shi", ("jin",))),
        ],
    )
    def test_put_one_syllable_right(self, word, division):
        before, syllable, after = division
        assert any(
            (before, after) == (one[0], one[2]) and syllable in one.instead for one in hanzi.near_divisions(word)
        )

    @pytest.mark.parametrize("word", ["", "x", "meng", "qqqqqqqq", "a" * 41])
    def test_are_none_of_what_is_not_two_syllables(self, word):
        assert all(len(one.before) + len(one.after) >= 1 for one in hanzi.near_divisions(word))
        assert word != "a" * 41 or hanzi.near_divisions(word) == ()
