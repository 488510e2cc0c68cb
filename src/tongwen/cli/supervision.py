"""The processes of `tongwen serve`: started, started again when they end, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import IO

_PR_SET_PDEATHSIG = 1
"""linux/prctl.h: the signal that a process gets when its parent is gone."""

_RESTARTS, _RESTARTS_SECONDS = 5, 60.0
_GRACE_SECONDS = 4.0


class GaveUp(RuntimeError):
    """A process ends again and again; the message names it."""


class Child:
    """A process that is to run all the time, with all that it starts itself (a session of its own).

    Ctrl-C in the terminal does not reach it: whoever started it stops it. It is told to end when its parent is gone.
    """

    def __init__(self, name: str, line: Sequence[str], log: IO[bytes]) -> None:
        self.name = name
        self._line = line
        self._log = log
        self._starts: list[float] = []
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._starts.append(time.monotonic())
        return subprocess.Popen(
            self._line,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509  No threads run here.
        )

    def has_ended(self) -> bool:
        """Tell whether the process is gone."""
        return self._process.poll() is not None

    def tend(self) -> bool:
        """Start the process again if it has ended; returns whether it had.

        Raises:
            GaveUp: it ended too often within a minute.
        """
        if not self.has_ended():
            return False
        self._signal(signal.SIGKILL)  # What it started itself is of no use without it.
        recent = [start for start in self._starts if time.monotonic() - start < _RESTARTS_SECONDS]
        if len(recent) > _RESTARTS:
            raise GaveUp(f"the {self.name} ends again and again")
        self._starts = recent
        self._process = self._start()
        return True

    def terminate(self) -> None:
        """Ask the process to end."""
        if not self.has_ended():
            self._process.terminate()

    def wait(self, end: float) -> None:
        """Wait for it until that moment of the monotonic clock, then end it and what it started by force.

        Nothing is lost: whatever runs here is written to be killed at any moment.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, end - time.monotonic()))
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def stop(children: Sequence[Child]) -> None:
    """Ask all to end, wait a few seconds, end the rest by force."""
    for child in children:
        child.terminate()
    end = time.monotonic() + _GRACE_SECONDS
    for child in children:
        child.wait(end)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a new process does first so that it ends with its parent, where the system can see to that."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        return None
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
