"""Files that people hand in: kept whole under the SHA-256 of their content, in a folder or an object store."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage

_BLOCK = 1 << 20
_DRAFT = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{32}")


def _blocks(source: BinaryIO) -> Iterable[bytes]:
    while block := source.read(_BLOCK):
        yield block


def keep(source: BinaryIO) -> tuple[str, int]:
    """Store the bytes from here to the end and return (key, size); the same bytes are stored once.

    Raises:
        OSError: the disk is full or the store does not answer; nothing is left behind.
    """
    digest = hashlib.sha256()
    size = 0
    with tempfile.SpooledTemporaryFile(max_size=8 << 20) as scratch:
        for block in _blocks(source):
            digest.update(block)
            size += len(block)
            scratch.write(block)
        key = f"{digest.hexdigest()[:2]}/{digest.hexdigest()}"
        if not default_storage.exists(key):
            scratch.seek(0)
            _put(cast("IO[bytes]", scratch), key)
    return key, size


def _put(content: IO[bytes], key: str) -> None:
    """Store under the key all or nothing, whenever this process is killed."""
    try:
        target = Path(default_storage.path(key))
    except NotImplementedError:
        default_storage.save(key, File(content))  # Object stores keep whole objects only.
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("wb") as out:
            shutil.copyfileobj(content, out, _BLOCK)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def drafts(before: dt.datetime) -> list[Path]:
    """Return what writers that were killed before this moment have left behind; object stores have none."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return []
    return [path for path in folder.glob("??/*.*") if _is_draft(path) and _written_at(path) < before.timestamp()]


def _is_draft(path: Path) -> bool:
    return _DRAFT.fullmatch(path.name) is not None


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # Its writer is alive and has just finished.
        return math.inf


def sweep(before: dt.datetime) -> int:
    """Remove what writers that were killed before this moment have left behind; returns how many files."""
    found = drafts(before)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def read(key: str) -> BinaryIO:
    """Open stored bytes for reading from the start."""
    return cast("BinaryIO", default_storage.open(key, "rb"))


def is_there(key: str) -> bool:
    """Tell whether the bytes under this key are still kept."""
    return bool(default_storage.exists(key))


def remove(key: str) -> None:
    """Remove stored bytes, for files about people whose time is over. The same bytes may be somebody else's too: the
    caller knows that nobody needs them.
    """
    default_storage.delete(key)
