"""Logging in: first the library, then its way of knowing its people; and logging out."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock, limits, tenancy
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import (
    ACTING_FOR,
    FRESH,
    NATION,
    Denied,
    Level,
    Place,
    Source,
    SourceKind,
    Unavailable,
    UnknownSource,
)
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, InstitutionStatus
from tongwen.web.account import backends, choosing, words
from tongwen.web.shared import attempts, own_library, portal, standing
from tongwen.web.shared.components import FormField
from tongwen.web.shared.context import dress
from tongwen.web.shared.views import safe_next

_LONGEST = 1_000
LOCAL = "local"
"""The source that every library has until it switches it off, before there is a row for it."""


@never_cache
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the library: by any part of its name, pinyin, initials or code."""
    target = _target(request)
    if request.user.is_authenticated and FRESH not in parse_qs(urlsplit(target).query):
        return HttpResponseRedirect(target)
    own = portal.library_of(request)
    if own is not None and "q" not in request.GET:
        return HttpResponseRedirect(f"{reverse('login-library', args=[own.code])}?{urlencode({'next': target})}")
    text = request.GET.get("q", "").strip()[:100]
    found = members.find_institutions(text, choosing.MOST) if text else ()
    context = {
        "text": text,
        "found": found,
        "is_full": len(found) == choosing.MOST,
        "suggested": choosing.suggested(request),
        "next": target,
        "field": FormField(
            "q",
            _("Your library"),
            value=text,
            hint=_("Part of its name, pinyin, initials or code."),
            error=_("No library is found by this. Try a shorter part of its name.") if text and not found else "",
            autocomplete="off",
        ),
    }
    return render(request, "account/login.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def library(request: HttpRequest, code: str) -> HttpResponse:
    """Show the ways of logging in that a library has, and take name and password for those that want them here."""
    institution = own_library.find(code)
    if institution is None:
        raise Http404
    target = _target(request)
    if institution.status is not InstitutionStatus.ACTIVE:
        return _page(request, institution, target, said=_("The membership of this library rests. Ask your library."))
    with tenancy.scope(institution.id):
        if request.method == "POST":
            return _check(request, institution, target)
        ways = identity.open_sources()
        only = ways[0] if len(ways) == 1 and _has_local_row() else None
        if only is not None and sources.is_by_redirect(only.kind) and request.GET.get("stay") is None:
            return HttpResponseRedirect(_begin_url(institution, only, target))
        return _page(request, institution, target)


def _has_local_row() -> bool:
    return any(one.kind is SourceKind.LOCAL for one in identity.sources())


def _check(request: HttpRequest, institution: Institution, target: str) -> HttpResponse:
    name, password = request.POST.get("username", "").strip(), request.POST.get("password", "")[:_LONGEST]
    chosen = request.POST.get("source", "")
    errors = _missing(name, password)
    if errors:
        return _page(request, institution, target, errors=errors, name=name, chosen=chosen)
    try:
        with attempts.counted(request, account=name, institution_id=institution.id):
            person = auth.authenticate(request, username=name, password=password, source_id=_source_id(chosen))
            if person is None:
                raise backends.denial(request)
    except UnknownSource:
        raise Http404 from None
    except Unavailable as error:
        return _page(request, institution, target, said=words.unavailable(error), name=name, chosen=chosen, status=503)
    except Denied as denied:
        errors = [("username", words.denial(denied))]
        return _page(request, institution, target, errors=errors, name=name, chosen=chosen)
    except limits.Wait as wait:
        errors = [("username", attempts.sentence(wait))]
        return _page(request, institution, target, errors=errors, name=name, chosen=chosen, status=429)
    return enter(request, person, institution, target)


def _source_id(chosen: str) -> int:
    """Return the source that the form names; a password is asked for by those only that check one here."""
    if chosen == LOCAL:
        return sources.local_source(now=clock.now())
    if not chosen.isdecimal() or len(chosen) > 18:
        raise UnknownSource(f"there is no source {chosen[:20]!r}")
    if sources.is_by_redirect(identity.source(int(chosen)).kind):
        raise UnknownSource(f"source {chosen} asks for passwords itself")
    return int(chosen)


def enter(
    request: HttpRequest, person: Any, institution: Institution, target: str, *, method: str = "password"
) -> HttpResponse:
    """Give the person a session of her own, in which she acts for this library, and lead her on.

    `method` is how she was recognised, for the list of her sessions: by a password, or by a kind of source.
    """
    auth.login(request, person, backend="tongwen.web.account.backends.SourceBackend")
    request.session[standing.METHOD] = method
    request.session[ACTING_FOR] = Place(institution.id).key()
    response = HttpResponseRedirect(target)
    choosing.remember(request, response, institution)
    if own_library.of(request) is None:
        own_library.remember(request, response, institution)
    return response


def _page(
    request: HttpRequest,
    institution: Institution,
    target: str,
    *,
    said: str = "",
    errors: list[tuple[str, str]] | None = None,
    name: str = "",
    chosen: str = "",
    status: int | None = None,
) -> HttpResponse:
    """Show the ways of logging in; the one that was just tried, or the first, stands open."""
    is_open = institution.status is InstitutionStatus.ACTIVE
    ways = _ways(institution, target) if is_open else []
    asked = chosen or request.GET.get("source", "")
    current = next((one for one in ways if one["key"] == asked), ways[0] if ways else None)
    context = {
        "library": institution,
        "portal": dress("library", institution),
        "ways": ways,
        "current": current,
        "fields": _fields(name, errors or []),
        "errors": errors or [],
        "said": said,
        "next": target,
    }
    return render(request, "account/library.html", context, status=status or (422 if errors or said else 200))


def _ways(institution: Institution, target: str) -> list[dict[str, Any]]:
    ways = [
        {
            "key": str(one.id),
            "source": one,
            "is_local": one.kind is SourceKind.LOCAL,
            "url": _begin_url(institution, one, target) if sources.is_by_redirect(one.kind) else "",
        }
        for one in identity.open_sources()
    ]
    if not _has_local_row():
        ways.append({"key": LOCAL, "source": None, "is_local": True, "url": ""})
    return sorted(ways, key=lambda one: bool(one["is_local"]))


def _begin_url(institution: Institution, source: Source, target: str) -> str:
    return f"{reverse('login-begin', args=[institution.code, source.id])}?{urlencode({'next': target})}"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def centre(request: HttpRequest) -> HttpResponse:
    """Log in who belongs to no library: those who run the platform, a sharing domain, or audit it."""
    target = _target(request)
    if request.method != "POST":
        return render(request, "account/centre.html", {"fields": _fields("", []), "next": target})
    name, password = request.POST.get("username", "").strip(), request.POST.get("password", "")[:_LONGEST]
    errors, status = _missing(name, password), 422
    if not errors:
        try:
            with attempts.counted(request, account=name, institution_id=None):
                _enter_centre(request, name, password)
        except Denied:
            errors = [("username", str(_WRONG_HERE))]
        except limits.Wait as wait:
            errors, status = [("username", attempts.sentence(wait))], 429
        else:
            return HttpResponseRedirect(target)
    context = {"fields": _fields(name, errors), "errors": errors, "next": target}
    return render(request, "account/centre.html", context, status=status)


def _enter_centre(request: HttpRequest, name: str, password: str) -> None:
    """Give somebody who belongs to no library a session; raises Denied."""
    person = auth.authenticate(request, username=name, password=password)
    place = _place_above(person.pk) if person is not None else None
    if person is None or place is None:
        raise Denied
    auth.login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[ACTING_FOR] = place.key()


_WRONG_HERE = gettext_lazy(
    "Name and password do not fit together, or belong to somebody of a library. Who has a library chooses it first."
)


def _place_above(person_id: int) -> Place | None:
    """Return the first place that is no library."""
    held = identity.places(person_id, clock.today())
    return next((one for one in held if one == NATION or one.level is Level.DOMAIN), None)


def _target(request: HttpRequest) -> str:
    return safe_next(request.POST.get("next") or request.GET.get("next", ""), settings.LOGIN_REDIRECT_URL)


def _missing(name: str, password: str) -> list[tuple[str, str]]:
    missing = [] if name else [("username", _("Enter your name or number."))]
    return missing if password else [*missing, ("password", _("Enter your password."))]


def _fields(name: str, errors: list[tuple[str, str]]) -> list[FormField]:
    wrong = dict(errors)
    return [
        FormField(
            "username",
            _("Reader number or log-in name"),
            value=name,
            error=wrong.get("username", ""),
            autocomplete="username",
        ),
        FormField(
            "password",
            _("Password"),
            error=wrong.get("password", ""),
            kind="password",
            autocomplete="current-password",
        ),
    ]


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    auth.logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL or "/")
