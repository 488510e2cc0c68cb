"""`tongwen members`: importing and exporting the register."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import Run
from factories.members import consortium
from tongwen.domain.members import queries


class TestMembers:
    def test_are_tried_imported_and_exported(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "members.csv"
        file.write_bytes(consortium(3, charset="gb18030"))
        tried = run("members", "import", file, "--dry-run")
        assert "would be: 3 new, 0 changed, 0 unchanged (gb18030)" in tried.stdout
        assert queries.institutions() == ()
        assert "done: 3 new" in run("members", "import", file).stdout
        out = tmp_path / "out.csv"
        assert run("members", "export", out).exit_code == 0
        facts = json.loads(run("members", "import", out, "--json").stdout)
        assert (facts["imported"], facts["unchanged"], facts["problems"]) == (True, 3, [])

    def test_are_refused_with_line_and_column(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "members.csv"
        file.write_text("code,name,type,city\nA1,馆,castle,南京\n", encoding="utf-8")
        result = run("members", "import", file)
        assert result.exit_code == 3
        assert "line 2, type: This is none of the types of libraries: castle" in result.stdout
        assert "nothing is imported: 1 problems in members.csv" in result.stderr
