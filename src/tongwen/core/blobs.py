"""Files that people hand in: kept whole under the SHA-256 of their content, in a folder or an object store."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from typing import IO, BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage

_BLOCK = 1 << 20


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
            default_storage.save(key, File(cast("IO[bytes]", scratch)))
    return key, size


def read(key: str) -> BinaryIO:
    """Open stored bytes for reading from the start."""
    return cast("BinaryIO", default_storage.open(key, "rb"))
