"""Passkeys: the two requests of each ceremony, spoken by `shared/passkeys.js` in JSON.

First the browser asks for options (with a challenge that the session keeps), then it sends what the key has signed.
An answer is taken once, for the purpose it was asked for, within five minutes.
"""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongwen.core import clock, limits
from tongwen.domain.identity import services
from tongwen.domain.identity.types import PasskeyRefused, Person, Site
from tongwen.web.security import totp
from tongwen.web.shared import access, address, attempts, standing
from tongwen.web.shared.components import FormField
from tongwen.web.shared.views import safe_next

logger = structlog.get_logger("tongwen.passkeys")

_KEPT = "security_passkey"
_SECONDS = 300
_LONGEST_NAME = 64


def _site(request: HttpRequest) -> Site:
    host = request.get_host()
    name, _colon, _port = host.rpartition(":") if ":" in host.rpartition("]")[2] else (host, "", "")
    return Site(host=name or host, origin=f"{request.scheme}://{host}", name=_("Tongwen"))


def _keep(request: HttpRequest, purpose: str, ceremony: tuple[dict[str, Any], dict[str, Any]]) -> JsonResponse:
    options, kept = ceremony
    request.session[_KEPT] = {"purpose": purpose, "kept": kept, "until": clock.now().timestamp() + _SECONDS}
    return JsonResponse(options)


def _kept(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """Return what was kept for this purpose; it is forgotten at once, whatever comes of it."""
    found = request.session.pop(_KEPT, None)
    request.session.save()
    if not found or found["purpose"] != purpose or found["until"] < clock.now().timestamp():
        raise PasskeyRefused("no challenge of this session waits for an answer")
    kept: dict[str, Any] = found["kept"]
    return kept


def _answer(request: HttpRequest) -> dict[str, Any]:
    try:
        given = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise PasskeyRefused("the answer is no JSON object")
    return given


def _refused(refusal: PasskeyRefused) -> JsonResponse:
    logger.warning("passkey refused", reason=str(refusal)[:300])
    sentence = _("This passkey could not be used here. Try again, or choose another way.")
    return JsonResponse({"problem": sentence}, status=422)


def _gone_on(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"next": safe_next(request.GET.get("next", ""), "/")})


@never_cache
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Begin a log-in without name and password."""
    return _keep(request, "log-in", services.begin_passkey(person_id=None, site=_site(request)))


@never_cache
@require_POST
def log_in_answer(request: HttpRequest) -> HttpResponse:
    """Log in who has signed. The key has checked its owner: this is password and second factor in one."""
    try:
        person = _checked(request, "log-in", None)
    except PasskeyRefused as refusal:
        return _refused(refusal)
    standing.log_in(request, person.id, method="passkey")
    standing.prove(request, by_factor=True)
    return _gone_on(request)


def _checked(request: HttpRequest, purpose: str, person_id: int | None) -> Person:
    kept, answer = _kept(request, purpose), _answer(request)
    return services.check_passkey(person_id=person_id, site=_site(request), kept=kept, answer=answer)


@never_cache
@require_POST
@access.requires_login
def second_step(request: HttpRequest) -> HttpResponse:
    """Begin the second step with a key of the person who is logging in."""
    return _begin_proof(request, "second-step")


@never_cache
@require_POST
@access.requires_login
def second_step_answer(request: HttpRequest) -> HttpResponse:
    """End the second step."""
    return _proven(request, "second-step")


@never_cache
@require_POST
@access.requires_login
def confirm(request: HttpRequest) -> HttpResponse:
    """Begin proving once more who one is."""
    return _begin_proof(request, "confirm")


@never_cache
@require_POST
@access.requires_login
def confirm_answer(request: HttpRequest) -> HttpResponse:
    """End proving once more who one is."""
    return _proven(request, "confirm")


def _begin_proof(request: HttpRequest, purpose: str) -> HttpResponse:
    return _keep(request, purpose, services.begin_passkey(person_id=access.person_id(request), site=_site(request)))


def _proven(request: HttpRequest, purpose: str) -> HttpResponse:
    try:
        attempt = limits.begin(
            kind=limits.SECOND_FACTOR,
            account=str(access.person_id(request)),
            institution_id=None,
            address=address.of(request),
            now=clock.now(),
        )
        _checked(request, purpose, access.person_id(request))
    except PasskeyRefused as refusal:
        return _refused(refusal)
    except limits.Wait as wait:
        return JsonResponse({"problem": attempts.sentence(wait)}, status=422)
    limits.succeeded(attempt)
    standing.prove(request, by_factor=True)
    return _gone_on(request)


@never_cache
@require_POST
@access.requires_login
@access.requires_fresh_factor
def register_options(request: HttpRequest) -> HttpResponse:
    """Begin making a key."""
    ceremony = services.begin_passkey_registration(person_id=access.person_id(request), site=_site(request))
    return _keep(request, "register", ceremony)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.requires_login
@access.requires_fresh_factor
def register(request: HttpRequest) -> HttpResponse:
    """Show the page on which a key is made; POST takes it into use."""
    if request.method != "POST":
        field = FormField(
            "name",
            _("Name of the passkey"),
            hint=_("So that you know later which one it is, such as “library notebook”."),
            required=False,
        )
        context = {"fields": [field], "next": safe_next(request.GET.get("next", ""), "")}
        return render(request, "security/passkey.html", context)
    try:
        codes = _register(request)
    except PasskeyRefused as refusal:
        return _refused(refusal)
    return JsonResponse({"next": totp.address_after(request, codes, safe_next(request.GET.get("next", ""), ""))})


def _register(request: HttpRequest) -> tuple[str, ...]:
    kept, answer = _kept(request, "register"), _answer(request)
    return services.register_passkey(
        person_id=access.person_id(request),
        site=_site(request),
        kept=kept,
        answer=answer,
        name=str(answer.get("name", "")).strip()[:_LONGEST_NAME],
        actor=access.actor_name(request),
        now=clock.now(),
    )
