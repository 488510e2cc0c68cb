from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import services as catalogue
from tongwen.domain.discovery import queries, services, types

Load = Callable[..., int]


@pytest.fixture
def index(transactional_db: None, index_folder: Path, blob_folder: Path) -> Path:
    """An empty index; loads are committed, as other threads must see them."""
    services.make_index()
    return index_folder


@pytest.fixture
def load(index: Path) -> Load:
    """Load books with these titles and return the batch's number; the index hears of nothing."""

    def run(institution_id: int, *titles: str) -> int:
        file = marc_file(*(book(f"{title}-1", title) for title in titles))
        with tenancy.scope(institution_id):
            batch_id = catalogue.receive_batch(
                institution_id=institution_id,
                file=io.BytesIO(file.getvalue()),
                file_name="books.mrc",
                actor="cataloguer",
                preview=False,
            )
            catalogue.run_batch(batch_id=batch_id)
        return batch_id

    return run


def found(text: str) -> int:
    """How many records a reader finds who comes now: readers look for a new commit a few times a second."""
    queries.engine().close()
    return queries.search(types.Search(text=text)).total
