from __future__ import annotations

from pathlib import Path

import pytest

from tongwen.domain.catalogue.rules import explanation, policy
from tongwen.domain.catalogue.types import UnreadableRules

FILES = Path(policy.__file__).parent / "weights"


class TestVersions:
    def test_are_all_readable(self) -> None:
        assert [policy.of_version(version).version for version in policy.versions()] == list(policy.versions())

    def test_end_with_the_one_that_decides(self) -> None:
        assert policy.versions()[-1] == policy.RULES.version

    @pytest.mark.parametrize("version", policy.versions())
    def test_name_only_outcomes_that_can_be_put_into_words(self, version: str) -> None:
        named = {key for key in policy.of_version(version).named() if key[1] not in {"", "both-missing"}}

        assert named <= set(explanation.PHRASES)

    def test_stand_in_the_order_of_their_numbers(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for version in ("2026-11-10", "2026-11-9", "2027-1-1"):
            (tmp_path / f"{version}.toml").touch()
        monkeypatch.setattr(policy, "_FOLDER", tmp_path)

        assert policy.versions() == ("2026-11-9", "2026-11-10", "2027-1-1")


class TestRead:
    def test_says_which_table_is_missing(self, tmp_path: Path) -> None:
        whole = (FILES / f"{policy.RULES.version}.toml").read_text(encoding="utf-8")
        (tmp_path / "mine.toml").write_text(whole.replace("[vetoes]", "[vetos]"), encoding="utf-8")

        with pytest.raises(UnreadableRules, match=r"mine\.toml: vetoes is missing"):
            policy.read(tmp_path / "mine.toml")

    @pytest.mark.parametrize("text", ["", "version = ", "weights = 1\nversion = 'x'", "\xff"])
    def test_refuses_what_are_no_rules(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "bad.toml").write_text(text, encoding="latin-1")

        with pytest.raises(UnreadableRules, match=r"bad\.toml"):
            policy.read(tmp_path / "bad.toml")

    def test_knows_no_version_that_never_was(self) -> None:
        with pytest.raises(UnreadableRules, match="no version 1999"):
            policy.of_version("1999")
