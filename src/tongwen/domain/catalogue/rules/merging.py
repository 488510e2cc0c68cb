"""Making one record of two that describe the same book: which is the base, and what the other adds."""

from __future__ import annotations

from tongwen.domain.catalogue.rules.merge_policy import Action, action_for
from tongwen.standards import hanzi
from tongwen.standards.marc import holdings
from tongwen.standards.marc import types as marc

_LEVEL_RANK = {" ": 0, "1": 1, "4": 2, "I": 1, "L": 2, "K": 4, "M": 3, "7": 4, "2": 3, "3": 5, "5": 6, "8": 7}
"""Encoding levels from full to prepublication (MARC21 LDR/17; OCLC's letters where they were put in the order that
OCLC's own manual gives). CNMARC LDR/17 knows blank (full), 1, 2 and 3, which keep the same order."""
_UNKNOWN_RANK = 5


def better(first: marc.Record, second: marc.Record) -> bool:
    """Tell whether the second record makes the better base: by encoding level, then by how much it says."""
    return _quality(second) > _quality(first)


def _quality(record: marc.Record) -> tuple[int, int, int]:
    rank = _LEVEL_RANK.get(record.leader[17:18], _UNKNOWN_RANK)
    described = [field for field in record.fields if not field.tag.startswith("9")]
    return -rank, len({field.tag for field in described}), len(described)


def compose(base: marc.Record, other: marc.Record, format: marc.Format) -> marc.Record:  # noqa: A002
    """Return the base with what the field rules take from the other; both are of one format."""
    present = {field.tag for field in base.fields}
    said = {_sense(field) for field in base.fields}
    taken = []
    for field in other.fields:
        if holdings.is_local(field.tag, format):
            continue
        action = action_for(format, field.tag)
        if action is Action.FILL and field.tag not in present:
            taken.append(field)
        elif action is Action.ADD and _sense(field) not in said:
            said.add(_sense(field))
            taken.append(field)
    return _with(base, taken)


def _sense(field: marc.Field) -> tuple[str, str]:
    """Return what a field says, apart from punctuation, case, script variants and the order of its control codes."""
    words = [value for code, value in field.subfields if code not in "02569" or code == "a"]
    return field.tag, hanzi.whole(" ".join(words) or field.data)


def _with(base: marc.Record, taken: list[marc.Field]) -> marc.Record:
    fields = list(base.fields)
    for field in taken:
        place = max((index + 1 for index, other in enumerate(fields) if other.tag <= field.tag), default=0)
        fields.insert(place, field)
    return base._replace(fields=tuple(fields))


def sources(record: marc.Record, delivered: dict[int, marc.Record]) -> tuple[tuple[int, ...], ...]:
    """Return for each field of a union record the libraries whose delivered record has that very field.

    An empty tuple is a field that came by hand. `delivered` holds the libraries' own records by institution.
    """
    found = {institution: frozenset(own.fields) for institution, own in delivered.items()}
    return tuple(
        tuple(sorted(institution for institution, fields in found.items() if field in fields))
        for field in record.fields
    )
