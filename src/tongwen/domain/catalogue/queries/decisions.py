"""The stored decisions of the matching about a bib, with everything that led to them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import F, Q

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import MatchDecision
from tongwen.domain.catalogue.queries import records
from tongwen.domain.catalogue.queries.merges import bibs_below
from tongwen.domain.catalogue.rules import explanation

MOST = 200


class StoredDecision(NamedTuple):
    """A decision as it was made, with its words in the active language.

    `bib_id` is the bib that the incoming record led to, `candidate_id` the bib it was compared with: the same where
    the record joined it.
    """

    id: int
    bib_id: int
    candidate_id: int
    at: dt.datetime
    decision: types.Decision
    words: tuple[str, ...]


def decisions(bib_id: int) -> tuple[StoredDecision, ...]:
    """Return the decisions that concern a bib or one merged into it, the newest first; at most 200.

    Raises:
        UnknownBib
    """
    records.bib(bib_id)
    numbers = bibs_below(bib_id)
    by_others = Q(candidate_id__in=numbers) & ~Q(candidate_id=F("bib_id"))  # As the index says it.
    rows = MatchDecision.objects.filter(Q(bib_id__in=numbers) | by_others).order_by("-pk")[:MOST]
    return tuple(_stored(row) for row in rows)


def stored(row: MatchDecision) -> types.Decision:
    """Return a decision as its table holds it."""
    return types.Decision(
        band=types.Band(row.band),
        score=row.score,
        features=tuple(types.Feature(*feature) for feature in row.features),
        reason=row.reason,
        rules_version=row.rules_version,
    )


def _stored(row: MatchDecision) -> StoredDecision:
    decision = stored(row)
    return StoredDecision(row.pk, row.bib_id, row.candidate_id, row.at, decision, explanation.explain(decision))
