"""What differs between two versions of a record, field by field, and how two changes of one record come together.

A record is compared as a list of whole fields: a changed field counts as one that went and one that came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tongwen.standards.marc import types as marc

_LEADER = "LDR"
_SYSTEM_TAGS = ("005",)
"""Fields that every save rewrites: the newer side's simply stands."""


class Difference(NamedTuple):
    """The fields that went and those that came, each in the order of its record; the leader counts as field LDR."""

    removed: tuple[marc.Field, ...]
    added: tuple[marc.Field, ...]

    @property
    def tags(self) -> frozenset[str]:
        """Return the tags of all fields concerned."""
        return frozenset(field.tag for field in (*self.removed, *self.added))


class Joined(NamedTuple):
    """The record that holds both changes, and the fields of the second that met a change of the first.

    `conflicts` lists what could not be applied because the same field was changed differently before: the first
    change stands.
    """

    record: marc.Record
    conflicts: tuple[marc.Field, ...]


def difference(before: marc.Record, after: marc.Record) -> Difference:
    """Return what leads from one record to the other."""
    old, new = _fields(before), _fields(after)
    return Difference(_without(old, new), _without(new, old))


def join(base: marc.Record, first: marc.Record, second: marc.Record) -> Joined:
    """Apply to `first` what leads from `base` to `second`; both have grown out of `base`.

    A field that `second` removed goes if it still stands in `first`. A field that `second` brought is put in place,
    unless it replaces one that `first` has replaced as well: then that of `first` stands and the other is reported.
    """
    theirs = difference(base, second)
    mine = difference(base, first)
    gone_in_mine = Counter(mine.removed)
    came_in_mine = {field.tag for field in mine.added}
    fields = list(_fields(first))
    conflicts = []
    replaced: Counter[str] = Counter()
    for field in theirs.removed:
        if field in fields:
            fields.remove(field)
        elif gone_in_mine[field] and field.tag in came_in_mine and field.tag not in _SYSTEM_TAGS:
            replaced[field.tag] += 1
    for field in theirs.added:
        if field in fields and field in mine.added:
            continue  # Both brought the same.
        if field.tag in _SYSTEM_TAGS:
            fields = [other for other in fields if other.tag != field.tag]
            _insert(fields, field)
        elif replaced[field.tag]:
            replaced[field.tag] -= 1
            conflicts.append(field)
        else:
            _insert(fields, field)
    return Joined(_record(fields, first.leader), tuple(conflicts))


def _fields(record: marc.Record) -> tuple[marc.Field, ...]:
    """Return the fields with the leader before them; its lengths say nothing and are blanked (ISO 2709, 4.3)."""
    leader = record.leader
    return (marc.Field(_LEADER, data=f"00000{leader[5:12]}00000{leader[17:]}"), *record.fields)


def _without(fields: Iterable[marc.Field], others: Iterable[marc.Field]) -> tuple[marc.Field, ...]:
    left = Counter(others)
    kept = []
    for field in fields:
        if left[field]:
            left[field] -= 1
        else:
            kept.append(field)
    return tuple(kept)


def _insert(fields: list[marc.Field], field: marc.Field) -> None:
    """Put a field behind the last one whose tag is not greater; the leader stays first."""
    if field.tag == _LEADER:
        fields.insert(0, field)
        return
    place = max(
        (index + 1 for index, other in enumerate(fields) if other.tag == _LEADER or other.tag <= field.tag), default=0
    )
    fields.insert(place, field)


def _record(fields: list[marc.Field], leader: str) -> marc.Record:
    leaders = [field.data for field in fields if field.tag == _LEADER]
    return marc.Record(leaders[0] if leaders else leader, tuple(field for field in fields if field.tag != _LEADER))
