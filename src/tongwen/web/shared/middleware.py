"""The language of the interface: a link, a cookie, then what the browser prefers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware

PARAMETER = "lang"
_YEAR = 365 * 24 * 3600


class LanguageMiddleware(LocaleMiddleware):
    """Answer a link with `?lang=` by remembering the language and going on to the same page without it."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        """Redirect where a known language is asked for; otherwise activate the reader's language."""
        asked = request.GET.get(PARAMETER, "").lower()
        if request.method in ("GET", "HEAD") and asked in dict(settings.LANGUAGES):
            return _remember(request, asked)
        super().process_request(request)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say that the page depends on the cookie too, so that caches keep the languages apart."""
        response = super().process_response(request, response)
        if "Content-Language" in response.headers:
            response.headers["Content-Language"] = response.headers["Content-Language"].replace("-han", "-Han")
        return response


def _remember(request: HttpRequest, language: str) -> HttpResponse:
    parameters = request.GET.copy()
    del parameters[PARAMETER]
    query = parameters.urlencode()
    # A path of two slashes would be another host for the browser.
    target = "/" + request.path.lstrip("/") + (f"?{query}" if query else "")
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response
