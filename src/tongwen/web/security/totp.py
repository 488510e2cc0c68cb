"""Setting up an authenticator app, and recovery codes."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock, secrets
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import Enrolment, NoEnrolment, WrongCode
from tongwen.web.shared import access, standing
from tongwen.web.shared.components import FormField
from tongwen.web.shared.views import safe_next

_SHOWN_ONCE = "security_codes"
_LONGEST_NAME = 64


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
@access.requires_fresh_factor
def app(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as letters, and take the app into use when it shows the right number."""
    target = safe_next(request.POST.get("next") or request.GET.get("next", ""), "")
    if request.method != "POST":
        return _page(request, target, [])
    try:
        codes = services.confirm_totp(
            person_id=access.person_id(request),
            code=request.POST.get("code", ""),
            name=request.POST.get("name", "").strip()[:_LONGEST_NAME],
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except WrongCode:
        wrong = _("This is not the number that the app shows now. Wait for the next one; is the phone's clock right?")
        return _page(request, target, [("code", wrong)])
    except NoEnrolment:
        return HttpResponseRedirect(reverse("security"))
    return added(request, codes, target)


def _page(request: HttpRequest, target: str, errors: list[tuple[str, str]]) -> HttpResponse:
    context = {
        "enrolment": _enrolment(request),
        "errors": errors,
        "next": target,
        "fields": [
            FormField(
                "code",
                _("The number that the app shows now"),
                hint=_("Six digits; a new one every 30 seconds."),
                error=dict(errors).get("code", ""),
                autocomplete="one-time-code",
                keyboard="numeric",
            ),
            FormField(
                "name",
                _("Name of the device"),
                value=request.POST.get("name", ""),
                hint=_("So that you know later which one it is, such as “my phone”."),
                required=False,
            ),
        ],
    }
    return render(request, "security/totp.html", context, status=422 if errors else 200)


def _enrolment(request: HttpRequest) -> Enrolment:
    return services.begin_totp(person_id=access.person_id(request), issuer=_("Tongwen"), now=clock.now())


@never_cache
@require_safe
@access.requires_login
@access.requires_fresh_factor
def picture(request: HttpRequest) -> HttpResponse:
    """Draw the secret that waits to be confirmed as a QR code."""
    drawn = io.BytesIO()
    segno.make(_enrolment(request).uri, error="m", micro=False).save(drawn, kind="svg", scale=5, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def added(request: HttpRequest, codes: tuple[str, ...], target: str) -> HttpResponse:
    """Go on after a factor was added: to the recovery codes where there are new ones, else to where one wanted."""
    standing.prove(request, by_factor=True)
    messages.success(request, _("Your second factor is ready. From now on you are asked for it at each log-in."))
    return HttpResponseRedirect(_after(request, codes, target))


def _after(request: HttpRequest, codes: tuple[str, ...], target: str) -> str:
    if not codes:
        return target or reverse("security")
    request.session[_SHOWN_ONCE] = secrets.seal(" ".join(codes))
    request.session["security_next"] = target
    return reverse("security-codes")


def address_after(request: HttpRequest, codes: tuple[str, ...], target: str) -> str:
    """Do as `added` does, and return where to go, for a script."""
    return str(added(request, codes, target)["Location"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
@access.requires_fresh_factor
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes, once; POST makes them."""
    person_id = access.person_id(request)
    if request.method == "POST":
        if identity.has_factor(person_id):
            made = services.new_recovery_codes(person_id=person_id, actor=access.actor_name(request), now=clock.now())
            return HttpResponseRedirect(_after(request, made, ""))
        return HttpResponseRedirect(reverse("security"))
    sealed = request.session.pop(_SHOWN_ONCE, None)
    if sealed is None:
        return HttpResponseRedirect(reverse("security"))
    target = request.session.pop("security_next", "") or reverse("security")
    return render(request, "security/codes.html", {"codes": secrets.unseal(sealed).split(), "next": target})
