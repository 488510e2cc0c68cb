"""The results page over HTTP, from the portal as `tongwen serve` runs it: one reader, then eight at once."""

from __future__ import annotations

import http.client
import itertools
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench import figures, questions, records, saying, scratch, search
from bench.watching import Watch

_READERS = 8
_MANY = 400
_WARM_UP = 40
_SAMPLE = 20_000
_ONE_SEED, _MANY_SEED, _WARM_UP_SEED = 1, 3, 4
_START_SECONDS = 90


class _Answer(NamedTuple):
    milliseconds: float
    status: int
    size: int


def measure(folder: Path, file: Path) -> dict[str, Any]:
    """Serve the installation and read its pages; the rounds ask different questions, so nothing is remembered."""
    sample = records.sample(file, _SAMPLE)
    warm_up = questions.make(sample, _WARM_UP, _WARM_UP_SEED)
    one = questions.make(sample, search.NUMBER, _ONE_SEED)
    known = {*one, *warm_up}
    more = questions.make(sample, _MANY + search.NUMBER, _MANY_SEED)
    many = [each for each in more if each not in known][:_MANY]
    with scratch.installation(folder / "installation") as made, served(made) as (port, pid):
        roots = {pid: _kind_of_server, made.server_pid: lambda _line: "postgres"}
        with Watch(roots).running() as watch:
            _read_all(port, warm_up)
            saying.say(f"{len(one)} results pages, one reader")
            alone = _summary(_read_all(port, one))
            saying.say(f"  p50 {alone['p50']} ms, p95 {alone['p95']} ms")
            saying.say(f"{len(many)} results pages, {_READERS} readers at once")
            together = _at_once(port, many)
            saying.say(f"  {together['per_second']} pages/s")
            everything = _summary(_read_all(port, [questions.Question("everything", "")] * 20))
    return {
        "one_reader": alone,
        "readers": _READERS,
        "many_readers": together,
        "everything": everything,
        "memory_mb": {
            kind: {
                "processes": used.processes,
                "largest": figures.megabytes(used.largest),
                "together": figures.megabytes(used.together),
            }
            for kind, used in watch.usage().items()
        },
    }


def _at_once(port: int, asked: Sequence[questions.Question]) -> dict[str, Any]:
    """Let the readers share the questions and ask at the same time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(_READERS) as pool:
        parts = pool.map(lambda first: _read_all(port, asked[first::_READERS]), range(_READERS))
        answers = list(itertools.chain.from_iterable(parts))
    seconds = time.perf_counter() - began
    return {**_summary(answers), "per_second": round(len(answers) / seconds, 1)}


def _summary(answers: Sequence[_Answer]) -> dict[str, Any]:
    return {
        **figures.spread([one.milliseconds for one in answers]),
        "answered": sum(1 for one in answers if one.status == 200),
        "kilobytes": round(figures.median([one.size for one in answers]) / 1024),
    }


def _read_all(port: int, asked: Sequence[questions.Question]) -> list[_Answer]:
    """Read the pages one after the other on one connection, as a reader's browser does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"tongwen_library={scratch.LIBRARY}", "Accept-Language": "zh-CN"}
    answers = []
    for question in asked:
        query = urlencode({"q": question.text, "in": question.field})
        began = time.perf_counter()
        connection.request("GET", f"/search?{query}", headers=headers)
        response = connection.getresponse()
        body = response.read()
        answers.append(_Answer((time.perf_counter() - began) * 1000, response.status, len(body)))
    connection.close()
    return answers


@contextmanager
def served(made: scratch.Installation) -> Iterator[tuple[int, int]]:
    """Run `tongwen serve` on a free port; gives the port and the number of its first process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = made.command("serve", "--port", str(port))
    with (made.home / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=made.environment)
        with scratch.ended(process):
            _wait_for(port, process)
            yield port, process.pid


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise scratch.CommandFailed(f"tongwen serve does not answer (ended: {process.poll()})")


def _kind_of_server(line: str) -> str:
    if "granian" in line:
        return "portal"
    return "worker" if line.rstrip().endswith("worker") else "other"
