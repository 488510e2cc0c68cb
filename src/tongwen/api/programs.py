"""What a program learns of itself and of its library's loads."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tongwen.api import access
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members

router = Router(tags=["programs"])
_BEARER = {"security": [{"token": []}], "responses": {"401": {"description": "No token, or one that is no good."}}}
_RIGHT = {**_BEARER, "responses": {**_BEARER["responses"], "403": {"description": "The token does not include this."}}}  # type: ignore[dict-item]


class Self(Schema):
    """Who asks."""

    name: str
    library: str | None = Field(description="Code of the library it acts for; null for the centre's programs.")
    permissions: list[str]


class Batch(Schema):
    """A load of this library's records."""

    id: int
    file_name: str
    state: types.BatchState
    size: int = Field(description="Bytes of the file.")
    done: int = Field(description="Bytes that are in the catalogue.")
    message: str = Field(description="Why it failed; empty otherwise.")
    created_at: dt.datetime
    finished_at: dt.datetime | None


@router.get("/self", url_name="api-self", response=Self, operation_id="get_self", openapi_extra=_BEARER)
@access.requires()
def own_self(request: HttpRequest) -> dict[str, Any]:
    """Say whom the token stands for and what it may do: the first call to try a new token with."""
    actor = access.actor(request)
    number = actor.institution_id
    return {
        "name": actor.display_name,
        "library": None if number is None else members.institution(number).code,
        "permissions": sorted(actor.permissions),
    }


@router.get("/batches", url_name="api-batches", response=list[Batch], operation_id="list_batches", openapi_extra=_RIGHT)
@access.requires(Permission.LOADS_MANAGE)
def batches(request: HttpRequest, page: int = Query(1, ge=1, le=10_000)) -> list[dict[str, Any]]:
    """List the library's loads, the newest first. A token needs the scope `loads`."""
    return [
        {
            "id": one.id,
            "file_name": one.file_name,
            "state": one.state,
            "size": one.size,
            "done": one.offset,
            "message": one.message,
            "created_at": one.created_at,
            "finished_at": one.finished_at,
        }
        for one in catalogue.batches(access.institution(request), page)
    ]
