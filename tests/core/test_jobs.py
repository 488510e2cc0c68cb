from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tongwen.core import jobs

pytestmark = pytest.mark.django_db(transaction=True)

done: list[str] = []
looked: list[jobs.Queue] = []


@jobs.job("test.note")
def note(*, word: str) -> None:
    done.append(word)
    connections.close_all()


@jobs.job("test.look")
def look() -> None:
    looked.append(jobs.queue())
    connections.close_all()


@jobs.job("test.toil")
def toil(*, word: str) -> None:
    """Work until the worker is to end, as a long load does."""
    done.append(f"{word} begun")
    connections.close_all()
    for _ in range(1_000):
        time.sleep(0.01)
        jobs.check_stopping()
    done.append(f"{word} ended")


@pytest.fixture(autouse=True)
def _nothing_queued() -> Iterator[None]:
    """Begin with an empty queue: its tables are not the ORM's, so nobody else empties them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    done.clear()
    yield
    jobs._stopping.clear()


@pytest.fixture(autouse=True)
def _no_loop_of_others() -> Iterator[None]:
    """Work without the event loop that playwright keeps in a process that has run a journey."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


def end_when(condition: Callable[[], bool], seconds: float = 20.0) -> threading.Thread:
    """Send this process the signal that ends a worker as soon as the condition holds."""

    def wait() -> None:
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def work(until: Callable[[], bool], tend: Callable[[], None] = lambda: None) -> None:
    ender = end_when(until)
    jobs.run_worker(concurrency=2, tend=tend)
    ender.join()


class TestDefer:
    def test_queues_with_the_transaction_that_asks_for_it(self) -> None:
        with transaction.atomic():
            jobs.defer("test.note", word="lost")
            transaction.set_rollback(True)
        jobs.defer("test.note", word="kept")
        assert [row.args for row in ProcrastinateJob.objects.all()] == [{"word": "kept"}]

    def test_once_skips_what_waits_already(self) -> None:
        assert jobs.defer("test.note", once="batch 1", word="first")
        assert not jobs.defer("test.note", once="batch 1", word="second")
        assert ProcrastinateJob.objects.count() == 1

    def test_once_leaves_the_surrounding_transaction_usable(self) -> None:
        jobs.defer("test.note", once="batch 1", word="first")
        with transaction.atomic():
            assert not jobs.defer("test.note", once="batch 1", word="second")
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")


class TestQueue:
    def test_runs_the_job_with_the_greater_priority_first(self) -> None:
        jobs.defer("test.note", once="batch 1", word="in turn")
        jobs.defer("test.note", once="batch 2", word="first", priority=10)
        jobs.defer("test.note", once="batch 3", word="raised")
        jobs.reprioritise("batch 3", 20)
        ender = end_when(lambda: len(done) == 3)
        jobs.run_worker(concurrency=1, tend=lambda: None)
        ender.join()
        assert done == ["raised", "first", "in turn"]

    def test_says_what_waits_and_who_lives(self) -> None:
        jobs.defer("test.note", once="batch 1", word="now")
        jobs.defer("test.note", once="batch 2", word="later", seconds=600)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")
        assert jobs.queue() == (0, 1)
        assert jobs.waits("batch 2")
        assert not jobs.waits("batch 3")
        jobs.defer("test.look")
        work(lambda: bool(looked))
        assert looked[0].workers == 1


class TestWorker:
    def test_runs_what_waits_and_what_comes(self) -> None:
        jobs.defer("test.note", word="waiting")
        later = threading.Timer(0.5, lambda: (jobs.defer("test.note", word="coming"), connections.close_all()))
        later.start()
        work(lambda: len(done) == 2)
        later.join()
        assert done == ["waiting", "coming"]
        assert not ProcrastinateJob.objects.exists()

    def test_tends_at_the_start_and_survives_tending_that_fails(self) -> None:
        def tend() -> None:
            done.append("tended")
            raise LookupError("nothing to tend")

        work(lambda: "tended" in done, tend)
        assert done == ["tended"]

    def test_ends_soon_in_the_middle_of_a_long_job(self) -> None:
        jobs.defer("test.toil", word="load")
        begun = time.monotonic()
        work(lambda: bool(done))
        assert done == ["load begun"]
        assert time.monotonic() - begun < 8


class TestCheckStopping:
    def test_lets_work_go_on_while_nobody_asks_to_end(self) -> None:
        jobs.check_stopping()

    def test_raises_afterwards(self) -> None:
        jobs._stopping.set()
        with pytest.raises(jobs.Stopping):
            jobs.check_stopping()
