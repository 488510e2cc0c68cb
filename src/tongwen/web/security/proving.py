"""Proving who one is: the second step of a log-in, once more before a dangerous act, and the invitation to enrol."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongwen.core import clock, limits
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import FactorKind, Step, WrongCode, WrongPassword
from tongwen.web.shared import access, address, attempts, standing
from tongwen.web.shared.components import FormField
from tongwen.web.shared.views import safe_next

_LONGEST = 1_000


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor after the password."""
    target = _target(request, "/")
    if not identity.has_factor(access.person_id(request)):
        return HttpResponseRedirect(target)
    errors = _prove_by_code(request) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        return HttpResponseRedirect(target)
    context = {**_factor_form(request, errors), "next": target, "step": "second-step"}
    return render(request, "security/prove.html", context, status=422 if errors else 200)


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask once more, before a dangerous act: for the second factor, or for the password where there is none."""
    target = _target(request, reverse("security"))
    by_factor = identity.has_factor(access.person_id(request))
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        errors = _prove_by_code(request) if by_factor else _prove_by_password(request)
        if not errors:
            return HttpResponseRedirect(target)
    form = _factor_form(request, errors) if by_factor else _password_form(request, errors)
    context = {**form, "next": target, "step": "security-confirm"}
    return render(request, "security/prove.html", context, status=422 if errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
def invitation(request: HttpRequest) -> HttpResponse:
    """Invite a member of staff to enrol; POST puts it off where that is allowed."""
    target = _target(request, "/")
    actor, now = access.actor(request), clock.now()
    person_id = access.person_id(request)
    step = identity.step(actor, now)
    if step in (Step.NOTHING, Step.SECOND_FACTOR):
        return HttpResponseRedirect(target)
    may_put_off = step is Step.ENROLMENT_OFFERED
    if request.method == "POST" and may_put_off:
        services.put_off_factor(person_id=person_id, now=now)
        standing.set_step(request, actor.place.key(), Step.NOTHING)
        return HttpResponseRedirect(target)
    context = {
        "next": target,
        "may_put_off": may_put_off,
        "ends_at": identity.enrolment_ends_at(person_id) if identity.is_factor_required(actor) else None,
    }
    return render(request, "security/invitation.html", context)


def _target(request: HttpRequest, otherwise: str) -> str:
    return safe_next(request.POST.get("next") or request.GET.get("next", ""), otherwise)


def _prove_by_code(request: HttpRequest) -> list[tuple[str, str]]:
    person = identity.person(access.person_id(request))
    code = request.POST.get("code", "")[:_LONGEST]
    try:
        left = services.prove(person=person, code=code, address=address.of(request), now=clock.now())
    except WrongCode:
        wrong = _("This is neither the number that the app shows now nor a recovery code that is left.")
        return [("code", wrong)]
    except limits.Wait as wait:
        return [("code", attempts.sentence(wait))]
    standing.prove(request, by_factor=True)
    if left is not None:
        said = ngettext("%(n)s recovery code is left.", "%(n)s recovery codes are left.", left) % {"n": left}
        messages.warning(request, _("You used a recovery code; it cannot be used again.") + " " + said)
    return []


def _prove_by_password(request: HttpRequest) -> list[tuple[str, str]]:
    person = identity.person(access.person_id(request))
    password = request.POST.get("password", "")[:_LONGEST]
    try:
        services.check_own_password(person=person, password=password, address=address.of(request), now=clock.now())
    except WrongPassword:
        return [("password", _("This is not your password."))]
    except limits.Wait as wait:
        return [("password", attempts.sentence(wait))]
    standing.prove(request, by_factor=False)
    return []


def _factor_form(request: HttpRequest, errors: list[tuple[str, str]]) -> dict[str, object]:
    kinds = {one.kind for one in identity.factors(access.person_id(request))}
    field = FormField(
        "code",
        _("Number of the app, or a recovery code") if FactorKind.TOTP in kinds else _("Recovery code"),
        error=dict(errors).get("code", ""),
        autocomplete="one-time-code",
    )
    return {"fields": [field], "errors": errors, "has_passkey": FactorKind.PASSKEY in kinds}


def _password_form(request: HttpRequest, errors: list[tuple[str, str]]) -> dict[str, object]:
    if not identity.has_password(access.person_id(request)):
        return {"fields": [], "errors": [], "must_log_in_again": True}
    field = FormField(
        "password",
        _("Password"),
        error=dict(errors).get("password", ""),
        kind="password",
        autocomplete="current-password",
    )
    return {"fields": [field], "errors": errors}
