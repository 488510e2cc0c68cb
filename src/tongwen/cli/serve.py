"""`tongwen serve`: database, portal and workers of an installation, started and stopped together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

import click

from tongwen.cli import installation, supervision

_LOOK_SECONDS = 0.2


@click.command("serve")
@click.option("--host", help="Address to listen on; default: TONGWEN_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: TONGWEN_PORT.")
def command(host: str | None, port: int | None) -> None:
    """Serve the portal and run the workers until Ctrl-C."""
    installation.set_up()
    host, port = address(host, port)
    with claimed(host, port), installation.database():
        from tongwen.cli import setup

        setup.bring_up_to_date()
        run(host, port)


def address(host: str | None, port: int | None) -> tuple[str, int]:
    """Return where to listen: as asked, else as set."""
    from django.conf import settings

    return host or settings.TONGWEN_HOST, port or settings.TONGWEN_PORT


@contextlib.contextmanager
def claimed(host: str, port: int) -> Iterator[None]:
    """Have address and folder for this process alone, or end with a plain word.

    One `tongwen serve` a folder: a second one would run a second set of workers and share the first one's metrics.
    """
    from django.conf import settings

    place = settings.TONGWEN_HOME / "serve.lock"
    try:
        with place.open("a+", encoding="utf-8") as claim:
            _lock(claim, settings.TONGWEN_HOME)
            _check_port(host, port)
            claim.truncate(0)
            claim.write(f"process {os.getpid()} at {_address(host, port)}")
            claim.flush()
            yield
            claim.truncate(0)
    except PermissionError as error:
        installation.fail(f"{error.filename} cannot be written: choose another folder with TONGWEN_HOME", 4)


def _lock(claim: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.seek(0)
        who = claim.read() or "another process"
        installation.fail(
            f"{folder} is served already ({who}): stop that one first, or give this one a TONGWEN_HOME of its own", 4
        )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "is taken by another program" if error.errno == 98 else f"cannot be used ({error.strerror})"
            installation.fail(f"{host}:{port} {reason}: choose another with --port or TONGWEN_PORT", 4)


def _address(host: str, port: int) -> str:
    return f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}/"


def run(host: str, port: int, *, words: str = "") -> None:
    """Run portal and worker until a signal comes; what ends by itself is started again. Stops both in order."""
    from django.conf import settings

    metrics = settings.TONGWEN_HOME / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    variables = [
        "env",
        f"PROMETHEUS_MULTIPROC_DIR={metrics}",
        f"TONGWEN_PORT={port}",
        *(f"TONGWEN_LOG_{name}" for name in ("FORMAT=json", "LEVEL=INFO")),
    ]
    lines = {"portal": _portal(host, port), "worker": [sys.executable, "-m", "tongwen.config", "worker"]}
    place = settings.TONGWEN_HOME / "tongwen.log"
    children: list[supervision.Child] = []
    with _signals() as stop, place.open("ab") as log:
        try:
            children += [supervision.Child(name, [*variables, *line], log) for name, line in lines.items()]
            _wait_until_answering(host, port, children, stop)
            if not stop:
                click.echo(f"\n  Tongwen answers at {_address(host, port)}{words}\n  Log: {place}")
                click.echo("  Ctrl-C stops everything.")
            _tend(children, stop)
        except supervision.GaveUp as error:
            supervision.stop(children)
            installation.fail(f"{error}: see {place}")
        finally:
            supervision.stop(children)
    click.echo("  stopped")


def _tend(children: list[supervision.Child], stop: list[int]) -> None:
    """Keep portal, worker and the embedded server running until a signal comes."""
    from django.conf import settings

    from tongwen.core import embedded_postgres

    while not stop:
        if settings.TONGWEN_DATABASE_IS_EMBEDDED and embedded_postgres.has_died(settings.TONGWEN_DATABASE_FOLDER):
            click.echo("  the database server has ended: starting it again", err=True)
            embedded_postgres.start(settings.TONGWEN_DATABASE_FOLDER)
        for child in children:
            if child.tend():
                click.echo(f"  the {child.name} has ended: started again", err=True)
        time.sleep(_LOOK_SECONDS)


def _portal(host: str, port: int) -> list[str]:
    from django.conf import settings

    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(settings.TONGWEN_WEB_PROCESSES), "--blocking-threads", "8", "--backpressure", "64"),
        *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", "3", "--respawn-failed-workers"),
        "tongwen.config.wsgi:application",
    ]


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM in a list instead of dying of them."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until_answering(host: str, port: int, children: list[supervision.Child], stop: list[int]) -> None:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"  # noqa: S104  Compared, not bound.
    end = time.monotonic() + 60
    while time.monotonic() < end and not stop:
        for child in children:
            child.tend()
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # It answers, and says itself what is wrong.
        except OSError:
            time.sleep(0.1)
