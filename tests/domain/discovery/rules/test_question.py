from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import matching, question
from tongwen.domain.discovery.types import SearchField


def asked(text: str, field: SearchField = SearchField.ANY) -> str:
    return str(question.understand(text, field).query)


class TestUnderstand:
    @pytest.mark.parametrize(
        ("text", "tree"),
        [
            ("红楼梦", "红楼梦"),
            ("  红楼梦   曹雪芹 ", '"红楼梦 曹雪芹"'),
            ("war and peace", '"war and peace"'),
            ("war AND peace", '"war peace"'),
            ("红楼梦 OR 石头记", "红楼梦 or 石头记"),
            ("tea OR coffee cup", 'tea or "coffee cup"'),
            ("tea NOT green", "tea not green"),
            ("tea -green", "tea not green"),
            ('tea -"green tea" leaf', '"tea leaf" not cql.serverChoice adj "green tea"'),
            ("anglo-saxon", "anglo-saxon"),
            ('"war and peace" tolstoy', 'tolstoy and cql.serverChoice adj "war and peace"'),
            ("“红楼梦”研究", "研究 and cql.serverChoice adj 红楼梦"),
            ("《红楼梦》 曹雪芹", "曹雪芹 and cql.serverChoice adj 红楼梦"),
            ("-green", "cql.allRecords = 1 not green"),
            ("NOT green", "cql.allRecords = 1 not green"),
            ("OR tea OR", "tea"),
            ("und oder 或 与 et", '"und oder 或 与 et"'),
            ("978-7-02-000220-7", "bath.standardIdentifier = 9787020002207"),
            ("ISBN 7-02-000220-X", "bath.standardIdentifier = 702000220X"),
            ("ISBN：978 7 02 000220 7", "bath.standardIdentifier = 9787020002207"),
            ("红楼梦 9787020002207", "红楼梦 and bath.standardIdentifier = 9787020002207"),
            ("9787020002208", "9787020002208"),
        ],
    )
    def test_reads_the_box_leniently(self, text: str, tree: str) -> None:
        assert asked(text) == tree

    @pytest.mark.parametrize(
        ("field", "tree"),
        [
            (SearchField.TITLE, 'dc.title = "a b"'),
            (SearchField.AUTHOR, 'dc.creator = "a b"'),
            (SearchField.SUBJECT, 'dc.subject = "a b"'),
            (SearchField.PUBLISHER, 'dc.publisher = "a b"'),
            (SearchField.ISBN, 'bath.standardIdentifier = "a b"'),
            (SearchField.CALL_NUMBER, 'tongwen.callNumber = "a b"'),
        ],
    )
    def test_narrows_to_a_field(self, field: SearchField, tree: str) -> None:
        assert asked("a b", field) == tree

    @pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u3000"])
    def test_asks_for_everything_where_nothing_is_said(self, text: str) -> None:
        assert question.understand(text).query is None

    @pytest.mark.parametrize("text", ["!!!", "《》", '"', "\x00\x01", "\ud800", "-", '""', "OR"])
    def test_says_that_there_is_nothing_to_search_for(self, text: str) -> None:
        with pytest.raises(types.SearchProblem) as caught:
            question.understand(text)
        assert caught.value.code == "nothing-to-search"

    def test_refuses_ten_thousand_characters_with_the_figures(self) -> None:
        with pytest.raises(types.SearchProblem) as caught:
            question.understand("红" * 10_000)
        assert caught.value.code == "too-long"
        assert "10000" in caught.value.detail

    @pytest.mark.parametrize(
        "text", ['"war and peace', 'war and peace"', "“war and peace", "《war and peace", '"war" and peace "']
    )
    def test_notes_quotes_that_are_not_closed(self, text: str) -> None:
        understood = question.understand(text)
        assert understood.notes == ("quotes-unbalanced",)
        assert "peace" in str(understood.query)

    @pytest.mark.parametrize("text", ["te\x00a", "te\ud83da", "tea\ufffd", "tea\x1b[31m", "te\ufdd0a"])
    def test_notes_characters_that_are_no_text(self, text: str) -> None:
        understood = question.understand(text)
        assert "characters-dropped" in understood.notes
        str(understood.query).encode()

    @given(st.text(st.characters(codec=None), max_size=60) | st.text('"“”《》 -ANDORT红楼梦a9', max_size=40))
    def test_gives_a_tree_or_a_problem_for_any_text(self, text: str) -> None:
        try:
            understood = question.understand(text)
        except types.SearchProblem:
            return
        str(understood.query).encode()
        matching.compiled(understood.query)
