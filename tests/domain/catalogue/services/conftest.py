from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

Load = Callable[..., types.Batch]


@pytest.fixture
def load(blob_folder: object) -> Load:
    """Load a file for a library in this process and return its batch."""

    def run(institution_id: int, file: io.BytesIO, *, preview: bool = False, name: str = "books.mrc") -> types.Batch:
        with tenancy.scope(institution_id):
            batch_id = services.receive_batch(
                institution_id=institution_id, file=file, file_name=name, actor="cataloguer", preview=preview
            )
            services.run_batch(batch_id=batch_id)
            return queries.batch(batch_id)

    return run
