"""A library's own facts, calendar, addresses and services, for its administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongwen.core import clock
from tongwen.domain.identity.types import Permission
from tongwen.domain.members import queries as members
from tongwen.domain.members import services, types
from tongwen.web.members import fields, words
from tongwen.web.shared import access
from tongwen.web.shared.components import Column, FormField, Tab

Errors = list[tuple[str, str]]
_LARGEST_LOGO = 1 << 20


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LIBRARY_MANAGE)
def library(request: HttpRequest) -> HttpResponse:
    """Show the own library's facts, colours and services, and change what is its own to change."""
    one = _own(request)
    if request.method != "POST":
        return _library_page(request, one, _facts_of(one), [])
    entered = _read(request)
    try:
        services.change_own_facts(
            institution_id=one.id, entered=entered, actor=access.actor_name(request), now=clock.now()
        )
    except types.BadFacts as wrong:
        return _library_page(request, one, entered, words.errors(wrong))
    return _kept(request, "library")


@require_POST
@access.requires(Permission.LIBRARY_MANAGE)
def logo(request: HttpRequest) -> HttpResponse:
    """Keep a logo, or take it away."""
    one = _own(request)
    if request.POST.get("remove"):
        services.remove_logo(institution_id=one.id, actor=access.actor_name(request), now=clock.now())
        return _kept(request, "library")
    file = request.FILES.get("logo")
    if file is None:
        missing = types.BadFacts(types.Problem("logo", "no_file"))
        return _library_page(request, one, _facts_of(one), words.errors(missing))
    content = file.read(_LARGEST_LOGO)
    try:
        services.save_logo(institution_id=one.id, content=content, actor=access.actor_name(request), now=clock.now())
    except types.BadFacts as wrong:
        return _library_page(request, one, _facts_of(one), words.errors(wrong))
    return _kept(request, "library")


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LIBRARY_MANAGE)
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the own calendar, and enter days in it."""
    one = _own(request)
    if request.method != "POST":
        return _calendar_page(request, one, {}, [])
    try:
        services.add_calendar_entry(
            institution_id=one.id,
            begins_on=fields.date(request.POST, "begins_on"),
            ends_on=fields.date(request.POST, "ends_on"),
            kind=request.POST.get("kind", ""),
            label=fields.text(request.POST, "label"),
            actor=access.actor_name(request),
            now=clock.now(),
        )
    except types.BadFacts as wrong:
        return _calendar_page(request, one, request.POST.dict(), words.errors(wrong))
    return _kept(request, "library-calendar")


@require_POST
@access.requires(Permission.LIBRARY_MANAGE)
def remove_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take an entry out of the own calendar."""
    services.remove_calendar_entry(
        institution_id=_own(request).id, entry_id=entry_id, actor=access.actor_name(request), now=clock.now()
    )
    return _kept(request, "library-calendar")


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.LIBRARY_MANAGE)
def addresses(request: HttpRequest) -> HttpResponse:
    """Show the own address ranges, and replace them."""
    one = _own(request)
    typed = fields.text(request.POST, "addresses")
    errors: Errors = []
    if request.method == "POST":
        try:
            services.save_addresses(
                institution_id=one.id, text=typed, actor=access.actor_name(request), now=clock.now()
            )
            return _kept(request, "library-addresses")
        except types.BadFacts as wrong:
            errors = words.errors(wrong)
    ranges = members.address_ranges(one.id)
    shown = typed if errors else "\n".join(str(found.network) for found in ranges)
    context = {
        "library": one,
        "tabs": _tabs("library-addresses"),
        "errors": errors,
        "field": fields.addresses(shown, words.by_field(errors).get("addresses", "")),
        "here": request.META.get("REMOTE_ADDR", ""),
        "is_inside": members.institution_of_address(request.META.get("REMOTE_ADDR", "")) == one.id,
    }
    return render(request, "members/addresses.html", context, status=422 if errors else 200)


def _own(request: HttpRequest) -> types.Institution:
    return members.institution(access.staff_institution(request))


def _kept(request: HttpRequest, page: str) -> HttpResponse:
    messages.success(request, _("It is kept."))
    return HttpResponseRedirect(reverse(page))


def _tabs(current: str) -> list[Tab]:
    pages = {
        "library": _("Facts and portal"),
        "library-calendar": _("Calendar"),
        "library-addresses": _("Address ranges"),
    }
    return [Tab(label, reverse(name), current=name == current) for name, label in pages.items()]


def _read(request: HttpRequest) -> types.OwnFacts:
    found: dict[str, Any] = {
        name: fields.text(request.POST, name)
        for name in types.OwnFacts._fields
        if name not in ("open_weekdays", "welcome")
    }
    weekdays = "".join(request.POST.getlist("open_weekdays"))
    return types.OwnFacts(**found, open_weekdays=weekdays, welcome=fields.welcome(request.POST))


def _facts_of(one: types.Institution) -> types.OwnFacts:
    return types.OwnFacts(
        name_zh_hant=one.name_zh_hant,
        name_en=one.name_en,
        homepage=one.homepage,
        contact_mail=one.contact_mail,
        contact_phone=one.contact_phone,
        open_weekdays=one.open_weekdays,
        colour=one.look.colour,
        accent=one.look.accent,
        welcome=one.welcome,
    )


def _library_page(
    request: HttpRequest, one: types.Institution, entered: types.OwnFacts, errors: Errors
) -> HttpResponse:
    wrong = words.by_field(errors)
    language = get_language() or "en"
    logo_url = reverse("portal-logo", args=[one.code])
    context = {
        "library": one,
        "tabs": _tabs("library"),
        "errors": errors,
        "places": members.places(),
        "type": words.INSTITUTION_TYPES[one.type],
        "tier": words.MEMBER_TIERS[one.tier],
        "city": members.places()[one.city],
        "province": members.places()[one.province],
        "fields": _fields(entered, wrong),
        "portal_fields": [
            *fields.look(entered.colour, entered.accent, wrong),
            *fields.welcomes(entered.welcome, wrong),
        ],
        "logo_url": f"{logo_url}?v={one.look.logo}" if one.look.logo else "",
        "logo_field": FormField(
            "logo",
            _("New logo"),
            hint=_("PNG, JPEG or WebP, at most 200 kB."),
            error=wrong.get("logo", ""),
            kind="file",
            accept=".png,.jpg,.jpeg,.webp",
        ),
        "outcomes": [
            (words.SERVICES[found.service], words.outcome(found, language), found.is_open)
            for found in members.services_of(one.id, clock.today())
        ],
        "domains": members.domains_of(one.id),
    }
    return render(request, "members/library.html", context, status=422 if errors else 200)


def _fields(entered: types.OwnFacts, wrong: dict[str, str]) -> list[FormField]:
    return [
        FormField(
            "name_zh_hant",
            _("Name in traditional Chinese"),
            entered.name_zh_hant,
            error=wrong.get("name_zh_hant", ""),
            lang="zh-Hant",
        ),
        FormField("name_en", _("Name in English"), entered.name_en, error=wrong.get("name_en", ""), lang="en"),
        *fields.contact(entered.homepage, entered.contact_mail, entered.contact_phone, wrong),
        FormField(
            "open_weekdays",
            _("Working days"),
            hint=_("Terms of interlibrary loans count these days only."),
            error=wrong.get("open_weekdays", ""),
            kind="checkboxes",
            options=fields.options(words.WEEKDAYS, set(entered.open_weekdays)),
        ),
    ]


def _calendar_page(request: HttpRequest, one: types.Institution, typed: dict[str, Any], errors: Errors) -> HttpResponse:
    wrong, today = words.by_field(errors), clock.today()
    is_open = members.is_open(one.id, today)
    context = {
        "library": one,
        "tabs": _tabs("library-calendar"),
        "errors": errors,
        "is_open": is_open,
        "next_day": None if is_open else _next_day(one.id),
        "entries": [(found, words.CALENDAR_KINDS[found.kind]) for found in members.calendar(one.id, since=today)],
        "columns": [
            Column(pgettext("calendar", "From")),
            Column(pgettext("calendar", "To")),
            Column(pgettext("calendar", "What")),
            Column(pgettext("calendar", "Remark")),
            Column(""),
        ],
        "fields": [
            FormField(
                "kind",
                pgettext("calendar", "What"),
                error=wrong.get("kind", ""),
                kind="select",
                options=fields.options(words.CALENDAR_KINDS, typed.get("kind", "")),
            ),
            *(
                FormField(name, label, typed.get(name, ""), error=wrong.get(name, ""), kind="date")
                for name, label in (
                    ("begins_on", pgettext("calendar", "From")),
                    ("ends_on", pgettext("calendar", "To")),
                )
            ),
            FormField(
                "label",
                pgettext("calendar", "Remark"),
                typed.get("label", ""),
                error=wrong.get("label", ""),
                required=False,
            ),
        ],
    }
    return render(request, "members/calendar.html", context, status=422 if errors else 200)


def _next_day(institution_id: int) -> Any:
    try:
        return members.next_working_day(institution_id, clock.today())
    except types.NeverOpen:
        return None
