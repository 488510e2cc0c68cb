"""Named locks held by the database, so that they end with the process that took them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

_RETRY_SECONDS = 0.2


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def hold_until_commit(name: str) -> None:
    """Wait for the lock and keep it until the current transaction ends (PostgreSQL 18, 13.3.5 advisory locks)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(name)])


@contextmanager
def try_hold(name: str) -> Iterator[bool]:
    """Take the lock for this session if it is free; yield whether it was."""
    key = _key(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def hold(name: str, *, meanwhile: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until the lock is free and hold it for this session; `meanwhile` is called while it waits, and may raise."""
    while True:
        with try_hold(name) as taken:
            if taken:
                yield
                return
        meanwhile()
        time.sleep(_RETRY_SECONDS)


def is_held(name: str) -> bool:
    """Tell whether any session holds the lock now."""
    with try_hold(name) as free:
        return not free
