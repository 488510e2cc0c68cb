"""What the layout of every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.domain.members.types import Institution, SharingDomain
from tongwen.web.shared import access, middleware, own_library, portal


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the languages, the own library and what is waiting for the signed-in person."""
    own = own_library.of(request)
    return {
        "interface_languages": _languages(request),
        "own_library": own,
        "own_city": members.places().get(own.city) if own else None,
        "library_tree": SimpleLazyObject(_library_tree),
        "portal": _portal(request),
        "here": _here(request),
        "staff_library": SimpleLazyObject(lambda: _staff_library(request)),
        "reviews_waiting": _reviews_waiting(request),
    }


def _portal(request: HttpRequest) -> dict[str, Any] | None:
    """Return the portal that the host name asks for: its owner, its style sheet, and the logo of a library."""
    found = portal.of(request)
    return None if found is None else dress(found.kind, found.owner)


def dress(kind: str, owner: Institution | SharingDomain) -> dict[str, Any]:
    """Return what makes a page somebody's own: name, welcome, colours and logo; `kind` is library or domain."""
    look = owner.look
    shades = (look.colour + look.accent).replace("#", "")
    style = reverse("portal-style", args=[kind, owner.code])
    return {
        "owner": owner,
        "welcome": owner.welcome.text(get_language() or "en"),
        "style": f"{style}?v={shades}" if shades else "",
        "logo": f"{reverse('portal-logo', args=[owner.code])}?v={look.logo}" if look.logo else "",
    }


def _here(request: HttpRequest) -> str:
    """Return this page's address without a language or own-library choice, to come back to."""
    parameters = request.GET.copy()
    for name in (middleware.PARAMETER, own_library.PARAMETER):
        parameters.pop(name, None)
    query = parameters.urlencode()
    return f"{request.path}?{query}" if query else request.path


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    parameters = request.GET.copy()
    current = get_language()
    found = []
    for code, name in settings.LANGUAGES:
        parameters[middleware.PARAMETER] = code
        tag = code.replace("-han", "-Han")
        url = f"{request.path}?{parameters.urlencode()}"
        found.append({"tag": tag, "name": name, "current": code == current, "url": url})
    return found


def _library_tree() -> list[dict[str, Any]]:
    if len(members.institutions()) > own_library.FEW:
        return []
    places = members.places()
    return [
        {"place": places[province], "cities": [{"place": places[city], "libraries": inside} for city, inside in cities]}
        for province, cities in own_library.by_place()
    ]


def _staff_library(request: HttpRequest) -> Institution | None:
    institution_id = access.institution_of(request)
    return members.institution(institution_id) if institution_id else None


def _reviews_waiting(request: HttpRequest) -> int:
    acting = access.actor(request)
    if acting.institution_id is None or not acting.may(Permission.REVIEWS_DECIDE):
        return 0
    return catalogue.review_count(acting.institution_id)
