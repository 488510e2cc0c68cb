"""`tongwen audit`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from tongwen.core import audit

from .conftest import Run

AT = dt.datetime(2026, 3, 1, 17, tzinfo=dt.UTC)
"""The second of March where the installation stands."""


@pytest.fixture
def trail(run: Run, lending_library: int, distant_library: int) -> Run:
    audit.record(at=AT, actor="li", action="role.give", subject="person 3", institution_id=lending_library, role="x")
    audit.record(at=AT, actor="wang", action="batch.revert", subject="=batch 12", institution_id=distant_library)
    return run


class TestAudit:
    def test_shows_the_newest_first_with_the_time_where_one_is(self, trail: Run) -> None:
        assert trail("audit").stdout.splitlines() == [
            "2026-03-02 01:00:00  L3  wang  batch.revert  =batch 12",
            "2026-03-02 01:00:00  L1  li  role.give  person 3  role=x",
        ]

    @pytest.mark.parametrize(
        "words",
        [("--library", "L1"), ("--actor", "LI"), ("--action", "role"), ("--text", "person"), ("--text", "role")],
    )
    def test_shows_what_is_looked_for(self, trail: Run, words: tuple[str, ...]) -> None:
        (line,) = trail("audit", *words).stdout.splitlines()
        assert "person 3" in line

    def test_knows_days(self, trail: Run) -> None:
        assert len(trail("audit", "--from", "2026-03-02", "--to", "2026-03-02").stdout.splitlines()) == 2
        assert trail("audit", "--to", "2026-03-01").stdout == ""

    def test_writes_json_lines(self, trail: Run) -> None:
        line = trail("audit", "--json", "--limit", 1).stdout
        assert json.loads(line)["subject"] == "=batch 12"

    def test_writes_csv_without_formulas(self, trail: Run) -> None:
        rows = list(csv.reader(io.StringIO(trail("audit", "--csv", "--limit", 1).stdout)))
        assert len(rows) == 2
        assert rows[1][5] == "'=batch 12"

    def test_names_a_library_that_is_not_there(self, trail: Run) -> None:
        answer = trail("audit", "--library", "NONE")
        assert answer.exit_code == 1
        assert "NONE" in answer.stderr
