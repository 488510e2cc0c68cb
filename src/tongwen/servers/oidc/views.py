"""The endpoints of OpenID Connect Core 1.0 and OAuth 2 (RFC 6749, 7009, 7662), RP-Initiated Logout 1.0."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from oauth2_provider import views as toolkit
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError, OIDCError
from oauth2_provider.views.mixins import OAuthLibMixin

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import arriving, pages

_CODE = dt.timedelta(seconds=settings.OAUTH2_PROVIDER["AUTHORIZATION_CODE_EXPIRE_SECONDS"])


@method_decorator(never_cache, name="dispatch")
class Authorize(OAuthLibMixin, View):  # type: ignore[misc]
    """Where a service sends a person (Core 3.1.2): she logs in, is asked once, and goes back with a code."""

    http_method_names: ClassVar[list[str]] = ["get", "post", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go as far as no question has to be asked."""
        try:
            scopes, asked = self.validate_authorization_request(request)
        except OAuthToolkitError as error:
            return _failed(request, error)
        prompt = set(request.GET.get("prompt", "").split())
        client = queries.client_by_id(asked["client_id"])
        if wait := _to_recognise(request, asked, prompt):
            return wait
        try:
            services.check_admitted(client=client, actor=arriving.actor(request))
        except types.NotAdmitted as refused:
            if "none" in prompt:
                return _back(request, asked, error="access_denied")
            return arriving.not_admitted(request, refused, client.name(get_language() or ""))
        if "consent" in prompt or self._must_ask(request, client, scopes):
            return (
                _back(request, asked, error="consent_required")
                if "none" in prompt
                else _ask(request, client, scopes, asked)
            )
        return self._go(request, client, scopes, asked)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take her answer; what was asked is read from the address again, which the form cannot change."""
        try:
            scopes, asked = self.validate_authorization_request(request)
        except OAuthToolkitError as error:
            return _failed(request, error)
        if not request.user.is_authenticated:
            return arriving.to_login(request)
        if request.POST.get("answer") != "yes":
            return _back(request, asked, error="access_denied")
        client = queries.client_by_id(asked["client_id"])
        services.record_consent(client=client, actor=arriving.actor(request), scopes=tuple(scopes), now=clock.now())
        return self._go(request, client, scopes, asked)

    @staticmethod
    def _must_ask(request: HttpRequest, client: types.Client, scopes: list[str]) -> bool:
        person_id = arriving.actor(request).person_id or 0
        return services.needs_consent(client=client, person_id=person_id, scopes=tuple(scopes))

    def _go(self, request: HttpRequest, client: types.Client, scopes: list[str], asked: dict[str, Any]) -> HttpResponse:
        asked["arrival"] = partial(_arrive, request, client)
        try:
            uri, _headers, _body, _status = self.create_authorization_response(
                request=request, scopes=" ".join(scopes), credentials=asked, allow=True
            )
        except OAuthToolkitError as error:
            return _failed(request, error)
        except types.NotAdmitted as refused:
            return arriving.not_admitted(request, refused, client.name(get_language() or ""))
        return pages.away(uri)


def _arrive(request: HttpRequest, client: types.Client, code: str, scopes: tuple[str, ...]) -> None:
    """Note the visit that a code is given out for; called while the code is made."""
    services.begin_visit(
        actor=arriving.actor(request),
        client=client,
        sid=arriving.sid(request),
        code=code,
        issuer=arriving.issuer(request),
        authenticated_at=arriving.authenticated_at(request),
        now=clock.now(),
        lifetime=_CODE,
        scopes=scopes,
        is_fresh=arriving.is_fresh(request),
    )


def _to_recognise(request: HttpRequest, asked: dict[str, Any], prompt: set[str]) -> HttpResponse | None:
    """Return where to go first to be recognised; None where she is, and lately enough (`prompt`, `max_age`)."""
    if not request.user.is_authenticated:
        return _back(request, asked, error="login_required") if "none" in prompt else arriving.to_login(request)
    is_stale = "login" in prompt or _is_past(request.GET.get("max_age", ""), arriving.authenticated_at(request))
    if not is_stale or arriving.is_fresh(request):
        return None
    return _back(request, asked, error="login_required") if "none" in prompt else arriving.to_fresh_login(request)


def _is_past(max_age: str, authenticated_at: dt.datetime) -> bool:
    if not max_age.isascii() or not max_age.isdigit() or len(max_age) > 9:
        return False
    return clock.now() - authenticated_at > dt.timedelta(seconds=int(max_age))


def _ask(request: HttpRequest, client: types.Client, scopes: list[str], asked: dict[str, Any]) -> HttpResponse:
    told = arriving.what_is_told(request, scopes)
    context = {"client": client, "name": client.name(get_language() or ""), "told": told}
    response = render(request, "oidc/consent.html", context)
    return pages.leading_to(response, asked["redirect_uri"])


def _back(request: HttpRequest, asked: dict[str, Any], *, error: str) -> HttpResponse:
    """Send an error to the service, whose address has been checked."""
    answer = {"error": error, "iss": arriving.issuer(request)}
    return pages.away(_with(asked["redirect_uri"], answer | ({"state": asked["state"]} if asked.get("state") else {})))


def _with(address: str, answer: dict[str, str]) -> str:
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in answer]
    return urlunsplit(parts._replace(query=urlencode([*kept, *answer.items()])))


def _failed(request: HttpRequest, error: OAuthToolkitError) -> HttpResponse:
    """Tell the service where its address is sure; else tell the person."""
    fault = error.oauthlib_error
    if not isinstance(error, FatalClientError) and fault.redirect_uri:
        answer = {**dict(fault.twotuples), "iss": arriving.issuer(request)}
        return pages.away(_with(fault.redirect_uri, answer))
    return arriving.refusal(
        request,
        title=_("This log-in cannot go on"),
        what=_("The service that sent you here is not registered, or asked in a way that we may not follow (%(code)s).")
        % {"code": fault.error},
        advice=_("Nothing was told to it. Go back to the service; if it stays, tell those who run it."),
    )


@method_decorator(never_cache, name="dispatch")
class Token(toolkit.TokenView):  # type: ignore[misc]
    """Codes, refresh tokens and secrets against tokens (Core 3.1.3)."""

    http_method_names: ClassVar[list[str]] = ["post"]


@method_decorator(never_cache, name="dispatch")
class UserInfo(toolkit.UserInfoView):  # type: ignore[misc]
    """What the bearer of an access token may know of its person (Core 5.3)."""


@method_decorator(never_cache, name="dispatch")
class Revoke(toolkit.RevokeTokenView):  # type: ignore[misc]
    """The end of a token at its client's wish (RFC 7009)."""

    http_method_names: ClassVar[list[str]] = ["post"]


@method_decorator([never_cache, csrf_exempt, sensitive_post_parameters("token", "client_secret")], name="dispatch")
class Introspect(OAuthLibMixin, View):  # type: ignore[misc]
    """What a token is good for (RFC 7662), for clients that give their secret."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer about one token; of one that is not the asker's to know of, only that it is not active."""
        asking = self._client(request)
        if asking is None:
            answer = JsonResponse({"error": "invalid_client"}, status=401)
            answer["WWW-Authenticate"] = 'Basic realm="tongwen"'
            return answer
        token = request.POST.get("token", "")
        if not token:
            return JsonResponse({"error": "invalid_request", "error_description": "token is missing"}, status=400)
        return JsonResponse(queries.token_facts(token, asking, clock.now()) or {"active": False})

    def _client(self, request: HttpRequest) -> types.Client | None:
        core = self.get_oauthlib_core()
        asked = core.oauthlib_request(request)
        if not core.server.request_validator.authenticate_client(asked):
            return None
        return queries.client_by_id(asked.client.client_id)


@method_decorator(never_cache, name="dispatch")
class EndSession(toolkit.RPInitiatedLogoutView):  # type: ignore[misc]
    """A service asks for the end of the session (RP-Initiated Logout 1.0); with it end all others."""

    template_name = "oidc/end_session.html"

    def error_response(self, error: OIDCError) -> HttpResponse:
        """Say what was wrong; the person stays logged in."""
        return arriving.refusal(
            self.request,
            title=_("You are still logged in"),
            what=_(
                "The service that asked to log you out is not registered, or asked in a way that we may not follow."
            ),
            advice=_("Log out with the button in the head of any page here."),
            status=error.status_code,
        )

    def do_logout(
        self,
        application: Any = None,
        post_logout_redirect_uri: str | None = None,
        state: str | None = None,
        token_user: Any = None,
    ) -> HttpResponse:
        """End the session, and go back to where the service wanted her to go, which has been checked."""
        del application, token_user
        auth.logout(self.request)
        if not post_logout_redirect_uri:
            return HttpResponseRedirect("/")
        return pages.away(_with(post_logout_redirect_uri, {"state": state} if state else {}))
