"""One embedded PostgreSQL for the whole run, one database for each process of it, an index folder for each test."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tongwen.core import embedded_postgres, tenancy
from tongwen.domain.catalogue import types
from tongwen.domain.members import services as members
from tongwen.domain.members import types as member_types

# Playwright keeps an event loop in the process that runs a journey; Django would refuse its database to every test
# that comes after it there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before the processes of the run begin: a fresh clone has none."""
    if not hasattr(config, "workerinput"):
        from tongwen.cli import translations

        translations.compile_catalogues(settings.PROJECT)


@pytest.fixture(scope="session")
def _database_server() -> Iterator[None]:
    """Run the server of this test run; the last process that ends stops it."""
    if not settings.TONGWEN_DATABASE_IS_EMBEDDED:
        yield
        return
    with embedded_postgres.running(settings.TONGWEN_DATABASE_FOLDER):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let pytest-django make its databases after the server has started, one for each process."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database; before it goes, end what a thread of a test may have left open in it."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _empty_keys(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the tables that are no Django models after a test that commits: Django empties its own only."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker is not None and marker.kwargs.get("transaction")):
        from django.db import connection

        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE match_key, bib_link, bib_extract")


@pytest.fixture
def index_folder(tmp_path: Path, settings: Any) -> Path:
    """Give the test an index folder of its own."""
    settings.TONGWEN_INDEX_FOLDER = tmp_path / "index"
    return tmp_path / "index"


@pytest.fixture
def blob_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep the files that the test hands in in a folder of its own."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "blobs"}}
    settings.STORAGES = storages
    return tmp_path / "blobs"


@pytest.fixture
def load(blob_folder: Path) -> Callable[..., types.Batch]:
    """Load a file for a library in this process and return its batch."""

    def run(institution_id: int, file: io.BytesIO, *, preview: bool = False, name: str = "books.mrc") -> types.Batch:
        from tongwen.domain.catalogue import queries, services

        with tenancy.scope(institution_id):
            batch_id = services.receive_batch(
                institution_id=institution_id, file=file, file_name=name, actor="cataloguer", preview=preview
            )
            services.run_batch(batch_id=batch_id)
            return queries.batch(batch_id)

    return run


@pytest.fixture
def lending_library(db: None) -> int:
    """A university library in Nanjing."""
    return _library("L1", "示范一馆", "320100", "南京市")


@pytest.fixture
def neighbouring_library(db: None) -> int:
    """Another library of the same province, in Suzhou."""
    return _library("L2", "示范二馆", "320500", "苏州市")


@pytest.fixture
def distant_library(db: None) -> int:
    """A library of another province, in Xi'an."""
    return _library("L3", "示范三馆", "610100", "西安市", "610000", "陕西省")


def _library(
    code: str, name: str, city: str, city_name: str, province: str = "320000", province_name: str = "江苏省"
) -> int:
    for number, word in ((province, province_name), (city, city_name)):
        members.register_place(code=number, name_zh=word, name_zh_hant=word, name_en=word)
    number = members.register_institution(
        code=code,
        name_zh=name,
        name_zh_hant=name,
        name_en=f"Demo {code}",
        type=member_types.InstitutionType.UNIVERSITY,
        province=province,
        city=city,
    )
    from tongwen.domain.members import queries

    queries.forget()
    return number


@pytest.fixture
def in_scope(lending_library: int) -> Iterator[int]:
    """Work in the scope of the lending library."""
    with tenancy.scope(lending_library):
        yield lending_library
