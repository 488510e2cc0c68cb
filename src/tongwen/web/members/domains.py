"""Sharing domains: their portals, members and services, for national and domain administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
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

Errors = list[tuple[str, str]]
_NEW = types.DomainFacts("", "", "", "", types.SharingDomainKind.PROVINCE)
_SIZE = 100


@require_safe
@access.requires(Permission.DOMAINS_MANAGE)
def domains(request: HttpRequest) -> HttpResponse:
    """List the sharing domains that the acting centre looks after."""
    own = scope.domain(request)
    shown = members.sharing_domains() if own is None else (own,)
    context = {
        "rows": [(one, words.DOMAIN_KINDS[one.kind], len(one.institution_ids)) for one in shown],
        "columns": [
            Column(pgettext("domain", "Code")),
            Column(pgettext("domain", "Name")),
            Column(pgettext("domain", "Kind")),
            Column(_("Members"), numeric=True),
            Column(_("Host name")),
        ],
        "may_enter": own is None,
    }
    return render(request, "members/domains.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.DOMAINS_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new sharing domain, which is the nation's to do."""
    if scope.domain(request) is not None:
        raise Http404
    if request.method != "POST":
        return _page(request, None, _NEW, [])
    entered = _read(request.POST)
    try:
        number = services.enter_sharing_domain(entered=entered, actor=access.actor_name(request), now=clock.now())
    except types.BadFacts as wrong:
        return _page(request, None, entered, words.errors(wrong))
    messages.success(request, _("It is kept."))
    return HttpResponseRedirect(reverse("domain", args=[number]))


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.DOMAINS_MANAGE)
def domain(request: HttpRequest, domain_id: int) -> HttpResponse:
    """Show a sharing domain, and change it."""
    one = _found(request, domain_id)
    if request.method != "POST":
        return _page(request, one, _facts_of(one), [])
    entered = _read(request.POST, one.code)
    try:
        services.change_sharing_domain(
            domain_id=one.id, entered=entered, actor=access.actor_name(request), now=clock.now()
        )
    except types.BadFacts as wrong:
        return _page(request, one, entered, words.errors(wrong))
    return _kept(request, one)


@require_POST
@access.requires(Permission.DOMAINS_MANAGE)
def join(request: HttpRequest, domain_id: int) -> HttpResponse:
    """Take a member into a sharing domain, by its code."""
    one = _found(request, domain_id)
    code = fields.text(request.POST, "institution").strip()
    try:
        library = members.institution_by_code(code)
    except types.UnknownInstitution:
        return _not_joined(request, one, types.Problem("institution", "unknown_institution", code[:40]))
    if not scope.may_take_in(request, one, library):
        return _not_joined(request, one, types.Problem("institution", "not_yours", library.code))
    services.join_domain(domain_id=one.id, institution_id=library.id, actor=access.actor_name(request), now=clock.now())
    return _kept(request, one)


def _not_joined(request: HttpRequest, one: types.SharingDomain, problem: types.Problem) -> HttpResponse:
    return _page(request, one, _facts_of(one), [("institution", words.sentence(problem))])


@require_POST
@access.requires(Permission.DOMAINS_MANAGE)
def leave(request: HttpRequest, domain_id: int, institution_id: int) -> HttpResponse:
    """Take a member out of a sharing domain."""
    one = _found(request, domain_id)
    services.leave_domain(
        domain_id=one.id, institution_id=institution_id, actor=access.actor_name(request), now=clock.now()
    )
    return _kept(request, one)


def _kept(request: HttpRequest, one: types.SharingDomain) -> HttpResponse:
    messages.success(request, _("It is kept."))
    return HttpResponseRedirect(reverse("domain", args=[one.id]))


def _found(request: HttpRequest, domain_id: int) -> types.SharingDomain:
    own = scope.domain(request)
    if own is not None and own.id != domain_id:
        raise Http404
    try:
        return members.sharing_domain(domain_id)
    except types.UnknownSharingDomain as unknown:
        raise Http404 from unknown


def _read(given: QueryDict, code: str = "") -> types.DomainFacts:
    names = [name for name in types.DomainFacts._fields if name not in ("welcome", "switched_off")]
    found = {name: fields.text(given, name) for name in names} | ({"code": code} if code else {})
    off = tuple(one.value for one in types.Service if one.value in given.getlist("switched_off"))
    return types.DomainFacts(**found, welcome=fields.welcome(given), switched_off=off)


def _facts_of(one: types.SharingDomain) -> types.DomainFacts:
    centre = members.institution(one.centre_id).code if one.centre_id else ""
    return types.DomainFacts(
        code=one.code,
        name_zh=one.name_zh,
        name_zh_hant=one.name_zh_hant,
        name_en=one.name_en,
        kind=one.kind.value,
        place=one.place,
        centre=centre,
        host_name=one.host_name,
        colour=one.look.colour,
        accent=one.look.accent,
        welcome=one.welcome,
        switched_off=tuple(service.value for service in one.switched_off),
    )


def _page(
    request: HttpRequest, one: types.SharingDomain | None, entered: types.DomainFacts, errors: Errors
) -> HttpResponse:
    wrong = words.by_field(errors)
    ids = one.institution_ids if one else ()
    page = paging.page_number(request.GET.get("page", ""))
    pager = paging.pager(total=len(ids), page=page, size=_SIZE, url=lambda number: f"?page={number}")
    inside = [members.institution(number) for number in ids[(pager.page - 1) * _SIZE : pager.page * _SIZE]]
    context = {
        "domain": one,
        "errors": errors,
        "fields": _fields(entered, wrong, is_new=one is None),
        "members": inside,
        "total": len(ids),
        "pager": pager,
        "join_field": FormField(
            "institution", _("Code of the library"), error=wrong.get("institution", ""), hint=_("It joins at once.")
        ),
    }
    return render(request, "members/domain.html", context, status=422 if errors else 200)


def _fields(entered: types.DomainFacts, wrong: dict[str, str], *, is_new: bool) -> list[FormField]:
    language = get_language() or "en"
    code = FormField("code", pgettext("domain", "Code"), entered.code, error=wrong.get("code", ""))
    provinces = [Option(one.code, one.name(language), one.code == entered.place) for one in members.all_provinces()]
    place = fields.city(entered.place, wrong, "place", _("Province or city that it serves"))
    return [
        *([code] if is_new else []),
        *fields.names(entered, wrong),
        FormField(
            "kind",
            pgettext("domain", "Kind"),
            kind="select",
            options=fields.options(words.DOMAIN_KINDS, entered.kind),
            error=wrong.get("kind", ""),
        ),
        FormField(
            place.name,
            place.label,
            hint=_("For a province's or a city's domain."),
            kind="select",
            options=[Option("", _("None"), not entered.place)],
            groups=[(_("Provinces"), provinces), *place.groups],
            error=place.error,
        ),
        FormField(
            "centre",
            _("Responsible library"),
            entered.centre,
            _("The code of the library that is the domain's centre; empty: the national centre."),
            wrong.get("centre", ""),
            required=False,
        ),
        fields.host_name(entered.host_name, wrong),
        *fields.look(entered.colour, entered.accent, wrong),
        *fields.welcomes(entered.welcome, wrong),
        fields.services(
            "switched_off",
            _("Services switched off"),
            entered.switched_off,
            _("What is chosen here is off for all members of this domain, also where they have subscribed to it."),
        ),
    ]
