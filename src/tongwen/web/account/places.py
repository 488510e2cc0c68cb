"""For whom somebody acts who belongs to several places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongwen.core import clock
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.types import ACTING_FOR
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import FormField, Option
from tongwen.web.shared.views import safe_next


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Show the places that are hers, and act for the one she chooses."""
    acting = access.actor(request)
    hers = {one.key(): one for one in identity.places(acting.person_id or 0, clock.today())}
    target = safe_next(request.POST.get("next") or request.GET.get("next", ""), "/staff/")
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("place", "")
        if chosen in hers:
            request.session[ACTING_FOR] = chosen
            return HttpResponseRedirect(target)
        error = _("Choose one of your places.")
    field = FormField(
        "place",
        _("Act for"),
        kind="radio",
        error=error,
        options=[Option(key, terms.place_name(place), place == acting.place) for key, place in hers.items()],
    )
    context = {"field": field, "errors": [("place", error)] if error else [], "next": target, "is_empty": not hers}
    return render(request, "account/place.html", context, status=422 if error else 200)
