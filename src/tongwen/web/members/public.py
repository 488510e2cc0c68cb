"""Pages for everybody: finding one's library, applying for membership, and an applicant's status page."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.members import queries as members
from tongwen.domain.members import services, types
from tongwen.web.members import fields, words
from tongwen.web.shared.components import FormField
from tongwen.web.shared.views import safe_next

_SUGGESTED, _LISTED = 8, 50


@require_safe
def find_library(request: HttpRequest) -> HttpResponse:
    """Find one's own library by name, pinyin, initials or code, and choose it."""
    name = fields.text(request.GET, "name")
    context = {"name": name, "next": safe_next(request.GET.get("next", "/")), "found": _found(name, _LISTED)}
    return render(request, "members/find.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the libraries that fit what is being typed, as a part of the menu."""
    name = fields.text(request.GET, "name")
    found = _found(name, _SUGGESTED)
    context = {"name": name, "next": safe_next(request.GET.get("next", "/")), "found": found}
    return render(request, "members/suggestions.html", context)


def _found(name: str, limit: int) -> list[tuple[types.Institution, types.Place | None]]:
    places = members.places()
    return [(one, places.get(one.city)) for one in members.find_institutions(name, limit)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Apply for membership."""
    if request.method != "POST":
        empty = types.Candidate("", "", "", types.InstitutionType.COLLEGE, "", "", "", services=_USUAL)
        return _form(request, empty, uuid.uuid4(), [])
    submission, given = _submission(request.POST), _candidate(request.POST)
    # A field that people do not see is filled in by programs only: they hear what a person would.
    if request.POST.get("website"):
        return render(request, "members/refused.html", {}, status=422)
    try:
        receipt = services.submit(submission=submission, candidate=given, now=clock.now())
    except types.BadFacts as wrong:
        return _form(request, given, submission, words.errors(wrong))
    return HttpResponseRedirect(reverse("application-status", args=[receipt.secret]) + "?new=1")


_USUAL = (types.Service.CATALOGUE, types.Service.DISCOVERY, types.Service.ILL)


def _submission(given: QueryDict) -> uuid.UUID:
    """Return the form's own number, by which a form that is sent twice is one application."""
    try:
        return uuid.UUID(given.get("submission", ""))
    except ValueError:
        return uuid.uuid4()


def _candidate(given: QueryDict) -> types.Candidate:
    kind = given.get("type", "")
    texts = {
        name: fields.text(given, name)
        for name in types.Candidate._fields
        if name not in ("type", "services", "language")
    }
    return types.Candidate(
        **texts,
        type=types.InstitutionType(kind) if kind in set(types.InstitutionType) else types.InstitutionType.COLLEGE,
        services=tuple(one for one in types.Service if one.value in given.getlist("services")),
        language=get_language() or "",
    )


def _form(
    request: HttpRequest, given: types.Candidate, submission: uuid.UUID, errors: list[tuple[str, str]]
) -> HttpResponse:
    wrong = words.by_field(errors)
    name_fields = fields.names(given, wrong)
    context = {
        "errors": errors,
        "submission": submission,
        "library": [
            *name_fields,
            FormField(
                "type",
                _("What kind of library is it?"),
                kind="select",
                options=fields.options(words.INSTITUTION_TYPES, given.type),
                error=wrong.get("type", ""),
            ),
            fields.city(given.city, wrong),
            FormField(
                "isil",
                _("ISIL, if the library has one"),
                given.isil,
                _("The international identifier of libraries, as CN-110108-1-NLC. It can be entered later."),
                wrong.get("isil", ""),
                required=False,
            ),
            FormField(
                "homepage",
                _("Web site of the library, if it has one"),
                given.homepage,
                error=wrong.get("homepage", ""),
                kind="url",
                autocomplete="url",
                required=False,
            ),
        ],
        "person": [
            FormField(
                "contact_name",
                _("Your name"),
                given.contact_name,
                _("You become the library's first administrator and can invite others."),
                wrong.get("contact_name", ""),
                autocomplete="name",
            ),
            FormField(
                "contact_mail",
                _("Your mail address"),
                given.contact_mail,
                _("The invitation goes there. Best is an address of the library."),
                wrong.get("contact_mail", ""),
                kind="email",
                autocomplete="email",
            ),
            FormField(
                "contact_phone",
                _("Telephone, for questions"),
                given.contact_phone,
                error=wrong.get("contact_phone", ""),
                kind="tel",
                autocomplete="tel",
                required=False,
            ),
        ],
        "wishes": [
            fields.services(
                "services",
                _("Which services would you like to use?"),
                given.services,
                _("More can be added at any time."),
            ),
            FormField(
                "message",
                _("Is there anything the centre should know?"),
                given.message,
                _("For example how many books you have, and which library system."),
                wrong.get("message", ""),
                kind="textarea",
                required=False,
            ),
        ],
    }
    return render(request, "members/apply.html", context, status=422 if errors else 200)


@never_cache
@require_safe
def status(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an applicant where the application stands."""
    return _status(request, secret, "", [])


def _status(request: HttpRequest, secret: str, typed: str, errors: list[tuple[str, str]]) -> HttpResponse:
    found = _application(secret)
    possible = members.possible_steps(found.state)
    address = request.build_absolute_uri(reverse("application-status", args=[secret]))
    context = {
        "application": found,
        "state": words.APPLICATION_STATES[found.state],
        "tone": words.APPLICATION_TONES[found.state],
        "events": [(one, words.STEPS[one.step]) for one in found.events],
        "is_new": "new" in request.GET,
        "address": address,
        "secret": secret,
        "answer": _answer_field(typed, errors) if types.ApplicationStep.ANSWER in possible else None,
        "may_withdraw": types.ApplicationStep.WITHDRAW in possible,
        "errors": errors,
    }
    return render(request, "members/status.html", context, status=422 if errors else 200)


def _answer_field(typed: str, errors: list[tuple[str, str]]) -> FormField:
    return FormField("text", _("Your answer"), typed, error=dict(errors).get("text", ""), kind="textarea", rows=6)


def _application(secret: str) -> types.Application:
    try:
        return members.application_by_secret(secret)
    except types.UnknownApplication as unknown:
        raise Http404 from unknown


@never_cache
@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer what the centre asked."""
    typed = fields.text(request.POST, "text")
    try:
        services.answer(secret=secret, text=typed, now=clock.now())
    except types.UnknownApplication as unknown:
        raise Http404 from unknown
    except types.BadFacts as wrong:
        return _status(request, secret, typed, words.errors(wrong))
    except types.NotPossibleNow:
        pass  # The page says where the application stands now.
    return HttpResponseRedirect(reverse("application-status", args=[secret]))


@never_cache
@require_POST
def withdraw(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  Django hands it over.
    """Take the application back."""
    try:
        services.withdraw(secret=secret, now=clock.now())
    except types.UnknownApplication as unknown:
        raise Http404 from unknown
    except types.NotPossibleNow:
        pass  # The page says where the application stands now.
    return HttpResponseRedirect(reverse("application-status", args=[secret]))
