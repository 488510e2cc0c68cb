"""What django-oauth-toolkit asks about clients, codes and tokens, answered with visits and pairwise subjects."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from tongwen.core import clock
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import arriving


class Validator(OAuth2Validator):  # type: ignore[misc]
    """The toolkit's rules, stricter where it leaves a choice: PKCE, secrets as digests, claims of a visit."""

    oidc_claim_scope = None
    """Claims are chosen by `rules.clients.claims`, which knows the scopes of the visit."""

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Ask public clients for PKCE (RFC 7636); others may leave it out, and are bound by their secret."""
        client = self._load_application(client_id, request)
        return client is None or client.client_type == client.CLIENT_PUBLIC

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        return None if client_id and "\0" in client_id else super()._load_application(client_id, request)

    def validate_silent_login(self, request: Any) -> bool:
        """Leave `prompt=none` to the endpoint, which knows the session."""
        del request
        return True

    def validate_silent_authorization(self, request: Any) -> bool:
        """Leave `prompt=none` to the endpoint."""
        del request
        return True

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return services.is_secret(stored_secret, provided_secret)

    def _create_authorization_code(self, request: Any, code: dict[str, str], expires: Any = None) -> Any:
        grant = super()._create_authorization_code(request, code, expires)
        request.arrival(code["code"], tuple(request.scopes))
        return grant

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **words: Any) -> bool:
        """Take a code once, while the session that it was given out in goes on; a second time ends what came of it."""
        if not super().validate_code(client_id, code, client, request, *args, **words):
            services.revoke_replayed(code=code, client_id=client_id, now=clock.now())
            return False
        request.visit = queries.visit_of_code(code)
        return request.visit is not None

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **words: Any) -> bool:
        """Take a refresh token while its session goes on and its person still belongs to the place."""
        if not super().validate_refresh_token(refresh_token, client, request, *args, **words):
            return False
        request.visit = queries.visit_of_family(request.refresh_token_instance.token_family)
        return request.visit is not None and request.user.is_active

    def _create_refresh_token(self, request: Any, code: str, access_token: Any, previous: Any) -> Any:
        token = super()._create_refresh_token(request, code, access_token, previous)
        if previous is None:
            services.take_up_code(code=request.code, token_family=token.token_family, now=clock.now())
        return token

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return the claims of the visit, `sub` among them."""
        visit = self._visit(request)
        return {**queries.claims(visit, clock.now()), "sid": visit.sid}

    def get_claim_dict(self, request: Any) -> dict[str, Any]:
        """Return the claims of a person; the toolkit would name her by her number."""
        return self.get_additional_claims(request)

    def get_discovery_claims(self, request: Any) -> list[str]:
        """Return the names of claims there may be."""
        del request
        return ["sub", "sid", "roles", "institution", "institution_name", "institution_isil", "name", "auth_time"]

    def get_id_token_dictionary(
        self, token: Any, token_handler: Any, request: Any
    ) -> tuple[dict[str, Any], dt.datetime]:
        """Say of an identity token when the person proved who she is in this session."""
        claims, expires = super().get_id_token_dictionary(token, token_handler, request)
        claims["auth_time"] = int(self._visit(request).authenticated_at.timestamp())
        return claims, expires

    def get_oidc_issuer_endpoint(self, request: Any) -> str:
        """Return who this installation is: to the service of a visit what it was when she went there."""
        return arriving.issuer(request) if isinstance(request, HttpRequest) else self._visit(request).issuer

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        """Return what the bearer of an access token may know of its person now."""
        return queries.claims(self._visit(request), clock.now())

    def validate_jwt_bearer_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Refuse identity tokens as tokens of access: they say who somebody is, and open nothing."""
        del token, scopes, request
        return False

    def validate_id_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Refuse identity tokens as tokens of access."""
        return self.validate_jwt_bearer_token(token, scopes, request)

    @staticmethod
    def _visit(request: Any) -> types.Visit:
        found: types.Visit | None = getattr(request, "visit", None)
        if found is not None:
            return found
        try:
            return queries.visit_of_token(_bearer(request), clock.now())
        except types.UnknownClient:
            raise errors.InvalidGrantError("the session has ended", request=request) from None


def _bearer(request: Any) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
