"""Who acts in a request, and in whose scope it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tongwen.config import guard
from tongwen.core import clock, tenancy
from tongwen.domain.identity import queries, types

Handler = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Say who acts (`request.actor`) and work in the scope of her institution; readers have an empty scope."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        acting = _actor(request)
        request.actor = acting  # type: ignore[attr-defined]
        scope = partial(tenancy.scope, acting.institution_id)
        with scope():
            return guard.within(scope, self.get_response(request))


def _actor(request: HttpRequest) -> types.Actor:
    """Return who is signed in, as she acts for the place that her session keeps."""
    user = request.user  # type: ignore[attr-defined]
    if not user.is_authenticated:
        return types.NOBODY
    try:
        place = types.Place.of_key(request.session.get(types.ACTING_FOR, ""))
    except ValueError:
        place = None
    person = types.Person(user.pk, user.username, user.display_name, user.email, user.is_active)
    return queries.actor(person, place, clock.today())
