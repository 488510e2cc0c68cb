"""Logging in and out, for the staff of member libraries."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongwen.core import clock, limits
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import Denied
from tongwen.domain.members import queries as members
from tongwen.web.shared import attempts, own_library, standing
from tongwen.web.shared.components import FormField
from tongwen.web.shared.views import safe_next

_LONGEST = 1_000


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Log a person in and lead her to where she wanted to go, inside this portal only."""
    target = safe_next(request.POST.get("next") or request.GET.get("next", ""), settings.LOGIN_REDIRECT_URL)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return render(request, "account/login.html", {"fields": _fields("", []), "next": target})
    name, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    errors = _missing(name, password)
    if not errors:
        try:
            with attempts.counted(request, account=name, institution_id=None):
                person_id = _recognised(request, name, password[:_LONGEST])
        except Denied:
            wrong = _("Log-in name and password do not fit together. Check both; capitals count in the password.")
            errors = [("username", wrong)]
        except limits.Wait as wait:
            return _refused(request, name, target, [("username", attempts.sentence(wait))], status=429)
        else:
            return _signed_in(request, person_id, target)
    return _refused(request, name, target, errors)


def _recognised(request: HttpRequest, name: str, password: str) -> int:
    person = auth.authenticate(request, username=name, password=password)
    if person is None:
        raise Denied
    auth.login(request, person)
    return int(person.pk)


def _refused(
    request: HttpRequest, name: str, target: str, errors: list[tuple[str, str]], status: int = 422
) -> HttpResponse:
    context = {"fields": _fields(name, errors), "errors": errors, "next": target}
    return render(request, "account/login.html", context, status=status)


def _signed_in(request: HttpRequest, person_id: int, target: str) -> HttpResponse:
    """Go on to the target. Where no own library was chosen, it is from now on the one the person acts for."""
    response = HttpResponseRedirect(target)
    institution_id = identity.actor(identity.person(person_id), None, clock.today()).institution_id
    if institution_id is not None and own_library.of(request) is None:
        own_library.remember(request, response, members.institution(institution_id))
    return response


def _missing(name: str, password: str) -> list[tuple[str, str]]:
    missing = [] if name else [("username", _("Enter your log-in name."))]
    return missing if password else [*missing, ("password", _("Enter your password."))]


def _fields(name: str, errors: list[tuple[str, str]]) -> list[FormField]:
    wrong = dict(errors)
    return [
        FormField(
            "username",
            _("Log-in name"),
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
    record = standing.record_of(request.session)
    if record:
        services.end_session(session_id=record, now=clock.now())
    auth.logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL or "/")
