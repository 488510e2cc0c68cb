"""A number that says what of the catalogue a document shows, so that drift is found without making it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson
import xxhash


def digest(
    version: int, institution_ids: Iterable[int], call_numbers: Iterable[str], places: Mapping[int, tuple[str, str]]
) -> int:
    """Return 52 bits of the XXH3 of a bib's version and holdings; their order and repeats do not count.

    `places` gives (city, province) of the institutions, which the document carries too. JSON carries 52 bits exactly.
    """
    held_by = [(number, *places[number]) for number in sorted(set(institution_ids))]
    facts = (version, held_by, sorted(set(call_numbers)))
    return xxhash.xxh3_64_intdigest(orjson.dumps(facts)) >> 12
