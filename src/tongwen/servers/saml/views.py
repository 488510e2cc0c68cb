"""Where SAML service providers send people (SAML 2.0 Profiles, 4.1 and 4.4)."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import arriving, pages
from tongwen.servers.saml import answers, provider, requests

logger = structlog.get_logger("tongwen.saml")

View = Callable[[HttpRequest], HttpResponse]
_PRESENT = dt.timedelta(seconds=60)


def _where_installed(view: View) -> View:
    """Say in words that this installation speaks no SAML, where the extra is missing; and what was wrong otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not provider.is_there():
            return arriving.refusal(
                request,
                title=_("SAML is not installed here"),
                what=_("This installation lacks the parts that speak SAML with services."),
                advice=_("Those who run it install tongwen[saml] and xmlsec1; OpenID Connect and CAS need neither."),
                status=501,
            )
        try:
            return view(request)
        except types.UnknownClient:
            return _refused(request, "the service provider is unknown")
        except requests.BadRequest as bad:
            return _refused(request, str(bad))

    return guarded


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    logger.warning("saml request refused", reason=reason[:300])
    return arriving.refusal(
        request,
        title=_("This log-in cannot go on"),
        what=_("The service that sent you here is not registered, or asked in a way that we may not follow (%(code)s).")
        % {"code": "SAML"},
        advice=_("Nothing was told to it. Go back to the service; if it stays, tell those who run it."),
    )


@require_safe
@_where_installed
def metadata(request: HttpRequest) -> HttpResponse:
    """Describe the identity provider, for service providers and federations."""
    return HttpResponse(provider.metadata(arriving.issuer(request)), content_type="application/samlmetadata+xml")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_where_installed
def receive(request: HttpRequest) -> HttpResponse:
    """Take a request, by redirect or form, and go on with it in an address of ours.

    A form of another site brings no session along (SameSite), so nothing is decided here.
    """
    asked = requests.read_log_in(request)
    return HttpResponseRedirect(f"/saml/go?{urlencode({'asked': asked.signed()})}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_where_installed
def go(request: HttpRequest) -> HttpResponse:
    """Recognise the person, ask her where that is due, and answer the service provider."""
    asked = requests.Asked.of(request.GET.get("asked", ""))
    client = queries.client_of_entity(asked.entity_id)
    if not request.user.is_authenticated:
        return _answer_no(request, client, asked, "NoPassive") if asked.is_passive else arriving.to_login(request)
    if asked.is_forced and not arriving.is_fresh(request):
        return _answer_no(request, client, asked, "NoPassive") if asked.is_passive else arriving.to_fresh_login(request)
    return _enter(request, client, asked)


def _enter(request: HttpRequest, client: types.Client, asked: requests.Asked) -> HttpResponse:
    actor, scopes = arriving.actor(request), tuple(client.scopes)
    try:
        services.check_admitted(client=client, actor=actor)
    except types.NotAdmitted as refused:
        return arriving.not_admitted(request, refused, client.name(get_language() or ""))
    if services.needs_consent(client=client, person_id=actor.person_id or 0, scopes=scopes):
        answer = request.POST.get("answer", "")
        if answer == "no" or asked.is_passive:
            return _answer_no(request, client, asked, "RequestDenied")
        if answer != "yes":
            context = {
                "client": client,
                "name": client.name(get_language() or ""),
                "told": arriving.what_is_told(request, scopes),
            }
            return pages.leading_to(render(request, "oidc/consent.html", context), asked.consumer)
        services.record_consent(client=client, actor=actor, scopes=scopes, now=clock.now())
    return _answer_yes(request, client, asked)


def _answer_yes(request: HttpRequest, client: types.Client, asked: requests.Asked) -> HttpResponse:
    now = clock.now()
    visit = services.begin_visit(
        actor=arriving.actor(request),
        client=client,
        sid=arriving.sid(request),
        code=secrets.token_urlsafe(32),
        issuer=arriving.issuer(request),
        authenticated_at=arriving.authenticated_at(request),
        now=now,
        lifetime=_PRESENT,
        scopes=tuple(client.scopes),
        is_fresh=arriving.is_fresh(request),
    )
    answer, index = answers.success(visit, asked, queries.claims(visit, now))
    services.take_up(visit_id=visit.id, session_index=index, now=now)
    return _onward(request, client, asked, answer)


def _answer_no(request: HttpRequest, client: types.Client, asked: requests.Asked, status: str) -> HttpResponse:
    return _onward(request, client, asked, answers.failure(arriving.issuer(request), client, asked, status))


def _onward(request: HttpRequest, client: types.Client, asked: requests.Asked, answer: str) -> HttpResponse:
    context: dict[str, Any] = {
        "name": client.name(get_language() or ""),
        "address": asked.consumer,
        "answer": base64.b64encode(answer.encode()).decode(),
        "relay_state": asked.relay_state,
    }
    return pages.leading_to(render(request, "saml/onward.html", context), asked.consumer)


@csrf_exempt
@never_cache
@require_safe
@_where_installed
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session that a service provider names, with all that was opened from it, and say so (4.4).

    Only who knows by which name we know the person to that service can end her session: nobody else does.
    """
    client, parsed = requests.read_log_out(request)
    named = parsed.message.name_id.text if parsed.message.name_id is not None else ""
    open_ones = queries.open_visits(arriving.known_sid(request))
    if any(one.client.id == client.id and one.subject == named for one in open_ones):
        auth.logout(request)
    address = answers.logout_response(arriving.issuer(request), client, parsed, request.GET.get("RelayState", ""))
    return pages.away(address)
