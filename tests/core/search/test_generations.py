from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tongwen.core.search import generations, port
from tongwen.core.search.tantivy_engine import TantivyEngine

SOURCES = Path(generations.__file__).parents[3]
SCHEMA = port.Schema("trial", (port.Field("newest", port.FieldKind.RANK),), tie_break="newest")
WIDER = port.Schema("trial", (*SCHEMA.fields, port.Field("text", port.FieldKind.TEXT)), tie_break="newest")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine = TantivyEngine(tmp_path / "index", SCHEMA)
    engine.create()
    with engine.writer() as writer:
        writer.add('{"id": 1, "newest": 5}')
        writer.commit()
    return tmp_path / "index"


def opened(folder: Path, schema: port.Schema = SCHEMA) -> int:
    return TantivyEngine(folder, schema).document_count()


class TestDamage:
    def test_is_named_where_the_pointer_is_senseless(self, folder: Path) -> None:
        (folder / "current").write_text("../../etc\n")
        with pytest.raises(port.IndexDamaged, match="tongwen reindex"):
            opened(folder)

    def test_is_named_where_the_pointer_is_no_text(self, folder: Path) -> None:
        (folder / "current").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(port.IndexDamaged, match="tongwen reindex"):
            opened(folder)

    def test_is_named_where_the_generation_is_gone(self, folder: Path) -> None:
        shutil.rmtree(folder / "g000001")
        with pytest.raises(port.IndexDamaged, match="g000001"):
            opened(folder)

    @pytest.mark.parametrize("text", [b"", b"{}", b"\x00" * 100, b'{"segments": 7}'])
    def test_is_named_where_the_engine_cannot_read_its_own(self, folder: Path, text: bytes) -> None:
        (folder / "g000001" / "meta.json").write_bytes(text)
        with pytest.raises(port.IndexDamaged, match="tongwen reindex"):
            opened(folder)

    def test_is_named_where_a_segment_is_cut_off(self, folder: Path) -> None:
        for path in (folder / "g000001").glob("*.fast"):
            path.write_bytes(path.read_bytes()[:20])
        with pytest.raises(port.IndexDamaged, match="tongwen reindex"):
            opened(folder)

    def test_is_noticed_by_a_reader_that_is_open(self, folder: Path) -> None:
        engine = TantivyEngine(folder, SCHEMA)
        assert engine.document_count() == 1
        engine._looked_at = 0.0
        (folder / "g000001" / "meta.json").write_bytes(b"{")
        with pytest.raises(port.IndexDamaged):
            engine.document_count()

    def test_is_mended_by_building_anew(self, folder: Path) -> None:
        (folder / "current").write_text("nonsense")
        engine = TantivyEngine(folder, SCHEMA)
        with engine.build() as build:
            build.writer.add('{"id": 7, "newest": 5}')
            build.switch()
        assert engine.document_count() == 1


class TestFingerprint:
    def test_refuses_an_index_of_other_fields(self, folder: Path) -> None:
        with pytest.raises(port.IndexOutdated, match="tongwen reindex"):
            opened(folder, WIDER)

    def test_changes_with_the_version_of_the_analysis(self) -> None:
        newer = port.Schema(SCHEMA.name, SCHEMA.fields, SCHEMA.tie_break, version=2)
        assert newer.fingerprint != SCHEMA.fingerprint


class TestSweep:
    def test_removes_what_a_crash_left_half_built(self, folder: Path) -> None:
        folders = generations.Generations(folder, SCHEMA.fingerprint)
        left_over = folders.new()
        (left_over / "rubbish").write_text("x")
        engine = TantivyEngine(folder, SCHEMA)
        with engine.build() as build:
            assert not left_over.exists() or build.generation == left_over.name
            build.switch()
        assert [path.name for path in folder.iterdir() if path.is_dir()] == [build.generation]


_WRITE_FOR_EVER = """
import sys
from pathlib import Path
from tongwen.core.search import port
from tongwen.core.search.tantivy_engine import TantivyEngine
schema = port.Schema("trial", (port.Field("newest", port.FieldKind.RANK),), tie_break="newest")
writer = TantivyEngine(Path(sys.argv[1]), schema).writer()
for number in range(2, 10**9):
    writer.add('{"id": %d, "newest": 5}' % number)
    if number == 500:
        writer.commit()
        print("committed", flush=True)
"""


class TestCrash:
    def test_keeps_what_was_committed_and_frees_the_writer(self, folder: Path) -> None:
        command = [sys.executable, "-c", _WRITE_FOR_EVER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(SOURCES)}) as writing:
            assert writing.stdout is not None
            assert writing.stdout.readline() == b"committed\n"
            with pytest.raises(port.WriterBusy):
                TantivyEngine(folder, SCHEMA).writer()
            writing.kill()
        assert opened(folder) == 500
        with TantivyEngine(folder, SCHEMA).writer() as writer:
            writer.replace(2, '{"id": 2, "newest": 6}')
            writer.commit()
        assert opened(folder) == 500
