"""An installation of its own for a trial: commands as processes, kills at moments told by the database, a last count.

A trial folder is made once for the run (set up, two libraries entered) and copied for each trial.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from factories.files import book, marc_file
from tongwen.core import embedded_postgres
from tongwen.core.search import nodes, port
from tongwen.core.search.tantivy_engine import TantivyEngine
from tongwen.domain.discovery.rules.schema import SCHEMA

PROJECT = Path(__file__).resolve().parents[2]
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR")
LIBRARIES = (("L1", "320000=江苏省", "320100=南京市"), ("L2", "610000=陕西省", "610100=西安市"))

BEHIND = "SELECT (SELECT coalesce(max(id), 0) FROM bib_change) - (SELECT max(position) FROM index_position)"
"""How many changes of the catalogue the index has not taken in."""

_FIRST_HOLDINGS = """
WITH first AS (SELECT h.bib_id, min(i.code || '/' || h.source_id) AS name
               FROM holding h JOIN institution i ON i.id = h.institution_id GROUP BY h.bib_id)
"""
_HOLDINGS = (
    _FIRST_HOLDINGS
    + """
SELECT i.code, h.source_id, h.content, first.name
FROM holding h JOIN institution i ON i.id = h.institution_id JOIN first USING (bib_id)
"""
)
_KEYS = (
    _FIRST_HOLDINGS
    + """
SELECT k.key, k.kind, coalesce(first.name, 'nobody') FROM match_key k LEFT JOIN first USING (bib_id)
"""
)
_JOURNAL = """
SELECT i.code, b.file_name, e.ordinal, e.outcome || ' ' || e.source_id || ' ' || e.reverted
FROM batch_entry e JOIN batch b ON b.id = e.batch_id JOIN institution i ON i.id = b.institution_id
"""
_PROBLEMS = 'SELECT b.file_name, p."offset", p.code FROM batch_problem p JOIN batch b ON b.id = p.batch_id'
_COUNTS = """
SELECT (SELECT count(*) FROM bib WHERE state = 'active'), (SELECT count(*) FROM bib_version),
       (SELECT count(*) FROM review)
"""


class Union(NamedTuple):
    """What an installation holds, without the numbers that differ from run to run."""

    holdings: frozenset[tuple[str, str, int, str]]
    """(library, its number, content, the bib named by its first holding)"""
    bibs: int
    versions: int
    keys: Counter[tuple[int, int, str]]
    journal: Counter[tuple[str, str, int, str]]
    problems: Counter[tuple[str, int, str]]
    reviews: int


class Trial:
    """A folder with an installation in it, and the processes that work on it."""

    def __init__(self, home: Path, *, user: str | None = None, python: str = sys.executable, **variables: str) -> None:
        self.home = home
        self.user = user
        self.command = [python, "-m", "tongwen.config"]
        self.variables = {"TONGWEN_HOME": str(home), "PYTHONPATH": str(PROJECT / "src"), **variables}
        self.started: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a command: none of those of the test run."""
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        return {**kept, **self.variables}

    def run(self, *words: str, seconds: float = 180, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*self.command, *words],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            user=self.user,
            cwd="/",
            stdin=subprocess.DEVNULL,
        )

    def succeed(self, *words: str, **variables: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        result = self.run(*words, **variables)
        assert result.returncode == 0, f"{words}: {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def start(self, *words: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own; what it prints goes to `output(process)`."""
        number = len(self.started)
        with (self.home.parent / f"{self.home.name}.out{number}").open("wb") as output:
            process = subprocess.Popen(
                [*self.command, *words],
                env={**self.environment, **variables},
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=self.user,
                cwd="/",
                # A test run in the background ignores Ctrl-C, and what it starts would inherit that.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            )
        self.started.append(process)
        return process

    def output(self, process: subprocess.Popen[bytes]) -> str:
        """What a started command has printed so far."""
        number = self.started.index(process)
        return (self.home.parent / f"{self.home.name}.out{number}").read_text(errors="replace")

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        """Have the server run for the block and connect to it."""
        data = self.home / "postgres"
        with embedded_postgres.running(data), psycopg.connect(embedded_postgres.url(data), autocommit=True) as link:
            yield link

    def ask(self, question: str, *values: object) -> Any:
        """Return the first value of an answer of the database, None while it cannot be asked."""
        with (
            contextlib.suppress(psycopg.Error, TypeError),
            psycopg.connect(embedded_postgres.url(self.home / "postgres"), autocommit=True) as link,
        ):
            return link.execute(question, values or None).fetchone()[0]  # type: ignore[index]
        return None

    def offset(self, batch: int = 1) -> int:
        """How far a batch is committed, in bytes."""
        return int(self.ask('SELECT "offset" FROM batch WHERE id = %s', batch) or 0)

    def state(self, batch: int = 1) -> str:
        """The state of a batch."""
        return str(self.ask("SELECT state FROM batch WHERE id = %s", batch))

    def union(self) -> Union:
        """Count everything that the installation holds."""
        with self.database() as link:
            holdings = link.execute(_HOLDINGS).fetchall()
            keys = link.execute(_KEYS).fetchall()
            journal = link.execute(_JOURNAL).fetchall()
            problems = link.execute(_PROBLEMS).fetchall()
            counts = link.execute(_COUNTS).fetchone()
        assert counts is not None
        assert len(holdings) == len({row[:2] for row in holdings})
        return Union(
            frozenset(holdings), counts[0], counts[1], Counter(keys), Counter(journal), Counter(problems), counts[2]
        )

    def indexed(self) -> list[int]:
        """The numbers of all bibs that the index finds, each as often as it is found."""
        return indexed(self.home / "index")

    def check_index(self) -> None:
        """The index holds the active bibs, each once."""
        with self.database() as link:
            bibs = [row[0] for row in link.execute("SELECT id FROM bib WHERE state = 'active' ORDER BY id").fetchall()]
        assert self.indexed() == bibs

    def processes(self) -> dict[int, str]:
        """Process number and command line of all that works on this folder, servers and pools included."""
        found = {}
        mark = str(self.home).encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes()
                words = (entry / "environ").read_bytes().split(b"\0")
                if (b"TONGWEN_HOME=" + mark in words or mark in line) and not _is_zombie(entry):
                    found[int(entry.name)] = line.replace(b"\0", b" ").decode(errors="replace")
        return found

    def left_behind(self, seconds: float = 5.0) -> dict[int, str]:
        """The processes that are still there after so many seconds; none, if all is well."""
        wait_for(lambda: not self.processes(), seconds, needed=False)
        return self.processes()

    def remove(self) -> None:
        """End what is left of the trial and delete its folder."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        for _ in range(3):
            for number in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.1)
        shutil.rmtree(self.home, ignore_errors=True)
        for path in self.home.parent.glob(f"{self.home.name}.*"):
            path.unlink(missing_ok=True)


def indexed(folder: Path) -> list[int]:
    """Return the numbers of all documents of an index, sorted."""
    engine = TantivyEngine(folder / SCHEMA.name if (folder / SCHEMA.name).is_dir() else folder, SCHEMA)
    found: list[int] = []
    total = engine.document_count()
    for start in range(0, total, 1_000):
        request = port.Request(nodes.EVERYTHING, offset=start, limit=min(1_000, port.DEEPEST - start))
        found += [hit.id for hit in engine.search(request).hits]
    return sorted(found)


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def wait_for(condition: Callable[[], Any], seconds: float = 60.0, *, every: float = 0.02, needed: bool = True) -> Any:
    """Wait until the condition is true and return what it said; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not (said := condition()):
        if time.monotonic() > end:
            assert not needed, f"not within {seconds} s"
            return said
        time.sleep(every)
    return said


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` of one process, not of its group."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def scratch(name: str) -> Path:
    """A folder that other users may enter, since the embedded server may run as one."""
    folder = Path(tempfile.mkdtemp(prefix=f"tongwen-fault-{name}-"))
    folder.chmod(0o755)
    return folder


def make_template(home: Path) -> None:
    """Set an installation up with two libraries, stopped."""
    trial = Trial(home)
    trial.succeed("setup")
    for code, province, city in LIBRARIES:
        trial.succeed("libraries", "add", code, "--name", f"示范{code}", "--province", province, "--city", city)


def copy_of(template: Path, home: Path) -> Path:
    """Copy a stopped installation with its owners."""
    subprocess.run(["cp", "-a", str(template), str(home)], check=True)
    for name in ("postgres.users", "postgres.lock"):
        (home / name).unlink(missing_ok=True)
    return home


_LONG_NOTE = "500    $a" + "A note that makes the file long enough for many chunks. " * 45
_WORDS = [
    "orlando",
    "waves",
    "flush",
    "years",
    "night",
    "day",
    "room",
    "light",
    "house",
    "party",
    "common",
    "reader",
    "voyage",
    "between",
    "acts",
]


def many_records(number: int, *, prefix: str = "n", first: int = 0) -> bytes:
    """Write a file of so many different records, some twice in it, every hundredth broken."""
    parts = []
    for count in range(first, first + number):
        words = [_WORDS[(count // len(_WORDS) ** power) % len(_WORDS)] for power in range(4)]
        title = f"{'红楼梦 ' * (count % 3 == 0)}{' '.join(words)} {count}"
        author = f"{words[0].title()}, {words[1].title()}"
        record = book(f"{prefix}{count}", title, isbn=_isbn(count), author=author, more=(_LONG_NOTE,))
        parts.append(marc_file(record).getvalue())
        if count % 100 == 50:
            parts.append(b"00500nam a2200025   4500 a record whose directory is gone\x1e\x1d")
        if count % 100 == 70:
            parts.append(marc_file(record).getvalue())
    return b"".join(parts)


def _isbn(number: int) -> str:
    digits = f"978{number + 10_000_000:09d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
