"""Where CAS services have tickets validated (2.4, 2.5), version 1, 2 and 3. Proxy tickets are not given out (2.7)."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.standards import cas

logger = structlog.get_logger("tongwen.cas")

_NO_PROXIES = "this server gives out no proxy tickets"


@never_cache
@require_safe
def validate(request: HttpRequest, version: cas.Version) -> HttpResponse:
    """Say whom a ticket stands for; whoever asks, a ticket is good once."""
    answer = _answer(request)
    if isinstance(answer, cas.Failure):
        logger.info("ticket refused", code=answer.code, reason=answer.message)
    if version is cas.Version.ONE:
        return HttpResponse(cas.render(answer, version), content_type="text/plain; charset=utf-8")
    if request.GET.get("format", "").upper() == "JSON":
        return HttpResponse(cas.render_json(answer), content_type="application/json")
    return HttpResponse(cas.render(answer, version), content_type="application/xml; charset=utf-8")


def _answer(request: HttpRequest) -> cas.Success | cas.Failure:
    service, ticket = request.GET.get("service", ""), request.GET.get("ticket", "")
    if not service or not ticket:
        return cas.Failure(cas.FailureCode.INVALID_REQUEST, "service and ticket are both needed")
    if request.GET.get("pgtUrl"):
        return cas.Failure(cas.FailureCode.UNAUTHORIZED_SERVICE_PROXY, _NO_PROXIES)
    if not cas.is_ticket(ticket):
        return cas.Failure(cas.FailureCode.INVALID_TICKET_SPEC, "this is no service ticket")
    try:
        needs_fresh = request.GET.get("renew", "") == "true"
        visit = services.take_up_ticket(ticket=ticket, service=service, needs_fresh=needs_fresh, now=clock.now())
    except types.BadTicket as bad:
        return cas.Failure(bad.code, str(bad))
    return cas.Success(visit.subject, _attributes(visit))


def _attributes(visit: types.Visit) -> dict[str, tuple[str, ...]]:
    """Return what the service may know: for version 3, in the words of OpenID Connect and with the times of 2.5.7."""
    claims = queries.claims(visit, clock.now())
    found = {
        name: tuple(value) if isinstance(value, list) else (str(value),)
        for name, value in claims.items()
        if name != "sub"
    }
    return found | {
        "authenticationDate": (visit.authenticated_at.isoformat(timespec="seconds"),),
        "longTermAuthenticationRequestTokenUsed": ("false",),
        "isFromNewLogin": ("true" if visit.is_fresh else "false",),
    }


@never_cache
@require_safe
def proxy(_request: HttpRequest) -> HttpResponse:
    """Refuse to give out a proxy ticket, in the protocol's words (2.7.2)."""
    return HttpResponse(cas.render_proxy_failure(_NO_PROXIES), content_type="application/xml; charset=utf-8")
