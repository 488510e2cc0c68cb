from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import trial


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """An installation with two libraries and no records, stopped."""
    folder = trial.scratch("template")
    trial.make_template(folder / "home")
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def installation(template: Path) -> Iterator[trial.Trial]:
    """An installation of the test's own."""
    folder = trial.scratch("trial")
    made = trial.Trial(trial.copy_of(template, folder / "home"))
    yield made
    made.remove()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def file_of_records(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Files of so many records, each made once."""
    folder = tmp_path_factory.mktemp("files")

    def make(number: int) -> Path:
        path = folder / f"books-{number}.mrc"
        if not path.exists():
            path.write_bytes(trial.many_records(number))
        return path

    return make
