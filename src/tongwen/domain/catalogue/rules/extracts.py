"""What was once worked out of a bib's record, packed: its match view, and what was derived from its display view.

A bib that a second library joined is likely to be joined by a third. Its extract spares them to decode the record,
to read it and to analyse its text. It may be forgotten at any time, and one that other code has made is not used.
"""

from __future__ import annotations

import functools
import marshal
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import xxhash

from tongwen.core import compression, derivations

_SOURCES = Path(__file__).parents[3]
_MADE_BY = ("standards/**/*.py", "core/search/headings.py", "domain/*/rules/**/*.py", "domain/*/rules/**/*.toml")
_DATA_OF = ("opencc", "pypinyin")


class Extract(NamedTuple):
    """An extract as it is kept: `content` is the XXH3 of the record's bytes, as a holding has it."""

    content: int
    packed: bytes


def pack(content: int, view: bytes, derived: dict[str, bytes]) -> Extract:
    """Pack a match view (`deciding.depart`) and what the registered derivations gave."""
    return Extract(content, compression.compress(marshal.dumps((view, derived))))


def unpack(packed: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the match view and what was derived."""
    found: tuple[bytes, dict[str, bytes]] = marshal.loads(compression.decompress(packed))  # noqa: S302  Our own.
    return found


def stamp() -> int:
    """Return a number (signed, 64 bits) that changes with the code and the data by which extracts are made."""
    return _stamp(derivations.registered())


@functools.cache
def _stamp(registered: tuple[derivations.Registration, ...]) -> int:
    digest = xxhash.xxh3_64()
    for path in sorted({path for pattern in _MADE_BY for path in _SOURCES.glob(pattern)}):
        digest.update(path.read_bytes())
    for topic, name, function in registered:
        digest.update(f"{topic} {name} {function.__module__}.{function.__qualname__}\n".encode())
    for name in _DATA_OF:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.intdigest() - (1 << 63)
