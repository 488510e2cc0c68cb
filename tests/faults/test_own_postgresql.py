"""A PostgreSQL of one's own, whose log-in role owns the database and nothing more (docs/howto/own-postgresql.md)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from faults.trial import Trial
from tongwen.core import embedded_postgres

pytestmark = pytest.mark.slow


class Own(NamedTuple):
    """An installation with a database of a poor owner, and the administrator's link to the server."""

    trial: Trial
    url: str
    administrator: psycopg.Connection[Any]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.trial.run(*words, DATABASE_URL=self.url)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as link:
            return link.execute(statement.encode()).fetchall()


@pytest.fixture
def own(installation: Trial) -> Iterator[Own]:
    with installation.database() as administrator:
        administrator.execute("CREATE ROLE owner LOGIN")
        administrator.execute("CREATE DATABASE union_catalogue OWNER owner")
        url = f"postgresql://owner@/union_catalogue?host={installation.home / 'postgres'}"
        yield Own(installation, url, administrator)


class TestLogInThatMayMakeNoRoles:
    def test_is_told_what_an_administrator_has_to_run(self, own: Own) -> None:
        result = own.run("setup")
        assert result.returncode == 4
        (line,) = result.stderr.splitlines()
        assert 'CREATE ROLE "union_catalogue_portal" NOLOGIN; GRANT "union_catalogue_portal" TO owner;' in line

    def test_works_after_that(self, own: Own, file_of_records: Callable[[int], Path]) -> None:
        own.administrator.execute("CREATE ROLE union_catalogue_portal NOLOGIN")
        own.administrator.execute("GRANT union_catalogue_portal TO owner")
        assert own.run("setup").returncode == 0
        enter = ("--name", "示范一馆", "--province", "320000=江苏省", "--city", "320100=南京市")
        assert own.run("libraries", "add", "L1", *enter).returncode == 0
        loaded = own.run("load", str(file_of_records(30)), "--library", "L1")
        assert loaded.returncode == 0, loaded.stderr
        assert "requests see the rows of their institution only" in own.run("doctor").stdout
        assert own.rows("SELECT count(*) FROM batch") == [(1,)]
        with psycopg.connect(own.url) as link:
            link.execute("SET ROLE union_catalogue_portal")
            assert link.execute("SELECT count(*) FROM batch").fetchall() == [(0,)]


class TestLogInThatMayMakeRoles:
    def test_makes_the_role_itself(self, own: Own) -> None:
        own.administrator.execute("ALTER ROLE owner CREATEROLE")
        result = own.run("setup")
        assert result.returncode == 0, result.stderr
        assert "requests see the rows of their institution only" in own.run("doctor").stdout


class TestCopyOfADatabase:
    def test_is_guarded_under_the_name_that_it_has_there(self, own: Own, tmp_path: Path) -> None:
        own.administrator.execute("ALTER ROLE owner CREATEROLE")
        tools = embedded_postgres._binaries()
        embedded = embedded_postgres.url(own.trial.home / "postgres")
        copy = tmp_path / "tongwen.sql"
        with copy.open("w") as file:
            subprocess.run([tools / "pg_dump", "--no-owner", "--no-privileges", embedded], stdout=file, check=True)
        subprocess.run([tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", copy, own.url], check=True)
        assert "the role union_catalogue_portal is missing" in own.run("doctor").stdout
        assert own.run("setup").returncode == 0
        assert "requests see the rows of their institution only" in own.run("doctor").stdout
