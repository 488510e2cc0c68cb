"""A file of readers on the command line, and the mails that come of what people ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from tongwen.core import clock, mail, tenancy
from tongwen.domain.identity.queries import readers as queries
from tongwen.domain.identity.services import activation

FILE = "读者证号,姓名,邮箱\n1,张伟,a@example.org\n2,王芳,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "readers.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.TONGWEN_MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


class TestReaders:
    def test_are_shown_then_brought_in(self, run: Run, lending_library: int, file: Path) -> None:
        dry = json.loads(run("readers", "import", file, "--library", "L1", "--dry-run", "--json").stdout)
        assert (dry["state"], dry["new"]) == ("cancelled", 2)
        done = run("readers", "import", file, "--library", "L1")
        assert done.exit_code == 0
        assert "new                2" in done.stdout
        assert queries.reader_by_number(lending_library, "1").display_name == "张伟"

    def test_with_an_error_are_not_brought_in(self, run: Run, lending_library: int, file: Path) -> None:
        file.write_text(FILE + ",x,\n", encoding="utf-8")
        result = run("readers", "import", file, "--library", "L1")
        assert result.exit_code == 3
        assert "line 4, number: empty" in result.stderr
        with tenancy.scope(lending_library):
            assert queries.find_readers("", today=clock.today()) == ([], 0)


class TestMail:
    def test_is_listed_sent_and_shown(self, run: Run, lending_library: int, file: Path, folder: Path) -> None:
        run("readers", "import", file, "--library", "L1")
        assert activation.ask_activation(institution_id=lending_library, number="1", now=clock.now(), language="en")
        assert "waiting" in run("mail").stdout
        assert "sent" in run("mail", "send").stdout
        number = mail.letters()[0].id
        assert "/activation/" in run("mail", "show", number).stdout
        assert run("mail", "show", 999).exit_code == 1
