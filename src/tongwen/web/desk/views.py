"""The workbench."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongwen.web.desk import tasks
from tongwen.web.shared import access


@require_safe
@access.signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """Show what the person may do here; a reader, who has nothing to do for a library, goes to the catalogue."""
    acting = access.actor(request)
    if not acting.is_staff:
        return HttpResponseRedirect(reverse("home"))
    return render(request, "desk/desk.html", {"groups": tasks.allowed(acting.permissions)})
