"""One's rights in one's data: a copy of it, taking consent back, being forgotten."""

from __future__ import annotations

import io
import json
import zipfile

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongwen.core import clock
from tongwen.domain.identity import types
from tongwen.domain.identity.services import privacy
from tongwen.web.me.views import person_id
from tongwen.web.shared import access


@require_POST
@access.signed_in
def export(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is known, for programs and for reading, in one file."""
    known = privacy.known_of(person_id(request))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(known, ensure_ascii=False, indent=2))
        archive.writestr("data.html", render_to_string("me/export.html", {"known": _readable(known)}))
    response = HttpResponse(written.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{clock.today():%Y%m%d}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _readable(known: dict[str, object]) -> list[tuple[str, list[dict[str, object]]]]:
    return [(heading, facts if isinstance(facts, list) else [facts]) for heading, facts in known.items()]


@require_POST
@access.signed_in
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a consent back."""
    privacy.withdraw_consent(person_id=person_id(request), purpose=request.POST.get("purpose", ""), now=clock.now())
    messages.success(request, _("You have taken your consent back. You will be asked again where it is needed."))
    return HttpResponseRedirect(reverse("me"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def erasure(request: HttpRequest) -> HttpResponse:
    """Say what being forgotten means; when the log-in name is typed to show that it is meant, enter the wish."""
    number = person_id(request)
    reasons = privacy.obligations(number)
    wrong = ""
    if request.method == "POST" and not reasons:
        if request.POST.get("username", "").strip().lower() == access.actor(request).username:
            return _ask(request, number)
        wrong = _("Type your log-in name exactly as it stands above.")
    context = {
        "username": access.actor(request).username,
        "reasons": reasons,
        "wrong": wrong,
        "errors": [("username", wrong)] if wrong else [],
    }
    return render(request, "me/erasure.html", context, status=422 if wrong else 200)


def _ask(request: HttpRequest, number: int) -> HttpResponse:
    try:
        due = privacy.ask_erasure(person_id=number, now=clock.now())
    except types.StandingObligations:
        return HttpResponseRedirect(reverse("me-erasure"))
    auth.logout(request)
    messages.success(
        request,
        _("Your account will be erased on %(day)s. Log in before then if you change your mind.") % {"day": due.date()},
    )
    return HttpResponseRedirect(reverse("home"))


@require_POST
@access.signed_in
def stay(request: HttpRequest) -> HttpResponse:
    """Take the wish to be forgotten back."""
    privacy.withdraw_erasure(person_id=person_id(request), now=clock.now())
    messages.success(request, _("Your account stays."))
    return HttpResponseRedirect(reverse("me"))
