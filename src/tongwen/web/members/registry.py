"""The register of members, for the national and the domain administrators."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.domain.members import services, types
from tongwen.web.members import fields, scope, words
from tongwen.web.shared import access, paging
from tongwen.web.shared.components import Column, FormField, Option

_SIZE = 50
_NEW = types.InstitutionFacts("", "", "", "", types.InstitutionType.UNIVERSITY, "")
Errors = list[tuple[str, str]]


@require_safe
@access.requires(Permission.MEMBERS_MANAGE)
def list_members(request: HttpRequest) -> HttpResponse:
    """List the members, found by name, pinyin, initials or code, and narrowed by province, type and state."""
    asked = {name: fields.text(request.GET, name) for name in ("name", "province", "type", "status")}
    found = members.find_members(
        text=asked["name"],
        within=scope.within(request),
        province=asked["province"],
        type=asked["type"],
        status=asked["status"],
    )
    page = paging.page_number(request.GET.get("page", ""))
    kept = urlencode({name: value for name, value in asked.items() if value})
    pager = paging.pager(total=len(found), page=page, size=_SIZE, url=lambda number: f"?{kept}&page={number}")
    places = members.places()
    context = {
        "rows": [_row(one, places) for one in found[(pager.page - 1) * _SIZE : pager.page * _SIZE]],
        "columns": [
            Column(pgettext("library", "Code")),
            Column(pgettext("library", "Name")),
            Column(pgettext("library", "Type")),
            Column(_("Province and city")),
            Column(pgettext("library", "State")),
        ],
        "name": asked["name"],
        "filters": _filters(asked),
        "pager": pager,
        "total": len(found),
    }
    return render(request, "members/list.html", context)


def _row(one: types.Institution, places: dict[str, types.Place]) -> dict[str, Any]:
    return {
        "library": one,
        "type": words.INSTITUTION_TYPES[one.type],
        "province": places[one.province],
        "city": places[one.city],
        "status": words.STATUSES[one.status],
        "tone": words.STATUS_TONES[one.status],
    }


def _filters(asked: dict[str, str]) -> list[FormField]:
    language = get_language() or "en"
    provinces = [Option("", _("All provinces"), not asked["province"])]
    provinces += [
        Option(one.code, one.name(language), one.code == asked["province"]) for one in members.all_provinces()
    ]
    return [
        FormField("province", _("Province"), kind="select", options=provinces),
        FormField(
            "type",
            pgettext("library", "Type"),
            kind="select",
            options=[Option("", _("All types")), *fields.options(words.INSTITUTION_TYPES, asked["type"])],
        ),
        FormField(
            "status",
            pgettext("library", "State"),
            kind="select",
            options=[Option("", _("All states")), *fields.options(words.STATUSES, asked["status"])],
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.MEMBERS_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new member; one that a sharing domain enters joins it."""
    if request.method != "POST":
        return _new_form(request, _NEW, [])
    entered = fields.read_institution(request.POST)
    own = scope.domain(request)
    try:
        number = services.enter_institution(
            entered=entered,
            domain_id=own.id if own else None,
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _new_form(request, entered, words.errors(wrong))
    messages.success(request, _("The library is a member now."))
    return HttpResponseRedirect(reverse("member", args=[number]))


def _new_form(request: HttpRequest, entered: types.InstitutionFacts, errors: Errors) -> HttpResponse:
    wrong = words.by_field(errors)
    context = {"errors": errors, "fields": fields.institution(entered, wrong, is_new=True)}
    return render(request, "members/new.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.MEMBERS_MANAGE)
def member(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Show a member with its services, addresses and state, and change its facts."""
    one = scope.member(request, institution_id)
    if request.method != "POST":
        return _page(request, one)
    entered = fields.read_institution(request.POST, one.code)
    try:
        services.change_institution(
            institution_id=one.id, entered=entered, actor=access.actor_name(request), now=clock.now()
        )
    except types.BadFacts as wrong:
        return _page(request, one, entered=entered, errors=words.errors(wrong))
    return _kept(request, one)


@require_POST
@access.requires(Permission.MEMBERS_MANAGE)
def status(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Suspend a member, close it, or take it in again."""
    one = scope.member(request, institution_id)
    wanted = request.POST.get("status", "")
    if wanted not in set(types.InstitutionStatus):
        return _page(request, one, errors=[("status", _("Choose a state."))])
    try:
        services.change_status(
            institution_id=one.id,
            status=types.InstitutionStatus(wanted),
            reason=fields.text(request.POST, "reason"),
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _page(request, one, errors=words.errors(wrong), typed=request.POST.dict())
    return _kept(request, one)


@require_POST
@access.requires(Permission.MEMBERS_MANAGE)
def addresses(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Replace a member's address ranges; the centre may confirm that they lie within those of another member."""
    one = scope.member(request, institution_id)
    typed = fields.text(request.POST, "addresses")
    save = services.save_addresses_within_others if request.POST.get("within") else services.save_addresses
    try:
        save(institution_id=one.id, text=typed, actor=access.actor_name(request), now=clock.now())
    except types.BadFacts as wrong:
        may_lie_within = all(problem.code == "range_overlap" for problem in wrong.problems)
        return _page(request, one, errors=words.errors(wrong), typed=request.POST.dict(), may_lie_within=may_lie_within)
    return _kept(request, one)


@require_POST
@access.requires(Permission.MEMBERS_MANAGE)
def subscribe(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Give a member a service for a period."""
    one = scope.member(request, institution_id)
    try:
        service = _service(request.POST.get("service", ""))
        ends = fields.date(request.POST, "ends_on") if request.POST.get("ends_on") else None
        services.subscribe(
            institution_id=one.id,
            service=service,
            begins_on=fields.date(request.POST, "begins_on"),
            ends_on=ends,
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _page(request, one, errors=words.errors(wrong), typed=request.POST.dict())
    return _kept(request, one)


def _service(name: str) -> types.Service:
    if name not in set(types.Service):
        raise types.BadFacts(types.Problem("service", "missing"))
    return types.Service(name)


@require_POST
@access.requires(Permission.MEMBERS_MANAGE)
def end_subscription(request: HttpRequest, institution_id: int, subscription_id: int) -> HttpResponse:
    """Let a subscription end today; one that has not begun yet is taken away."""
    one = scope.member(request, institution_id)
    try:
        services.end_subscription(
            institution_id=one.id,
            subscription_id=subscription_id,
            ends_on=clock.today(),
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _page(request, one, errors=words.errors(wrong))
    return _kept(request, one)


def _kept(request: HttpRequest, one: types.Institution) -> HttpResponse:
    messages.success(request, _("It is kept."))
    return HttpResponseRedirect(reverse("member", args=[one.id]))


def _page(
    request: HttpRequest,
    one: types.Institution,
    *,
    entered: types.InstitutionFacts | None = None,
    errors: Errors | None = None,
    typed: dict[str, Any] | None = None,
    may_lie_within: bool = False,
) -> HttpResponse:
    wrong, said, today = words.by_field(errors or []), typed or {}, clock.today()
    language = get_language() or "en"
    ranges = "\n".join(str(found.network) for found in members.address_ranges(one.id))
    context = {
        "library": one,
        "errors": errors or [],
        "fields": fields.institution(entered or fields.facts_of(one), wrong, is_new=False),
        "status": words.STATUSES[one.status],
        "tone": words.STATUS_TONES[one.status],
        "status_fields": _status_fields(one, said, wrong),
        "addresses": fields.addresses(said.get("addresses", ranges), wrong.get("addresses", "")),
        "may_lie_within": may_lie_within,
        "outcomes": [
            (words.SERVICES[found.service], words.outcome(found, language), found.is_open)
            for found in members.services_of(one.id, today)
        ],
        "subscriptions": [
            (found, words.SERVICES[found.service], found.ends_on is None or found.ends_on > today)
            for found in members.subscriptions(one.id)
        ],
        "subscription_fields": _subscription_fields(said, wrong),
        "domains": members.domains_of(one.id),
    }
    return render(request, "members/member.html", context, status=422 if errors else 200)


def _status_fields(one: types.Institution, typed: dict[str, Any], wrong: dict[str, str]) -> list[FormField]:
    chosen = typed.get("status", one.status.value)
    return [
        FormField(
            "status",
            pgettext("library", "State"),
            hint=_("A suspended or closed library keeps its data; its services and its portal's address are off."),
            error=wrong.get("status", ""),
            kind="radio",
            options=fields.options(words.STATUSES, chosen),
        ),
        FormField("reason", _("Reason"), typed.get("reason", ""), error=wrong.get("reason", ""), required=False),
    ]


def _subscription_fields(typed: dict[str, Any], wrong: dict[str, str]) -> list[FormField]:
    return [
        FormField(
            "service",
            pgettext("subscription", "Service"),
            error=wrong.get("service", ""),
            kind="select",
            options=[Option("", _("Choose …")), *fields.options(words.SERVICES, typed.get("service", ""))],
        ),
        FormField(
            "begins_on",
            pgettext("subscription", "First day"),
            typed.get("begins_on", clock.today().isoformat()),
            error=wrong.get("begins_on", ""),
            kind="date",
        ),
        FormField(
            "ends_on",
            pgettext("subscription", "Last day"),
            typed.get("ends_on", ""),
            _("Empty: without an end."),
            wrong.get("ends_on", ""),
            kind="date",
            required=False,
        ),
    ]
