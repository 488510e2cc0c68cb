"""Who may see which page: the permission is asked here, the table is `domain/identity/rules/permissions.toml`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
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
from tongwen.domain.identity import types
from tongwen.domain.identity.types import (
    UnknownClient,
    UnknownFactor,
    UnknownImport,
    UnknownInvitation,
    UnknownPerson,
    UnknownReader,
    UnknownSession,
    UnknownSource,
)
from tongwen.web.shared import errors, standing

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

_NOT_THERE = (
    UnknownBatch,
    UnknownBib,
    UnknownClient,
    UnknownImport,
    UnknownInvitation,
    UnknownMerge,
    UnknownFactor,
    UnknownPerson,
    UnknownSession,
    UnknownProfile,
    UnknownReader,
    UnknownReview,
    UnknownSource,
    UnknownVersion,
)


def actor(request: HttpRequest) -> types.Actor:
    """Return who acts (config.requests.ActorMiddleware); NOBODY for a reader without a log-in."""
    acting: types.Actor = getattr(request, "actor", types.NOBODY)
    return acting


def person_id(request: HttpRequest) -> int:
    """Return who is logged in, inside a view that requires it."""
    number = actor(request).person_id
    if number is None:
        raise Http404
    return number


def actor_name(request: HttpRequest) -> str:
    """Return the name under which the audit keeps what the signed-in person does."""
    return actor(request).username


def institution_of(request: HttpRequest) -> int | None:
    """Return the institution the signed-in person acts for."""
    return actor(request).institution_id


def staff_institution(request: HttpRequest) -> int:
    """Return the institution inside a staff view, where there always is one."""
    institution_id = institution_of(request)
    if institution_id is None:
        raise Http404
    return institution_id


def signed_in(view: View[Arguments]) -> View[Arguments]:
    """Show the page to whoever has logged in, whatever her rights; others are sent to the log-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        return view(request, *args, **kwargs)

    return guarded


def requires(*permissions: types.Permission) -> Callable[[View[Arguments]], View[Arguments]]:
    """Show the page to who has one of these permissions in the place she acts for.

    Others are sent to the log-in page, or told which right is missing (403). What belongs to another institution is
    answered as if it were not there (404).
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not any(actor(request).may(one) for one in permissions):
                return _missing_right(request)
            try:
                return view(request, *args, **kwargs)
            except _NOT_THERE as missing:
                raise Http404 from missing
            except NotPermitted:
                return _not_a_holder(request)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def requires_login(view: View[Arguments]) -> View[Arguments]:
    """Show the page to whoever is logged in, as a page of her own; send others to the log-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        try:
            return view(request, *args, **kwargs)
        except _NOT_THERE as missing:
            raise Http404 from missing

    return guarded


def requires_fresh_factor(view: View[Arguments]) -> View[Arguments]:
    """Let a dangerous act be done only by who has just proven who she is: with her second factor where she has one.

    Put it below `requires`, for changing factors, giving roles, showing or setting secrets. Who proves it comes back
    to the page (of a form that was sent: to the page it stood on).
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if standing.is_fresh(request):
            return view(request, *args, **kwargs)
        target = request.get_full_path()
        if request.method not in ("GET", "HEAD"):
            messages.info(request, _("Nothing was changed yet: first show that it is you."))
            target = urlsplit(request.headers.get("Referer", "")).path or "/"
        return HttpResponseRedirect(f"{reverse('security-confirm')}?{urlencode({'next': target})}")

    return guarded


def changes_any(request: HttpRequest) -> bool:
    """Tell whether the signed-in person may change bibs of all libraries, as those who run the union catalogue may."""
    return actor(request).may(types.Permission.BIBS_CHANGE_ANY)


def may_change(request: HttpRequest, *bib_ids: int) -> bool:
    """Tell whether the signed-in person may merge, un-merge and restore these bibs (services.rights decides)."""
    if changes_any(request):
        return True
    return actor(request).may(types.Permission.BIBS_CHANGE) and catalogue.holds_one_of(bib_ids)


def _missing_right(request: HttpRequest) -> HttpResponse:
    return errors.page(
        request,
        status=403,
        title=_("Your role does not include this"),
        what=_("In the place you act for, none of your roles gives you the right to see or do this."),
        advice=_("Act for another place if you belong to several, or ask your administrator for the role."),
    )


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
