"""The page of one record and its exports."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue.types import HeldBib, UnknownBib
from tongwen.domain.discovery import queries as discovery
from tongwen.standards import citation
from tongwen.web.bib import alike, exports, history, holdings, online, origins, rows, together
from tongwen.web.shared import access, description, errors, own_library, terms
from tongwen.web.shared.components import Tab

_FEW = 12
"""Libraries that the MARC view names one by one above the fields."""


@require_safe
def record(request: HttpRequest, bib_id: int) -> HttpResponse:
    """Show one record: can I get it, what is it, what else is like it. `?view=marc` shows its fields."""
    held = _held(bib_id)
    if held.bib.merged_into is not None:
        return _to_survivor("record", bib_id)
    as_marc = request.GET.get("view") == "marc"
    context = _context(request, held, "marc" if as_marc else "record")
    if as_marc:
        context |= _fields(request, held)
    else:
        context |= {
            "online": online.actions(held.bib.view, discovery.record_type(held.bib.view)),
            "rows": rows.rows(held.bib.view),
            "together": together.together(bib_id),
            "alike": alike.alike(held.bib),
        }
    return render(request, "bib/marc.html" if as_marc else "bib/record.html", context)


def _to_survivor(name: str, bib_id: int, *more: str) -> HttpResponse:
    """Lead a merged number on; never permanently, since browsers would keep to it after the merge is taken back."""
    return HttpResponseRedirect(reverse(name, args=[catalogue.survivor(bib_id), *more]))


def _fields(request: HttpRequest, held: HeldBib) -> dict[str, Any]:
    """Return the fields of the union record with the libraries they are of."""
    holders = tuple(dict.fromkeys(holding.institution_id for holding in held.holdings))
    staff = request.user.is_authenticated
    found = origins.provenance(catalogue.provenance(held.bib.id), len(holders), staff=staff)
    names = origins.names_of(holders)
    return {
        "leader": exports.union_record(held.bib).leader,
        "origins": found,
        "sources": names if len(names) <= _FEW else [],
        "sources_named": origins.listed(names),
        "source_count": len(names),
        "show_origins": len(names) > 1 or any(one.apart for one in found),
    }


@require_safe
def versions(request: HttpRequest, bib_id: int) -> HttpResponse:
    """Show how the record came to be what it is: its versions and what changed between two of them."""
    held = _held(bib_id)
    if held.bib.merged_into is not None:
        return _to_survivor("record-history", bib_id)
    context = _context(request, held, "history") | history.context(request, bib_id, held.bib.version)
    return render(request, "bib/history.html", context)


def _held(bib_id: int) -> HeldBib:
    try:
        return catalogue.held_bib(bib_id)
    except UnknownBib as unknown:
        raise Http404 from unknown


def _context(request: HttpRequest, held: HeldBib, current: str) -> dict[str, Any]:
    bib = held.bib
    address = reverse("record", args=[bib.id])
    kind = discovery.record_type(bib.view)
    return {
        "bib": bib,
        "view": bib.view,
        "title": description.full_title(bib.view),
        "kind": terms.word(terms.TYPES, kind),
        "imprint": description.imprint(bib.view),
        "permalink": request.build_absolute_uri(address),
        "tiers": holdings.tiers(held.holdings, own_library.of(request)),
        "tabs": [
            Tab(_("Description"), address, current=current == "record"),
            Tab("MARC", f"{address}?view=marc", current=current == "marc"),
            Tab(_("History"), reverse("record-history", args=[bib.id]), current=current == "history"),
        ],
        "merges_url": reverse("bib-merges", args=[bib.id]) if access.may_change(request, bib.id) else "",
        "exports": [(one.label, reverse("export", args=[bib.id, name]), one) for name, one in exports.EXPORTS.items()],
        "citations": [(edition, citation.gbt7714(bib.view, edition=edition)) for edition in citation.EDITIONS],
    }


@require_safe
def export(request: HttpRequest, bib_id: int, form: str) -> HttpResponse:
    """Hand out one record in a format of `exports.EXPORTS`, local fields left out."""
    chosen = exports.EXPORTS.get(form)
    if chosen is None:
        raise Http404
    bib = _held(bib_id).bib
    if bib.merged_into is not None:
        return _to_survivor("export", bib_id, form)
    url = request.build_absolute_uri(reverse("record", args=[bib.id]))
    try:
        content = exports.written(chosen, bib, url)
    except exports.NotExportable:
        return errors.page(
            request,
            status=422,
            title=_("This record cannot be saved in this format"),
            what=_("It is too long for the format, or contains characters that the format cannot carry."),
            advice=_("Go back and choose another format."),
        )
    response = HttpResponse(content, content_type=chosen.content_type)
    response["Content-Disposition"] = f'attachment; filename="tongwen-{bib.id}.{chosen.suffix}"'
    return response
