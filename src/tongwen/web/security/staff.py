"""For administrators: how the staff is protected, what is asked of it, and accounts that have to wait."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongwen.core import clock, limits
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import FactorPolicy, Permission
from tongwen.domain.members import queries as members
from tongwen.web.security import words
from tongwen.web.shared import access
from tongwen.web.shared.components import Column, Empty, FormField, Option


@require_safe
@access.requires(Permission.PEOPLE_MANAGE)
def security(request: HttpRequest) -> HttpResponse:
    """Show the staff with their factors, the policy, and the accounts that have to wait."""
    institution_id = access.institution_of(request)
    names = {one.id: one for one in members.institutions()}
    locks = limits.locks(institution_ids=_seen(request), now=clock.now())
    context = {
        "people": identity.protection(institution_id, on=clock.today()) if _has_own_staff(request) else (),
        "people_columns": [
            Column(_("Name")),
            Column(_("Log-in name")),
            Column(_("Second factors"), numeric=True),
            Column(_("Logged in"), numeric=True),
            Column(_("To do")),
        ],
        "policy": _policy_field(institution_id) if institution_id is not None else None,
        "locks": [{"lock": lock, "library": names.get(lock.institution_id or 0)} for lock in locks],
        "lock_columns": [
            Column(_("Name begins with")),
            Column(_("Library")),
            Column(_("Failures"), numeric=True),
            Column(_("Until")),
            Column(_("To do")),
        ],
        "no_locks": Empty(_("No account has to wait"), _("After several failed log-ins an account has to wait.")),
    }
    return render(request, "security/staff.html", context)


def _seen(request: HttpRequest) -> frozenset[int] | None:
    """Return the institutions whose locks the actor may see; None is all of them."""
    actor = access.actor(request)
    if actor.institution_id is not None:
        return frozenset({actor.institution_id})
    if actor.domain_id is None:
        return None
    domains = {one.id: one.institution_ids for one in members.sharing_domains()}
    return frozenset(domains.get(actor.domain_id, ()))


def _has_own_staff(request: HttpRequest) -> bool:
    return access.actor(request).domain_id is None


def _policy_field(institution_id: int) -> FormField:
    chosen = identity.policy_of(institution_id)
    least = list(FactorPolicy).index(FactorPolicy(settings.TONGWEN_SECOND_FACTOR))
    options = [Option(one.value, str(words.POLICIES[one]), one is chosen) for one in list(FactorPolicy)[least:]]
    return FormField(
        "policy",
        _("Second factor of the staff"),
        hint=_("Where it is required, everybody has %(days)s days to enrol, from her next log-in on.")
        % {"days": settings.TONGWEN_SECOND_FACTOR_GRACE.days},
        kind="select",
        options=options,
    )


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
@access.requires_fresh_factor
def policy(request: HttpRequest) -> HttpResponse:
    """Say what is asked of the staff of the institution."""
    access.staff_institution(request)
    try:
        asked = FactorPolicy(request.POST.get("policy", ""))
    except ValueError:
        raise Http404 from None
    services.set_factor_policy(policy=asked, actor=access.actor(request), now=clock.now())
    messages.success(request, _("From the next log-in on it is asked for like this."))
    return HttpResponseRedirect(reverse("staff-security"))


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
def lift(request: HttpRequest, lock_id: int) -> HttpResponse:
    """Let an account try again at once."""
    if not services.lift_lock(
        lock_id=lock_id, institution_ids=_seen(request), actor=access.actor(request), now=clock.now()
    ):
        raise Http404
    messages.success(request, _("This account may log in again at once."))
    return HttpResponseRedirect(reverse("staff-security"))


@require_POST
@access.requires(Permission.PEOPLE_MANAGE)
@access.requires_fresh_factor
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """Forget the factors of somebody who has lost them."""
    if not _has_own_staff(request):
        raise Http404
    services.reset_factors(person_id=person_id, actor=access.actor(request), now=clock.now())
    done = _(
        "The second factors are forgotten, and the account is logged out everywhere. A mail says so to its person."
    )
    messages.success(request, done)
    return HttpResponseRedirect(reverse("staff-security"))
