"""The compiled form of modules is taken only where it was made of exactly these sources."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from tongwen import compiled

MODULE = "tongwen_trial"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source, and beside it a "compiled" form that says something else, with its manifest."""
    sources, place = tmp_path / "src", tmp_path / "compiled"
    sources.mkdir()
    place.mkdir()
    (sources / f"{MODULE}.py").write_text("said = 'source'\n")
    (place / "built.py").write_text("said = 'compiled'\n")
    monkeypatch.setattr(compiled, "SOURCES", sources)
    monkeypatch.setattr(compiled, "folder", lambda: place)
    monkeypatch.setattr(compiled, "_state", compiled.State.ABSENT)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.syspath_prepend(str(sources))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    write_manifest(place)
    return place


def write_manifest(place: Path, **changed: object) -> None:
    facts = {
        "python": sys.implementation.cache_tag,
        "sources": {MODULE: compiled.digest(MODULE)},
        "files": {MODULE: "built.py"},
    }
    (place / compiled.MANIFEST).write_text(json.dumps({**facts, **changed}))


def said() -> str:
    compiled.use()
    text: str = importlib.import_module(MODULE).said
    sys.modules.pop(MODULE)
    return text


class TestUse:
    def test_takes_what_was_made_of_these_sources(self, place):
        assert said() == "compiled"
        assert compiled.state() is compiled.State.USED

    def test_leaves_it_aside_after_a_change_of_the_source(self, place):
        with (compiled.SOURCES / f"{MODULE}.py").open("a") as source:
            source.write("# changed\n")
        assert said() == "source"
        assert compiled.state() is compiled.State.STALE

    def test_leaves_it_aside_where_a_source_is_gone(self, place):
        write_manifest(place, sources={MODULE: compiled.digest(MODULE), "tongwen_gone": "0"})
        assert said() == "source"
        assert compiled.state() is compiled.State.STALE

    def test_leaves_that_of_another_python_aside(self, place):
        write_manifest(place, python="cpython-300")
        assert said() == "source"
        assert compiled.state() is compiled.State.STALE

    @pytest.mark.parametrize("bytes_", [b"", b"{", b"\xff"])
    def test_goes_on_without_a_manifest_that_can_be_read(self, place, bytes_):
        (place / compiled.MANIFEST).write_bytes(bytes_)
        assert said() == "source"
        assert compiled.state() is compiled.State.ABSENT

    def test_goes_on_where_nothing_was_compiled(self, place):
        (place / compiled.MANIFEST).unlink()
        assert said() == "source"
        assert compiled.state() is compiled.State.ABSENT


class TestList:
    def test_names_modules_that_there_are(self):
        import tomllib

        root = Path(__file__).parents[1]
        with (root / "pyproject.toml").open("rb") as file:
            names = tomllib.load(file)["tool"]["tongwen"]["compiled"]["modules"]
        assert [name for name in names if not (root / "src" / f"{name.replace('.', '/')}.py").is_file()] == []
        assert names == sorted(set(names))
