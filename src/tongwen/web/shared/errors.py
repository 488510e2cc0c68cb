"""Error pages in words. They ask nothing of the database, which may be the cause."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tongwen.web.shared.templatetags import tongwen as filters


def page(request: HttpRequest, *, status: int, title: str, what: str, advice: str) -> HttpResponse:
    """Answer an error: what happened and what to do, in the reader's language."""
    context = {"status": status, "title": title, "what": what, "advice": advice, "path": request.path}
    return HttpResponse(render_to_string("shared/error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django hands it over.
    """400: the address or form was not understood."""
    return page(
        request,
        status=400,
        title=_("This request could not be understood"),
        what=_("The address or the form that your browser sent is damaged or too large."),
        advice=_("Go back, check what you entered, and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django hands it over.
    """403: known, but not allowed."""
    return page(
        request,
        status=403,
        title=_("You may not do this"),
        what=_("Your account has no permission for this page or action."),
        advice=_("If you need it for your work, ask the administrator of your library."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django hands it over.
    """403: the form's token is missing or old."""
    return page(
        request,
        status=403,
        title=_("The form has expired"),
        what=_("For your safety a form can only be sent from the page it was opened on, while you are logged in."),
        advice=_("Go back, reload the page and send the form again. Cookies must be allowed for this site."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django hands it over.
    """404: nothing here, or nothing that this person may see."""
    return page(
        request,
        status=404,
        title=_("There is nothing at this address"),
        what=_("The page does not exist, was removed, or belongs to another library."),
        advice=_("Check the address, or search the catalogue."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return page(
        request,
        status=500,
        title=_("Something went wrong on our side"),
        what=_("The error has been recorded. Nothing you entered was changed halfway."),
        advice=_("Try again in a moment. If it stays, tell your library what you were doing and when."),
    )


def too_many(request: HttpRequest, seconds: float) -> HttpResponse:
    """429: asked too often; `Retry-After` says when it goes on (RFC 6585, section 4)."""
    wait = max(1, math.ceil(seconds))
    response = page(
        request,
        status=429,
        title=_("That was a little too fast"),
        what=_("More was asked for from your network in a short time than one person usually does."),
        advice=_("Try again in %(time)s. Programs use the interface for programs, more slowly.")
        % {"time": filters.duration(wait)},
    )
    response["Retry-After"] = str(wait)
    return response


def unavailable(request: HttpRequest, what: str) -> HttpResponse:
    """503: a part of the portal cannot be reached; `what` says which, in the reader's language."""
    response = page(
        request,
        status=503,
        title=_("This part of the portal cannot be reached just now"),
        what=what,
        advice=_("Try again in a minute."),
    )
    response["Retry-After"] = "60"
    return response
