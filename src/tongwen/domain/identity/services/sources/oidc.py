"""An OpenID provider of the institution: code flow with PKCE, the ID token checked with Authlib."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tongwen.core import clock, outbound
from tongwen.core.outbound import Deadline
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, Redirection, Unavailable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key that only the provider has: neither `none` nor a common secret (RFC 8725, 3.1)."""
_KEEP_SECONDS = 600.0
_LEEWAY = 60
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_described: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class OIDCSource:
    """The person is known again by `sub`, which the provider never gives to somebody else (OIDC Core, 8)."""

    configuration: Configuration

    def begin(self, callback_url: str, state: str, deadline: Deadline) -> Redirection:
        """Return the provider's log-in page for a request of its own nonce and code verifier."""
        provider = self._provider(deadline)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": self.configuration.text("client"),
            "redirect_uri": callback_url,
            "scope": " ".join(dict.fromkeys(["openid", *self.configuration.text("scopes").split()])),
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = _address(provider, "authorization_endpoint")
        separator = "&" if "?" in endpoint else "?"
        return Redirection(f"{endpoint}{separator}{urlencode(asked)}", {"nonce": nonce, "verifier": verifier})

    def complete(
        self, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], deadline: Deadline
    ) -> Attributes:
        """Exchange the code for an ID token and check it whole (OIDC Core, 3.1.3.7)."""
        issuer = self.configuration.text("issuer")
        if parameters.get("iss", issuer) != issuer:
            raise Unavailable("answer", "the answer is of another provider (RFC 9207)")
        if "error" in parameters:
            if parameters["error"] in {"access_denied", "login_required"}:
                raise Denied(Denial.REFUSED)
            raise Unavailable("answer", f"the provider says {parameters['error'][:60]}")
        if not parameters.get("code"):
            raise Unavailable("answer", "the provider sent no code")
        provider = self._provider(deadline)
        tokens = self._tokens(provider, parameters["code"], callback_url, kept["verifier"], deadline)
        claims = self._checked(provider, tokens, kept["nonce"], deadline)
        return self._attributes(self._completed(provider, tokens, claims, deadline))

    def _provider(self, deadline: Deadline) -> dict[str, Any]:
        """Return the provider's description (OIDC Discovery, 4), kept for ten minutes."""
        issuer = self.configuration.text("issuer")
        key = (issuer, self.configuration.text("certificates"))
        read_at, found = _described.get(key, (0.0, {}))
        if not found or time.monotonic() - read_at > _KEEP_SECONDS:
            found = self._json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration", deadline)
            if found.get("issuer") != issuer:
                raise Unavailable("answer", "the provider's description is of another issuer")
            _described[key] = (time.monotonic(), found)
        return found

    def _tokens(
        self, provider: dict[str, Any], code: str, callback_url: str, verifier: str, deadline: Deadline
    ) -> dict[str, Any]:
        client, secret = self.configuration.text("client"), self.configuration.secrets.get("client_secret", "")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback_url,
            "code_verifier": verifier,
        }
        headers = dict(_FORM)
        if secret and self.configuration.text("client_authentication") == "basic":
            pair = f"{quote_plus(client)}:{quote_plus(secret)}"  # RFC 6749, 2.3.1.
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": client, **({"client_secret": secret} if secret else {})}
        endpoint = _address(provider, "token_endpoint")
        return self._json("POST", endpoint, deadline, headers, urlencode(form).encode())

    def _checked(
        self, provider: dict[str, Any], tokens: dict[str, Any], nonce: str, deadline: Deadline
    ) -> dict[str, Any]:
        client = self.configuration.text("client")
        try:
            token = self._decoded(provider, str(tokens.get("id_token", "")), deadline)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.configuration.text("issuer")},
                    "aud": {"essential": True, "value": client},
                    "sub": {"essential": True},
                },
                params={"nonce": nonce, "client_id": client, "access_token": tokens.get("access_token")},
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unavailable("answer", f"the ID token is not good: {type(error).__name__}") from None
        return dict(claims)

    def _decoded(self, provider: dict[str, Any], token: str, deadline: Deadline) -> jwt.Token:
        """Check the signature; where the provider's keys have changed meanwhile they are fetched again, once."""
        try:
            return jwt.decode(token, self._keys(provider, deadline, anew=False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._keys(provider, deadline, anew=True), algorithms=ALGORITHMS)

    def _keys(self, provider: dict[str, Any], deadline: Deadline, *, anew: bool) -> KeySet:
        url = _address(provider, "jwks_uri")
        key = (url, self.configuration.text("certificates"))
        read_at, found = _described.get(key, (0.0, {}))
        if anew or not found or time.monotonic() - read_at > _KEEP_SECONDS:
            found = self._json("GET", url, deadline)
            _described[key] = (time.monotonic(), found)
        return KeySet.import_key_set(found)  # type: ignore[arg-type]

    def _completed(
        self, provider: dict[str, Any], tokens: dict[str, Any], claims: dict[str, Any], deadline: Deadline
    ) -> dict[str, Any]:
        """Add what the provider tells only at its userinfo endpoint; it must speak of the same person (5.3.2)."""
        wanted = [name for name in map(self.configuration.text, _CLAIMS) if name]
        if all(name in claims for name in wanted) or not provider.get("userinfo_endpoint"):
            return claims
        headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}", "Accept": "application/json"}
        told = self._json("GET", _address(provider, "userinfo_endpoint"), deadline, headers)
        if not hmac.compare_digest(str(told.get("sub", "")).encode(), str(claims["sub"]).encode()):
            raise Unavailable("answer", "userinfo speaks of somebody else")
        return {**told, **claims}

    def _json(
        self,
        method: str,
        url: str,
        deadline: Deadline,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> dict[str, Any]:
        try:
            answer = outbound.fetch(
                method, url, deadline=deadline, headers=headers, body=body, trust=self.configuration.trust()
            )
        except outbound.OutboundFailed as failed:
            raise Unavailable(failed.reason, failed.detail) from None
        try:
            said = json.loads(answer.content)
        except (ValueError, RecursionError):
            said = None
        if answer.status == 400 and isinstance(said, dict) and said.get("error") == "invalid_grant":
            raise Denied(Denial.REFUSED)  # A code that was used before, or is too old (RFC 6749, 5.2).
        if answer.status != 200 or not isinstance(said, dict):
            raise Unavailable("answer", f"{url.partition('?')[0]} answered {answer.status}")
        return said

    def _attributes(self, claims: dict[str, Any]) -> Attributes:
        def value(setting: str) -> str:
            found = claims.get(self.configuration.text(setting), "")
            return "; ".join(map(str, found)) if isinstance(found, list) else str(found)

        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise Unavailable("answer", "the ID token names nobody (sub)")
        everything = {name: str(of) for name, of in claims.items() if isinstance(of, str | int | list)}
        return Attributes(
            subject,
            value("name_attribute"),
            value("email_attribute"),
            value("category_attribute"),
            everything=everything,
        )


_CLAIMS = ("name_attribute", "email_attribute", "category_attribute")


def _address(provider: dict[str, Any], name: str) -> str:
    """Return an endpoint of the provider; one that is no usable address is refused before anybody is sent there."""
    url = str(provider.get(name, ""))
    try:
        outbound.check_address(url)
    except outbound.OutboundFailed:
        raise Unavailable("answer", f"the provider's description has no usable {name}") from None
    return url
