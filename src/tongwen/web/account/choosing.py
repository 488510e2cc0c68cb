"""Which library somebody logs in by: found by its name, remembered, or told by the address she comes from."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, InstitutionStatus
from tongwen.web.shared import own_library

COOKIE = "tongwen_login_library"
MOST = 20
_YEAR = 365 * 24 * 3600


def suggested(request: HttpRequest) -> list[Institution]:
    """Return the libraries that it will be: the last one, the own one, the one of this network."""
    by_address = members.institution_of_address(request.META.get("REMOTE_ADDR", ""))
    candidates = [
        own_library.find(request.COOKIES.get(COOKIE, "")),
        own_library.of(request),
        members.institution(by_address) if by_address is not None else None,
    ]
    unique = {one.id: one for one in candidates if one is not None and one.status is InstitutionStatus.ACTIVE}
    return list(unique.values())


def remember(request: HttpRequest, response: HttpResponseBase, library: Institution) -> None:
    """Offer this library first at the next log-in from this browser."""
    response.set_cookie(COOKIE, library.code, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
