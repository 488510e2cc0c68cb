from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.discovery.rules import correction, matching
from tongwen.domain.discovery.types import SearchField
from tongwen.standards.marc import types as marc

ANY = matching.TARGETS["cql.serverchoice"]


def view(title: str, author: str = "") -> marc.DisplayView:
    names = (marc.Name(marc.Text(author)),) if author else ()
    return marc.DisplayView(marc.Format.MARC21, title=marc.Text(title), names=names)


def none(_token: str) -> int:
    return 0


class TestGuesses:
    @pytest.mark.parametrize(
        "text", ["prode AND prejudice", "prode -prejudice", "prod*", "9787020002207", "", "a b c", "x" * 81]
    )
    def test_are_none_where_nothing_can_be_mistyped(self, text: str) -> None:
        assert list(correction.guesses(text, none)) == []

    def test_suspect_rare_words_only(self) -> None:
        (words, *_) = correction.guesses(
            "history of lingustics", {"history": 101, "of": 101, "lingustics": 0}.__getitem__
        )
        assert isinstance(words, correction.Words)
        assert words.edits == {"lingustics": 1}

    def test_suspect_all_words_where_none_is_rare(self) -> None:
        (words,) = correction.guesses("modern music and", lambda _token: 1000)
        assert isinstance(words, correction.Words)
        assert set(words.edits) == {"modern", "music"}

    def test_suspect_two_letters_of_a_long_word_that_nothing_has(self) -> None:
        edits = [one.edits for one in correction.guesses("lingustcs", none) if isinstance(one, correction.Words)]
        assert edits == [{"lingustcs": 1}, {"lingustcs": 2}]

    @given(st.text(max_size=100))
    def test_can_be_made_of_any_text_and_read_from_any_record(self, text: str) -> None:
        for guess in correction.guesses(text, none):
            guess.query(ANY)
            meant = guess.meant(view(text, text), ANY)
            assert meant is None or (meant.changes > 0 and meant.text)


class TestWords:
    def test_keep_what_was_typed_right(self) -> None:
        (words, *_) = correction.guesses('"Prode" and Prejudice', none)
        assert words.meant(view("Pride and prejudice"), ANY) == ('"pride" and Prejudice', 1)

    def test_take_the_nearest_word_that_begins_alike(self) -> None:
        (words, *_) = correction.guesses("bride", none)
        assert words.meant(view("Pride; a bridge"), ANY) == ("bridge", 1)

    def test_mean_nothing_where_a_word_is_far_from_all(self) -> None:
        (words, *_) = correction.guesses("prode and zebras", none)
        assert words.meant(view("Pride and prejudice"), ANY) is None


class TestCharacters:
    @pytest.mark.parametrize(
        ("typed", "title", "meant"),
        [
            ("红楼孟", "红楼梦研究", "红楼梦"),
            ("红接梦", "红楼梦", "红楼梦"),
            ("红楼楼梦", "紅樓夢", "紅樓夢"),
            ("红楼", "紅樓夢", None),
            ("史纪", "史记 : 选本", "史记"),
            ("世技", "史记", None),
            ("数据结构", "数据库", None),
        ],
    )
    def test_are_put_right_from_a_title(self, typed: str, title: str, meant: str | None) -> None:
        (characters,) = correction.guesses(typed, none)
        found = characters.meant(view(title), ANY)
        assert (found.text if found else None) == meant

    def test_that_sound_alike_are_nearer_than_one_that_is_wrong(self) -> None:
        (characters,) = correction.guesses("红楼孟", none)
        alike, wrong = characters.meant(view("红楼梦"), ANY), characters.meant(view("红楼记"), ANY)
        assert alike is not None
        assert wrong is not None
        assert alike.changes < wrong.changes


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "letters"),
        [("prode", "pride", 1), ("histroy", "history", 1), ("polution", "pollution", 1), ("", "ab", 2)],
    )
    def test_counts_letters_and_swaps(self, one: str, other: str, letters: int) -> None:
        assert correction.distance(one, other, 2) == letters

    @given(st.text("abc", max_size=6), st.text("abc", max_size=6))
    def test_is_the_same_both_ways_and_none_for_equals(self, one: str, other: str) -> None:
        there, back = (correction.distance(*pair, 6) for pair in ((one, other), (other, one)))
        assert there == back
        assert (there == 0) is (one == other)


class TestTarget:
    def test_is_none_for_numbers(self) -> None:
        assert correction.target_of(SearchField.ISBN) is correction.target_of(SearchField.CALL_NUMBER) is None
        assert correction.target_of(SearchField.ANY) is ANY
