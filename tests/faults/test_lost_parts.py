"""A part that a load needs is killed under it: a process of the pool, the database server, one of its backends."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.trial import Trial, wait_for

pytestmark = pytest.mark.slow

RECORDS = 3_000


@pytest.fixture(scope="module")
def books(file_of_records: Callable[[int], Path]) -> Path:
    return file_of_records(RECORDS)


def whole(installation: Trial) -> None:
    """Every record is there once, in the database and in the index, and nothing runs any more."""
    assert not installation.left_behind()
    union = installation.union()
    assert (len(union.holdings), union.bibs, union.versions) == (RECORDS, RECORDS, RECORDS)
    assert sum(union.journal.values()) == RECORDS + RECORDS // 100  # Every hundredth comes twice.
    assert max(union.journal.values()) == max(union.keys.values()) == 1
    installation.check_index()


def pool_of(installation: Trial) -> list[int]:
    return [number for number, line in installation.processes().items() if "multiprocessing.spawn" in line]


class TestProcessOfThePool:
    def test_that_is_killed_is_replaced(self, installation: Trial, books: Path) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.offset() > 0)
        for number in pool_of(installation)[:1]:
            os.kill(number, signal.SIGKILL)
        assert process.wait(120) == 0, installation.output(process)
        assert "Traceback" not in installation.output(process)
        whole(installation)

    def test_that_is_killed_again_and_again_ends_the_load_in_words(self, installation: Trial, books: Path) -> None:
        process = installation.start("load", str(books), "--library", "L1")

        def kill_all() -> bool:
            for number in pool_of(installation):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            return process.poll() is not None

        wait_for(kill_all, 120, every=0.01)
        assert process.returncode == 4
        said = installation.output(process)
        assert "a worker process ended" in said
        assert "Traceback" not in said
        installation.succeed("batches", "resume", "1")
        whole(installation)


class TestDatabaseServer:
    def test_whose_backend_is_killed_recovers_and_the_batch_is_taken_up(self, installation: Trial, books: Path) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.offset() > 0)
        number = installation.ask(
            "SELECT max(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        os.kill(int(number), signal.SIGKILL)
        self.ends_in_words(process.wait(120), installation.output(process))
        installation.succeed("batches", "resume", "1")
        whole(installation)

    def test_that_is_killed_is_started_by_the_next_command(self, installation: Trial, books: Path) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.offset() > 0)
        server = int((installation.home / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)
        self.ends_in_words(process.wait(120), installation.output(process))
        installation.succeed("batches", "resume", "1")
        whole(installation)

    @staticmethod
    def ends_in_words(code: int, said: str) -> None:
        assert code == 4, said
        assert "Traceback" not in said
        (line,) = [line for line in said.splitlines() if line.startswith("tongwen:")]
        assert "database" in line
        assert "resume" in line

    def test_killed_between_two_commands_is_no_matter(self, installation: Trial) -> None:
        with installation.database():
            server = int((installation.home / "postgres" / "postmaster.pid").read_text().split()[0])
            os.kill(server, signal.SIGKILL)
            assert "L1" in installation.succeed("libraries")


class TestInterrupt:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_of_a_load_ends_all_it_started_and_says_where_it_stands(
        self, installation: Trial, books: Path, number: int
    ) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.offset() > 0)
        os.killpg(process.pid, number)  # As Ctrl-C in a terminal does: everybody hears it.
        assert process.wait(10) == 130
        said = installation.output(process)
        assert "tongwen: interrupted" in said
        assert "Traceback" not in said
        assert not installation.left_behind(1)
        installation.succeed("batches", "resume", "1")
        whole(installation)
