"""Which other bibs a bib is linked with: sets and volumes, hosts and components, titles before and after."""

from __future__ import annotations

import re

from django.db import connection

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.queries import records
from tongwen.domain.catalogue.rules.links import Role
from tongwen.standards import hanzi

MOST = 200
_ORDERED = "上中下"
_NUMBER = re.compile(r"[0-9]{1,9}")

_FROM_HERE = {
    Role.VOLUME_OF: types.Relation.SET,
    Role.COMPONENT_OF: types.Relation.HOST,
    Role.CONTINUES: types.Relation.EARLIER,
    Role.CONTINUED_BY: types.Relation.LATER,
    Role.IN_SERIES: types.Relation.SERIES,
}
_FROM_THERE = {
    Role.VOLUME_OF: types.Relation.VOLUME,
    Role.COMPONENT_OF: types.Relation.COMPONENT,
    Role.CONTINUES: types.Relation.LATER,
    Role.CONTINUED_BY: types.Relation.EARLIER,
    Role.IN_SERIES: types.Relation.IN_SERIES,
}

_LINKED = """
SELECT DISTINCT mine.role, theirs.role, theirs.bib_id
FROM bib_link mine
JOIN bib_link theirs ON theirs.key = mine.key AND theirs.bib_id <> mine.bib_id AND (mine.role = 0) <> (theirs.role = 0)
JOIN bib ON bib.id = theirs.bib_id AND bib.state = 'active'
WHERE mine.bib_id = %s
ORDER BY theirs.bib_id LIMIT %s
"""


def linked_bibs(bib_id: int) -> tuple[types.LinkedBib, ...]:
    """Return the bibs linked with this one, by relation, then by part and date; at most 200."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKED, [bib_id, MOST])
        rows = cursor.fetchall()
    relations: dict[int, types.Relation] = {}
    for mine, theirs, other in rows:
        relation = _FROM_THERE[Role(theirs)] if mine == Role.IS else _FROM_HERE[Role(mine)]
        relations.setdefault(other, relation)
    found = records.bibs(list(relations))
    linked = [
        types.LinkedBib(relations[other], other, bib.view.title, bib.view.parts, bib.view.date)
        for other, bib in found.items()
    ]
    order = list(types.Relation)
    return tuple(sorted(linked, key=lambda one: (order.index(one.relation), *_place(one))))


def _place(one: types.LinkedBib) -> tuple[list[tuple[int, int, str]], str, str]:
    """Return what puts volumes in order: 上 中 下 in theirs, other designations by their number, then by title."""
    return [_designation(part.value) for part in one.parts], one.date, one.title.value


def _designation(part: str) -> tuple[int, int, str]:
    key = hanzi.volume_key(part)
    if key and key in _ORDERED:
        return 0, _ORDERED.index(key), ""
    number = _NUMBER.match(key)
    return (0, int(number[0]), key) if number else (1, 0, part)
