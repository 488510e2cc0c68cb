"""The administrator's pages: which ways of logging in a library has, in which order, and a trial of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import (
    BadSource,
    Denied,
    Permission,
    Source,
    SourceKind,
    Unavailable,
)
from tongwen.domain.members import queries as members
from tongwen.web.account import returning
from tongwen.web.account import words as login_words
from tongwen.web.shared import access
from tongwen.web.shared.components import Column, FormField
from tongwen.web.sources import forms, words

_may = access.requires(Permission.SOURCES_MANAGE)
_SECRETS = ("password", "secret", "client_secret", "login_password", "account_password")


@require_safe
@_may
def sources_list(request: HttpRequest) -> HttpResponse:
    """List the sources in the order in which people see them, and offer the kinds that can be added."""
    access.staff_institution(request)
    known = identity.sources()
    context = {
        "sources": [(one, words.KINDS[one.kind], identity.people_of_source(one.id)) for one in known],
        "columns": [
            Column(pgettext("source", "Name")),
            Column(_("Kind")),
            Column(_("State")),
            Column(_("People"), numeric=True),
            Column(_("Order")),
        ],
        "kinds": [(kind.value, words.KINDS[kind], purpose) for kind, purpose in words.PURPOSES.items()],
        "has_local": any(one.kind is SourceKind.LOCAL for one in known),
        "institution": members.institution(access.staff_institution(request)),
    }
    return render(request, "sources/list.html", context)


@sensitive_post_parameters(*_SECRETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_may
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a source; it stays off until it is switched on."""
    access.staff_institution(request)
    if kind not in set(SourceKind):
        raise Http404
    chosen = SourceKind(kind)
    if chosen is SourceKind.LOCAL:
        raise Http404
    if request.method != "POST":
        start = {one.name: one.default for one in identity.source_settings_of(chosen)}
        return render(request, "sources/source.html", _context(chosen, start, frozenset()))
    given = _given(request, chosen)
    try:
        number = sources.add_source(kind=chosen, **given, actor=access.actor(request), now=clock.now())
    except BadSource as error:
        return _refused(request, chosen, given, frozenset(), error)
    messages.success(request, _("The source is kept, and still off. Try it, then switch it on."))
    return HttpResponseRedirect(reverse("source", args=[number]))


@sensitive_post_parameters(*_SECRETS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_may
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show a source, and change it."""
    access.staff_institution(request)
    known = identity.source(source_id)
    kept = identity.secrets_kept(source_id)
    if request.method != "POST":
        return render(request, "sources/source.html", _of_known(request, known, forms.values_of(known), kept))
    given = _given(request, known.kind)
    try:
        sources.change_source(source_id=source_id, **given, actor=access.actor(request), now=clock.now())
    except BadSource as error:
        return _refused(request, known.kind, given, kept, error, known)
    messages.success(request, _("The source is kept."))
    return HttpResponseRedirect(reverse("source", args=[source_id]))


def _given(request: HttpRequest, kind: SourceKind) -> dict[str, Any]:
    return {
        "names": forms.names(request.POST),
        "settings": forms.settings(request.POST, kind),
        "given_secrets": forms.secrets(request.POST, kind),
    }


def _refused(
    request: HttpRequest,
    kind: SourceKind,
    given: dict[str, Any],
    kept: frozenset[str],
    error: BadSource,
    known: Source | None = None,
) -> HttpResponse:
    """Show the form again with all that was entered, except secrets, which are never sent back."""
    values = {**given["settings"], **{name: request.POST.get(name, "") for name in forms.NAMES}}
    context = _of_known(request, known, values, kept, error) if known else _context(kind, values, kept, error)
    return render(request, "sources/source.html", context, status=422)


def _context(
    kind: SourceKind, values: dict[str, Any], kept: frozenset[str], error: BadSource | None = None
) -> dict[str, Any]:
    problems = error.problems if error else ()
    return {
        "kind": words.KINDS[kind],
        "purpose": words.PURPOSES.get(kind, ""),
        "fields": forms.fields(kind, values, kept, problems),
        "errors": [(name, str(words.FAULTS[code])) for name, code in problems],
    }


def _of_known(
    request: HttpRequest, known: Source, values: dict[str, Any], kept: frozenset[str], error: BadSource | None = None
) -> dict[str, Any]:
    institution = members.institution(known.institution_id)
    is_by_redirect = sources.is_by_redirect(known.kind)
    callback = returning.callback_url(request, institution, known.id) if is_by_redirect else ""
    return {
        **_context(known.kind, values, kept, error),
        "source": known,
        "callback": callback,
        "metadata": f"{callback}/metadata" if known.kind is SourceKind.SAML else "",
    }


@require_POST
@_may
def switch(request: HttpRequest, source_id: int) -> HttpResponse:
    """Switch a source on or off (`on` is 1 or 0)."""
    access.staff_institution(request)
    act = sources.switch_source_on if request.POST.get("on") == "1" else sources.switch_source_off
    act(source_id=source_id, actor=access.actor(request), now=clock.now())
    return HttpResponseRedirect(reverse("sources"))


@require_POST
@_may
def move(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show a source before the one that stands before it, or behind the one behind it (`up` is 1 or 0)."""
    access.staff_institution(request)
    up = request.POST.get("up") == "1"
    sources.move_source(source_id=source_id, up=up, actor=access.actor(request), now=clock.now())
    return HttpResponseRedirect(reverse("sources"))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_may
def trial(request: HttpRequest, source_id: int) -> HttpResponse:
    """Ask a source about somebody and show what it says; nobody is logged in, and nothing is kept."""
    access.staff_institution(request)
    known = identity.source(source_id)
    if sources.is_by_redirect(known.kind):
        return render(request, "sources/trial.html", {"source": known, "is_by_redirect": True})
    if request.method != "POST":
        return render(request, "sources/trial.html", {"source": known, "fields": _person_fields("", "")})
    name = request.POST.get("username", "").strip()
    context = {"source": known, "fields": _person_fields(name, "")}
    try:
        said = sources.try_password(source_id=source_id, name=name, password=request.POST.get("password", "")[:1000])
    except Denied as denied:
        error = login_words.denial(denied)
        context |= {"fields": _person_fields(name, error), "errors": [("username", error)]}
        return render(request, "sources/trial.html", context, status=422)
    except Unavailable as error:
        detail = {"reason": error.reason, "detail": error.detail}
        context["said_failure"] = _("The source could not be asked: %(reason)s. %(detail)s") % detail
        return render(request, "sources/trial.html", context, status=503)
    return render(request, "sources/trial.html", {**context, "said": said, "rows": list(said.everything.items())})


@never_cache
@require_safe
@_may
def begin_trial(request: HttpRequest, source_id: int) -> HttpResponse:
    """Send the browser to the source's own log-in page, to come back with what it says."""
    institution = members.institution(access.staff_institution(request))
    return returning.send(request, institution, source_id, "", is_trial=True)


def _person_fields(name: str, error: str) -> list[FormField]:
    return [
        FormField("username", _("Reader number or log-in name"), value=name, error=error, autocomplete="off"),
        FormField("password", _("Password"), kind="password", autocomplete="off"),
    ]
