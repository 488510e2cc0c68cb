"""A Tongwen installation of its own in a scratch folder: database, empty index, one library; gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench import saying
from tongwen.core import embedded_postgres

LIBRARY = "BENCH"
PROCESSES = 2
ROOT = Path(__file__).parents[1]


class CommandFailed(RuntimeError):
    """A command of the installation failed; the message carries what it said."""


class Installation:
    """An installation whose server runs as long as the block of `installation`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database_folder = home / "postgres"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its commands: nothing of the caller's installation comes through."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TONGWEN_", "DJANGO_", "PROMETHEUS_")) and name != "DATABASE_URL"
        }
        paths = [str(ROOT / "src"), str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(paths),
            "TONGWEN_HOME": str(self.home),
            "TONGWEN_MODE": "prod",
            "TONGWEN_LOAD_PROCESSES": str(PROCESSES),
            "TONGWEN_LOG_LEVEL": "WARNING",
        }

    @property
    def server_pid(self) -> int:
        """Return the first process of the database server."""
        return int((self.database_folder / "postmaster.pid").read_text().splitlines()[0])

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """Return the command line of a `tongwen` command."""
        return [sys.executable, "-m", "tongwen.config", *arguments]

    def tongwen(self, *arguments: str) -> str:
        """Run a `tongwen` command and return what it printed; raises CommandFailed."""
        return self._run(self.command(*arguments))

    def inside(self, part: str, *arguments: str) -> Any:
        """Run a part of the bench in a process of this installation and return what it reports."""
        return json.loads(self._run([sys.executable, "-m", "bench.inside", part, *arguments]).splitlines()[-1])

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection to its database that commits by itself."""
        return psycopg.connect(embedded_postgres.url(self.database_folder), autocommit=True)

    def value(self, statement: str) -> Any:
        """Return the one value of a statement."""
        with self.connect() as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=self.environment, cwd=ROOT)
        if done.returncode:
            raise CommandFailed(f"{' '.join(command[1:])}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """Give a folder for the run: the one that is to be kept, or one that is removed at the end."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="tongwen-bench-"))
    made.chmod(0o755)  # The embedded server may run as another user.
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def installation(home: Path) -> Iterator[Installation]:
    """Have an installation with an empty catalogue and its server run for the block; it stays on the disk."""
    found = Installation(home)
    fresh = not (home / "setup.stamp").exists()
    with embedded_postgres.running(found.database_folder):
        if fresh:
            with saying.doing("setting up a fresh installation"):
                found.tongwen("setup")
                enter_library(found, LIBRARY)
        yield found


@contextmanager
def fresh(home: Path) -> Iterator[Installation]:
    """Have an empty installation for the block; what was there before goes first, and all of it goes at the end."""
    if home.exists():
        remove(home)
    try:
        with installation(home) as made:
            yield made
    finally:
        remove(home)


def enter_library(made: Installation, code: str) -> None:
    """Enter a library that may load."""
    places = ("--province", "320000=江苏省", "--city", "320100=南京市")
    names = ("--name", f"量度馆 {code}", "--name-en", f"Bench Library {code}")
    made.tongwen("libraries", "add", code, *names, *places)


class NoSpace(RuntimeError):
    """The scratch folder's disk is too full for what was asked; the message says how much is needed."""


def need(folder: Path, size: int) -> None:
    """See to it that the folder's disk has so many bytes free. Raises NoSpace."""
    free = shutil.disk_usage(folder).free
    saying.say(f"scratch space: about {size / 1e9:.0f} GB needed, {free / 1e9:.0f} GB free in {folder}")
    if free < size:
        raise NoSpace(
            f"{folder} has {free / 1e9:.1f} GB free, about {size / 1e9:.0f} GB are needed: "
            "set TMPDIR or --work to a roomier disk, or ask for fewer --records"
        )


def size_of(path: Path) -> int:
    """Return the bytes that a folder takes on the disk."""
    return sum(one.stat().st_blocks * 512 for one in path.rglob("*") if one.is_file())


@contextmanager
def ended(process: subprocess.Popen[Any]) -> Iterator[None]:
    """See to it that a process has ended when the block is left, by Ctrl-C for one."""
    try:
        yield
    finally:
        if process.returncode is None and process.poll() is None:
            process.terminate()
            process.wait()


def remove(home: Path) -> None:
    """Remove an installation whose server has been stopped."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(embedded_postgres.socket_folder(home / "postgres"), ignore_errors=True)
