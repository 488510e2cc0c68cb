"""What surrounds every request for safety's sake: time limits of sessions, the second step, rates, headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.core import clock, limits
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import Step
from tongwen.web.security import devices, rates
from tongwen.web.shared import access, address, errors, standing

Handler = Callable[[HttpRequest], HttpResponse]

_MINUTE = 60.0
_ALWAYS = frozenset(
    {
        "second-step",
        "second-step-passkey",
        "second-step-passkey-answer",
        "logout",
        "cas-logout",
        "oidc-logout",
        "saml-slo",
        "choose-library",
        "robots",
        "favicon",
        "health",
        "metrics",
    }
)
_FOR_ENROLMENT = frozenset(
    {"security", "security-invitation", "security-totp", "security-totp-picture", "security-passkey"}
    | {"security-passkey-options", "security-confirm", "security-confirm-passkey", "security-confirm-passkey-answer"}
)


class SessionMiddleware:
    """End sessions whose time is over; enter new ones, however their person was recognised."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _check_time(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            _keep_entered(request)
        return response


def _check_time(request: HttpRequest) -> None:
    begun, seen = standing.begun(request.session), standing.last_seen(request.session)
    if begun is None or seen is None:
        return
    now = clock.now()
    idle = settings.TONGWEN_STAFF_IDLE if request.session.get("security_staff") else settings.TONGWEN_READER_IDLE
    if now - seen >= idle or now - begun >= settings.TONGWEN_SESSION:
        record = standing.record_of(request.session)
        if record:
            services.end_session(session_id=record, now=now, why="timed_out")
        auth.logout(request)
        request.session["security_timed_out"] = True


def _keep_entered(request: HttpRequest) -> None:
    now, session = clock.now(), request.session
    record = standing.record_of(session)
    if record is None or session.get("security_person") != request.user.pk:
        _enter(request)
        return
    seen = standing.last_seen(session)
    if seen is None or (now - seen).total_seconds() >= _MINUTE or session.get("security_key") != session.session_key:
        standing.touch(session, now)
        _keep_key(session)
        services.session_seen(session_id=record, session_key=session.session_key or "", now=now)


def _enter(request: HttpRequest) -> None:
    session, now = request.session, clock.now()
    if session.session_key is None:
        session.save()
    person = identity.person(request.user.pk)
    actor = identity.actor(person, None, clock.today())
    where = address.text_of(request)
    record = services.begin_session(
        person_id=person.id,
        session_key=session.session_key or "",
        method=session.get(standing.METHOD, "password"),
        device=devices.words(request.headers.get("User-Agent", "")),
        address=where,
        near_id=address.near(where),
        is_staff=actor.is_staff,
        now=now,
    )
    standing.enter(session, record, now)
    session["security_person"], session["security_staff"] = person.id, actor.is_staff
    _keep_key(session)


def _keep_key(session: Any) -> None:
    session["security_key"] = session.session_key


class SecondStepMiddleware:
    """Let nobody pass whose session still lacks the second factor; invite staff without one to enrol."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.pop("security_timed_out", False):
            messages.info(request, _("You were logged out because nothing was done for a while. Please log in again."))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, _names: object
    ) -> HttpResponseBase | None:
        """Lead to the page where the missing step is made."""
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        step = _step(request)
        if step is Step.NOTHING or name in _ALWAYS:
            return None
        if step is Step.SECOND_FACTOR:
            return _lead(request, "second-step")
        if name in _FOR_ENROLMENT or (step is Step.ENROLMENT_OFFERED and not _is_page(request)):
            return None
        return _lead(request, "security-invitation")


def _step(request: HttpRequest) -> Step:
    actor = access.actor(request)
    place = actor.place.key()
    known = standing.step(request, place)
    if known is not None:
        return known
    step = identity.step(actor, clock.now())
    if step is Step.SECOND_FACTOR and standing.is_proven(request.session):
        step = Step.NOTHING
    standing.set_step(request, place, step)
    if step in (Step.ENROLMENT_OFFERED, Step.ENROLMENT_REQUIRED) and actor.person_id is not None:
        services.ask_for_factor(person_id=actor.person_id, now=clock.now())
    return step


def _is_page(request: HttpRequest) -> bool:
    return request.method == "GET" and not request.headers.get("HX-Request") and not request.path.startswith("/api/")


def _lead(request: HttpRequest, name: str) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    target = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': target})}")


class RateMiddleware:
    """Answer 429 to who asks too often for what costs much (web.security.rates)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, _names: object
    ) -> HttpResponseBase | None:
        """Take a token of the address."""
        rate = rates.of(request)
        if rate is None:
            return None
        try:
            limits.take(rate, address.of(request), now=clock.now())
        except limits.TooMany as stopped:
            return errors.too_many(request, (stopped.until - clock.now()).total_seconds())
        return None


class HeadersMiddleware:
    """Say in every answer what browsers need not be asked for, and who may embed it."""

    _REFUSED = (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
    _OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
    _POLICY = ", ".join([*(f"{name}=()" for name in _REFUSED), *(f"{name}=(self)" for name in _OWN)])

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self._POLICY)
        # The interface for programs is open to pages of other libraries; our own pages are nobody's to embed.
        reach = "cross-origin" if request.path.startswith("/api/") else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", reach)
        return response
