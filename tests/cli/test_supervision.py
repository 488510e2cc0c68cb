from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from tongwen.cli import supervision


@pytest.fixture
def log(tmp_path: Path) -> Iterator[IO[bytes]]:
    with (tmp_path / "log").open("ab") as stream:
        yield stream


@pytest.fixture
def child(log: IO[bytes]) -> Iterator[Callable[[str], supervision.Child]]:
    made: list[supervision.Child] = []

    def start(program: str) -> supervision.Child:
        made.append(supervision.Child("helper", [sys.executable, "-c", program], log))
        return made[-1]

    yield start
    supervision.stop(made)


def wait(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class TestChild:
    def test_that_ended_is_started_again(self, child: Callable[[str], supervision.Child]) -> None:
        helper = child("import time; time.sleep(60)")
        assert not helper.tend()
        before = helper._process.pid
        os.kill(before, signal.SIGKILL)
        wait(helper.has_ended)
        assert helper.tend()
        assert not helper.has_ended()
        assert helper._process.pid != before

    def test_that_ends_again_and_again_is_given_up_by_name(self, child: Callable[[str], supervision.Child]) -> None:
        helper = child("pass")

        def tend_for_ever() -> None:
            while True:
                wait(helper.has_ended)
                helper.tend()

        with pytest.raises(supervision.GaveUp, match="helper"):
            tend_for_ever()

    def test_that_does_not_listen_is_ended_by_force_with_all_it_started(
        self, child: Callable[[str], supervision.Child], tmp_path: Path
    ) -> None:
        note = tmp_path / "number"
        program = (
            "import signal, subprocess, sys, time; from pathlib import Path\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"Path({str(note)!r}).write_text(str(inner.pid)); time.sleep(60)\n"
        )
        helper = child(program)
        wait(lambda: note.exists() and note.read_text() != "")
        begun = time.monotonic()
        supervision.stop([helper])
        assert time.monotonic() - begun < 10
        wait(lambda: not runs(int(note.read_text())))

    def test_ends_with_a_parent_that_is_killed(self, tmp_path: Path) -> None:
        program = (
            "import sys, time; from tongwen.cli import supervision\n"
            "log = open(sys.argv[1], 'ab')\n"
            "helper = supervision.Child('helper', [sys.executable, '-c', 'import time; time.sleep(60)'], log)\n"
            "print(helper._process.pid, flush=True); time.sleep(60)\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, "-c", program, str(tmp_path / "log")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
            assert parent.stdout is not None
            number = int(parent.stdout.readline())
            parent.kill()
        wait(lambda: not runs(number))
