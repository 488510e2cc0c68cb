"""The reader's own library: chosen in the header, kept in a cookie, overruled by `?at=CODE` in a kept link."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, InstitutionStatus, UnknownInstitution
from tongwen.web.shared import portal

COOKIE = "tongwen_library"
PARAMETER = "at"
_YEAR = 365 * 24 * 3600
_CACHED = "_own_library"
FEW = 24
"""So many libraries stand in the menu as a tree; more are found by typing."""


def find(code: str) -> Institution | None:
    """Return the library with this code, None where the code is empty or no longer known."""
    if not code or len(code) > 64:
        return None
    try:
        return members.institution_by_code(code)
    except UnknownInstitution:
        return None


def of(request: HttpRequest) -> Institution | None:
    """Return the library whose eyes the reader sees through, None where she chose none."""
    if not hasattr(request, _CACHED):
        chosen = find(request.GET.get(PARAMETER, "")) or find(request.COOKIES.get(COOKIE, ""))
        chosen = chosen or portal.library_of(request)
        setattr(request, _CACHED, chosen)
    library: Institution | None = getattr(request, _CACHED)
    return library


def remember(request: HttpRequest, response: HttpResponseBase, library: Institution | None) -> None:
    """Keep the choice for a year, or forget it."""
    if library is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(COOKIE, library.code, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


def by_place() -> list[tuple[str, list[tuple[str, list[Institution]]]]]:
    """Return all active libraries as (province code, (city code, libraries)), for the chooser."""
    active = (one for one in members.institutions() if one.status is InstitutionStatus.ACTIVE)
    everyone = sorted(active, key=lambda one: (one.province, one.city, one.id))
    return [
        (province, [(city, list(inside)) for city, inside in groupby(group, key=lambda one: one.city)])
        for province, group in groupby(everyone, key=lambda one: one.province)
    ]
