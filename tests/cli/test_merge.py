from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.files import book, marc_file
from tongwen.domain.catalogue import queries


@pytest.fixture
def pair(run, lending_library: int, distant_library: int, tmp_path: Path) -> tuple[int, int]:
    """Two bibs of two libraries."""
    for code, record in (
        ("L1", book("1", "Orlando", isbn="9780156701600", more=("520    $aA biography.",))),
        ("L3", book("x1", "Flush", year="1933", more=("650  0 $aDogs.",))),
    ):
        path = tmp_path / f"{code}.mrc"
        path.write_bytes(marc_file(record).getvalue())
        assert run("load", path, "--library", code).exit_code == 0
    found = {bib.view.title.value: number for number, bib in queries.bibs(list(range(1, 100_000))).items()}
    return found["Orlando"], found["Flush"]


class TestMerge:
    def test_makes_two_bibs_one_and_says_how_to_take_it_back(self, run, pair: tuple[int, int]) -> None:
        result = run("merge", *pair)
        assert result.exit_code == 0, result.output
        number = result.output.split()[1].rstrip(":")
        assert f"tongwen unmerge {number}" in result.output
        assert queries.survivor(pair[1]) == pair[0]
        assert "Orlando" in run("search", "dogs").output

    def test_shows_what_would_come_out_without_doing_it(self, run, pair: tuple[int, int]) -> None:
        result = run("merge", *pair, "--preview")
        assert f"  {pair[1]:<10} 650  0 $aDogs." in result.output
        assert f"  {pair[0]:<10} 245 10 $aOrlando" in result.output
        assert "  left out   245 10 $aFlush" in result.output
        assert queries.survivor(pair[1]) == pair[1]
        facts = json.loads(run("merge", *pair, "--preview", "--json").output)
        assert (facts["kept"], facts["merged"]) == pair

    def test_of_what_cannot_be_merged_is_refused_in_one_line(self, run, pair: tuple[int, int]) -> None:
        for numbers in ((pair[0], pair[0]), (pair[0], 999_999)):
            result = run("merge", *numbers)
            assert result.exit_code == 1
            assert result.stderr.startswith("tongwen: ")


class TestUnmerge:
    def test_lets_the_bib_stand_again_where_it_can_be_found(self, run, pair: tuple[int, int]) -> None:
        number = json.loads(run("merge", *pair, "--json").output)["merge"]
        result = run("unmerge", number)
        assert result.exit_code == 0, result.output
        assert f"bib {pair[1]} stands again" in result.output
        assert "Flush" in run("search", "flush").output

    def test_of_an_unknown_merge_is_refused_in_one_line(self, run) -> None:
        result = run("unmerge", 999_999)
        assert result.exit_code == 1
        assert "no merge has the number 999999" in result.stderr
