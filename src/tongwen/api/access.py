"""Which program may ask what: the right is asked of the actor, whom a token or a log-in has brought (config.actors)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tongwen.api import problems
from tongwen.domain.identity import types

Operation = Callable[..., Any]


def actor(request: HttpRequest) -> types.Actor:
    """Return who asks; NOBODY without a token."""
    acting: types.Actor = getattr(request, "actor", types.NOBODY)
    return acting


def institution(request: HttpRequest) -> int:
    """Return the institution that a program acts for, inside an operation that `requires` a right."""
    number = actor(request).institution_id
    assert number is not None  # noqa: S101  Rights of scopes hold in an institution only (queries.clients.bearer).
    return number


def requires(*permissions: types.Permission) -> Callable[[Operation], Operation]:
    """Answer programs that have one of these rights in an institution, none at all where none is named.

    Others are told to show a token (401), or that theirs does not include this (403), as RFC 6750, 3 has it. A log-in
    in a browser is no token: what a page makes a browser send must do nothing here.
    """

    def decorate(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            acting = actor(request)
            if not acting.username or acting.person_id is not None:
                return unauthorized(request, "", _("This needs a token of a registered program."))
            if permissions and (acting.institution_id is None or not any(map(acting.may, permissions))):
                return _refused(request)
            return operation(request, *arguments, **named)

        return guarded

    return decorate


def unauthorized(request: HttpRequest, code: str, detail: str) -> HttpResponse:
    """Answer 401; `code` is the error of RFC 6750, 3.1, "" where no token came."""
    answer = problems.problem(request, 401, detail)
    answer["WWW-Authenticate"] = 'Bearer realm="tongwen"' + (f', error="{code}"' if code else "")
    return answer


def _refused(request: HttpRequest) -> HttpResponse:
    answer = problems.problem(request, 403, _("The token does not include the right to do this."))
    answer["WWW-Authenticate"] = 'Bearer realm="tongwen", error="insufficient_scope"'
    return answer
