"""One's own account: places and roles, language, name, e-mail address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import queries, types
from tongwen.domain.identity.queries import clients
from tongwen.domain.identity.queries import readers as reading
from tongwen.domain.identity.services import accounts, privacy
from tongwen.web.people import words
from tongwen.web.shared import access, errors, terms
from tongwen.web.shared.components import FormField, Option

_YEAR = 365 * 24 * 3600


@require_safe
@never_cache
@access.signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Show what is known of the person who is logged in, and what she can do about it."""
    return _me(request, [], {})


def _me(request: HttpRequest, wrong: list[tuple[str, str]], given: dict[str, str], status: int = 200) -> HttpResponse:
    person = queries.person(person_id(request))
    today = clock.today()
    held = [
        (terms.word(terms.ROLES, one.role), terms.place_name(one.place), _last_day(one.expires_on))
        for one in queries.affiliations(person.id, today)
    ]
    context = {
        "person": person,
        "held": held,
        "acts_for": terms.place_name(access.actor(request).place),
        "has_places": len(queries.places(person.id, today)) > 1,
        "readers": [
            (one, terms.place_name(types.Place(one.institution_id)), _last_day(one.expires_on))
            for one in reading.readers_of_person(person.id)
        ],
        "consents": _consents(person.id),
        "fields": _fields(person, given, dict(wrong)),
        "errors": wrong,
        "due_at": privacy.erasure_due(person.id),
    }
    return render(request, "me/me.html", context, status=status)


def person_id(request: HttpRequest) -> int:
    """Return who is logged in, inside a view that asks for it."""
    return access.actor(request).person_id or 0


def _consents(person_id: int) -> list[tuple[types.Consent, str]]:
    """Return what stands, each with the name of the service where it is one's."""
    standing = [one for one in privacy.consents(person_id) if one.withdrawn_at is None]
    known = clients.client_names(one.purpose for one in standing)
    language = translation.get_language() or ""
    return [(one, known[one.purpose].name(language) if one.purpose in known else one.purpose) for one in standing]


def _last_day(expires_on: dt.date | None) -> dt.date | None:
    return expires_on - dt.timedelta(days=1) if expires_on else None


def _fields(person: types.Person, given: dict[str, str], wrong: dict[str, str]) -> dict[str, FormField]:
    return {
        "language": FormField(
            "language",
            _("Language of pages and mails"),
            kind="select",
            options=[
                Option(code, name, code == (person.language or translation.get_language()))
                for code, name in settings.LANGUAGES
            ],
        ),
        "name": FormField(
            "name",
            pgettext("person", "Name"),
            value=given.get("name", person.display_name),
            error=wrong.get("name", ""),
            autocomplete="name",
        ),
        "email": FormField(
            "email",
            _("New e-mail address"),
            value=given.get("email", ""),
            kind="email",
            hint=_("A link goes there; until you open it the present address stays."),
            error=wrong.get("email", ""),
            autocomplete="email",
        ),
    }


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("me"))


@require_POST
@access.signed_in
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language, for pages on all devices from the next log-in on and for mails at once."""
    chosen = request.POST.get("language", "")
    response = _back()
    if chosen in dict(settings.LANGUAGES):
        accounts.choose_language(person_id=person_id(request), language=chosen)
        facts: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=_YEAR, **facts)
        with translation.override(chosen):
            messages.success(request, _("Pages and mails speak this language now."))
    return response


@require_POST
@access.signed_in
def name(request: HttpRequest) -> HttpResponse:
    """Change the name that is shown."""
    given = request.POST.get("name", "")
    try:
        accounts.rename(person_id=person_id(request), display_name=given)
    except types.BadName:
        return _me(request, [("name", words.bad_name())], {"name": given}, status=422)
    messages.success(request, _("Your name is changed."))
    return _back()


@require_POST
@access.signed_in
def email(request: HttpRequest) -> HttpResponse:
    """Send a link to the new address."""
    given = request.POST.get("email", "").strip()
    try:
        address = accounts.ask_email(person_id=person_id(request), email=given, now=clock.now())
    except types.BadAddress as error:
        return _me(request, [("email", words.address(error))], {"email": given}, status=422)
    messages.success(request, _("A link is on its way to %(email)s. Open it to confirm.") % {"email": address})
    return _back()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, so that a program that follows links in mails confirms nothing; then change the address."""
    if request.method != "POST":
        return render(request, "me/confirm_email.html")
    try:
        address = accounts.confirm_email(token=token, person_id=person_id(request), now=clock.now())
    except types.UnknownTicket:
        return errors.page(
            request,
            status=404,
            title=_("This link does not work"),
            what=_("It is incomplete, was used already, has expired, or belongs to another account."),
            advice=_("Ask for a new link under “My account”."),
        )
    messages.success(request, _("Your e-mail address is now %(email)s.") % {"email": address})
    return _back()
