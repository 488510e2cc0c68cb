"""Match decisions: as they were made, and of any two bibs by today's rules."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from tongwen.api import language
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types

router = Router(tags=["decisions"])

BibNumber = Annotated[int, Field(ge=1, le=2**63 - 1, description="The number of a bib.")]
Asked = Annotated[
    language.Language | None, Query(alias="language", description="The language of the words; else Accept-Language.")
]


class Feature(Schema):
    """One observation of a comparison."""

    name: str = Field(description="A stable word: isbn, title, volume, authors, edition, year …")
    outcome: str = Field(description="A stable word: equal, similar, different, one-missing, disjoint …")
    weight: float = Field(description="What it adds to the score.")
    veto: bool = Field(description="True where it ends the comparison.")
    mine: str = Field(description="What was compared, in the incoming record's words.")
    theirs: str = Field(description="What was compared, in the other record's words.")


class Decision(Schema):
    """What was decided of a pair, with everything that led to it."""

    band: types.Band
    score: float
    reason: str = Field(description="A stable word for the cause that decided.")
    cause: str = Field(description="The cause in words.")
    words: list[str] = Field(description="The decision in words: the headline, then each observation, vetoes first.")
    rules_version: str
    features: list[Feature]


class StoredDecision(Decision):
    """A decision as it was made. Both bibs are the same where the record joined the bib it was compared with."""

    id: int
    bib: int = Field(description="The bib that the incoming record led to.")
    candidate: int = Field(description="The bib it was compared with.")
    at: dt.datetime


class Explained(Decision):
    """A decision about any two bibs, made now. Nothing is written."""

    first: int
    second: int
    said_different: bool = Field(description="True where a person said that the two are not the same.")


def facts(decision: types.Decision, words: tuple[str, ...]) -> dict[str, Any]:
    """Return what the schemas say of a decision, in the active language."""
    return {
        "band": decision.band,
        "score": decision.score,
        "reason": decision.reason,
        "cause": catalogue.review_cause(decision.reason),
        "words": [str(word) for word in words],
        "rules_version": decision.rules_version,
        "features": [feature._asdict() for feature in decision.features],
    }


@router.get("/decisions/explain", url_name="api-explain", response=Explained, operation_id="explain_pair")
def explain(
    request: HttpRequest,
    response: HttpResponse,
    first: Annotated[BibNumber, Query()],
    second: Annotated[BibNumber, Query()],
    asked: Asked = None,
) -> dict[str, Any]:
    """Compare two bibs by today's rules and say what comes out."""
    with language.speaking(request, response, asked):
        explained = catalogue.explain_pair(first, second)
        return {
            "first": first,
            "second": second,
            "said_different": explained.said_different,
            **facts(explained.decision, explained.words),
        }


@router.get(
    "/bibs/{int:bib_id}/decisions",
    url_name="api-decisions",
    response=list[StoredDecision],
    operation_id="list_decisions",
)
def decisions(
    request: HttpRequest,
    response: HttpResponse,
    bib_id: int,
    asked: Asked = None,
) -> list[dict[str, Any]]:
    """List the decisions of the matching about a bib or one merged into it, the newest first; at most 200."""
    with language.speaking(request, response, asked):
        return [
            {
                "id": one.id,
                "bib": one.bib_id,
                "candidate": one.candidate_id,
                "at": one.at,
                **facts(one.decision, one.words),
            }
            for one in catalogue.decisions(bib_id)
        ]
