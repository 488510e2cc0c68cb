"""A small union catalogue with a decision, a merge and a word of a person, and programs that ask."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client

from factories.files import book, marc_file
from tongwen.domain.catalogue import queries, services, types

Load = Callable[[int, io.BytesIO], types.Batch]


class Stock(NamedTuple):
    """Numbers of bibs: one of two libraries, one that waits for a person beside it, one merged, one alone."""

    shared: int
    doubtful: int
    kept: int
    merged: int
    merge: int


@pytest.fixture
def stock(load: Load, lending_library: int, distant_library: int) -> Stock:
    shared = {"isbn": "9780156701600"}
    load(lending_library, marc_file(book("1", "Orlando", **shared), book("2", "Flush", year="1933")))
    load(distant_library, marc_file(book("x1", "Orlando", **shared)))
    load(distant_library, marc_file(book("x2", "Orlando", author="Forster, E", extent="312 p.", **shared)))
    load(distant_library, marc_file(book("x3", "The years", year="1937", more=("650  0 $aFamilies.",))))
    by_title: dict[str, list[int]] = {}
    for number, bib in queries.bibs(list(range(1, 100_000))).items():
        by_title.setdefault(bib.view.title.value, []).append(number)
    kept, merged = by_title["Flush"][0], by_title["The years"][0]
    merge = services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor="operator")
    first, second = sorted(by_title["Orlando"])
    return Stock(first, second, kept, merged, merge)


@pytest.fixture
def program(client: Client) -> Client:
    """A program without a session that prefers English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.8"
    return client
