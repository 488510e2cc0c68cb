"""What a service is told when a session ends: a log-out token (OIDC) or a log-out request (CAS, SAML)."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from jwcrypto import jwt
from oauth2_provider.utils import jwk_from_pem

from tongwen.domain.identity import types
from tongwen.servers.saml import provider
from tongwen.standards import cas

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_FORM = "application/x-www-form-urlencoded"
_GOOD_FOR = 120


class Message(NamedTuple):
    """What is posted, and where."""

    address: str
    content_type: str
    body: bytes


def message(visit: types.Visit, now: dt.datetime) -> Message | None:
    """Return how the service of a visit hears of its end; None where it does not."""
    if visit.client.kind is types.ClientKind.CAS:
        address = visit.client.backchannel_uri or visit.service
        request = cas.logout_request(identifier=f"LR-{secrets.token_hex(16)}", at=now, ticket=visit.session_index)
        return Message(address, _FORM, urlencode({"logoutRequest": request}).encode())
    if visit.client.kind is types.ClientKind.OIDC and visit.client.backchannel_uri:
        form = urlencode({"logout_token": logout_token(visit, now)}).encode()
        return Message(visit.client.backchannel_uri, _FORM, form)
    if visit.client.kind is types.ClientKind.SAML and visit.client.backchannel_uri and provider.is_there():
        address, body = provider.logout_request(visit)
        return Message(address, "text/xml", body)
    return None


def logout_token(visit: types.Visit, now: dt.datetime) -> str:
    """Return the signed log-out token (OpenID Connect Back-Channel Logout 1.0, 2.4): no nonce, `sid` and `sub` both."""
    key = jwk_from_pem(settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"])
    moment = int(now.timestamp())
    claims = {
        "iss": visit.issuer,
        "aud": visit.client.client_id,
        "iat": moment,
        "exp": moment + _GOOD_FOR,
        "jti": secrets.token_hex(16),
        "sub": visit.subject,
        "sid": visit.sid,
        "events": {_EVENT: {}},
    }
    header = {"typ": "logout+jwt", "alg": "RS256", "kid": key.thumbprint()}
    token = jwt.JWT(header=json.dumps(header), claims=json.dumps(claims))
    token.make_signed_token(key)
    return str(token.serialize())
