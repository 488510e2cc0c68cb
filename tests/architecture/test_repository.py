"""What is kept in the repository: locked packages without addresses, no path of anybody's machine, whole migrations."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command

from architecture.project import ROOT, own_files, text_of

LOCK_FILES = ("requirements.txt", "requirements-dev.txt")
MACHINE_PATH = re.compile(r"(?<![\w.*-])/(?:work|root|home/[a-z]\w*)(?=/|\b(?![\w.-]))")
REGISTRY = re.compile(r"(?:files\.)?python" r"hosted\.org|py" r"pi\.org|registry\.npm" r"js\.org", re.IGNORECASE)
REQUIREMENT = re.compile(r"^[A-Za-z0-9][\w.\[\]-]*==[^\s\\;]+")


class TestMachinePaths:
    def test_stand_in_no_file(self) -> None:
        found = [
            f"{path.relative_to(ROOT)}: {match.group()}"
            for path in own_files()
            if (match := MACHINE_PATH.search(text_of(path)))
        ]
        assert found == []

    @pytest.mark.parametrize(
        ("text", "is_one"),
        [
            ("cd /" + "work/main", True),
            ("/" + "root/.cache", True),
            ("see /" + "home/someone/file", True),
            ("https://example.org/" + "work/12", False),
            ("docs/" + "work/notes", False),
            ("/" + "workflows", False),
        ],
    )
    def test_are_told_from_other_paths(self, text: str, is_one: bool) -> None:
        assert bool(MACHINE_PATH.search(text)) is is_one


class TestAddressesOfRegistries:
    def test_stand_in_no_file(self) -> None:
        found = [path.relative_to(ROOT).as_posix() for path in own_files() if REGISTRY.search(text_of(path))]
        assert found == []


@pytest.mark.parametrize("name", LOCK_FILES)
class TestLockFile:
    def test_pins_every_package_with_a_hash(self, name: str) -> None:
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
        wrong = [
            entry.splitlines()[0]
            for entry in entries
            if not entry.startswith("#") and not (REQUIREMENT.match(entry) and "--hash=sha256:" in entry)
        ]
        assert wrong == []
        assert len(entries) > 20

    def test_carries_no_address(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|git\+|file://|--(?:extra-)?index-url|--find-links|--trusted-host| @ ", text)


class TestLicence:
    def test_is_the_one_that_the_package_declares(self) -> None:
        text = (ROOT / "LICENSE").read_text(encoding="utf-8")
        assert "Apache License" in text
        assert "END OF TERMS AND CONDITIONS" in text
        assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.django_db
class TestMigrations:
    def test_hold_every_change_of_the_models(self) -> None:
        said = io.StringIO()
        try:
            call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
        except (SystemExit, CommandError):
            pytest.fail(said.getvalue())
