"""A file that is loaded again: what nobody asks for is not derived, and what is new in it is found all the same."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from domain.discovery.services.conftest import found
from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import services as catalogue
from tongwen.domain.catalogue.rules import preparation
from tongwen.domain.catalogue.services import loading
from tongwen.domain.discovery import services

_NOTE = "500    $a" + "A note that makes the file long. " * 60


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each task of the loads asked for what is derived; a task holds some thirty books."""
    seen: list[bool] = []

    def prepare(task: preparation.Task) -> list[preparation.Prepared]:
        seen.append(task.derives)
        return prepared(task)

    prepared = preparation.prepare
    monkeypatch.setattr(loading.preparation, "prepare", prepare)
    monkeypatch.setattr(loading, "BLOCK", 1 << 16)
    return seen


def _titles(number: int) -> list[str]:
    return [f"Title {count}" for count in range(number)]


def _load(institution_id: int, titles: list[str], *, preview: bool = False, note: str = _NOTE) -> None:
    """Load books with these titles while the index follows."""
    file = marc_file(*(book(f"n {title}", title, more=(note,)) for title in titles))
    with tenancy.scope(institution_id), services.following():
        batch_id = catalogue.receive_batch(
            institution_id=institution_id,
            file=io.BytesIO(file.getvalue()),
            file_name="books.mrc",
            actor="cataloguer",
            preview=preview,
        )
        catalogue.run_batch(batch_id=batch_id)


class TestLoadingAgain:
    def test_derives_everything_of_a_first_load(self, index: Path, lending_library: int, asked: list[bool]) -> None:
        _load(lending_library, _titles(120))
        assert len(asked) > 2
        assert all(asked)

    def test_derives_nothing_once_it_sees_that_nothing_changes(
        self, index: Path, lending_library: int, asked: list[bool]
    ) -> None:
        _load(lending_library, _titles(120))
        asked.clear()
        _load(lending_library, _titles(120))
        assert asked[0]
        assert not any(asked[1:])

    def test_finds_what_is_new_among_what_was_there(self, index: Path, lending_library: int, asked: list[bool]) -> None:
        _load(lending_library, _titles(120))
        _load(lending_library, [*_titles(120), "Orlando"])
        assert not asked[-1]
        assert found("orlando") == 1

    def test_finds_what_was_changed_among_what_was_there(
        self, index: Path, lending_library: int, asked: list[bool]
    ) -> None:
        _load(lending_library, _titles(120))
        file = [*_titles(119), "Title 119"]
        changed = marc_file(
            *(book(f"n {title}", title, more=(_NOTE,)) for title in file[:-1]),
            book("n Title 119", "Title 119", more=("500    $aPetersburg.",)),
        )
        with tenancy.scope(lending_library), services.following():
            batch_id = catalogue.receive_batch(
                institution_id=lending_library, file=changed, file_name="b.mrc", actor="cataloguer", preview=False
            )
            catalogue.run_batch(batch_id=batch_id)
        assert not asked[-1]
        assert found("petersburg") == 1

    def test_derives_again_where_the_file_goes_on_with_what_is_new(
        self, index: Path, lending_library: int, asked: list[bool]
    ) -> None:
        _load(lending_library, _titles(120))
        asked.clear()
        _load(lending_library, _titles(240))
        assert not all(asked)
        assert asked[-1]
        assert found("title 239") == 1

    def test_derives_nothing_for_a_preview(self, index: Path, lending_library: int, asked: list[bool]) -> None:
        _load(lending_library, _titles(60), preview=True)
        assert asked
        assert not any(asked)

    def test_keeps_no_extract_without_its_fields(
        self, index: Path, lending_library: int, neighbouring_library: int, asked: list[bool]
    ) -> None:
        """The second library's last records are the first's, byte for byte, and come when nothing is derived."""
        _load(lending_library, _titles(120))
        _load(neighbouring_library, _titles(120))
        assert all(asked)
        assert found("title 119") == 1
