from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tongwen import cli
from tongwen.domain.discovery import services as discovery
from tongwen.domain.members import queries as members

Run = Callable[..., Result]


@pytest.fixture
def run(transactional_db: None, index_folder: Path, blob_folder: Path) -> Run:
    """Call the command line in this process, on the test's database and an empty index."""
    discovery.make_index()
    members.forget()

    def call(*words: object, text: str | None = None) -> Result:
        result = CliRunner().invoke(cli.main, [str(word) for word in words], input=text)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
