"""Compression of stored records: zstandard with a dictionary of what records have in common, one context per thread.

A frame that was made with the dictionary says so by its number and cannot be read without it; one that was made
without is read as well (ADR 0013).
"""

from __future__ import annotations

import threading
from pathlib import Path

import zstandard

_LEVEL = 1
"""Level 3 takes a fifth longer and saves one byte in five hundred on records of a kilobyte."""
_LARGEST = 64 << 20
_DICTIONARY = zstandard.ZstdCompressionDict(Path(__file__).with_name("records-1.zdict").read_bytes())
_DICTIONARY.precompute_compress(level=_LEVEL)
_local = threading.local()


def compress(data: bytes) -> bytes:
    """Return a zstandard frame that states its content size."""
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_DICTIONARY)
    packed: bytes = compressor.compress(data)
    return packed


def decompress(data: bytes | memoryview) -> bytes:
    """Return what was compressed; refuses frames that unpack to more than 64 MB."""
    decompressor = getattr(_local, "decompressor", None)
    if decompressor is None:
        decompressor = _local.decompressor = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)
    unpacked: bytes = decompressor.decompress(data, max_output_size=_LARGEST)
    return unpacked
