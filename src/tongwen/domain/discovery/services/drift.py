"""Does the index show exactly what the catalogue has? One document for each active bib, with its version and holdings.

Both sides are read in order of the bibs' numbers and compared by a digest that each document carries (rules.digest),
which reads neither records nor texts. What the change feed names behind the index's position is on its way, no drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tongwen.core import search
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services as catalogue_services
from tongwen.domain.catalogue import types as catalogue_types
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import digest
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import follower
from tongwen.domain.members import queries as members

_FIELD = "digest"
_LAST = (1 << 62) - 1
_CHANGES_AT_ONCE = 200


class _Comparison:
    """What has been found so far; `documents` of bibs between two numbers are compared with the bibs there."""

    def __init__(self) -> None:
        self.compared = 0
        self.missing: list[int] = []
        self.stale: list[int] = []
        self.doubled: list[int] = []
        self.surplus: list[int] = []

    def add(self, bibs: dict[int, int], documents: list[tuple[int, int]]) -> None:
        """Compare (bib, digest) of both sides."""
        number = Counter(bib_id for bib_id, _ in documents)
        shown = dict(documents)
        self.compared += len(bibs)
        self.missing += [bib_id for bib_id in bibs if bib_id not in shown]
        self.doubled += [bib_id for bib_id in bibs if number[bib_id] > 1]
        self.stale += [bib_id for bib_id, mark in bibs.items() if number[bib_id] == 1 and shown[bib_id] != mark]
        self.surplus += [bib_id for bib_id in shown if bib_id not in bibs]

    def without(self, moving: set[int]) -> types.Drift:
        """Return what was found, apart from bibs whose change the index has still to take in."""
        kept = (
            tuple(bib_id for bib_id in found if bib_id not in moving)
            for found in (self.missing, self.stale, self.doubled, self.surplus)
        )
        return types.Drift(self.compared, *kept)


def find_drift(*, advance: Callable[[int], None] | None = None) -> types.Drift:
    """Compare index and catalogue exactly; loads and searches go on. `advance` is told the bibs done so far.

    Raises:
        IndexUnusable: there is no index, or it cannot be read.
    """
    engine = search.engine(SCHEMA)
    reached = follower.position(engine.generation())
    places = {one.id: (one.city, one.province) for one in members.institutions()}
    found = _Comparison()
    last = 0
    for piece in catalogue.index_facts():
        first, last = last + 1, piece[-1].bib_id
        found.add({facts.bib_id: _digest(facts, places) for facts in piece}, engine.stamps(_FIELD, first, last))
        if advance is not None:
            advance(found.compared)
    found.add({}, engine.stamps(_FIELD, last + 1, _LAST))
    return found.without(_changed_after(reached))


def _digest(facts: catalogue_types.BibFacts, places: dict[int, tuple[str, str]]) -> int:
    return digest.digest(facts.version, facts.institution_ids, facts.call_numbers, places)


def _changed_after(reached: int) -> set[int]:
    """Return the bibs that the feed names behind a position."""
    moving: set[int] = set()
    while changes := catalogue.changes_after(reached, _CHANGES_AT_ONCE):
        for change in changes:
            moving.update(change.added, change.changed, change.removed)
        reached = changes[-1].position
    return moving


def mend_drift(drift: types.Drift, *, actor: str) -> None:
    """Have the documents of these bibs written anew, or removed, by whoever follows; waits until that is done."""
    catalogue_services.tell_again(bib_ids=drift.bib_ids, actor=actor)
    follower.wait_until_indexed()
