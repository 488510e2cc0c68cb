"""`tongwen worker`: background jobs and the index's follower, in one process."""

from __future__ import annotations

import contextlib
import datetime as dt

import click

from tongwen.cli import installation

_LOADS_AT_ONCE = 2


@click.command("worker")
def command() -> None:
    """Run background jobs and keep the index in step, until told to stop."""
    installation.set_up()
    with installation.database(), contextlib.suppress(KeyboardInterrupt):  # Told to stop while it still starts.
        run()


def run() -> None:
    """Work until SIGINT or SIGTERM."""
    from django.db import connections

    from tongwen.core import blobs, clock, jobs, limits, mail
    from tongwen.domain.catalogue import services as catalogue
    from tongwen.domain.discovery import services as discovery
    from tongwen.domain.identity import services as identity
    from tongwen.domain.identity.services import readers

    watch, forgotten = catalogue.Pickup(), clock.today() - dt.timedelta(days=1)
    blobs.sweep(clock.now() - dt.timedelta(days=1))

    def tend() -> None:
        try:
            catalogue.requeue_orphans()
            catalogue.pick_up(watch)
            mail.requeue_forgotten(clock.now())
            readers.requeue_imports()
            limits.forget(clock.now())
            identity.sweep_sessions(now=clock.now())
            forget_daily()
        finally:
            connections.close_all()

    def forget_daily() -> None:
        nonlocal forgotten
        if clock.today() != forgotten:
            identity.forget_old(now=clock.now())
            forgotten = clock.today()

    follower = discovery.Follower()
    follower.start()
    try:
        jobs.run_worker(concurrency=_LOADS_AT_ONCE, tend=tend)
    finally:
        follower.abandon()
