"""`tongwen serve`: database, portal and workers of an installation, started and stopped together."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import FrameType

import click

from tongwen.cli import installation

_GRACE_SECONDS = 20


@click.command("serve")
@click.option("--host", help="Address to listen on; default: TONGWEN_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: TONGWEN_PORT.")
def command(host: str | None, port: int | None) -> None:
    """Serve the portal and run the workers until Ctrl-C."""
    installation.set_up()
    host, port = address(host, port)
    check_port(host, port)
    with installation.database():
        from tongwen.cli import setup

        setup.bring_up_to_date()
        run(host, port)


def address(host: str | None, port: int | None) -> tuple[str, int]:
    """Return where to listen: as asked, else as set."""
    from django.conf import settings

    return host or settings.TONGWEN_HOST, port or settings.TONGWEN_PORT


def check_port(host: str, port: int) -> None:
    """End with a plain word when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "is taken by another program" if error.errno == 98 else f"cannot be used ({error.strerror})"
            installation.fail(f"{host}:{port} {reason}: choose another with --port or TONGWEN_PORT", 4)


def run(host: str, port: int, *, words: str = "") -> None:
    """Run portal and worker until a signal comes or one of them ends; stop both in order."""
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
    log = (settings.TONGWEN_HOME / "tongwen.log").open("ab")
    commands = {"portal": _portal(host, port), "worker": [sys.executable, "-m", "tongwen.config", "worker"]}
    with _signals() as stop:
        # Children get a session of their own: Ctrl-C reaches this process only, which stops them in order.
        children = {
            name: subprocess.Popen([*variables, *line], stdout=log, stderr=log, start_new_session=True)
            for name, line in commands.items()
        }
        try:
            _wait_until_answering(host, port, children, stop)
            address = f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}/"
            click.echo(f"\n  Tongwen answers at {address}{words}\n  Log: {settings.TONGWEN_HOME / 'tongwen.log'}")
            click.echo("  Ctrl-C stops everything.")
            while not stop and all(child.poll() is None for child in children.values()):
                time.sleep(0.2)
        finally:
            ended = [name for name, child in children.items() if child.poll() is not None]
            _stop(list(children.values()))
            log.close()
    if not stop and ended:
        installation.fail(f"the {ended[0]} ended unexpectedly: see {settings.TONGWEN_HOME / 'tongwen.log'}")
    click.echo("  stopped")


def _portal(host: str, port: int) -> list[str]:
    from django.conf import settings

    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(settings.TONGWEN_WEB_PROCESSES), "--blocking-threads", "8", "--backpressure", "64"),
        *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", "10", "--respawn-failed-workers"),
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


def _wait_until_answering(host: str, port: int, children: dict[str, subprocess.Popen[bytes]], stop: list[int]) -> None:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"  # noqa: S104  Compared, not bound.
    end = time.monotonic() + 60
    while time.monotonic() < end and not stop:
        if any(child.poll() is not None for child in children.values()):
            return
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
