"""To the log-in page of a source, and back: the way there, the way back, and what we are to the source."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongwen.core import clock, tenancy
from tongwen.domain.identity import queries as identity
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import Denied, Permission, Redirection, SignedIn, Unavailable, UnknownSource
from tongwen.domain.members.types import Institution, InstitutionStatus
from tongwen.web.account import attempts, views, words
from tongwen.web.account.backends import SourceBackend
from tongwen.web.shared import access, errors, own_library
from tongwen.web.shared.views import safe_next


def callback_url(request: HttpRequest, institution: Institution, source_id: int) -> str:
    """Return the one address to which this source may send people back."""
    return request.build_absolute_uri(reverse("login-return", args=[institution.code, source_id]))


@never_cache
@require_safe
def begin(request: HttpRequest, code: str, source_id: int) -> HttpResponse:
    """Send the browser to the log-in page of the source."""
    institution = _institution(code)
    target = safe_next(request.GET.get("next", ""), settings.LOGIN_REDIRECT_URL)
    with tenancy.scope(institution.id):
        return send(request, institution, source_id, target, is_trial=False)


def send(
    request: HttpRequest, institution: Institution, source_id: int, target: str, *, is_trial: bool
) -> HttpResponse:
    """Begin at the source and remember what was begun; works in the institution's scope."""
    callback, state = callback_url(request, institution, source_id), attempts.new_state()
    ask = sources.begin_trial if is_trial else sources.begin
    try:
        if not sources.is_by_redirect(identity.source(source_id).kind):
            raise Http404
        sent: Redirection = ask(source_id=source_id, callback_url=callback, state=state)
    except UnknownSource:
        raise Http404 from None
    except Denied as denied:
        return failure(request, 403, words.denial(denied))
    except Unavailable as error:
        return failure(request, 503, words.unavailable(error))
    begun = attempts.Attempt(source_id, callback, target, sent.kept, clock.now().timestamp(), is_trial)
    attempts.keep(request, state, begun)
    return HttpResponseRedirect(sent.url)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, code: str, source_id: int) -> HttpResponse:
    """Take what a source sends back, where this browser began it: the state is the proof, no form of ours is there.

    SAML posts from another site, and browsers keep our cookie back then (SameSite): the page that is shown posts the
    same once more, from here.
    """
    parameters = {
        name: str(value) for name, value in (request.POST if request.method == "POST" else request.GET).items()
    }
    if request.method == "POST" and "again" not in parameters and not attempts.is_known(request, parameters):
        given = {name: parameters.get(name, "") for name in ("SAMLResponse", "RelayState")}
        return render(request, "account/again.html", {"given": given, "url": request.path})
    institution = _institution(code)
    attempt = attempts.take(request, parameters, clock.now().timestamp())
    if attempt is None or attempt.source_id != source_id:
        return failure(
            request,
            400,
            _("This log-in was begun more than ten minutes ago, in another window, or was used already."),
        )
    with tenancy.scope(institution.id):
        return _finished(request, institution, attempt, parameters)


def _finished(
    request: HttpRequest, institution: Institution, attempt: attempts.Attempt, parameters: dict[str, str]
) -> HttpResponse:
    complete = {
        "source_id": attempt.source_id,
        "callback_url": attempt.callback_url,
        "parameters": parameters,
        "kept": attempt.kept,
    }
    try:
        if attempt.is_trial:
            return _trial(request, institution, attempt, complete)
        signed_in: SignedIn = sources.complete(**complete)  # type: ignore[arg-type]
    except UnknownSource:
        raise Http404 from None
    except Denied as denied:
        return failure(request, 403, words.denial(denied))
    except Unavailable as error:
        return failure(request, 503, words.unavailable(error))
    return views.enter(
        request, SourceBackend().get_user(signed_in.person_id), institution, attempt.target, method="source"
    )


def _trial(
    request: HttpRequest, institution: Institution, attempt: attempts.Attempt, complete: dict[str, object]
) -> HttpResponse:
    """Show an administrator what the source says of who came back; she stays who she is."""
    acting = access.actor(request)
    if acting.institution_id != institution.id or not acting.may(Permission.SOURCES_MANAGE):
        raise Http404
    said = sources.complete_trial(**complete)  # type: ignore[arg-type]
    context = {"source": identity.source(attempt.source_id), "said": said, "rows": list(said.everything.items())}
    return render(request, "account/trial.html", context)


@require_safe
def metadata(request: HttpRequest, code: str, source_id: int) -> HttpResponse:
    """Say to a SAML identity provider who we are."""
    institution = _institution(code)
    with tenancy.scope(institution.id):
        try:
            content = sources.metadata(source_id=source_id, callback_url=callback_url(request, institution, source_id))
        except UnknownSource:
            raise Http404 from None
        except Unavailable as error:
            return failure(request, 503, words.unavailable(error))
    return HttpResponse(content, content_type="application/samlmetadata+xml")


def failure(request: HttpRequest, status: int, what: str) -> HttpResponse:
    """Say that nobody was let in, and what to do."""
    return errors.page(
        request,
        status=status,
        title=_("You are not logged in"),
        what=what,
        advice=_("Begin the log-in anew and choose your library."),
    )


def _institution(code: str) -> Institution:
    institution = own_library.find(code)
    if institution is None or institution.status is not InstitutionStatus.ACTIVE:
        raise Http404
    return institution
