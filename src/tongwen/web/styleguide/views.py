"""The style guide: served to developers only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongwen.web.styleguide import samples


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in its states, in the language of the interface."""
    return render(request, "styleguide/page.html", samples.everything())
