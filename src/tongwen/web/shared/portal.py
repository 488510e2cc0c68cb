"""Portals under host names of their own: a library's or a sharing domain's, answering as soon as it is registered."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase

from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, Portal, SharingDomain

_CACHED = "_portal"
Handler = Callable[[HttpRequest], HttpResponseBase]


class PortalMiddleware:
    """Answer to the installation's own host names and to registered ones; refuse every other (400).

    It stands before whatever asks for the host. `ALLOWED_HOSTS` lets all through, because Django reads it once.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()
        name = split_domain_port(host)[0]
        # What is the installation's own asks nothing of the database: health checks work without it.
        if not validate_host(name, settings.TONGWEN_ALLOWED_HOSTS) and members.portal_by_host(name) is None:
            raise DisallowedHost(f"{host!r} is no host name of this installation; register it for a library or domain")
        return self.get_response(request)


def of(request: HttpRequest) -> Portal | None:
    """Return whose portal was asked for by its host name, None for the installation's own."""
    if not hasattr(request, _CACHED):
        setattr(request, _CACHED, members.portal_by_host(split_domain_port(request.get_host())[0]))
    found: Portal | None = getattr(request, _CACHED)
    return found


def library_of(request: HttpRequest) -> Institution | None:
    """Return the library whose portal was asked for."""
    found = of(request)
    return found.owner if found is not None and isinstance(found.owner, Institution) else None


def domain_of(request: HttpRequest) -> SharingDomain | None:
    """Return the sharing domain whose portal was asked for."""
    found = of(request)
    return found.owner if found is not None and isinstance(found.owner, SharingDomain) else None
