"""Background work on a queue in PostgreSQL (procrastinate): deferred in the transaction that asks for it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import structlog
from django.db import connection, transaction
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

logger = structlog.get_logger("tongwen.jobs")

_DEAD_AFTER = 60.0
"""Seconds without a heartbeat after which a worker counts as gone (it beats every 10 seconds)."""

_stopping = threading.Event()

Work = TypeVar("Work", bound=Callable[..., Any])


def job(name: str, *, queue: str = "default") -> Callable[[Work], Any]:
    """Make a function a job. It takes ids, loads what it needs, and calls one service."""
    return app.task(name=name, queue=queue)


def daily(*, hour: int) -> Callable[[Any], Any]:
    """Have a job run once a day at this hour (UTC); it is handed the moment as `timestamp`, seconds since 1970."""
    return app.periodic(cron=f"17 {hour} * * *")


def defer(name: str, *, once: str | None = None, priority: int = 0, seconds: int = 0, **arguments: Any) -> bool:
    """Put a job on the queue by its name; it runs after the current transaction has committed.

    `once`: skip when a job with this word still waits (then False comes back). `priority`: a greater one goes first.
    `seconds`: not before so many have passed.
    """
    later = {"seconds": seconds} if seconds else None
    try:
        with transaction.atomic():
            app.configure_task(name, queueing_lock=once, priority=priority, schedule_in=later).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def reprioritise(once: str, priority: int) -> None:
    """Give the job that waits under this word another priority."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET priority = %s WHERE queueing_lock = %s AND status = 'todo'",
            [priority, once],
        )


def waits(once: str) -> bool:
    """Tell whether a job with this word waits for a worker."""
    return bool(ProcrastinateJob.objects.filter(queueing_lock=once, status=Status.TODO.value).exists())


class Queue(NamedTuple):
    """How the queue stands: workers that give a sign of life, and jobs that could begin now."""

    workers: int
    waiting: int


def queue() -> Queue:
    """Return how many workers live and how many jobs wait for one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM procrastinate_workers"
            "  WHERE last_heartbeat > now() - make_interval(secs => %s)),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            "  AND (scheduled_at IS NULL OR scheduled_at <= now()))",
            [_DEAD_AFTER],
        )
        return Queue(*cursor.fetchone())


class Stopping(Exception):
    """The worker is told to end: what its jobs have not done is for the next worker."""


def check_stopping() -> None:
    """Raise Stopping when the worker of this process is to end; long jobs ask between two commits."""
    if _stopping.is_set():
        raise Stopping


def run_worker(*, concurrency: int, tend: Callable[[], None], every: float = 30.0) -> None:
    """Run jobs in this process until SIGINT or SIGTERM; jobs that run then end where they ask `check_stopping`.

    `tend` is called at the start and every so many seconds, for what crashes have left behind; before it, jobs whose
    worker gives no sign of life are marked as failed.
    """
    _stopping.clear()
    asyncio.run(_work(concurrency, tend, every))


async def _work(concurrency: int, tend: Callable[[], None], every: float) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        async with worker_app.open_async():
            keeper = asyncio.create_task(_tend(worker_app, tend, every))
            worker = asyncio.create_task(
                worker_app.run_worker_async(
                    concurrency=concurrency,
                    fetch_job_polling_interval=2,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, _stop, worker)
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await worker
            finally:
                keeper.cancel()


def _stop(worker: asyncio.Task[None]) -> None:
    _stopping.set()
    worker.cancel()


async def _tend(worker_app: App, tend: Callable[[], None], every: float) -> None:
    while True:
        try:
            for dead in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER):
                await worker_app.job_manager.finish_job(dead, Status.FAILED, delete_job=False)
            await asyncio.to_thread(tend)
        except Exception:
            logger.exception("tending the queue failed; it is tried again")
        await asyncio.sleep(every)
