"""Everything of members is done by requests: its tests are guarded by the database as those are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tongwen.core import tenancy


@pytest.fixture(autouse=True)
def _guarded() -> Iterator[None]:
    with tenancy.guarded():
        yield
