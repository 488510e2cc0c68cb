from __future__ import annotations

import errno
import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from tongwen.core import blobs


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
