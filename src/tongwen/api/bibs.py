"""Bibs: the union record, its description and who holds it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types
from tongwen.domain.members import queries as members
from tongwen.standards.marc import holdings as local
from tongwen.standards.marc import marcjson
from tongwen.standards.marc import types as marc

router = Router(tags=["bibs"])


class Text(Schema):
    """A piece of a record in its own words, with its language (BCP 47), "" where that is not known."""

    value: str
    lang: str


class Name(Schema):
    """Somebody who has to do with the work; `role` is a MARC relator code."""

    heading: Text
    role: str
    dates: str
    kind: str


class Description(Schema):
    """What the record says, the same for both formats."""

    title: Text
    subtitle: Text
    parts: list[Text]
    romanized_title: Text
    responsibility: Text
    names: list[Name]
    edition: Text
    places: list[Text]
    publishers: list[Text]
    date: str
    year: int | None
    extent: Text
    series: list[Text]
    languages: list[str]
    isbns: list[str]
    issns: list[str]


class Item(Schema):
    """A copy, or copies at one place."""

    location: str
    call_number: str
    copies: int
    note: str


class Holding(Schema):
    """What one library holds."""

    library: str = Field(description="The library's code.")
    library_name: str = Field(description="Its name in simplified Chinese.")
    items: list[Item]


class Bib(Schema):
    """A record of the union catalogue in its current version."""

    id: int
    url: str
    format: marc.Format
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    description: Description
    record: dict[str, Any] = Field(description="The record as MARC-in-JSON, without fields of one library only.")
    holdings: list[Holding]
    merged_numbers: list[int] = Field(description="Numbers of bibs merged into this one; they lead here.")


@router.get(
    "/bibs/{int:bib_id}",
    url_name="api-bib",
    response=Bib,
    operation_id="get_bib",
    openapi_extra={"responses": {"307": {"description": "The bib was merged; `Location` is the one that stands."}}},
)
def bib(request: HttpRequest, bib_id: int) -> dict[str, Any] | HttpResponseBase:
    """Return one bib with its holdings. A merged number leads on to the bib that stands (307)."""
    held = catalogue.held_bib(bib_id)
    if held.bib.merged_into is not None:
        # Not for ever: the merge may be taken back.
        target = reverse("api-bib", args=[catalogue.survivor(bib_id)])
        return HttpResponse(status=307, headers={"Location": target})
    return {
        "id": held.bib.id,
        "url": request.build_absolute_uri(reverse("record", args=[bib_id])),
        "format": held.bib.format,
        "version": held.bib.version,
        "created_at": held.bib.created_at,
        "updated_at": held.bib.updated_at,
        "description": _description(held.bib.view),
        "record": orjson.loads(marcjson.encode(local.without_local(held.bib.record, held.bib.format))),
        "holdings": [_holding(holding) for holding in held.holdings],
        "merged_numbers": list(catalogue.bibs_below(bib_id)[1:]),
    }


def _description(view: marc.DisplayView) -> dict[str, Any]:
    return {name: _plain(getattr(view, name)) for name in Description.model_fields}


def _plain(value: Any) -> Any:
    """Return named tuples as objects, so that the schema finds their parts by name."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _holding(holding: types.Holding) -> dict[str, Any]:
    library = members.institution(holding.institution_id)
    return {
        "library": library.code,
        "library_name": library.name_zh,
        "items": [item._asdict() for item in holding.items],
    }
