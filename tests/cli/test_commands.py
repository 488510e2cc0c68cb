"""The commands beside `load`: what they print, to people and to programs, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from factories.files import book, marc_file

ADD = ("--name", "示范一馆", "--province", "320000=江苏省", "--city", "320100=南京市")


@pytest.fixture
def loaded(run: Run, lending_library: int, tmp_path: Path) -> Run:
    """Two books of the lending library in batch 1."""
    path = tmp_path / "books.mrc"
    path.write_bytes(marc_file(book("1", "Orlando"), book("2", "The waves")).getvalue())
    assert run("load", path, "--library", "L1").exit_code == 0
    return run


def number_of_the_batch(run: Run) -> int:
    return int(json.loads(run("batches", "--json").stdout)[0]["batch"])


class TestLibraries:
    def test_are_entered_and_listed(self, run: Run) -> None:
        assert "tongwen libraries add" in run("libraries").stdout
        assert run("libraries", "add", "D01", *ADD).exit_code == 0
        assert json.loads(run("libraries", "--json").stdout) == [
            {"code": "D01", "name": "示范一馆", "type": "university", "city": "320100"}
        ]
        assert "南京市" in run("libraries").stdout

    def test_in_a_place_without_a_code_are_refused(self, run: Run) -> None:
        result = run("libraries", "add", "D01", "--name", "馆", "--province", "江苏省", "--city", "320100=南京市")
        assert result.exit_code == 2
        assert "320100=南京市" in result.stderr


class TestPeople:
    def test_are_entered(self, run: Run, lending_library: int) -> None:
        result = run("people", "add", "li", "--name", "李", "--library", "L1", "--password", "a long and odd phrase")
        assert (result.exit_code, result.stdout) == (0, "li can sign in\n")

    def test_with_a_weak_password_are_refused_in_one_line(self, run: Run, lending_library: int) -> None:
        result = run("people", "add", "li", "--name", "李", "--library", "L1", "--password", "123")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert "at least 10" in result.stderr
        assert "Many people use this password" in result.stderr
        assert result.stderr.isascii()


class TestSearch:
    def test_names_title_and_libraries(self, loaded: Run) -> None:
        assert "Orlando" in loaded("search", "orlando", "--library", "L1").stdout
        facts = json.loads(loaded("search", "woolf", "--in", "author", "--json").stdout)
        assert (facts["total"], [hit["libraries"] for hit in facts["hits"]]) == (2, [1, 1])

    @pytest.mark.parametrize("words", [("x" * 10_000,), ("orlando", "--library", "NOWHERE"), ("—",)])
    def test_that_cannot_be_answered_says_why_in_one_line(self, loaded: Run, words: tuple[str, ...]) -> None:
        result = loaded("search", *words)
        assert result.exit_code in (1, 2)
        assert len(result.stderr.splitlines()) == 1

    @pytest.mark.parametrize("text", ['"unbalanced', "a AND OR", "((", "\udc80", "title:"])
    def test_of_odd_words_is_answered(self, loaded: Run, text: str) -> None:
        assert "Traceback" not in loaded("search", text).stderr

    def test_in_an_unknown_field_is_wrong_usage(self, loaded: Run) -> None:
        assert loaded("search", "orlando", "--in", "colour").exit_code == 2


class TestBatches:
    def test_are_listed_and_shown(self, loaded: Run) -> None:
        number = number_of_the_batch(loaded)
        assert "books.mrc" in loaded("batches", "--library", "L1").stdout
        assert "2 records read" in loaded("batches", "show", number).stdout

    @pytest.mark.parametrize("act", ["resume", "cancel"])
    def test_that_are_loaded_can_be_neither_resumed_nor_cancelled(self, loaded: Run, act: str) -> None:
        result = loaded("batches", act, number_of_the_batch(loaded))
        assert result.exit_code == 1
        assert "is loaded" in result.stderr

    @pytest.mark.parametrize("words", [("batches", "show"), ("batches", "resume"), ("batches", "cancel"), ("revert",)])
    def test_that_do_not_exist_are_said(self, run: Run, words: tuple[str, ...]) -> None:
        result = run(*words, 424_242)
        assert result.exit_code == 1
        assert "424242" in result.stderr
        assert len(result.stderr.splitlines()) == 1


class TestRevert:
    def test_takes_the_batch_out_of_database_and_index(self, loaded: Run) -> None:
        result = loaded("revert", number_of_the_batch(loaded), "--json")
        assert json.loads(result.stdout)["state"] == "reverted"
        assert loaded("search", "orlando").stdout.startswith("0 records")

    def test_twice_is_refused(self, loaded: Run) -> None:
        number = number_of_the_batch(loaded)
        loaded("revert", number)
        assert loaded("revert", number).exit_code == 1


class TestReindex:
    def test_counts_what_is_searchable(self, loaded: Run) -> None:
        assert loaded("reindex").stdout == "2 records are searchable\n"


class TestMatchExplain:
    def test_says_in_words_what_decides(self, loaded: Run) -> None:
        first, second = (hit["bib"] for hit in json.loads(loaded("search", "woolf", "--json").stdout)["hits"])
        facts = json.loads(loaded("match", "explain", first, second, "--json").stdout)
        assert facts["words"]
        assert f"band {facts['band']}" in loaded("match", "explain", first, second).stdout

    def test_of_an_unknown_bib_is_said(self, loaded: Run) -> None:
        result = loaded("match", "explain", 424_242, 424_243)
        assert result.exit_code == 1
        assert "424242" in result.stderr
