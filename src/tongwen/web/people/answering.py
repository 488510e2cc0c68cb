"""Public pages of links from mails: accepting an invitation, a reader's first log-in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongwen.core import clock
from tongwen.domain.identity import types
from tongwen.domain.identity.queries import invitations as queries
from tongwen.domain.identity.services import activation as activating
from tongwen.domain.identity.services import invitations as services
from tongwen.web.people import forms, words
from tongwen.web.shared import access, errors, own_library, terms
from tongwen.web.shared.components import FormField

_LONGEST = 1_000


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show to whom and to what the link invites, and accept it: with a new account, or for who is logged in."""
    try:
        found = queries.by_token(token, clock.now())
    except types.UnknownInvitation:
        return _void(request)
    if found.state is not types.InvitationState.OPEN:
        return _closed(request, found.state)
    if request.method == "POST":
        try:
            return _accept(request, token, found)
        except (types.UnknownInvitation, types.InvitationClosed):
            return _void(request)
    given = {"name": found.display_name, "username": found.email}
    return _form(request, token, found, given, [])


def _form(
    request: HttpRequest, token: str, found: types.Invitation, given: dict[str, str], wrong: forms.Errors
) -> HttpResponse:
    here = reverse("invitation", args=[token])
    context = {
        "invitation": found,
        "place": terms.place_name(found.place),
        "roles": [terms.word(terms.ROLES, role) for role in found.roles],
        "fields": forms.account_fields(given, wrong),
        "errors": wrong,
        "login_url": f"{reverse('login')}?{urlencode({'next': here})}",
    }
    return render(request, "people/invitation.html", context, status=422 if wrong else 200)


def _accept(request: HttpRequest, token: str, found: types.Invitation) -> HttpResponse:
    person_id = access.actor(request).person_id
    if person_id is not None and "existing" in request.POST:
        services.accept_as_existing(token=token, person_id=person_id, now=clock.now())
        request.session[types.ACTING_FOR] = found.place.key()
        messages.success(request, _("You have the roles now."))
        return HttpResponseRedirect(reverse("desk"))
    given = {name: request.POST.get(name, "").strip() for name in ("name", "username")}
    wrong = _enter(request, token, given)
    if wrong:
        return _form(request, token, found, given, wrong)
    messages.success(
        request, _("Your account is ready. Log in as %(username)s.") % {"username": given["username"].lower()}
    )
    return HttpResponseRedirect(_login_of(found.place))


def _login_of(place: types.Place) -> str:
    return f"{reverse('login')}?{urlencode({'next': reverse('desk')})}" if place else reverse("login")


def _enter(request: HttpRequest, token: str, given: dict[str, str]) -> forms.Errors:
    password, again = request.POST.get("password", "")[:_LONGEST], request.POST.get("again", "")[:_LONGEST]
    if password != again:
        return [("again", _("The two passwords are not the same."))]
    try:
        services.accept_as_new(
            token=token,
            username=given["username"],
            display_name=given["name"],
            password=password,
            now=clock.now(),
        )
    except types.UsernameTaken:
        return [("username", _("Somebody has this log-in name. Choose another, or log in if it is you."))]
    except types.BadName:
        return _bad_names(given)
    except types.WeakPassword as weak:
        return [("password", str(weak))]
    return []


def _bad_names(given: dict[str, str]) -> forms.Errors:
    if not given["name"]:
        return [("name", words.bad_name())]
    sentence = _("A log-in name has 3 to 150 letters of one alphabet, digits or the signs . _ @ + - and no blanks.")
    return [("username", sentence)]


def _void(request: HttpRequest) -> HttpResponse:
    return errors.page(
        request,
        status=404,
        title=_("This link does not work"),
        what=_("It is incomplete, was used already, or was replaced by a newer one."),
        advice=_("Open the link of the newest mail, or ask whoever invited you to send it again."),
    )


def _closed(request: HttpRequest, state: types.InvitationState) -> HttpResponse:
    whats = {
        types.InvitationState.ACCEPTED: _("The invitation was accepted already. You can log in."),
        types.InvitationState.EXPIRED: _("The invitation has expired."),
        types.InvitationState.REVOKED: _("The invitation was taken back."),
    }
    return errors.page(
        request,
        status=410,
        title=_("This invitation cannot be used any more"),
        what=whats[state],
        advice=_("If you still need access, ask whoever invited you to send it again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask_activation(request: HttpRequest) -> HttpResponse:
    """Let a reader of the chosen library ask for the link of her first log-in; the answer tells strangers nothing."""
    library = own_library.of(request)
    number = request.POST.get("number", "").strip()[:64]
    wrong: forms.Errors = []
    if request.method == "POST":
        if library is None:
            wrong.append(("library", _("Choose your library first, in the menu above.")))
        elif not number:
            wrong.append(("number", _("Enter your reader number.")))
        else:
            activating.ask_activation(
                institution_id=library.id, number=number, now=clock.now(), language=get_language() or ""
            )
            return render(request, "people/activation_asked.html", {"library": library})
    field = FormField(
        "number",
        _("Reader number"),
        value=number,
        error=dict(wrong).get("number", ""),
        hint=_("As it stands on your library card."),
        autocomplete="username",
    )
    context = {"fields": [field], "errors": wrong, "library": library}
    return render(request, "people/ask_activation.html", context, status=422 if wrong else 200)


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest, token: str) -> HttpResponse:
    """Let a reader choose her password by the link that was sent to her."""
    try:
        reader = activating.reader_of_link(token, clock.now())
        wrong: forms.Errors = []
        if request.method == "POST":
            wrong = _activate(request, token)
            if not wrong:
                return HttpResponseRedirect(reverse("login"))
    except types.UnknownTicket:
        return _void(request)
    context = {
        "reader": reader,
        "username": activating.username_of(reader),
        "fields": forms.password_fields(dict(wrong)),
        "errors": wrong,
    }
    return render(request, "people/activation.html", context, status=422 if wrong else 200)


def _activate(request: HttpRequest, token: str) -> forms.Errors:
    password, again = request.POST.get("password", "")[:_LONGEST], request.POST.get("again", "")[:_LONGEST]
    if password != again:
        return [("again", _("The two passwords are not the same."))]
    try:
        username = activating.activate(token=token, password=password, now=clock.now())
    except types.WeakPassword as weak:
        return [("password", str(weak))]
    except types.UsernameTaken:
        return [("password", _("There is an account of this number already. Ask your library."))]
    messages.success(request, _("Your account is ready. Log in as %(username)s.") % {"username": username})
    return []
