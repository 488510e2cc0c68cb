"""What all protocols share when somebody arrives from a service: who she is, since when, and what she is told."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongwen.core import clock
from tongwen.domain.identity import types

_SALT = "tongwen.servers.fresh"
_PATIENCE = dt.timedelta(minutes=15)


def actor(request: HttpRequest) -> types.Actor:
    """Return who is signed in, as she acts for a place (config.actors)."""
    acting: types.Actor = getattr(request, "actor", types.NOBODY)
    return acting


def sid(request: HttpRequest) -> str:
    """Return the name of this session towards services: the id under which it is listed, else one drawn by lot."""
    found = known_sid(request)
    if not found:
        found = request.session.get(types.SESSION_RECORD) or secrets.token_urlsafe(24)
        request.session[types.SINGLE_SIGN_ON] = found
    return found


def known_sid(request: HttpRequest) -> str:
    """Return the name of this session towards services, "" where it has visited none."""
    found: str = request.session.get(types.SINGLE_SIGN_ON, "")
    return found


def issuer(request: HttpRequest) -> str:
    """Return the address by which services know this installation: the setting, else the one that was asked."""
    return settings.TONGWEN_ADDRESS or request.build_absolute_uri("/").rstrip("/")


def authenticated_at(request: HttpRequest) -> dt.datetime:
    """Return when this person last proved who she is."""
    found: dt.datetime | None = request.user.last_login  # type: ignore[union-attr]
    return found or clock.now()


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether she has proved who she is since this very address asked for it."""
    signed = request.GET.get(types.FRESH, "")
    if not signed or not request.user.is_authenticated:
        return False
    try:
        asked = signing.loads(signed, salt=_SALT, max_age=_PATIENCE)
    except signing.BadSignature:
        return False
    known = asked.get("path") == _without_fresh(request)
    return known and authenticated_at(request).timestamp() >= asked["at"]


def to_login(request: HttpRequest) -> HttpResponse:
    """Send her to the log-in page and back."""
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


def to_fresh_login(request: HttpRequest) -> HttpResponse:
    """Send her to the log-in page although she is logged in; the way back carries since when that was asked."""
    path = _without_fresh(request)
    signed = signing.dumps({"path": path, "at": clock.now().timestamp()}, salt=_SALT)
    back = f"{path}{'&' if '?' in path else '?'}{urlencode({types.FRESH: signed})}"
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")


def _without_fresh(request: HttpRequest) -> str:
    parameters = request.GET.copy()
    parameters.pop(types.FRESH, None)
    query = parameters.urlencode()
    return f"{request.path}?{query}" if query else request.path


def what_is_told(request: HttpRequest, scopes: Iterable[str]) -> list[str]:
    """Return in words what a service learns about her, for her consent."""
    told = [_("An identifier that only this service knows you by"), _("Your library and your roles in it")]
    if types.Scope.PROFILE in scopes:
        told.append(_("Your name: %(name)s") % {"name": actor(request).display_name})
    return told


def refusal(request: HttpRequest, *, title: str, what: str, advice: str, status: int = 400) -> HttpResponse:
    """Say on a page why it does not go on, where the service that asked cannot be told."""
    context = {"status": status, "title": title, "what": what, "advice": advice, "path": request.path}
    return render(request, "shared/error.html", context, status=status)


def not_admitted(request: HttpRequest, refused: types.NotAdmitted, name: str) -> HttpResponse:
    """Say that the service is not open to her, and why."""
    reasons = {
        "nowhere": _("You do not belong to a library at present, so no service can be opened for you."),
        "institution": _("This service is not open to the library that you act for."),
        "role": _("This service is open to other roles than yours in the library that you act for."),
    }
    return refusal(
        request,
        title=_("%(service)s is not open to you") % {"service": name},
        what=reasons[refused.reason],
        advice=_("If you belong to several places, choose another one and try again; else ask your library."),
        status=403,
    )
