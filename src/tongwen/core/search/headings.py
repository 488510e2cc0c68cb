"""What a document carries for a HEADING field: numbers that stand for the headings, and the words, stored beside them.

Numbers are counted ten times sooner than words, and words that nobody searches by need no place in a dictionary of
terms: as terms they took a quarter of the indexing.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Final

import xxhash

_BETWEEN: Final = "\x1f"
"""The delimiter of subfields, which no heading can hold."""


_digest: Final = xxhash.xxh3_64_intdigest


def heading_number(value: str) -> int:
    """Return the number that stands for a heading: 52 bits of its XXH3, which JSON carries exactly."""
    return _digest(value.encode("utf-8", "replace")) >> 12


def label_field(name: str) -> str:
    """Return the stored field that holds the words of a HEADING field."""
    return f"{name}_label"


def headings(name: str, values: Iterable[str]) -> dict[str, list[int] | str]:
    """Return what a document carries for a HEADING field: the numbers, and the words in base 64."""
    numbered = {heading_number(value): value for value in values}
    if not numbered:
        return {}
    words = _BETWEEN.join(numbered.values()).encode("utf-8", "replace")
    return {name: list(numbered), label_field(name): binascii.b2a_base64(words, newline=False).decode()}


def words_of(number: int, stored: bytes) -> str | None:
    """Return the heading of this number among those that a document stores, None where it has none."""
    found = stored.decode().split(_BETWEEN)
    return next((value for value in found if heading_number(value) == number), None)
