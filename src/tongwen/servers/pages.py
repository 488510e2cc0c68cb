"""Leading people from our pages to services and back, within what browsers allow."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse

from tongwen.domain.identity import types
from tongwen.domain.identity.queries import clients as queries

_DOORS = ("/oidc/authorize", "/cas/login")  # SAML goes on from a page of its own.


def away(address: str) -> HttpResponse:
    """Send the browser to a service; its address has been checked against what is registered."""
    response = HttpResponse(status=302)
    response["Location"] = address
    response["Referrer-Policy"] = "no-referrer"
    return response


def leading_to(response: HttpResponse, address: str) -> HttpResponse:
    """Let a form of this page end at a service.

    Browsers hold what follows a form, redirects too, against `form-action`; without this the way would end here.
    """
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001  It is django-csp's way.
    return response


class WayBackMiddleware:
    """Let the forms of the log-in lead on to the service that sent the person, which its `next` names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        wanted = request.POST.get("next") or request.GET.get("next", "")
        if wanted.startswith(_DOORS) and response.get("Content-Type", "").startswith("text/html"):
            address = _destination(wanted)
            return leading_to(response, address) if address else response
        return response


def _destination(wanted: str) -> str:
    """Return the registered address of the service that a log-in leads to, "" where there is none."""
    parts = urlsplit(wanted)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    try:
        if parts.path == "/cas/login":
            queries.client_of_service(asked.get("service", ""))
            return asked["service"]
        known = queries.client_by_id(asked.get("client_id", "")).redirect_uris
    except types.UnknownClient:
        return ""
    return asked.get("redirect_uri", "") if asked.get("redirect_uri") in known else next(iter(known), "")
