from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.files import book, marc_file
from tongwen.domain.catalogue import queries


@pytest.fixture
def described_twice(run, lending_library: int, distant_library: int, tmp_path: Path) -> None:
    """Two libraries' brief records without identifier or author, which only the newer rules merge."""
    for code, number in (("L1", "1"), ("L3", "x1")):
        path = tmp_path / f"{code}.mrc"
        path.write_bytes(marc_file(book(number, "Orlando", author="", extent="299 p.")).getvalue())
        assert run("load", path, "--library", code).exit_code == 0


class TestReplay:
    def test_says_what_older_rules_would_change(self, run, described_twice: None) -> None:
        result = run("match", "replay", "--rules", queries.rules_versions()[0])

        assert result.exit_code == 0, result.output
        assert "1 decisions weighed again with rules 2026-11-1" in result.output
        assert "automatic (full-description) -> review (limit-no-identifier)" in result.output
        assert "bibs " in result.output

    def test_answers_programs_in_json(self, run, described_twice: None) -> None:
        found = json.loads(run("match", "replay", "--json").output)

        assert (found["decisions"], found["moves"], found["before"]) == (1, [], found["after"])

    def test_refuses_rules_that_are_not_there_in_one_line(self, run) -> None:
        result = run("match", "replay", "--rules", "nowhere.toml")

        assert result.exit_code == 1
        assert "nowhere.toml" in result.output
        assert "Traceback" not in result.output
