from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tongwen.core import embedded_postgres


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder that another user may enter, with its server stopped."""
    folder = Path(tempfile.mkdtemp(prefix="tongwen-postgres-"))
    folder.chmod(0o755)
    data = folder / "postgres"
    with embedded_postgres.running(data):
        pass
    yield data
    embedded_postgres.stop(data)
    shutil.rmtree(folder)


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    yield made
    embedded_postgres.stop(made)


def ask(data: Path, question: str = "SELECT 1") -> object:
    with psycopg.connect(embedded_postgres.url(data), autocommit=True) as link:
        row = link.execute(question).fetchone()
        assert row is not None
        return row[0]


def server(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().split()[0])


class TestRunning:
    def test_serves_for_the_block_and_not_after_it(self, data: Path) -> None:
        with embedded_postgres.running(data):
            assert ask(data) == 1
        assert not embedded_postgres.is_running(data)
        assert not (data / "postmaster.pid").exists()

    def test_is_stopped_by_its_last_user_only(self, data: Path) -> None:
        with embedded_postgres.running(data):
            with embedded_postgres.running(data):
                pass
            assert ask(data) == 1

    def test_is_stopped_by_whoever_comes_after_a_user_that_was_killed(self, data: Path) -> None:
        program = (
            "import sys, time; from pathlib import Path; from tongwen.core import embedded_postgres\n"
            "with embedded_postgres.running(Path(sys.argv[1])):\n"
            "    print('up', flush=True); time.sleep(60)\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, "-c", program, str(data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as user:
            assert user.stdout is not None
            assert user.stdout.readline() == b"up\n"
            user.kill()
        assert embedded_postgres.is_running(data)
        with embedded_postgres.running(data):
            pass
        assert not embedded_postgres.is_running(data)

    def test_sorts_han_by_code_point_whatever_the_machine_is_set_to(self, data: Path) -> None:
        with embedded_postgres.running(data):
            words = ask(data, "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['文','一','a','同','B']) AS w")
        assert words == "Ba一同文"


class TestHasDied:
    def test_is_said_of_a_server_that_was_killed_until_it_is_started(self, data: Path) -> None:
        embedded_postgres.start(data)
        assert not embedded_postgres.has_died(data)
        os.kill(server(data), signal.SIGKILL)
        end = time.monotonic() + 5
        while not embedded_postgres.has_died(data):
            assert time.monotonic() < end
        assert embedded_postgres.start(data)
        assert not embedded_postgres.has_died(data)
        assert ask(data) == 1

    def test_is_not_said_of_one_that_was_stopped(self, data: Path) -> None:
        assert not embedded_postgres.has_died(data)


class TestStart:
    def test_keeps_what_was_committed_when_the_server_is_killed(self, data: Path) -> None:
        embedded_postgres.start(data)
        with psycopg.connect(embedded_postgres.url(data), autocommit=True) as link:
            link.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
            link.execute("INSERT INTO kept VALUES ('safe')")
            os.kill(server(data), signal.SIGKILL)
        embedded_postgres.start(data)
        assert ask(data, "SELECT word FROM kept LIMIT 1") == "safe"

    def test_leaves_a_folder_alone_that_holds_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear colleague")
        with pytest.raises(embedded_postgres.PostgresUnavailable, match="holds no database"):
            embedded_postgres.start(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_says_what_the_log_says_when_the_server_does_not_come_up(self, data: Path) -> None:
        settings = data / "postgresql.conf"
        before = settings.read_text()
        settings.write_text(before + "shared_buffers = 'a lot'\n")
        try:
            with pytest.raises(embedded_postgres.PostgresUnavailable, match="shared_buffers"):
                embedded_postgres.start(data)
        finally:
            settings.write_text(before)


class TestStop:
    def test_does_not_wait_for_a_server_that_recovers_from_a_crash(self, data: Path) -> None:
        embedded_postgres.start(data)
        with psycopg.connect(embedded_postgres.url(data), autocommit=True) as link:
            os.kill(link.info.backend_pid, signal.SIGKILL)
            end = time.monotonic() + 5
            while embedded_postgres.is_running(data) and time.monotonic() < end:
                time.sleep(0.01)
        begun = time.monotonic()
        embedded_postgres.stop(data)
        assert time.monotonic() - begun < 30
        assert not (data / "postmaster.pid").exists() or embedded_postgres.has_died(data)
        embedded_postgres.start(data)
        assert ask(data) == 1


class TestSocketFolder:
    def test_is_the_data_folder_where_its_path_is_short(self) -> None:
        assert embedded_postgres.socket_folder(Path("/srv/tongwen/postgres")) == Path("/srv/tongwen/postgres")

    def test_is_a_short_one_of_its_own_where_the_path_is_too_long_for_a_socket(self) -> None:
        long = [Path("/srv") / ("deep/" * 30) / name for name in ("one", "two")]
        places = [embedded_postgres.socket_folder(path) for path in long]
        assert len(set(places)) == 2
        assert all(len(f"{place}/.s.PGSQL.5432") < 107 for place in places)
