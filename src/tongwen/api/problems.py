"""Errors for programs, as problem details (RFC 9457): what kind, which status, what happened in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tongwen.domain.catalogue import types as catalogue

logger = structlog.get_logger("tongwen.api")

CONTENT_TYPE = "application/problem+json"
DESCRIPTION = {
    "description": "Problem details (RFC 9457).",
    "content": {
        CONTENT_TYPE: {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail", "instance"],
                "properties": {
                    **{name: {"type": "string"} for name in ("type", "title", "detail", "instance")},
                    "status": {"type": "integer"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}
"""What every operation may answer instead, as the description says it."""

_UNKNOWN = (catalogue.UnknownBib, catalogue.UnknownMerge, catalogue.UnknownVersion, Http404)

View = Callable[..., HttpResponseBase]


def problem(request: HttpRequest, status: int, detail: str, **more: Any) -> HttpResponse:
    """Answer with problem details. `more` are members of their own (RFC 9457, 3.2), such as `errors`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    return HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)


def register(api: NinjaAPI) -> None:
    """Let the interface answer every error with problem details."""
    for kind in _UNKNOWN:
        api.add_exception_handler(kind, _unknown)
    api.add_exception_handler(catalogue.NotAllowedNow, _conflict)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(OperationalError, _unavailable)
    api.add_exception_handler(Exception, _failed)


def _unknown(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, 404, _("There is nothing at this address."))


def _conflict(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, 409, str(error))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_error(one) for one in error.errors]
    return problem(request, 422, _("A parameter is missing or has a value that cannot be understood."), errors=errors)


def _error(found: Mapping[str, Any]) -> dict[str, str]:
    """Name the parameter (ninja puts where it stands before it) and what is wrong with it."""
    return {"parameter": str(found["loc"][-1]), "detail": str(found["msg"])}


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, str(error))


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("database unavailable", reason=str(error))
    answer = problem(request, 503, _("The database does not answer just now. Try again in a minute."))
    answer["Retry-After"] = "60"
    return answer


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("request failed", path=request.path, exc_info=error)
    return problem(request, 500, _("Something went wrong on our side. The error has been recorded."))


def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer addresses below the interface's own that nothing stands at."""
    del rest
    return _unknown(request, Http404())


def wrong_methods_in_words(view: View) -> View:
    """Give a view's 405 its problem details; `Allow` stays."""

    @wraps(view)
    def run(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *arguments, **named)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.get("Allow", "")
        answer = problem(request, 405, _("This address answers %(methods)s only.") % {"methods": allowed})
        answer["Allow"] = allowed
        return answer

    return run
