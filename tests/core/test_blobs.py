from __future__ import annotations

import datetime as dt
import errno
import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tongwen.core import blobs


class TestSweep:
    def test_removes_what_killed_writers_left_long_ago_and_nothing_else(self, blob_folder: Path) -> None:
        key, _ = blobs.keep(io.BytesIO(b"records"))
        digest = "ab" * 32
        old, young, foreign = (
            blob_folder / "ab" / name for name in (f"{digest}.{'0' * 32}", f"{digest}.{'1' * 32}", "x.y")
        )
        old.parent.mkdir(exist_ok=True)
        for path in (old, young, foreign):
            path.write_bytes(b"half")
        for path in (old, foreign):
            os.utime(path, (1_000_000, 1_000_000))
        yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        assert blobs.drafts(yesterday) == [old]
        assert blobs.sweep(yesterday) == 1
        assert [old.exists(), young.exists(), foreign.exists(), blobs.is_there(key)] == [False, True, True, True]


class TestKeep:
    def test_gives_back_what_it_was_given(self, blob_folder: Path) -> None:
        key, size = blobs.keep(io.BytesIO(b"records" * 500_000))
        with blobs.read(key) as source:
            assert source.read() == b"records" * 500_000
        assert size == 3_500_000

    def test_stores_the_same_bytes_once(self, blob_folder: Path) -> None:
        keys = {blobs.keep(io.BytesIO(b"the same"))[0] for _ in range(3)}
        assert len(keys) == 1
        assert len([path for path in blob_folder.rglob("*") if path.is_file()]) == 1

    def test_keeps_from_where_the_source_stands(self, blob_folder: Path) -> None:
        source = io.BytesIO(b"read already, still to read")
        source.seek(14)
        with blobs.read(blobs.keep(source)[0]) as kept:
            assert kept.read() == b"still to read"

    def test_leaves_nothing_under_the_key_when_the_disk_fills(
        self, blob_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fill(source: Any, target: Any, _length: int) -> None:
            target.write(source.read(10))
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(shutil, "copyfileobj", fill)
            with pytest.raises(OSError, match="No space"):
                blobs.keep(io.BytesIO(b"a file that does not fit"))
        assert [path for path in blob_folder.rglob("*") if path.is_file()] == []
        with blobs.read(blobs.keep(io.BytesIO(b"a file that does not fit"))[0]) as kept:
            assert kept.read() == b"a file that does not fit"
