"""Changing one's password, and getting a new one where the old is forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock, limits
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import BadResetLink, WeakPassword, WrongPassword
from tongwen.web.security import rates
from tongwen.web.shared import access, address, attempts, errors, standing
from tongwen.web.shared.components import FormField

_TOKEN = "security_reset"  # noqa: S105  Where the session keeps it.
_LONGEST = 1_000


@sensitive_post_parameters("present", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
def change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other browsers are logged out."""
    if not identity.has_password(access.person_id(request)):
        return HttpResponseRedirect(reverse("security"))
    if request.method != "POST":
        return _change_page(request, [])
    try:
        _change(request)
    except WrongPassword:
        return _change_page(request, [("present", _("This is not your present password."))])
    except WeakPassword as weak:
        return _change_page(request, [("password", str(weak))])
    except limits.Wait as wait:
        return _change_page(request, [("present", attempts.sentence(wait))])
    messages.success(request, _("Your password is changed, and all other browsers are logged out."))
    return HttpResponseRedirect(reverse("security"))


def _change(request: HttpRequest) -> None:
    services.change_password(
        person=identity.person(access.person_id(request)),
        present=request.POST.get("present", "")[:_LONGEST],
        password=request.POST.get("password", "")[:_LONGEST],
        session_id=standing.record_of(request.session),
        address=address.of(request),
        now=clock.now(),
    )
    standing.keep_logged_in(request)


def _change_page(request: HttpRequest, wrong: list[tuple[str, str]]) -> HttpResponse:
    present = FormField(
        "present",
        _("Present password"),
        error=dict(wrong).get("present", ""),
        kind="password",
        autocomplete="current-password",
    )
    context = {"fields": [present, _new_field(wrong)], "errors": wrong}
    return render(request, "security/password.html", context, status=422 if wrong else 200)


def _new_field(wrong: list[tuple[str, str]]) -> FormField:
    return FormField(
        "password",
        _("New password"),
        hint=" ".join(services.password_requirements()),
        error=dict(wrong).get("password", ""),
        kind="password",
        autocomplete="new-password",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Take a name and say the same whether anybody has it: a mail is on its way if she has an address."""
    name = request.POST.get("username", "").strip()[:_LONGEST]
    if request.method != "POST":
        return _forgotten_page(request, "", [])
    if not name:
        return _forgotten_page(request, "", [("username", _("Enter your log-in name."))])
    try:
        rate = rates.LETTERS_OF_ONE_ACCOUNT
        limits.take(rate, address.of(request), now=clock.now(), account=name)
    except limits.TooMany as stopped:
        return errors.too_many(request, (stopped.until - clock.now()).total_seconds())
    services.ask_for_new_password(username=name)
    return render(request, "security/sent.html")


def _forgotten_page(request: HttpRequest, name: str, wrong: list[tuple[str, str]]) -> HttpResponse:
    field = FormField(
        "username",
        _("Log-in name"),
        value=name,
        error=dict(wrong).get("username", ""),
        autocomplete="username",
    )
    context = {"fields": [field], "errors": wrong}
    return render(request, "security/forgotten.html", context, status=422 if wrong else 200)


@never_cache
@require_safe
def reset_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, where others might see it, into the session."""
    request.session[_TOKEN] = token
    return HttpResponseRedirect(reverse("new-password"))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a new password by the link of a mail."""
    token = request.session.get(_TOKEN, "")
    wrong: list[tuple[str, str]] = []
    try:
        person = services.person_of_reset_token(token)
        if request.method == "POST":
            services.set_forgotten_password(
                token=token, password=request.POST.get("password", "")[:_LONGEST], now=clock.now()
            )
            request.session.pop(_TOKEN, None)
            messages.success(request, _("Your new password is set. Log in with it."))
            return HttpResponseRedirect(reverse("login"))
    except BadResetLink:
        request.session.pop(_TOKEN, None)
        return _expired(request)
    except WeakPassword as weak:
        wrong = [("password", str(weak))]
    context = {"fields": [_new_field(wrong)], "errors": wrong, "username": person.username}
    return render(request, "security/new_password.html", context, status=422 if wrong else 200)


def _expired(request: HttpRequest) -> HttpResponse:
    return errors.page(
        request,
        status=404,
        title=_("This link does not work any more"),
        what=_("A link for a new password works once, for half an hour, and not after you have logged in meanwhile."),
        advice=_("Ask for a new one on the log-in page."),
    )
