from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from tongwen.core import derivations, processes


@pytest.fixture(autouse=True)
def _one_process(settings: Any) -> Iterator[None]:
    settings.TONGWEN_LOAD_PROCESSES = 1
    yield
    assert processes.standing() is None


class TestPool:
    def test_works_in_other_processes_and_ends_with_its_last_user(self) -> None:
        with processes.pool() as first, processes.pool() as second:
            assert first is second is processes.standing()
            number = first.submit(os.getpid).result(30)
            assert number != os.getpid()

    def test_knows_what_was_registered_here(self) -> None:
        with processes.pool() as pool:
            assert pool.submit(derivations.registered).result(30) == derivations.registered()

    def test_does_not_die_of_the_ctrl_c_that_its_parent_gets(self) -> None:
        with processes.pool() as pool:
            number = pool.submit(os.getpid).result(30)
            os.kill(number, signal.SIGINT)
            assert pool.submit(os.getpid).result(30) == number

    def test_that_lost_a_process_is_replaced_for_everybody(self) -> None:
        with processes.pool() as broken:
            os.kill(broken.submit(os.getpid).result(30), signal.SIGKILL)
            with pytest.raises(BrokenProcessPool):
                broken.submit(time.sleep, 5).result(30)
            processes.renew(broken)
            processes.renew(broken)
            with processes.pool() as whole:
                assert whole is processes.standing() is not broken
                assert whole.submit(abs, -1).result(30) == 1

    def test_that_is_lost_to_one_user_is_another_for_the_next(self) -> None:
        with processes.pool() as longer:
            with pytest.raises(BrokenProcessPool):
                self._lose_a_process()
            with processes.pool() as whole:
                assert whole is not longer
                assert whole.submit(abs, -1).result(30) == 1

    @staticmethod
    def _lose_a_process() -> None:
        with processes.pool() as broken:
            os.kill(broken.submit(os.getpid).result(30), signal.SIGKILL)
            broken.submit(time.sleep, 5).result(30)

    def test_ends_with_a_parent_that_is_killed(self) -> None:
        program = (
            "import os, time, django; django.setup()\n"
            "from tongwen.core import processes\n"
            "if __name__ == '__main__':\n"
            "    with processes.pool() as pool:\n"
            "        print(pool.submit(os.getpid).result(), flush=True)\n"
            "        time.sleep(60)\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
            assert parent.stdout is not None
            number = int(parent.stdout.readline())
            parent.kill()
        end = time.monotonic() + 10
        while _runs(number):
            assert time.monotonic() < end, "the worker process outlives its parent"
            time.sleep(0.05)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
