"""The environment: wrong values are said in words that name the variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tongwen.config import env


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the `tongwen` command with these variables and no others."""
    surroundings = {"PATH": os.environ["PATH"], "TONGWEN_HOME": str(home), **variables}
    command = [sys.executable, "-m", "tongwen.config", *arguments]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=60)


class TestVariable:
    def test_is_its_default_where_it_is_unset_or_empty(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TONGWEN_PORT", raising=False)
        assert env.PORT.number() == 8080
        monkeypatch.setenv("TONGWEN_PORT", "")
        assert env.PORT.number() == 8080

    def test_splits_names_at_commas(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TONGWEN_ALLOWED_HOSTS", "a.example, b.example,,")
        assert env.ALLOWED_HOSTS.names() == ["a.example", "b.example"]

    def test_is_named_where_it_is_no_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TONGWEN_PORT", "eighty")
        with pytest.raises(SystemExit, match="TONGWEN_PORT must be a whole number, not 'eighty'"):
            env.PORT.number()

    def test_is_declared_once(self) -> None:
        names = [variable.name for variable in env.VARIABLES]
        assert len(names) == len(set(names))


class TestMode:
    def test_is_one_of_three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TONGWEN_MODE", "staging")
        with pytest.raises(SystemExit, match="TONGWEN_MODE must be dev, prod or test, not 'staging'"):
            env.settings_module()


class TestSecretKey:
    def test_is_made_once_and_kept_from_others(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TONGWEN_SECRET_KEY", raising=False)
        monkeypatch.setenv("TONGWEN_HOME", str(tmp_path / "new"))
        first = env.secret_key()
        assert len(first) >= 50
        assert env.secret_key() == first
        assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o077 == 0

    def test_differs_between_installations(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TONGWEN_SECRET_KEY", raising=False)
        keys = set()
        for name in ("one", "two"):
            monkeypatch.setenv("TONGWEN_HOME", str(tmp_path / name))
            keys.add(env.secret_key())
        assert len(keys) == 2

    def test_comes_from_the_environment_where_it_stands_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TONGWEN_SECRET_KEY", "given")
        monkeypatch.setenv("TONGWEN_HOME", str(tmp_path / "unused"))
        assert env.secret_key() == "given"
        assert not (tmp_path / "unused").exists()


class TestWrongEnvironment:
    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("TONGWEN_PORT", "eighty", "TONGWEN_PORT must be a whole number, not 'eighty'"),
            ("DATABASE_URL", "mysql://db/tongwen", "DATABASE_URL must begin with postgresql://, not mysql://"),
            ("TONGWEN_MODE", "staging", "TONGWEN_MODE must be dev, prod or test, not 'staging'"),
        ],
    )
    def test_ends_the_command_with_one_line_in_words(self, tmp_path: Path, name: str, value: str, said: str) -> None:
        result = run(tmp_path, "libraries", **{name: value})
        assert result.returncode == 1
        assert result.stderr.strip() == said
        assert result.stdout == ""
