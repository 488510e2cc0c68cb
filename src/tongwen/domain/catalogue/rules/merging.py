"""Making one record of two that describe the same book: which is the base, and what the other adds."""

from __future__ import annotations

from typing import NamedTuple

from tongwen.domain.catalogue.rules import differences
from tongwen.domain.catalogue.rules.merge_policy import Action, action_for
from tongwen.standards import hanzi
from tongwen.standards.marc import holdings
from tongwen.standards.marc import types as marc

_LEVEL_RANK = {" ": 0, "1": 1, "4": 2, "I": 1, "L": 2, "K": 4, "M": 3, "7": 4, "2": 3, "3": 5, "5": 6, "8": 7}
"""Encoding levels from full to prepublication (MARC21 LDR/17; OCLC's letters where they were put in the order that
OCLC's own manual gives). CNMARC LDR/17 knows blank (full), 1, 2 and 3, which keep the same order."""
_UNKNOWN_RANK = 5


State = tuple[marc.Record, marc.Format]
"""A record in one version, with the format it is of."""


class Composed(NamedTuple):
    """What two records give together. `base_is_other`: the other record is the better one, and so the base."""

    record: marc.Record
    format: marc.Format
    base_is_other: bool


class TakenOut(NamedTuple):
    """What is left of a record without what a merge brought, and the tags at which a later edit met that."""

    record: marc.Record
    format: marc.Format
    tags: tuple[str, ...]


def better(first: marc.Record, second: marc.Record) -> bool:
    """Tell whether the second record makes the better base: by encoding level, then by how much it says."""
    return _quality(second) > _quality(first)


def _quality(record: marc.Record) -> tuple[int, int, int]:
    rank = _LEVEL_RANK.get(record.leader[17:18], _UNKNOWN_RANK)
    described = [field for field in record.fields if not field.tag.startswith("9")]
    return -rank, len({field.tag for field in described}), len(described)


def composed(own: State, other: State) -> Composed:
    """Return the record of a bib after another was merged into it.

    Records of two formats are not mixed: the better one stands alone.
    """
    base_is_other = better(own[0], other[0])
    base, addition = (other, own) if base_is_other else (own, other)
    record = compose(base[0], addition[0], base[1]) if own[1] is other[1] else base[0]
    return Composed(record, base[1], base_is_other)


def taken_out(current: State, with_other: State, without_other: State) -> TakenOut:
    """Return the current record without what led from `without_other` to `with_other`; later edits stay.

    Where the merge changed the format, edits made since are of a format that the earlier record does not have: it
    comes back as it was, and the edits' tags are named.
    """
    record, told = current
    if told is not with_other[1]:
        return TakenOut(record, told, ())  # The record is of the other format: nothing of the merge has entered it.
    if record == with_other[0]:
        return TakenOut(*without_other, ())
    if without_other[1] is not told:
        return TakenOut(*without_other, _tags(differences.difference(with_other[0], record).added))
    joined = differences.join(with_other[0], record, without_other[0])
    return TakenOut(joined.record, told, _tags(joined.conflicts))


def taken_out_behind(current: State, with_other: State, without_other: State) -> TakenOut:
    """Do the same to the record of the bib that the kept one has itself been merged into.

    Where the merge changed the format nothing can be told apart there: the record stays, and the tags are named of
    what it has in common with what the merge brought.
    """
    if current[1] is not with_other[1] or with_other[1] is without_other[1]:
        return taken_out(current, with_other, without_other)
    brought = frozenset(with_other[0].fields)
    return TakenOut(*current, _tags(tuple(field for field in current[0].fields if field in brought)))


def _tags(fields: tuple[marc.Field, ...]) -> tuple[str, ...]:
    return tuple(sorted({field.tag for field in fields}))


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
