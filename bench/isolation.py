"""What scope and row-level security cost a page: with both, and without either, on the same installation.

Pages are asked in one process without a web server in between, each in turn with and without, so that whatever else
the machine does meets both alike. Without either: the connection stays with the owner of the tables, whom no policy
binds, no settings are sent, Django's own cursors and compilers are used, and queries filter by the number of the
institution as they would in a program for one library.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from bench import figures, saying, scratch, tenants

WHOLE = tenants.READERS
_ROUNDS = 60
_SPACE = 3_000_000_000


def measure(folder: Path, readers: int) -> dict[str, Any]:
    """Fill an installation with so many readers and return what its pages take with isolation and without."""
    scratch.need(folder, _SPACE)
    with scratch.fresh(folder / "isolation") as made:
        tenants.make(made, readers)
        with saying.doing(f"asking pages, {_ROUNDS} rounds"):
            found = made.inside("isolation", str(_ROUNDS))
        return {"rounds": _ROUNDS, **tenants.facts(made), **found}


def ask(rounds: int) -> dict[str, Any]:
    """Ask every page so many times in either way and return the medians in milliseconds (runs inside)."""
    from django.conf import settings
    from django.test import Client

    settings.TONGWEN_SECOND_FACTOR = "off"  # Nobody is there to enrol.
    client = Client(headers={"host": "localhost", "accept-language": "zh-CN"})
    if not client.login(username=tenants.PERSON, password=tenants.PASSWORD):
        raise scratch.CommandFailed("the cataloguer cannot log in")
    asked = _asked(client)
    times: dict[str, dict[str, list[float]]] = {name: {"with": [], "without": []} for name in asked}
    for number in range(rounds + 5):  # The first rounds warm caches and are not counted.
        for name, work in asked.items():
            for way in ("with", "without") if number % 2 else ("without", "with"):
                with nullcontext() if way == "with" else _without_isolation():
                    took = _timed(work)
                if number >= 5:
                    times[name][way].append(took)
    return {"pages": [_page(name, one) for name, one in times.items()], **_ratio(times)}


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _page(name: str, times: dict[str, list[float]]) -> dict[str, Any]:
    """Return the medians of a page, and the median of what one round took more than the other."""
    both = list(zip(times["with"], times["without"], strict=True))
    medians = {way: round(figures.median(values), 3) for way, values in times.items()}
    more = figures.median([(one - other) * 1000 for one, other in both])
    ratio = round(medians["with"] / medians["without"], 3)
    return {"name": name, **medians, "more_us": round(more), "ratio": ratio}


def _ratio(times: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    """Return the ratio of all pages together, once each, and the greatest of a page."""
    together = {way: sum(figures.median(one[way]) for one in times.values()) for way in ("with", "without")}
    ratios = [figures.median(one["with"]) / figures.median(one["without"]) for one in times.values()]
    return {"ratio": round(together["with"] / together["without"], 3), "greatest_ratio": round(max(ratios), 3)}


def _asked(client: Any) -> dict[str, Callable[[], None]]:
    """Return what is asked, by what it is called in the table."""
    from django.contrib.sessions.models import Session
    from django.db import connection
    from django.urls import reverse

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(b.id) FROM batch b JOIN batch_entry e ON e.batch_id = b.id")
        batch = cursor.fetchone()[0]
        cursor.execute("SELECT min(bib_id) FROM holding")
        bib = cursor.fetchone()[0]
    assert Session.objects.count() == 1
    pages = {
        "workbench": reverse("desk"),
        "loads of a library": reverse("loads"),
        "report of a load": reverse("load", args=[batch]),
        "records of a load": reverse("load-records", args=[batch, "new"]),
        "profiles": reverse("profiles"),
        "reviews": reverse("reviews"),
        "record": reverse("record", args=[bib]),
        "home": reverse("home"),
    }
    asked = {name: _page_of(client, address) for name, address in pages.items()}
    return {
        **asked,
        "readers of a library, the first 50": _list_readers,
        "readers of a library, counted": _count_readers,
    }


def _page_of(client: Any, address: str) -> Callable[[], None]:
    def work() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise scratch.CommandFailed(f"{address} answers {answer.status_code}")

    return work


@contextmanager
def _request() -> Iterator[None]:
    """Stand where a request of the library stands; `guarded` is looked up late, for it is replaced."""
    from tongwen.core import tenancy
    from tongwen.domain.members import queries

    with tenancy.guarded(), tenancy.scope(queries.institution_by_code(tenants.CODE).id):
        yield


def _list_readers() -> None:
    from tongwen.domain.identity.models import Affiliation

    with _request():
        rows = Affiliation.objects.filter(role="reader", ended_at=None).select_related("person").order_by("pk")[:50]
        assert len(list(rows)) == 50


def _count_readers() -> None:
    from tongwen.domain.identity.models import Affiliation

    with _request():
        assert Affiliation.objects.filter(role="reader", ended_at=None).count() > 50


@contextmanager
def _without_isolation() -> Iterator[None]:
    """Answer as a program would that knows of one library only."""
    from django.db import connection, models
    from django.db.backends.postgresql import base

    from tongwen.core import tenancy
    from tongwen.core.postgres import connections, cursors

    connections.settle(connection.connection)  # Nothing is guarded here: the owner's role comes back.
    number = _number()

    def of_one_library(manager: Any) -> Any:
        return models.QuerySet(manager.model).filter(institution_id=number)

    replaced: Sequence[Any] = (
        mock.patch.object(tenancy, "guarded", nullcontext),
        mock.patch.object(tenancy.ScopedManager, "get_queryset", of_one_library),
        mock.patch.object(cursors, "ServerSideCursor", base.ServerSideCursor),
        mock.patch.object(connection.connection, "cursor_factory", base.Cursor),
        mock.patch.object(connection.ops, "_cache", import_module("django.db.backends.postgresql.compiler")),
    )
    with ExitStack() as stack:
        for one in replaced:
            stack.enter_context(one)
        yield


def _number() -> int:
    from tongwen.domain.members import queries

    return queries.institution_by_code(tenants.CODE).id
