"""What a document carries for a HEADING field: numbers that stand for the headings, and the words under them."""

from __future__ import annotations

from collections.abc import Iterable

import xxhash


def heading_number(value: str) -> int:
    """Return the number that stands for a heading: 52 bits of its XXH3, which JSON carries exactly."""
    return xxhash.xxh3_64_intdigest(value.encode("utf-8", "replace")) >> 12


def label_field(name: str) -> str:
    """Return the field in which the words of a HEADING field are found again."""
    return f"{name}_label"


def headings(name: str, values: Iterable[str]) -> dict[str, list[int] | list[str]]:
    """Return what a document carries for a HEADING field: the numbers, and the words under their numbers."""
    numbered = {heading_number(value): value for value in values}
    if not numbered:
        return {}
    labels = [f"{number:013x}{value}" for number, value in numbered.items()]
    return {name: list(numbered), label_field(name): labels}
