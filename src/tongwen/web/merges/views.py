"""Staff pages for merges: what stands behind a record, what a merge would give, doing it and taking it back."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue.types import Bib, NotAllowedNow, NotPermitted, UnknownBib
from tongwen.domain.identity.types import Permission
from tongwen.web.bib import origins
from tongwen.web.merges import words
from tongwen.web.shared import access, description
from tongwen.web.shared.components import Alert, FormField

_NUMBER = re.compile(r"[0-9]{1,18}")
_TAGS = re.compile(r"[0-9A-Z]{3}(,[0-9A-Z]{3}){0,200}")
_FIELD = "with"


def _check(request: HttpRequest, *bib_ids: int) -> None:
    """Let holders and operators see what only they can act on."""
    if not access.may_change(request, *bib_ids):
        raise NotPermitted


@require_safe
@access.requires(Permission.BIBS_CHANGE, Permission.BIBS_CHANGE_ANY)
def merges(request: HttpRequest, bib_id: int) -> HttpResponse:
    """List the merges behind a record, each with what taking it back would do, and offer another merge."""
    bib = catalogue.bib(bib_id)
    if bib.merged_into is not None:
        return HttpResponseRedirect(reverse("bib-merges", args=[catalogue.survivor(bib_id)]))
    _check(request, bib_id)
    return render(request, "merges/list.html", _listed(request, bib, _number_field()))


def _listed(request: HttpRequest, bib: Bib, field: FormField) -> dict[str, Any]:
    standing = [catalogue.unmerge_preview(one.id) for one in catalogue.merges(bib.id)]
    return {
        "bib": bib,
        "title": description.full_title(bib.view),
        "merges": [(one, words.consequences(one), origins.fields_alone(one.leaving)) for one in standing],
        "undone": catalogue.undone_merges(bib.id),
        "alert": _done(request),
        "field": field,
        "errors": [(field.name, field.error)] if field.error else [],
    }


def _number_field(value: str = "", error: str = "") -> FormField:
    return FormField(
        _FIELD,
        _("Number of the other record"),
        value=value,
        hint=_("It stands in the address of the record's page. You see what would come out before anything is done."),
        error=error,
    )


def _done(request: HttpRequest) -> Alert | None:
    """Say what was done last, with the way back."""
    number = request.GET.get("merged", "")
    if _NUMBER.fullmatch(number):
        text = _("The two records are now one.")
        return Alert("good", text, reverse("merge-undo", args=[int(number)]), _("Undo"))
    number = request.GET.get("unmerged", "")
    if not _NUMBER.fullmatch(number):
        return None
    undone = catalogue.merge(int(number))
    text = _("The merge was taken back: record %(n)s stands again.") % {"n": undone.merged_id}
    tags = request.GET.get("tags", "")
    if _TAGS.fullmatch(tags):
        text += " " + words.to_look_at(tuple(tags.split(",")), catalogue.survivor(undone.kept_id))
    return Alert("warn" if tags else "good", text, reverse("merge", args=[undone.kept_id, undone.merged_id]), _("Undo"))


@require_safe
@access.requires(Permission.BIBS_CHANGE, Permission.BIBS_CHANGE_ANY)
def preview(request: HttpRequest, bib_id: int) -> HttpResponse:
    """Show what merging the record `?with=` into this one would give, field by field."""
    bib = catalogue.bib(bib_id)
    asked = request.GET.get(_FIELD, "").strip()
    error = ""
    if not _NUMBER.fullmatch(asked):
        error = _("Enter a number of digits only.")
    else:
        other = int(asked)
        try:
            found = catalogue.merge_preview(bib_id, other)
        except UnknownBib:
            error = _("No record has the number %(n)s.") % {"n": asked}
        except NotAllowedNow:
            error = words.why_not(bib_id, other)
        else:
            _check(request, bib_id, other)
            return render(request, "merges/preview.html", _previewed(found))
    _check(request, bib_id)
    context = _listed(request, bib, _number_field(asked, error))
    return render(request, "merges/list.html", context, status=422)


def _previewed(found: catalogue.MergePreview) -> dict[str, Any]:
    kept, merged = found.kept.bib, found.merged.bib
    return {
        "found": found,
        "kept": kept,
        "merged": merged,
        "sides": [
            (held.bib, description.full_title(held.bib.view), words.holders(held))
            for held in (found.kept, found.merged)
        ],
        "headline": found.words[0],
        "evidence": found.words[1:],
        "origins": origins.preview(found.parts, found),
        "left_out": origins.preview(found.left_out, found),
        "swapped": f"{reverse('merge-preview', args=[merged.id])}?{urlencode({_FIELD: kept.id})}",
    }


@require_POST
@access.requires(Permission.BIBS_CHANGE, Permission.BIBS_CHANGE_ANY)
def merge(request: HttpRequest, bib_id: int, other_id: int) -> HttpResponse:
    """Merge the other record into this one and offer the way back."""
    act = services.merge_bibs_as_operator if access.changes_any(request) else services.merge_bibs
    try:
        number = act(kept_id=bib_id, merged_id=other_id, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, words.why_not(bib_id, other_id))
        return HttpResponseRedirect(reverse("bib-merges", args=[catalogue.survivor(bib_id)]))
    return HttpResponseRedirect(f"{reverse('bib-merges', args=[bib_id])}?merged={number}")


@require_POST
@access.requires(Permission.BIBS_CHANGE, Permission.BIBS_CHANGE_ANY)
def unmerge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back; name the tags that a person should look at."""
    act = services.unmerge_bibs_as_operator if access.changes_any(request) else services.unmerge_bibs
    undone = catalogue.merge(merge_id)
    survivor = catalogue.survivor(undone.kept_id)
    try:
        tags = act(merge_id=merge_id, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("This merge was taken back already."))
        return HttpResponseRedirect(reverse("bib-merges", args=[survivor]))
    said = {"unmerged": merge_id, **({"tags": ",".join(tags)} if tags else {})}
    # Her library may hold the other of the two only.
    seen = survivor if access.may_change(request, survivor) else undone.merged_id
    return HttpResponseRedirect(f"{reverse('bib-merges', args=[seen])}?{urlencode(said)}")
