"""Merges: which stand behind a bib, which were taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tongwen.domain.catalogue import queries as catalogue

router = Router(tags=["merges"])


class Merge(Schema):
    """Two bibs made one. While it stands, the merged number leads to the kept one."""

    id: int
    kept: int
    merged: int
    merged_title: str
    moved_holdings: int
    at: dt.datetime
    undone_at: dt.datetime | None = Field(description="When it was taken back; null while it stands.")


@router.get("/bibs/{int:bib_id}/merges", url_name="api-merges", response=list[Merge], operation_id="list_merges")
def merges(request: HttpRequest, bib_id: int) -> list[dict[str, Any]]:
    """List the merges behind a bib, those of bibs merged into it included, and those that were taken back."""
    del request
    catalogue.bib(bib_id)
    return [
        {
            "id": one.id,
            "kept": one.kept_id,
            "merged": one.merged_id,
            "merged_title": one.merged_title.value,
            "moved_holdings": one.moved_holdings,
            "at": one.at,
            "undone_at": one.undone_at,
        }
        for one in (*catalogue.merges(bib_id), *catalogue.undone_merges(bib_id))
    ]
