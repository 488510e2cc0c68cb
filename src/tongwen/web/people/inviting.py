"""Staff pages for invitations."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import types
from tongwen.domain.identity.queries import invitations as queries
from tongwen.domain.identity.services import invitations as services
from tongwen.domain.identity.types import Permission
from tongwen.web.people import forms, words
from tongwen.web.shared import access, terms
from tongwen.web.shared.components import Column


@require_http_methods(["GET", "HEAD", "POST"])
@access.requires(Permission.PEOPLE_MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail to roles in the place that the administrator acts for."""
    actor = access.actor(request)
    given = {name: request.POST.get(name, "").strip() for name in ("email", "name", "language")}
    roles = request.POST.getlist("roles")
    errors: forms.Errors = []
    if request.method == "POST":
        errors = _send(actor, given, roles)
        if not errors:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": given["email"]})
            return HttpResponseRedirect(reverse("invitations"))
    context = {
        "fields": forms.invite_fields(actor, given, roles, errors),
        "errors": errors,
        "place": terms.place_name(actor.place),
    }
    return render(request, "people/invite.html", context, status=422 if errors else 200)


def _send(actor: types.Actor, given: dict[str, str], roles: list[str]) -> forms.Errors:
    """Send the invitation; return what keeps it from being sent."""
    offered = {option.value for option in forms.role_options(actor, [])}
    errors: forms.Errors = []
    if not given["name"]:
        errors.append(("name", words.bad_name()))
    if not roles or not set(roles) <= offered:
        errors.append(("roles", _("Choose at least one role.")))
    if errors:
        return [*_address(given["email"]), *errors]
    try:
        services.invite(
            institution_id=actor.place.institution_id,
            domain_id=actor.place.domain_id,
            email=given["email"],
            display_name=given["name"],
            roles=[types.Role(role) for role in roles],
            language=given["language"],
            actor=actor,
            now=clock.now(),
        )
    except types.BadAddress as error:
        return [("email", words.address(error))]
    except types.BadName:
        return [("name", words.bad_name())]
    except types.AlreadyInvited:
        return [("email", _("This address has an open invitation already. Send that one again, or revoke it."))]
    return []


def _address(email: str) -> forms.Errors:
    try:
        services.check_address(email)
    except types.BadAddress as error:
        return [("email", words.address(error))]
    return []


@require_safe
@access.requires(Permission.PEOPLE_MANAGE)
def invitations(request: HttpRequest) -> HttpResponse:
    """List the invitations that nobody has accepted yet."""
    rows = [
        (
            one,
            " · ".join(terms.word(terms.ROLES, role) for role in one.roles),
            terms.word(words.INVITATIONS, one.state),
            one.state in (types.InvitationState.OPEN, types.InvitationState.EXPIRED),
        )
        for one in queries.of_place(access.actor(request).place, clock.now())
    ]
    columns = [pgettext("person", "Name"), _("Roles"), _("State"), _("Valid until"), _("Invited by"), _("Actions")]
    return render(request, "people/invitations.html", {"rows": rows, "columns": [Column(one) for one in columns]})


def _act(request: HttpRequest, invitation_id: int, service: Callable[..., None], done: str) -> HttpResponse:
    try:
        service(invitation_id=invitation_id, actor=access.actor(request), now=clock.now())
        messages.success(request, done)
    except types.InvitationClosed:
        messages.warning(request, _("This invitation has been accepted or revoked meanwhile."))
    return HttpResponseRedirect(reverse("invitations"))


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again."""
    return _act(
        request, invitation_id, services.resend, _("A new link is on its way; the earlier one does not work any more.")
    )


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    return _act(
        request, invitation_id, services.revoke, _("The invitation is revoked; its link does not work any more.")
    )
