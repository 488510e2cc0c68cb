"""What clients read to find their way: the provider's description and its public keys."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from oauth2_provider.utils import jwk_from_pem

from tongwen.domain.identity.types import MACHINE_SCOPES, PERSON_SCOPES
from tongwen.servers import arriving

_AN_HOUR = "public, max-age=3600"
_BY_SECRET = ["client_secret_basic", "client_secret_post"]
_CLAIMS = ["sub", "sid", "roles", "institution", "institution_name", "institution_isil", "name", "auth_time"]
_ADDRESSES = {
    "authorization_endpoint": "oidc-authorize",
    "token_endpoint": "oidc-token",
    "userinfo_endpoint": "oidc-userinfo",
    "jwks_uri": "oidc-jwks",
    "introspection_endpoint": "oidc-introspect",
    "revocation_endpoint": "oidc-revoke",
    "end_session_endpoint": "oidc-logout",
}


@require_safe
def discovery(request: HttpRequest) -> JsonResponse:
    """Describe the provider (OpenID Connect Discovery 1.0, 3; RFC 8414, 2): only what is really answered."""
    issuer = arriving.issuer(request)
    described = {
        "issuer": issuer,
        **{name: issuer + reverse(address) for name, address in _ADDRESSES.items()},
        "scopes_supported": [*PERSON_SCOPES, *MACHINE_SCOPES],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": [*_BY_SECRET, "none"],
        "introspection_endpoint_auth_methods_supported": _BY_SECRET,
        "revocation_endpoint_auth_methods_supported": [*_BY_SECRET, "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_supported": _CLAIMS,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "ui_locales_supported": ["zh-Hans", "zh-Hant", "en"],
    }
    return _open(JsonResponse(described))


@require_safe
def keys(_request: HttpRequest) -> JsonResponse:
    """Return the public keys by which identity and log-out tokens are checked (RFC 7517); former ones come last."""
    known = settings.OAUTH2_PROVIDER
    pems = (known["OIDC_RSA_PRIVATE_KEY"], *known["OIDC_RSA_PRIVATE_KEYS_INACTIVE"])
    described = [
        {**json.loads(key.export_public()), "alg": "RS256", "use": "sig", "kid": key.thumbprint()}
        for key in map(jwk_from_pem, pems)
    ]
    return _open(JsonResponse({"keys": described}))


def _open(response: JsonResponse) -> JsonResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = _AN_HOUR
    return response
