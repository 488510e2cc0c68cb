"""Who may see staff pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue.types import (
    NotPermitted,
    UnknownBatch,
    UnknownBib,
    UnknownMerge,
    UnknownProfile,
    UnknownReview,
    UnknownVersion,
)
from tongwen.web.shared import errors

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
        except (UnknownBatch, UnknownReview, UnknownProfile) as missing:
            raise Http404 from missing

    return guarded


def is_operator(request: HttpRequest) -> bool:
    """Tell whether an operator of the installation is signed in, who acts for no institution."""
    return institution_of(request) is None and bool(getattr(request.user, "is_operator", False))


def may_change(request: HttpRequest, *bib_ids: int) -> bool:
    """Tell whether the signed-in person may merge, un-merge and restore these bibs (services.rights decides)."""
    if institution_of(request) is None:
        return is_operator(request)
    return catalogue.holds_one_of(bib_ids)


def holder_required(view: View[Arguments]) -> View[Arguments]:
    """Show the page to people of an institution and to operators; send others to the log-in page.

    Who acts for a library that does not hold the bib is told so (403); what does not exist is 404.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        if institution_of(request) is None and not is_operator(request):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (UnknownBib, UnknownMerge, UnknownVersion) as missing:
            raise Http404 from missing
        except NotPermitted:
            return _not_a_holder(request)

    return guarded


def _not_a_holder(request: HttpRequest) -> HttpResponse:
    return errors.page(
        request,
        status=403,
        title=_("Your library does not hold this record"),
        what=_("Only libraries that hold one of the records may merge them, take a merge back or restore a version."),
        advice=_("Ask a library that holds the record, or the operators of the union catalogue."),
    )


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """A part of a page that is fetched alone must not be replaced by a log-in form: the whole page goes there."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(request.get_full_path())
