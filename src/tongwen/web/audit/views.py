"""The audit trail: an administrator reads that of her library, auditors and national administrators all of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongwen.core import audit, clock
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.web.shared import access
from tongwen.web.shared.components import Column, Empty, Option
from tongwen.web.shared.paging import page_number, pager

_SIZE = 50
_LONGEST = 200
_LAYOUTS = {
    "csv": (audit.csv_lines, "text/csv; charset=utf-8"),
    "jsonl": (audit.json_lines, "application/jsonl"),
}


@never_cache
@require_safe
@access.requires(Permission.AUDIT_READ)
def trail(request: HttpRequest) -> HttpResponse:
    """Show the entries that are looked for, the latest first."""
    given = _given(request.GET)
    search = _search(request, given)
    number, total = page_number(request.GET.get("page", "")), audit.count(search)
    asked = urlencode({name: value for name, value in given.items() if value})
    names = {one.id: one for one in members.institutions()}
    context = {
        "given": given,
        "actions": [Option("", _("Any act"), not given["action"])]
        + [Option(one, one, one == given["action"]) for one in audit.actions()],
        "libraries": _libraries(request, given),
        "columns": [
            Column(_("When")),
            Column(_("Who")),
            Column(_("Act")),
            Column(_("What")),
            Column(_("Library")),
            Column(_("Detail")),
        ],
        "rows": [_row(entry, names) for entry in audit.page(search, number=number, size=_SIZE)],
        "pager": pager(total=total, page=number, size=_SIZE, url=lambda page: f"?{asked}&page={page}"),
        "total": total,
        "asked": asked,
        "nothing": Empty(_("No entry like this"), _("Take something away from what you look for.")),
    }
    return render(request, "audit/trail.html", context)


@never_cache
@require_safe
@access.requires(Permission.AUDIT_READ)
def export(request: HttpRequest, layout: str) -> StreamingHttpResponse:
    """Hand out everything that is looked for, as CSV or as JSON lines; that it was read is an entry itself."""
    if layout not in _LAYOUTS:
        raise Http404
    search = _search(request, _given(request.GET))
    write, media_type = _LAYOUTS[layout]
    audit.record(
        at=clock.now(),
        actor=access.actor_name(request),
        action="audit.export",
        subject=f"audit {layout}",
        institution_id=access.institution_of(request),
        asked=request.GET.urlencode()[:_LONGEST],
    )
    response = StreamingHttpResponse(write(search), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="audit-{clock.today().isoformat()}.{layout}"'
    return response


def _given(query: QueryDict) -> dict[str, str]:
    names = ("actor", "action", "text", "library", "from", "to")
    return {name: query.get(name, "").replace("\0", "").strip()[:_LONGEST] for name in names}


def _search(request: HttpRequest, given: dict[str, str]) -> audit.Search:
    search = audit.Search(
        institution_ids=_seen(request),
        actor=given["actor"],
        action=given["action"],
        text=given["text"],
        from_at=_begin(given["from"]),
        to_at=_begin(given["to"], days=1),
    )
    code = given["library"]
    chosen = next((one.id for one in members.institutions() if one.code == code), 0) if code else None
    return search if chosen is None else search.within(chosen)


def _seen(request: HttpRequest) -> frozenset[int] | None:
    """Return whose entries the actor may see: her institution's, those of her domain's institutions, or all."""
    actor = access.actor(request)
    if actor.institution_id is not None:
        return frozenset({actor.institution_id})
    if actor.domain_id is None:
        return None
    domains = {one.id: one.institution_ids for one in members.sharing_domains()}
    return frozenset(domains.get(actor.domain_id, ()))


def _begin(text: str, *, days: int = 0) -> dt.datetime | None:
    """Return the beginning of a day where the installation stands; what is no date asks for nothing."""
    try:
        date = dt.date.fromisoformat(text) + dt.timedelta(days=days)
        return timezone.make_aware(dt.datetime.combine(date, dt.time()))
    except (ValueError, OverflowError):
        return None


def _libraries(request: HttpRequest, given: dict[str, str]) -> list[Option]:
    """Return the choice of libraries for who sees several."""
    seen = _seen(request)
    known = [one for one in members.institutions() if seen is None or one.id in seen]
    if len(known) < 2:
        return []
    language = get_language() or "en"
    options = [Option(one.code, one.name(language), one.code == given["library"]) for one in known]
    return [Option("", _("Any library"), not given["library"]), *options]


def _row(entry: audit.Entry, names: dict[int, Any]) -> dict[str, Any]:
    detail = "; ".join(f"{name}: {_written(value)}" for name, value in entry.detail.items())
    return {"entry": entry, "library": names.get(entry.institution_id or 0), "detail": detail}


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
