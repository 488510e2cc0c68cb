"""Small pages that belong to no area."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tongwen.web.shared import own_library


def safe_next(target: str, otherwise: str = "/") -> str:
    """Return a target inside this portal; another host or scheme gives `otherwise`."""
    inside = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=False)
    return target if inside and target.startswith("/") else otherwise


@require_safe
def choose_library(request: HttpRequest) -> HttpResponse:
    """Remember the own library (`?code=`, empty to forget it) and go back to where the reader was."""
    response = HttpResponseRedirect(safe_next(request.GET.get("next", "/")))
    own_library.remember(request, response, own_library.find(request.GET.get("code", "")))
    return response


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Keep robots off searches and staff pages; records may be read."""
    lines = [
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /staff/",
        "Disallow: /apply/",
        "Disallow: /library",
        "Disallow: /login",
        "Disallow: /password/",
    ]
    return HttpResponse("\n".join([*lines, "Disallow: /bib/*/export/", ""]), content_type="text/plain")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for the old name to the picture."""
    return HttpResponsePermanentRedirect(static("shared/seal.svg"))
