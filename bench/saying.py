"""What the run says while it goes: one line a step on standard error, with the seconds it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_begun = time.monotonic()


def say(words: str) -> None:
    """Write a line with the seconds since the start."""
    print(f"{time.monotonic() - _begun:7.1f} s  {words}", file=sys.stderr, flush=True)


@contextmanager
def doing(words: str) -> Iterator[None]:
    """Say what begins, and what it took."""
    say(f"{words} …")
    began = time.monotonic()
    yield
    say(f"{words}: {time.monotonic() - began:.1f} s")
