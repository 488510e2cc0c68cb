"""Staff pages for people: who has which role, and until when."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import people as queries
from tongwen.domain.identity.services import accounts
from tongwen.domain.identity.types import Permission
from tongwen.web.people import forms
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import Column, Option
from tongwen.web.shared.paging import page_number, pager


@require_safe
@access.requires(Permission.PEOPLE_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """List the people whom the administrator may give roles: all, or those that are looked for."""
    actor, asked = access.actor(request), _asked(request)
    page = page_number(request.GET.get("page", ""))
    found, total = queries.find_people(actor, **asked, on=clock.today(), page=page)
    kept = urlencode({"q": asked["text"], "role": asked["role"], "state": asked["state"]})
    context = {
        "people": [(one, _roles(one)) for one in found],
        "total": total,
        "search": asked,
        "is_searched": any(asked.values()),
        "roles": [Option("", _("All roles"), not asked["role"]), *forms.role_options(actor, [asked["role"]])],
        "states": _states(asked["state"]),
        "columns": [
            Column(pgettext("person", "Name")),
            Column(_("Log-in name")),
            Column(_("Roles")),
            Column(_("State")),
        ],
        "pager": pager(
            total=total, page=page, size=queries.PAGE, url=lambda n: f"{reverse('people')}?{kept}&page={n}", reach=total
        ),
        "place": terms.place_name(actor.place),
    }
    return render(request, "people/list.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    return {
        "text": request.GET.get("q", "").strip()[:100],
        "role": role if role in set(types.Role) else "",
        "state": state if state in ("current", "past", "inactive") else "",
    }


def _roles(seen: queries.Seen) -> str:
    return " · ".join(dict.fromkeys(terms.word(terms.ROLES, one.role) for one in seen.current(clock.today())))


def _states(chosen: str) -> list[Option]:
    words = {
        "": _("All states"),
        "current": _("with a role now"),
        "past": _("without a role now"),
        "inactive": _("account closed"),
    }
    return [Option(value, label, value == chosen) for value, label in words.items()]


@require_safe
@access.requires(Permission.PEOPLE_MANAGE)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show a person with the roles that the administrator may give or take."""
    return _person(request, person_id, [], {})


def _person(
    request: HttpRequest, person_id: int, errors: list[tuple[str, str]], given: dict[str, str], status: int = 200
) -> HttpResponse:
    actor, today = access.actor(request), clock.today()
    seen = queries.seen_person(actor, person_id)
    context = {
        "seen": seen.person,
        "current": [(one, *_words(one)) for one in seen.affiliations if one.holds_on(today)],
        "past": [(one, *_words(one)) for one in seen.affiliations if not one.holds_on(today)],
        "fields": forms.give_fields(actor, given, errors),
        "errors": errors,
        "is_oneself": actor.person_id == person_id,
    }
    return render(request, "people/person.html", context, status=status)


def _words(one: types.Affiliation) -> tuple[str, str, dt.date | None]:
    last = one.expires_on - dt.timedelta(days=1) if one.expires_on else None
    return terms.word(terms.ROLES, one.role), terms.place_name(one.place), last


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def give(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role where the administrator works, or change until when it holds."""
    actor = access.actor(request)
    queries.seen_person(actor, person_id)
    given = {name: request.POST.get(name, "") for name in ("role", "until")}
    role, expires_on, errors = forms.read_role(actor, given)
    if role is None or errors:
        return _person(request, person_id, errors, given, status=422)
    try:
        services.give_role(
            actor=actor, person_id=person_id, role=role, place=actor.place, now=clock.now(), expires_on=expires_on
        )
    except (types.MayNotGive, types.WrongPlace):
        errors = [("role", _("This role is not yours to give here."))]
        return _person(request, person_id, errors, given, status=422)
    messages.success(request, _("The role is given."))
    return _back(person_id)


def _back(person_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("person", args=[person_id]))


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def end(request: HttpRequest, person_id: int, affiliation_id: int) -> HttpResponse:
    """Take a role back at once."""
    actor = access.actor(request)
    seen = queries.seen_person(actor, person_id)
    if affiliation_id not in {one.id for one in seen.current(clock.today())}:
        raise types.UnknownPerson(f"no role {affiliation_id} holds")
    services.end_role(actor=actor, affiliation_id=affiliation_id, now=clock.now())
    messages.success(request, _("The role has ended. It can be given again at any time."))
    return _back(person_id)


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def close(request: HttpRequest, person_id: int) -> HttpResponse:
    """Close an account."""
    try:
        accounts.deactivate(actor=access.actor(request), person_id=person_id, now=clock.now())
        messages.success(request, _("The account is closed and logged out everywhere. It can be opened again."))
    except types.MayNotGive:
        messages.warning(request, _not_hers())
    return _back(person_id)


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def reopen(request: HttpRequest, person_id: int) -> HttpResponse:
    """Open an account again."""
    try:
        accounts.reactivate(actor=access.actor(request), person_id=person_id, now=clock.now())
        messages.success(request, _("The account is open again, with the roles that it had."))
    except types.MayNotGive:
        messages.warning(request, _not_hers())
    return _back(person_id)


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Have a link for a new password sent to the person's own mailbox."""
    accounts.ask_password(actor=access.actor(request), person_id=person_id)
    messages.success(request, _("If she has a password here and an e-mail address, a link is on its way to her."))
    return _back(person_id)


def _not_hers() -> str:
    return _(
        "This account is not yours alone to close or open: it is your own, or it has roles in other places. "
        "End the roles here instead."
    )
