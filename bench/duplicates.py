"""Two bibs that should be one: every pair of active bibs that share a key is decided anew by the rules in force."""

from __future__ import annotations

from typing import Any

from django.db import connection

from tongwen.domain.catalogue.rules import comparison, deciding, scoring
from tongwen.domain.catalogue.services import matching
from tongwen.domain.catalogue.types import Band

_PAIRS = """
SELECT DISTINCT one.bib_id, other.bib_id
FROM match_key one JOIN match_key other ON other.key = one.key AND other.bib_id > one.bib_id
JOIN bib lower ON lower.id = one.bib_id AND lower.state = 'active'
JOIN bib higher ON higher.id = other.bib_id AND higher.state = 'active'
ORDER BY 1, 2
"""
_IN_REVIEW = "SELECT bib_id, candidate_id FROM review"
_EXAMPLES = 10
_TITLE_LENGTH = 80


def find() -> dict[str, Any]:
    """Return how many pairs the rules would merge by themselves, and how many of these nobody has been asked about.

    A pair of which a bib is in review stands apart rightly: it fitted two books, or doubts were seen on arrival.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS)
        pairs = cursor.fetchall()
        cursor.execute(_IN_REVIEW)
        reviewed = {bib_id for pair in cursor.fetchall() for bib_id in pair}
    prepared = _prepared({bib_id for pair in pairs for bib_id in pair})
    automatic = []
    for one, other in pairs:
        decision = scoring.decide(prepared[one], prepared[other])
        if decision.band is Band.AUTOMATIC:
            automatic.append((one, other, decision.reason))
    unasked = [pair for pair in automatic if pair[0] not in reviewed and pair[1] not in reviewed]
    return {
        "pairs_with_a_key_in_common": len(pairs),
        "would_merge": len(automatic),
        "would_merge_and_nobody_was_asked": len(unasked),
        "examples": [
            {
                "bibs": [one, other],
                "titles": [prepared[each].view.title[:_TITLE_LENGTH] for each in (one, other)],
                "reason": reason,
            }
            for one, other, reason in unasked[:_EXAMPLES]
        ],
    }


def _prepared(bib_ids: set[int]) -> dict[int, comparison.Prepared]:
    stored = matching.stored_records(bib_ids)
    return {bib_id: comparison.prepared(deciding.view_of(record)) for bib_id, record in stored.items()}
