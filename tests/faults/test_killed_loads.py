"""`kill -9` of `tongwen load` at every stage: what is taken up again ends like a load that nobody disturbed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import trial
from faults.trial import Trial, Union, wait_for

pytestmark = pytest.mark.slow

RECORDS = 3_000


@pytest.fixture(scope="module")
def books(file_of_records: Callable[[int], Path]) -> Path:
    return file_of_records(RECORDS)


@pytest.fixture(scope="module")
def loaded(template: Path, books: Path) -> Iterator[Path]:
    """An installation in which the file was loaded without any disturbance, stopped."""
    folder = trial.scratch("loaded")
    undisturbed = Trial(trial.copy_of(template, folder / "home"))
    undisturbed.succeed("load", str(books), "--library", "L1")
    yield undisturbed.home
    undisturbed.remove()
    folder.rmdir()


@pytest.fixture(scope="module")
def undisturbed(loaded: Path) -> Union:
    union = Trial(loaded).union()
    assert len(union.holdings) == union.bibs == RECORDS
    assert sum(union.problems.values()) >= RECORDS // 100
    return union


def check(installation: Trial, expected: Union) -> None:
    assert not installation.left_behind()
    assert installation.union() == expected
    installation.check_index()
    assert not installation.left_behind()


def kill_and_wait_for_its_pool(installation: Trial, process: object) -> None:
    """Kill a command; its pool must end by itself, the server stays for the next command."""
    trial.kill(process)  # type: ignore[arg-type]
    wait_for(lambda: not [line for line in installation.processes().values() if "postgres" not in line], 5)


class TestKilledLoad:
    def test_before_it_stored_anything_is_taken_up(self, installation: Trial, books: Path, undisturbed: Union) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.state() == "loading")
        kill_and_wait_for_its_pool(installation, process)
        installation.succeed("batches", "resume", "1")
        check(installation, undisturbed)

    @pytest.mark.parametrize("seed", range(3))
    def test_among_its_chunks_again_and_again_loses_and_doubles_nothing(
        self, installation: Trial, books: Path, undisturbed: Union, seed: int
    ) -> None:
        chance = random.Random(seed)
        process = installation.start("load", str(books), "--library", "L1")
        for _ in range(3):
            before = installation.offset()
            wait_for(lambda: installation.offset() > before or process.poll() is not None)  # noqa: B023
            time.sleep(chance.random() * 0.5)
            kill_and_wait_for_its_pool(installation, process)
            if installation.state() == "loaded":
                break
            process = installation.start("batches", "resume", "1")
        process.wait()
        check_after_worker(installation, undisturbed)

    def test_after_the_last_chunk_before_the_index_has_it_is_searchable_by_the_next_load(
        self, installation: Trial, books: Path, undisturbed: Union, tmp_path: Path
    ) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.state() == "loaded", every=0.005)
        kill_and_wait_for_its_pool(installation, process)
        one = tmp_path / "one.mrc"
        one.write_bytes(trial.many_records(1, prefix="other", first=90_000))
        installation.succeed("load", str(one), "--library", "L2")
        installation.check_index()
        assert len(installation.union().holdings) == RECORDS + 1

    def test_at_a_commit_of_the_index_leaves_an_index_that_is_caught_up(
        self, installation: Trial, books: Path, undisturbed: Union
    ) -> None:
        index = installation.home / "index"
        before = {path for path in index.rglob("*") if path.is_file()}
        process = installation.start("load", str(books), "--library", "L1")
        # A segment's files appear while the index commits; its `meta.json` is written last.
        wait_for(lambda: set(index.rglob("*.store")) - before, every=0.001)
        kill_and_wait_for_its_pool(installation, process)
        installation.succeed("batches", "resume", "1")
        check(installation, undisturbed)

    def test_is_queued_again_by_a_worker_that_starts(
        self, installation: Trial, books: Path, undisturbed: Union
    ) -> None:
        process = installation.start("load", str(books), "--library", "L1")
        wait_for(lambda: installation.offset() > 0)
        kill_and_wait_for_its_pool(installation, process)
        check_after_worker(installation, undisturbed)


def check_after_worker(installation: Trial, expected: Union) -> None:
    """Let a worker finish what there is, then compare."""
    worker = installation.start("worker")
    wait_for(lambda: installation.state() == "loaded", 120)
    wait_for(lambda: installation.ask(trial.BEHIND) == 0, 120)
    worker.terminate()
    assert worker.wait(30) in (0, 130), installation.output(worker)
    assert "Traceback" not in installation.output(worker)
    installation.succeed("libraries")  # A worker told to end before it began leaves the server to the next command.
    check(installation, expected)


class TestKilledRevert:
    @pytest.mark.parametrize("pieces", [0, 1, 3])
    def test_goes_on_with_a_worker_and_leaves_nothing(
        self, installation: Trial, books: Path, loaded: Path, pieces: int
    ) -> None:
        replace_home(installation, loaded)
        process = installation.start("revert", "1")
        done = "SELECT count(*) FROM batch_entry WHERE reverted <> ''"
        if pieces:
            wait_for(lambda: (installation.ask(done) or 0) >= pieces * 1_000, every=0.002)
        else:
            wait_for(lambda: installation.state() == "reverting", every=0.002)
        kill_and_wait_for_its_pool(installation, process)
        worker = installation.start("worker")
        wait_for(lambda: installation.state() == "reverted", 120)
        wait_for(lambda: installation.ask(trial.BEHIND) == 0, 120)
        worker.terminate()
        assert worker.wait(30) in (0, 130), installation.output(worker)
        union = installation.union()
        assert (union.holdings, union.bibs, sum(union.keys.values())) == (frozenset(), 0, 0)
        assert installation.indexed() == []

    @pytest.mark.parametrize("words", [("batches", "resume", "1"), ("revert", "1")])
    def test_goes_on_by_command(self, installation: Trial, loaded: Path, words: tuple[str, ...]) -> None:
        replace_home(installation, loaded)
        process = installation.start("revert", "1")
        wait_for(lambda: installation.state() == "reverting", every=0.002)
        kill_and_wait_for_its_pool(installation, process)
        installation.succeed(*words)
        assert installation.union().bibs == 0
        assert installation.indexed() == []


class TestKilledReindex:
    def test_leaves_the_old_index_serving_and_is_swept_by_the_next(
        self, installation: Trial, loaded: Path, undisturbed: Union
    ) -> None:
        replace_home(installation, loaded)
        index = installation.home / "index"
        process = installation.start("reindex")
        wait_for(lambda: len(list(index.rglob("fingerprint"))) > 1, every=0.005)
        kill_and_wait_for_its_pool(installation, process)
        installation.check_index()
        installation.succeed("reindex")
        assert len(list(index.rglob("fingerprint"))) == 1
        check(installation, undisturbed)

    def test_at_the_switch_leaves_one_whole_index(self, installation: Trial, loaded: Path, undisturbed: Union) -> None:
        replace_home(installation, loaded)
        (pointer,) = (installation.home / "index").rglob("current")
        before = pointer.read_text()
        process = installation.start("reindex")
        wait_for(lambda: pointer.read_text() != before, every=0.0005)
        kill_and_wait_for_its_pool(installation, process)
        installation.succeed("search", "orlando")
        check(installation, undisturbed)


def replace_home(installation: Trial, source: Path) -> None:
    import shutil

    shutil.rmtree(installation.home)
    trial.copy_of(source, installation.home)
