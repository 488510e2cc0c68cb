"""Who acts in a request, and in whose scope it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tongwen.api import access
from tongwen.config import guard
from tongwen.core import clock, tenancy
from tongwen.domain.identity import queries, types
from tongwen.domain.identity.queries import clients

_INTERFACE = "/api/"

Handler = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Say who acts (`request.actor`) and work in the scope of her institution; readers have an empty scope."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            acting = _program(request) or _actor(request)
        except types.UnknownClient:
            return access.unauthorized(
                request, "invalid_token", _("The token is unknown, too old, or not a program's.")
            )
        request.actor = acting  # type: ignore[attr-defined]
        scope = partial(tenancy.scope, acting.institution_id)
        with scope():
            return guard.within(scope, self.get_response(request))


def _program(request: HttpRequest) -> types.Actor | None:
    """Return the program whose token comes with a request to the interface for programs; None without a token.

    Raises:
        UnknownClient: the token is no good.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if not request.path.startswith(_INTERFACE) or scheme.lower() != "bearer":
        return None
    return clients.bearer(token.strip(), clock.now())


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
