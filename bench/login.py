"""Log-ins per second: through the local source, and through simulated library systems by SIP2 and by the kit.

A log-in is the whole request, as the portal answers it: the form is posted, the source is asked, the person found,
the session written. Each thread is a browser of its own; all readers have logged in before, so that nobody is entered.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import saying, scratch

LOG_INS = 100
AT_ONCE = 8
_READERS = 20
_WORD = "correct horse battery"
_SECRET = "0123456789abcdef" * 2


def measure(folder: Path) -> dict[str, Any]:
    """Serve two library systems beside a fresh installation and log in to it again and again."""
    home = folder / "login"
    with scratch.fresh(home) as made, _library_systems(folder) as (sip2_port, kit_url):
        return made.inside("login", str(sip2_port), kit_url)


@contextmanager
def _library_systems(folder: Path) -> Iterator[tuple[int, str]]:
    readers = {
        f"R{number:03}": {"id": str(number), "password": _WORD, "name": "量度读者"} for number in range(_READERS)
    }
    (folder / "readers.json").write_text(json.dumps(readers), encoding="utf-8")
    sip2_port, kit_port = _free_port(), _free_port()
    kit = [str(scratch.ROOT / "docs" / "kit" / "server.py"), "--readers", str(folder / "readers.json")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(scratch.ROOT / "src"), str(scratch.ROOT)])}
    with (
        _running(["-m", "bench.library_system", str(sip2_port)], sip2_port, environment),
        _running([*kit, "--port", str(kit_port)], kit_port, {**environment, "TONGWEN_KIT_SECRET": _SECRET}),
    ):
        yield sip2_port, f"http://127.0.0.1:{kit_port}/kit"


@contextmanager
def _running(arguments: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, cwd=scratch.ROOT)
    with scratch.ended(process):
        for _turn in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def inside(sip2_port: int, kit_url: str) -> dict[str, Any]:
    """Enter sources and people, then measure; runs within the installation."""
    from django.conf import settings

    settings.TONGWEN_OUTBOUND_LOOPBACK = True
    found = {}
    for name, source in _sources(sip2_port, kit_url).items():
        for number in range(_READERS):
            _log_in(source, number)
        saying.say(f"{LOG_INS} log-ins by {name}")
        one = _round(source, 1)
        found[name] = {"one": one, "at_once": _round(source, AT_ONCE)}
        saying.say(f"  {one['per_second']} a second, p95 {one['p95']} ms")
    return {"log_ins": LOG_INS, "threads": AT_ONCE, "sources": found, "scrypt_ms": _scrypt()}


def _sources(sip2_port: int, kit_url: str) -> dict[str, str]:
    from tongwen.core import clock, tenancy
    from tongwen.domain.identity import services
    from tongwen.domain.identity.services import sources
    from tongwen.domain.identity.types import Actor, Place, Role, SourceKind
    from tongwen.domain.members import queries as members

    institution = members.institution_by_code(scratch.LIBRARY)
    facts = {"actor": Actor(username="bench"), "now": clock.now()}
    with tenancy.scope(institution.id):
        for number in range(_READERS):
            person = services.register_person(username=f"R{number:03}", display_name="量度读者", password=_WORD)
            services.affiliate(
                person_id=person, role=Role.READER, place=Place(institution.id), given_by="bench", now=clock.now()
            )
        made = {"local": sources.local_source(now=clock.now())}
        given = {
            SourceKind.SIP2: (
                {"host": "127.0.0.1", "port": sip2_port, "login_name": "gate"},
                {"login_password": "key"},
            ),
            SourceKind.KIT: ({"url": kit_url}, {"secret": _SECRET}),
        }
        for kind, (settings, secrets) in given.items():
            made[kind.value] = sources.add_source(
                kind=kind, names=("量度", "量度", "Bench"), settings=settings, given_secrets=secrets, **facts
            )
            sources.switch_source_on(source_id=made[kind.value], **facts)
    return {name: str(number) for name, number in made.items()}


def _log_in(source: str, number: int) -> float:
    """Log a reader in with a fresh browser; returns the milliseconds."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    form = {"username": f"R{number % _READERS:03}", "password": _WORD, "source": source}
    began = time.perf_counter()
    answer = browser.post(f"/login/{scratch.LIBRARY}", form)
    milliseconds = (time.perf_counter() - began) * 1000
    if answer.status_code != 302:
        raise scratch.CommandFailed(f"a log-in was answered {answer.status_code}")
    return milliseconds


def _round(source: str, threads: int) -> dict[str, float]:
    began = time.perf_counter()
    with ThreadPoolExecutor(threads, initializer=_fresh_connection) as pool:
        taken = list(pool.map(lambda number: _log_in(source, number), range(LOG_INS)))
    seconds = time.perf_counter() - began
    return {
        "per_second": round(LOG_INS / seconds, 1),
        "p50": round(statistics.median(taken), 1),
        "p95": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def _fresh_connection() -> None:
    from django.db import connection

    connection.ensure_connection()


def _scrypt() -> float:
    """Return the milliseconds of one check of a password: what a log-in by the local source cannot go below."""
    from django.contrib.auth.hashers import check_password, make_password

    kept = make_password(_WORD)
    began = time.perf_counter()
    for _turn in range(5):
        check_password(_WORD, kept)
    return round((time.perf_counter() - began) * 200, 1)
