"""`tongwen load`: what it says of good files, bad files and wrong words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from factories.files import book, chinese_book, marc_file
from shared_data import shared
from tongwen.standards.marc import types as marc

BROKEN = Path(__file__).parents[2] / "samples" / "broken"
EDGE = ("pymarc", "yaz/marc-files")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.mrc"
    path.write_bytes(marc_file(book("1", "Orlando"), book("2", "The waves")).getvalue())
    return path


class TestGoodFile:
    def test_is_reported_and_found(self, run: Run, lending_library: int, books: Path) -> None:
        result = run("load", books, "--library", "L1")
        assert result.exit_code == 0
        assert "loaded: 2 records read" in result.stdout
        assert "1 records" in run("search", "orlando").stdout

    def test_is_reported_to_programs(self, run: Run, lending_library: int, books: Path) -> None:
        facts = json.loads(run("load", books, "--library", "L1", "--json").stdout)
        assert (facts["state"], facts["read"], facts["new"], facts["problems"]) == ("loaded", 2, 2, 0)

    def test_in_preview_changes_nothing(self, run: Run, lending_library: int, books: Path) -> None:
        facts = json.loads(run("load", books, "--library", "L1", "--preview", "--json").stdout)
        assert (facts["state"], facts["new"]) == ("previewed", 2)
        assert run("search", "orlando").stdout.startswith("0 records")

    def test_in_a_declared_charset_is_read_in_it(self, run: Run, lending_library: int, tmp_path: Path) -> None:
        path = tmp_path / "gbk.mrc"
        path.write_bytes(marc_file(chinese_book("c1", "红楼梦"), charset=marc.Charset.GB18030).getvalue())
        assert run("load", path, "--library", "L1", "--charset", "gbk", "--format", "cnmarc").exit_code == 0
        assert "红楼梦" in run("search", "honglou meng").stdout


class TestWrongWords:
    def test_unknown_library_is_said(self, run: Run, books: Path) -> None:
        result = run("load", books, "--library", "NOWHERE")
        assert result.exit_code == 1
        assert "NOWHERE" in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_unknown_charset_names_the_known(self, run: Run, lending_library: int, books: Path) -> None:
        result = run("load", books, "--library", "L1", "--charset", "klingon")
        assert result.exit_code == 2
        assert "UTF-8" in result.stderr

    @pytest.mark.parametrize("words", [("load",), ("load", "nowhere.mrc", "--library", "L1"), ("lode",)])
    def test_wrong_usage_is_told_apart(self, run: Run, words: tuple[str, ...]) -> None:
        assert run(*words).exit_code == 2


class TestBadFile:
    @pytest.mark.parametrize("path", sorted(BROKEN.iterdir()), ids=lambda path: path.name)
    def test_of_the_samples_is_refused_or_reported_with_its_places(
        self, run: Run, lending_library: int, path: Path
    ) -> None:
        check(run, path)

    @pytest.mark.parametrize("name", ["empty.mrc", "jpeg.mrc", "records.zip", "text.txt", "zip-named.mrc"])
    def test_without_records_ends_with_code_3_in_one_line(self, run: Run, lending_library: int, name: str) -> None:
        result = run("load", BROKEN / name, "--library", "L1")
        assert result.exit_code == 3
        assert [line for line in result.stderr.splitlines() if line.startswith("tongwen:")]

    @pytest.mark.parametrize("folder", EDGE)
    def test_of_other_projects_is_refused_or_reported_with_its_places(
        self, run: Run, lending_library: int, folder: str
    ) -> None:
        for path in sorted(shared(f"marc_edge/{folder}").rglob("*")):
            if path.is_file():
                check(run, path)

    def test_leaves_the_database_as_it_was(self, run: Run, lending_library: int) -> None:
        run("load", BROKEN / "jpeg.mrc", "--library", "L1")
        assert run("search", "orlando").stdout.startswith("0 records")
        assert "failed" in run("batches").stdout


def check(run: Run, path: Path) -> None:
    """The command ends with 3 and a reason, or with 0 and a report of each rejected record with its byte."""
    result = run("load", path, "--library", "L1")
    assert "Traceback" not in result.stderr, path
    assert result.exit_code in (0, 3), (path, result.stderr)
    if result.exit_code == 3:
        (line,) = [line for line in result.stderr.splitlines() if line.startswith("tongwen:")]
        assert "no records in this file" in line
        return
    (number,) = [word.split()[1] for word in result.stdout.splitlines() if word.startswith("batch ")]
    facts = json.loads(run("batches", "show", number, "--json").stdout)
    outcomes = ("new", "matched", "updated", "unchanged", "review", "rejected")
    assert facts["state"] == "loaded"
    assert sum(facts[name] for name in outcomes) >= facts["read"]
    if facts["rejected"]:
        assert any(one["severity"] == "error" for one in facts["first_problems"])
        assert "at byte" in result.stderr
    assert all(one["offset"] >= 0 and one["code"] for one in facts["first_problems"])
