"""A database that is not to be had, settings that cannot be, an index that is broken: said in one line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.trial import Trial, free_port

pytestmark = pytest.mark.slow


def one_line(result: subprocess.CompletedProcess[str], code: int = 4) -> str:
    assert result.returncode == code, (result.returncode, result.stdout, result.stderr)
    (line,) = result.stderr.splitlines()
    assert line.startswith(("tongwen: ", "DATABASE_URL "))
    return line


class TestDatabaseUrl:
    @pytest.mark.parametrize(
        ("url", "word"),
        [
            (f"postgresql://tongwen:secret@127.0.0.1:{free_port()}/tongwen", "does not answer"),
            ("postgresql://tongwen@/tongwen?host=/nonexistent", "does not answer"),
            ("postgresql://tongwen:secret@no-such-host.invalid/tongwen", "does not answer"),
            ("postgresql://tongwen@localhost:port/tongwen", "DATABASE_URL"),
        ],
    )
    def test_to_nowhere_is_said(self, installation: Trial, url: str, word: str) -> None:
        line = one_line(installation.run("search", "x", DATABASE_URL=url))
        assert word in line
        assert "secret" not in line

    def test_of_another_kind_is_refused(self, installation: Trial) -> None:
        assert "postgresql://" in one_line(installation.run("search", "x", DATABASE_URL="mysql://x/y"), 1)

    def test_with_a_wrong_password_or_an_unknown_database_is_said(self, installation: Trial) -> None:
        data = installation.home / "postgres"
        with installation.database() as link:
            link.execute("CREATE ROLE reader LOGIN PASSWORD 'right'")
            rules = data / "pg_hba.conf"
            rules.write_text("local all reader scram-sha-256\n" + rules.read_text())
            link.execute("SELECT pg_reload_conf()")
            for name, word in (("reader:wrong@/tongwen", "password"), ("tongwen@/nothing", "does not exist")):
                line = one_line(installation.run("search", "x", DATABASE_URL=f"postgresql://{name}?host={data}"))
                assert word in line
                assert "wrong" not in line.replace("wrong password", "")

    def test_of_an_empty_database_names_the_command_that_sets_it_up(self, installation: Trial) -> None:
        with installation.database() as link:
            link.execute("CREATE DATABASE empty")
            url = f"postgresql://tongwen@/empty?host={installation.home / 'postgres'}"
            assert "run `tongwen setup`" in one_line(installation.run("search", "x", DATABASE_URL=url))


class TestHome:
    def test_that_is_a_file_is_said(self, tmp_path: Path) -> None:
        place = tmp_path / "home"
        place.write_text("")
        assert "TONGWEN_HOME" in one_line(Trial(place).run("setup"))

    def test_whose_database_folder_holds_something_else_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "letter.txt").write_text("Dear colleague")
        assert "holds no database" in one_line(Trial(tmp_path).run("setup"))
        assert (tmp_path / "postgres" / "letter.txt").read_text() == "Dear colleague"


class TestBrokenIndex:
    @pytest.fixture
    def loaded(self, installation: Trial, file_of_records: Callable[[int], Path]) -> Trial:
        installation.succeed("load", str(file_of_records(100)), "--library", "L1")
        return installation

    @pytest.mark.parametrize("damage", ["folder", "pointer", "no-pointer", "meta", "segment", "stamp"])
    def test_is_said_by_search_and_mended_by_reindex(self, loaded: Trial, damage: str) -> None:
        spoil(loaded.home / "index", damage)
        line = one_line(loaded.run("search", "orlando"))
        assert "tongwen reindex" in line
        assert "100 records" in loaded.succeed("reindex")
        loaded.check_index()

    def test_is_mended_by_set_up_too(self, loaded: Trial) -> None:
        spoil(loaded.home / "index", "segment")
        loaded.succeed("setup")
        loaded.check_index()

    def test_does_not_cost_a_load_anything(self, loaded: Trial, file_of_records: Callable[[int], Path]) -> None:
        spoil(loaded.home / "index", "folder")
        result = loaded.run("load", str(file_of_records(30)), "--library", "L2")
        assert result.returncode == 4
        assert "tongwen reindex" in result.stderr
        loaded.succeed("reindex")
        assert len(loaded.union().holdings) == 130
        loaded.check_index()


def spoil(folder: Path, damage: str) -> None:
    (pointer,) = folder.rglob("current")
    generation = pointer.parent / pointer.read_text().strip()
    match damage:
        case "folder":
            shutil.rmtree(folder)
        case "pointer":
            pointer.write_bytes(b"\xff\x00garbage")
        case "no-pointer":
            pointer.unlink()
        case "meta":
            (generation / "meta.json").write_text("{")
        case "segment":
            for path in list(generation.glob("*.term")) + list(generation.glob("*.idx")):
                path.unlink()
        case "stamp":
            (generation / "fingerprint").unlink()
