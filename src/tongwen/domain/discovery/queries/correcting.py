"""A corrected spelling for a question that finds nothing, from records of the union, with hits of its own."""

from __future__ import annotations

from typing import NamedTuple

from tongwen.core.search import nodes, port
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import correction, matching, question

FEW = 0
"""A question with more hits than this is taken as it is typed."""
_LOOKED_AT = 20
_TRIED = 3
_MANY_TIMES = 10
"""So many times the hits of the question itself a correction must have: rare words are no errors. A change more
must bring as many times the hits of another correction, which may repeat an error in a record."""


class _Candidate(NamedTuple):
    changes: float
    records: int
    """Less than none: of corrections with as few changes, the one that more records have comes first."""
    place: int
    text: str


def corrected(
    search: types.Search, hits: int, tiers: dict[types.Tier, nodes.Node], engine: port.Engine
) -> types.Correction | None:
    """Return what the reader may have meant, None where the index has nothing like it.

    Looks at a few records per guess, so its cost does not grow with the number of hits.
    """
    target = correction.target_of(search.field)
    if target is None:
        return None

    def records_with(token: str) -> int:
        return len(engine.best(matching.any_field(target, token), correction.RARE + 1))

    for guess in correction.guesses(search.text, records_with):
        candidates = _candidates(engine.best(guess.query(target), _LOOKED_AT), guess, target)
        found = [(one.changes, _counted(one.text, search, tiers, engine)) for one in candidates[:_TRIED]]
        better = [(changes, one) for changes, one in found if one is not None and one.hits > hits * _MANY_TIMES]
        if better:
            return max(better, key=lambda pair: pair[1].hits / _MANY_TIMES ** pair[0])[1]
    return None


def _candidates(bib_ids: tuple[int, ...], guess: correction.Guess, target: matching.Target) -> list[_Candidate]:
    """Return what the records make of a question, each once, with the fewest changes first."""
    bibs = catalogue.bibs(bib_ids)
    found: dict[str, _Candidate] = {}
    for bib in (bibs[bib_id] for bib_id in bib_ids if bib_id in bibs):
        meant = guess.meant(bib.view, target)
        if meant is not None:
            known = found.get(meant.text, _Candidate(meant.changes, 0, len(found), meant.text))
            found[meant.text] = known._replace(changes=min(known.changes, meant.changes), records=known.records - 1)
    return sorted(found.values())


def _counted(
    text: str, search: types.Search, tiers: dict[types.Tier, nodes.Node], engine: port.Engine
) -> types.Correction | None:
    """Return a correction with its hits: in the tier that was searched, else in the nation; None where it has none."""
    query = matching.compiled(question.understand(text, search.field).query)
    counts = tuple(port.Count(tier, node) for tier, node in tiers.items())
    answer = engine.search(port.Request(query=query, limit=0, counts=counts))
    for tier in (search.tier, types.Tier.NATION):
        if answer.counts[tier]:
            return types.Correction(text, tier, answer.counts[tier])
    return None
