"""Staff pages for the profiles by which files are loaded."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue.types import BadProfile, NotAllowedNow, Profile, Trial, UnreadableFile
from tongwen.domain.identity.types import Permission
from tongwen.web.loads import failures, profile_forms, words
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import Column, FormField
from tongwen.web.shared.templatetags import tongwen as filters


@require_safe
@access.requires(Permission.LOADS_MANAGE)
def profiles(request: HttpRequest) -> HttpResponse:
    """List the profiles of the own institution."""
    context = {
        "profiles": [(one, words.OVERLAYS[one.overlay]) for one in catalogue.profiles()],
        "columns": [
            Column(pgettext("profile", "Name")),
            Column(_("Record format")),
            Column(_("Character set")),
            Column(_("Copies from")),
            Column(_("When a record matches a union record")),
            Column(_("Pick-up folder")),
        ],
    }
    return render(request, "loads/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LOADS_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Keep a new profile."""
    if request.method != "POST":
        return render(request, "loads/profile.html", profile_forms.context(Profile(""), []))
    given = profile_forms.read(request.POST)
    if any(one.name == given.name for one in catalogue.profiles()):
        return _refused(request, given, BadProfile("name", "taken", given.name))
    return _save(request, given)


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LOADS_MANAGE)
def profile(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Show a profile, and change it."""
    known = catalogue.profile_by_number(profile_id)
    if request.method != "POST":
        return render(request, "loads/profile.html", _known(profile_forms.context(known, []), known))
    return _save(request, profile_forms.read(request.POST, known.name), known)


def _known(context: dict[str, Any], known: Profile | None) -> dict[str, Any]:
    if known is None:
        return context
    folder = catalogue.pickup_folder(known) if known.is_picked_up else ""
    return {**context, "known": known, "folder": folder}


def _save(request: HttpRequest, given: Profile, known: Profile | None = None) -> HttpResponse:
    try:
        number = services.save_profile(
            institution_id=access.staff_institution(request), profile=given, actor=access.actor_name(request)
        )
    except BadProfile as error:
        return _refused(request, given, error, known)
    messages.success(request, _("The profile is kept."))
    return HttpResponseRedirect(reverse("profile", args=[number]))


def _refused(request: HttpRequest, given: Profile, error: BadProfile, known: Profile | None = None) -> HttpResponse:
    context = profile_forms.context(given, [profile_forms.sentence(error)])
    return render(request, "loads/profile.html", _known(context, known), status=422)


@require_POST
@access.requires(Permission.LOADS_MANAGE)
def remove(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Forget a profile; what was loaded by it stays."""
    known = catalogue.profile_by_number(profile_id)
    try:
        services.remove_profile(name=known.name, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("Files of its pick-up folder are being loaded. Try again when they are done."))
        return HttpResponseRedirect(reverse("profile", args=[profile_id]))
    messages.success(request, _("The profile is gone. What was loaded by it stays."))
    return HttpResponseRedirect(reverse("profiles"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LOADS_MANAGE)
def trial(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Show what a profile makes of the first records of a file; nothing is written."""
    known = catalogue.profile_by_number(profile_id)
    errors: list[tuple[str, str]] = []
    tried: Trial | None = None
    if request.method == "POST":
        tried, errors = _try(request, known)
    context = {
        "known": known,
        "errors": errors,
        "field": _file_field(dict(errors).get("file", "")),
        "trial": tried,
        "lines": _lines(tried),
        "facts": _facts(tried),
        "told_format": words.format_line(tried.evidence) if tried else "",
        "charsets": [words.charset_line(found) for found in tried.evidence["charsets"]] if tried else [],
        "columns": [
            Column(_("Record"), numeric=True),
            Column(_("Title")),
            Column(_("Location")),
            Column(_("Call number")),
            Column(_("Barcode")),
            Column(_("Copies"), numeric=True),
            Column(_("What was found")),
        ],
    }
    return render(request, "loads/trial.html", context, status=422 if errors else 200)


def _file_field(error: str) -> FormField:
    return FormField(
        "file",
        _("File of records"),
        hint=_("The first 200 records are looked at."),
        error=error,
        kind="file",
        accept=".mrc,.marc,.iso,.iso2709,.dat,.xml,.json,.jsonl,.txt,.utf8",
    )


def _try(request: HttpRequest, known: Profile) -> tuple[Trial | None, list[tuple[str, str]]]:
    file = request.FILES.get("file")
    if file is None:
        return None, [("file", _("Choose the file to try."))]
    if file.size is not None and file.size > settings.TONGWEN_MAX_UPLOAD:
        limit = filters.size(settings.TONGWEN_MAX_UPLOAD)
        return None, [("file", _("The file is too large; the limit is %(limit)s.") % {"limit": limit})]
    try:
        return services.try_profile(file=cast("BinaryIO", file), profile=known), []
    except UnreadableFile as unreadable:
        return None, [("file", failures.of_file(unreadable))]


def _facts(tried: Trial | None) -> list[tuple[str, str]]:
    if tried is None:
        return []
    rejected = sum(one.is_rejected for one in tried.records)
    return [
        (_("Records"), filters.number(len(tried.records))),
        (_("Copies"), filters.number(tried.items)),
        (_("Without copies"), filters.number(tried.without_items)),
        (terms.word(terms.OUTCOMES, "rejected"), filters.number(rejected)),
    ]


def _lines(tried: Trial | None) -> list[dict[str, Any]]:
    """Return a line for each copy, or one for a record without copies; problems stand with the first."""
    lines = []
    for record in tried.records if tried else ():
        for place, item in enumerate(record.items or (None,)):
            first = place == 0
            problems = [(one, words.problem_sentence(one.code)) for one in record.problems if first]
            lines.append({"record": record, "item": item, "first": first, "problems": problems})
    return lines
