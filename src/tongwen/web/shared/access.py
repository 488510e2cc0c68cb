"""Who may see staff pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tongwen.domain.catalogue.types import UnknownBatch, UnknownReview

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def institution_of(request: HttpRequest) -> int | None:
    """Return the institution the signed-in person acts for."""
    institution_id: int | None = getattr(request.user, "institution_id", None)
    return institution_id


def staff_institution(request: HttpRequest) -> int:
    """Return the institution inside a staff view, where there always is one."""
    institution_id = institution_of(request)
    if institution_id is None:
        raise Http404
    return institution_id


def actor(request: HttpRequest) -> str:
    """Return the name under which the audit keeps what the signed-in person does."""
    return str(request.user.get_username())


def staff_required(view: View[Arguments]) -> View[Arguments]:
    """Show the page to people of an institution; send others to the log-in page.

    An object of another institution is answered as if it were not there (404).
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        staff_institution(request)
        try:
            return view(request, *args, **kwargs)
        except (UnknownBatch, UnknownReview) as missing:
            raise Http404 from missing

    return guarded


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """A part of a page that is fetched alone must not be replaced by a log-in form: the whole page goes there."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(request.get_full_path())
