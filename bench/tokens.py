"""Tokens per second over HTTP, from the portal as `tongwen serve` runs it: given out to a program, and looked up.

Each request is a whole one: the client's secret is checked, the token is written or found. One connection after another
request, then as many at once; connections stay open, as those of services do.
"""

from __future__ import annotations

import http.client
import itertools
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench import figures, pages, saying, scratch

NUMBER = 200
AT_ONCE = 8
_WARM_UP = 20
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Ask(NamedTuple):
    """What is posted where."""

    path: str
    form: dict[str, str]


def measure(folder: Path) -> dict[str, Any]:
    """Register a program in a fresh installation, serve it, and measure."""
    with scratch.fresh(folder / "tokens") as made:
        scratch.enter_library(made, scratch.LIBRARY)
        client = made.inside("tokens", scratch.LIBRARY)
        with pages.served(made) as (port, _pid):
            issue = Ask("/oidc/token", {"grant_type": "client_credentials", **client})
            token = json.loads(_post(_connection(port), issue)[1])["access_token"]
            look_up = Ask("/oidc/introspect", {"token": token, **client})
            found = {name: _measured(port, ask) for name, ask in (("issue", issue), ("introspection", look_up))}
    return {"number": NUMBER, "at_once": AT_ONCE, "asked_for": found}


def register(library: str) -> dict[str, str]:
    """Register a program of the library; runs within the installation."""
    from tongwen.core import clock
    from tongwen.domain.identity import services, types
    from tongwen.domain.members import queries as members

    institution_id = members.institution_by_code(library).id
    actor = types.Actor(
        username="bench",
        place=types.Place(institution_id),
        permissions=frozenset({types.Permission.CLIENTS_MANAGE}),
    )
    scopes = (types.Scope.LOADS, types.Scope.INTROSPECTION)
    client = types.Client(types.ClientKind.MACHINE, "量度", "量度", "Bench", scopes=scopes)
    made = services.register_client(actor=actor, client=client, now=clock.now())
    return {"client_id": made.client_id, "client_secret": made.secret}


def _measured(port: int, ask: Ask) -> dict[str, Any]:
    list(_each(port, ask, _WARM_UP))
    saying.say(f"{NUMBER} × {ask.path}, one after another, then {AT_ONCE} at once")
    alone = _summary(lambda: list(_each(port, ask, NUMBER)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = [NUMBER // AT_ONCE] * AT_ONCE
        together = _summary(
            lambda: list(itertools.chain.from_iterable(pool.map(lambda n: list(_each(port, ask, n)), parts)))
        )
    saying.say(f"  {alone['per_second']}/s, p95 {alone['p95']} ms; at once {together['per_second']}/s")
    return {"one": alone, "at_once": together}


def _summary(run: Any) -> dict[str, Any]:
    began = time.perf_counter()
    taken = run()
    seconds = time.perf_counter() - began
    return {**figures.spread(taken), "per_second": round(len(taken) / seconds, 1)}


def _each(port: int, ask: Ask, number: int) -> Iterator[float]:
    """Yield the milliseconds of so many requests on one connection."""
    connection = _connection(port)
    for _turn in range(number):
        began = time.perf_counter()
        status, body = _post(connection, ask)
        if status != 200 or b"false" in body:
            raise scratch.CommandFailed(f"{ask.path} answered {status}: {body[:200]!r}")
        yield (time.perf_counter() - began) * 1000
    connection.close()


def _connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _post(connection: http.client.HTTPConnection, ask: Ask) -> tuple[int, bytes]:
    connection.request("POST", ask.path, urlencode(ask.form), _FORM)
    answer = connection.getresponse()
    return answer.status, answer.read()
