"""The queue of applications for membership, for the centre that is responsible."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import services as identity
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.domain.members import services, types
from tongwen.web.members import fields, scope, words
from tongwen.web.shared import access, paging
from tongwen.web.shared.components import Column, FormField, Option, Tab

_SIZE = 50
Errors = list[tuple[str, str]]


@require_safe
@access.requires(Permission.MEMBERSHIP_DECIDE)
def applications(request: HttpRequest) -> HttpResponse:
    """List the applications that wait, or those that are decided."""
    decided = request.GET.get("state") == "decided"
    page = paging.page_number(request.GET.get("page", ""))
    found, total = members.applications(provinces=scope.provinces(request), decided=decided, page=page, size=_SIZE)
    address = reverse("applications")
    cities = {one.code: one for one in members.all_cities()}
    context = {
        "rows": [
            (one, cities[one.candidate.city], words.APPLICATION_STATES[one.state], words.APPLICATION_TONES[one.state])
            for one in found
        ],
        "tabs": [
            Tab(pgettext("application", "Open"), address, current=not decided),
            Tab(pgettext("application", "Decided"), f"{address}?state=decided", current=decided),
        ],
        "columns": [
            Column(pgettext("application", "Number")),
            Column(pgettext("application", "Library")),
            Column(_("City")),
            Column(_("Contact person")),
            Column(_("Received")),
            Column(pgettext("application", "State")),
        ],
        "pager": paging.pager(
            total=total,
            page=page,
            size=_SIZE,
            url=lambda number: f"{address}?{'state=decided&' if decided else ''}page={number}",
        ),
        "decided": decided,
    }
    return render(request, "members/applications.html", context)


@require_safe
@access.requires(Permission.MEMBERSHIP_DECIDE)
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show an application with its history, and what can be done with it."""
    return _page(request, _found(request, application_id))


@require_POST
@access.requires(Permission.MEMBERSHIP_DECIDE)
def ask(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask the applicant something."""
    return _say(request, application_id, "question", services.ask_back, _("The question is on the applicant's page."))


@require_POST
@access.requires(Permission.MEMBERSHIP_DECIDE)
def refuse(request: HttpRequest, application_id: int) -> HttpResponse:
    """Refuse an application with its reason."""
    return _say(request, application_id, "reason", services.refuse, _("The application is refused."))


@require_POST
@access.requires(Permission.MEMBERSHIP_DECIDE)
def approve(request: HttpRequest, application_id: int) -> HttpResponse:
    """Make the applicant a member: the library, its services, and the invitation of its administrator."""
    found = _found(request, application_id)
    entered = fields.read_institution(request.POST)
    try:
        admitted = identity.approve_application(
            application_id=found.id,
            provinces=scope.provinces(request),
            entered=entered,
            services=_services(request.POST),
            domain_ids=_domains(request),
            administrator_name=fields.text(request.POST, "administrator_name"),
            administrator_mail=fields.text(request.POST, "administrator_mail"),
            actor=access.actor(request),
            today=clock.today(),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _page(request, found, entered=entered, errors=words.errors(wrong))
    except types.NotPossibleNow:
        return _too_late(request, found)
    context = {
        "library": members.institution(admitted.institution_id),
        "administrator": fields.text(request.POST, "administrator_name"),
        "mail": fields.text(request.POST, "administrator_mail"),
        "portal_url": _portal_url(request, admitted.institution_id),
    }
    return render(request, "members/approved.html", context)


def _say(request: HttpRequest, application_id: int, name: str, service: Any, done: str) -> HttpResponse:
    found = _found(request, application_id)
    typed = fields.text(request.POST, name)
    try:
        service(
            application_id=found.id,
            provinces=scope.provinces(request),
            text=typed,
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        errors = [(name, said) for _field, said in words.errors(wrong)]
        return _page(request, found, typed={name: typed}, errors=errors)
    except types.NotPossibleNow:
        return _too_late(request, found)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("application", args=[found.id]))


def _too_late(request: HttpRequest, found: types.Application) -> HttpResponse:
    messages.warning(request, _("Somebody else was first: look where the application stands now."))
    return HttpResponseRedirect(reverse("application", args=[found.id]))


def _found(request: HttpRequest, application_id: int) -> types.Application:
    try:
        return members.application(application_id, scope.provinces(request))
    except types.UnknownApplication as unknown:
        raise Http404 from unknown


def _services(given: QueryDict) -> list[types.Service]:
    return [one for one in types.Service if one.value in given.getlist("services")]


def _domains(request: HttpRequest) -> list[int]:
    """Return the chosen domains; what a domain's administrator approves joins that domain."""
    own = scope.domain(request)
    if own is not None:
        return [own.id]
    chosen = set(request.POST.getlist("domains"))
    return [one.id for one in members.sharing_domains() if str(one.id) in chosen]


def _page(
    request: HttpRequest,
    found: types.Application,
    *,
    entered: types.InstitutionFacts | None = None,
    typed: dict[str, str] | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    possible = members.possible_steps(found.state)
    one, wrong = found.candidate, words.by_field(errors or [])
    said = typed or {}
    city = next((place for place in members.all_cities() if place.code == one.city), None)
    context = {
        "application": found,
        "state": words.APPLICATION_STATES[found.state],
        "tone": words.APPLICATION_TONES[found.state],
        "events": [(event, words.STEPS[event.step]) for event in found.events],
        "city": city,
        "province": next(place for place in members.all_provinces() if place.code == one.province),
        "type": words.INSTITUTION_TYPES[one.type],
        "wanted": [words.SERVICES[service] for service in one.services],
        "alike": members.find_members(text=one.name_zh)[:5],
        "question": _text("question", _("What do you want to know?"), said, wrong)
        if types.ApplicationStep.ASK_BACK in possible
        else None,
        "reason": _text("reason", _("Why is it refused? The applicant reads this."), said, wrong)
        if types.ApplicationStep.REFUSE in possible
        else None,
        "approval": _approval(request, found, entered, wrong) if types.ApplicationStep.APPROVE in possible else None,
        "errors": errors or [],
    }
    return render(request, "members/application.html", context, status=422 if errors else 200)


def _text(name: str, label: str, typed: dict[str, str], wrong: dict[str, str]) -> FormField:
    return FormField(name, label, typed.get(name, ""), error=wrong.get(name, ""), kind="textarea")


def _approval(
    request: HttpRequest, found: types.Application, entered: types.InstitutionFacts | None, wrong: dict[str, str]
) -> list[FormField]:
    one = found.candidate
    asked_again = entered is not None
    shown = entered or types.InstitutionFacts(
        code=members.next_code(one.city),
        name_zh=one.name_zh,
        name_zh_hant=one.name_zh_hant,
        name_en=one.name_en,
        type=one.type.value,
        city=one.city,
        isil=one.isil,
        homepage=one.homepage,
        contact_mail=one.contact_mail,
        contact_phone=one.contact_phone,
    )
    chosen = request.POST.getlist("services") if asked_again else one.services
    domains = [
        Option(
            str(domain.id),
            domain.name(request.LANGUAGE_CODE),  # type: ignore[attr-defined]
            str(domain.id) in request.POST.getlist("domains") if asked_again else domain.place == one.province,
        )
        for domain in members.sharing_domains()
    ]
    return [
        *fields.institution(shown, wrong, is_new=True),
        fields.services("services", _("Services that open at once"), chosen),
        *(
            []
            if scope.domain(request)
            else [FormField("domains", _("Sharing domains"), kind="checkboxes", options=domains)]
        ),
        FormField(
            "administrator_name",
            _("Name of its first administrator"),
            request.POST.get("administrator_name", one.contact_name),
            error=wrong.get("administrator_name", ""),
        ),
        FormField(
            "administrator_mail",
            _("The invitation goes to"),
            request.POST.get("administrator_mail", one.contact_mail),
            error=wrong.get("administrator_mail", ""),
            kind="email",
        ),
    ]


def _portal_url(request: HttpRequest, institution_id: int) -> str:
    host = members.institution(institution_id).host_name
    port = request.get_port()
    usual = port in ("80", "443")
    return f"{request.scheme}://{host}{'' if usual else ':' + port}/" if host else ""
