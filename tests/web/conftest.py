"""A small union catalogue in the database and the index, and people who work with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from factories.files import book, chinese_book, marc_file
from tongwen.cli import translations
from tongwen.domain.catalogue import queries, types
from tongwen.domain.discovery import services as discovery
from tongwen.domain.identity import models as identity
from tongwen.domain.identity.types import Role

Load = Callable[..., types.Batch]


@pytest.fixture(scope="session", autouse=True)
def _installation() -> None:
    """Do what `tongwen setup` does besides the database."""
    translations.compile_catalogues(settings.PROJECT)


@pytest.fixture
def union(
    load: Load, index_folder: Path, lending_library: int, neighbouring_library: int, distant_library: int
) -> dict[str, int]:
    """Three books: one that all libraries hold, one of the neighbour, one of the distant library; by title."""
    shared = {"isbn": "9787020002207"}
    load(lending_library, marc_file(chinese_book("c1", "红楼梦", **shared)))
    load(neighbouring_library, marc_file(chinese_book("n1", "红楼梦", **shared)))
    load(neighbouring_library, marc_file(book("n2", "The waves")))
    load(distant_library, marc_file(chinese_book("d1", "红楼梦", **shared)))
    load(distant_library, marc_file(book("d2", "Orlando", author="Forster, E")))
    discovery.reindex()
    return {bib.view.title.value: number for number, bib in queries.bibs(list(range(1, 100_000))).items()}


@pytest.fixture
def cataloguer(lending_library: int) -> identity.Person:
    """A cataloguer of the lending library."""
    return people.person("cataloguer@l1", Role.CATALOGUER, institution_id=lending_library, display_name="示范编目员")


@pytest.fixture
def desk(client: Client, cataloguer: identity.Person) -> Client:
    """The browser of the cataloguer, logged in, in English."""
    client.force_login(cataloguer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def reader(client: Client) -> Client:
    """The browser of a reader in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
