"""Where CAS services send people: to be logged in (2.1, 2.2) and logged out (2.3)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import arriving, pages
from tongwen.standards import cas

_TICKET = dt.timedelta(seconds=60)
_TRUE = ("true", "1", "yes", "on")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Recognise the person and send her back with a ticket; `gateway` asks her nothing, `renew` asks her again."""
    service = request.GET.get("service", "")
    if not service:
        return HttpResponseRedirect("/") if request.user.is_authenticated else arriving.to_login(request)
    try:
        client = queries.client_of_service(service)
    except types.UnknownClient:
        return _unknown(request)
    renew = request.GET.get("renew", "") in _TRUE
    if not request.user.is_authenticated:
        is_gateway = request.GET.get("gateway", "") in _TRUE and not renew
        return pages.away(service) if is_gateway else arriving.to_login(request)
    if renew and not arriving.is_fresh(request):
        return arriving.to_fresh_login(request)
    return _enter(request, client, service)


def _enter(request: HttpRequest, client: types.Client, service: str) -> HttpResponse:
    actor = arriving.actor(request)
    try:
        services.check_admitted(client=client, actor=actor)
    except types.NotAdmitted as refused:
        return arriving.not_admitted(request, refused, client.name(get_language() or ""))
    scopes = tuple(client.scopes)
    if services.needs_consent(client=client, person_id=actor.person_id or 0, scopes=scopes):
        answer = request.POST.get("answer", "")
        if answer != "yes":
            return HttpResponseRedirect("/") if answer == "no" else _ask(request, client, service)
        services.record_consent(client=client, actor=actor, scopes=scopes, now=clock.now())
    return pages.away(cas.service_with_ticket(service, _ticket(request, client, service)))


def _ticket(request: HttpRequest, client: types.Client, service: str) -> str:
    ticket = f"ST-{secrets.token_urlsafe(32).replace('_', '-')}"
    services.begin_visit(
        actor=arriving.actor(request),
        client=client,
        sid=arriving.sid(request),
        code=ticket,
        issuer=arriving.issuer(request),
        authenticated_at=arriving.authenticated_at(request),
        now=clock.now(),
        lifetime=_TICKET,
        scopes=tuple(client.scopes),
        service=service,
        session_index=ticket,
        is_fresh=arriving.is_fresh(request),
    )
    return ticket


def _ask(request: HttpRequest, client: types.Client, service: str) -> HttpResponse:
    told = arriving.what_is_told(request, client.scopes)
    context = {"client": client, "name": client.name(get_language() or ""), "told": told}
    return pages.leading_to(render(request, "oidc/consent.html", context), service)


def _unknown(request: HttpRequest) -> HttpResponse:
    return arriving.refusal(
        request,
        title=_("This service is not registered"),
        what=_("The address that sent you here belongs to no service that may log people in with us."),
        advice=_("Nothing was told to it. If you run the service, have its address entered by your library."),
        status=403,
    )


@never_cache
@require_safe
def logout(request: HttpRequest) -> HttpResponse:
    """End the session and all that was opened from it; go on to the service that asked, where it is registered."""
    auth.logout(request)
    service = request.GET.get("service", "") or request.GET.get("url", "")
    try:
        queries.client_of_service(service)
    except types.UnknownClient:
        return render(request, "cas/logged_out.html")
    return pages.away(service)
