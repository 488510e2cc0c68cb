"""Worker processes for what costs computing time: one pool for the whole process, there while somebody needs it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from typing import Any, TypeVar

from django.conf import settings

from tongwen.core import derivations

Result = TypeVar("Result")


class _Pool(ProcessPoolExecutor):
    """A pool that says the same whenever it is asked after it has lost a process."""

    def submit(self, function: Callable[..., Result], /, *arguments: Any, **options: Any) -> Future[Result]:
        """Schedule a call; raises BrokenProcessPool, also at the moment when the pool's pipes are just being closed."""
        try:
            return super().submit(function, *arguments, **options)
        except OSError as error:
            raise BrokenProcessPool(f"a worker process is gone ({error})") from error


_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_users = 0


@contextmanager
def pool() -> Iterator[ProcessPoolExecutor]:
    """Give the pool of TONGWEN_LOAD_PROCESSES processes; the last user that leaves ends it.

    Whoever leaves it because it has lost a process leaves a new one to the next.
    What they are given must be pure functions of modules that need no Django.
    """
    global _pool, _users  # noqa: PLW0603  One pool for the process is the point of this module.
    with _lock:
        if _pool is None:
            _pool = _start()
        _users += 1
        current = _pool
    try:
        yield current
    except BrokenProcessPool:
        renew(current)
        raise
    finally:
        with _lock:
            _users -= 1
            if not _users and _pool is not None:
                _pool.shutdown(wait=False, cancel_futures=True)
                _pool = None


@contextmanager
def beforehand(first: Callable[[], object]) -> Iterator[None]:
    """Have the pool start while the block does something else; each process begins with a call of `first`.

    A process that is lost here is the business of those who use the pool.
    """
    with pool() as current:
        with suppress(BrokenProcessPool):
            for _ in range(size()):
                current.submit(first)
        yield


def renew(broken: ProcessPoolExecutor) -> None:
    """Let the next user have a new pool in place of one that has lost a process."""
    global _pool  # noqa: PLW0603  As above.
    with _lock:
        if _pool is broken:
            _pool = _start()
        broken.shutdown(wait=False, cancel_futures=True)


def standing() -> ProcessPoolExecutor | None:
    """Return the pool if somebody has it running, for work that is glad of help and does without."""
    return _pool


def size() -> int:
    """Return how many processes a pool has."""
    return max(1, int(settings.TONGWEN_LOAD_PROCESSES))


def _start() -> ProcessPoolExecutor:
    # A fork would copy the locks of this process's threads, so the workers begin afresh.
    spawn = multiprocessing.get_context("spawn")
    return _Pool(size(), spawn, initializer=_begin, initargs=(derivations.registered(),))


def _begin(registered: tuple[derivations.Registration, ...]) -> None:
    """Set a worker process up: register the derivations, tidy memory once, end with the parent.

    Ctrl-C in the terminal reaches this process too; its parent sees to what that means.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for registration in registered:
        derivations.register(*registration)
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 20, 100)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
