"""One's own security: factors, recovery codes, password, sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongwen.core import clock
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import FactorKind, Session
from tongwen.domain.members import queries as members
from tongwen.web.security import words
from tongwen.web.shared import access, standing
from tongwen.web.shared.components import Column, Empty

_FEW_CODES = 3


@never_cache
@require_safe
@access.requires_login
def security(request: HttpRequest) -> HttpResponse:
    """Show how the account is protected and where one is logged in."""
    person_id = access.person_id(request)
    factors = identity.factors(person_id)
    left = identity.recovery_codes_left(person_id)
    context = {
        "factors": [{"factor": one, "kind_word": words.factor_kind(one.kind)} for one in factors],
        "factor_columns": [
            Column(_("Name")),
            Column(_("Kind")),
            Column(_("Added")),
            Column(_("Last used")),
            Column(_("To do")),
        ],
        "no_factor": Empty(
            _("No second factor yet"),
            _("With one, a password that somebody else has learned is of no use to them."),
        ),
        "codes_left": left,
        "few_codes": bool(factors) and left < _FEW_CODES,
        "has_password": identity.has_password(person_id),
        "sessions": [_row(one, standing.record_of(request.session)) for one in identity.sessions(person_id)],
        "session_columns": [
            Column(_("Browser")),
            Column(_("Where")),
            Column(_("Since")),
            Column(_("Last seen")),
            Column(_("To do")),
        ],
    }
    return render(request, "security/overview.html", context)


def _row(session: Session, own: str | None) -> dict[str, Any]:
    near = session.near_id and next((one for one in members.institutions() if one.id == session.near_id), None)
    return {
        "session": session,
        "is_this": session.id == own,
        "library": near or None,
        "method": words.method(session.method),
    }


@require_POST
@access.requires_login
@access.requires_fresh_factor
def rename(request: HttpRequest, kind: str, factor_id: int) -> HttpResponse:
    """Give a factor another name."""
    name = request.POST.get("name", "").strip()
    if name:
        services.rename_factor(
            person_id=access.person_id(request),
            kind=_kind(kind),
            factor_id=factor_id,
            name=name,
            now=clock.now(),
            actor=access.actor_name(request),
        )
        messages.success(request, _("The new name is kept."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@access.requires_login
@access.requires_fresh_factor
def remove(request: HttpRequest, kind: str, factor_id: int) -> HttpResponse:
    """Forget a factor."""
    services.remove_factor(
        person_id=access.person_id(request),
        kind=_kind(kind),
        factor_id=factor_id,
        now=clock.now(),
        actor=access.actor_name(request),
    )
    messages.success(request, _("It is removed and opens nothing any more."))
    return HttpResponseRedirect(reverse("security"))


def _kind(word: str) -> FactorKind:
    try:
        return FactorKind(word)
    except ValueError:
        raise Http404 from None


@require_POST
@access.requires_login
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    services.end_own_session(
        person_id=access.person_id(request),
        session_id=str(session_id),
        actor=access.actor_name(request),
        now=clock.now(),
    )
    messages.success(request, _("That browser is logged out."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@access.requires_login
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    services.end_all_sessions(
        person_id=access.person_id(request),
        now=clock.now(),
        why="ended_by_person",
        but=standing.record_of(request.session),
        actor=access.actor_name(request),
    )
    messages.success(request, _("All other browsers are logged out."))
    return HttpResponseRedirect(reverse("security"))
