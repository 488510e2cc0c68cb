"""Answers to service providers: who somebody is, that she is not told, that a session has ended."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tongwen.domain.identity import types
from tongwen.servers.saml import provider
from tongwen.servers.saml.requests import Asked, BadRequest

_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
_PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105  The name of a class.
_COMMON_TERMS = "urn:mace:dir:entitlement:common-lib-terms"
_STATEMENT = "{urn:oasis:names:tc:SAML:2.0:assertion}AuthnStatement"
_STAFF = frozenset(types.Role) - {types.Role.READER}


def success(visit: types.Visit, asked: Asked, claims: dict[str, Any]) -> tuple[str, str]:
    """Return a signed response and the session index in it.

    Its assertion is signed too: for this service, this request, five minutes, with a persistent name.
    """
    from saml2.saml import NameID

    speaking = provider.server(visit.issuer, visit.client)
    name_id = NameID(
        format=provider.PERSISTENT,
        text=visit.subject,
        name_qualifier=provider.entity_id(visit.issuer),
        sp_name_qualifier=asked.entity_id,
    )
    authn = {
        "class_ref": _PASSWORD,
        "authn_auth": provider.entity_id(visit.issuer),
        "authn_instant": visit.authenticated_at.timestamp(),
    }
    response = str(
        speaking.create_authn_response(
            attributes(visit, claims),
            asked.number,
            asked.consumer,
            asked.entity_id,
            name_id=name_id,
            authn=authn,
            sign_assertion=True,
            sign_response=True,
        )
    )
    statement = etree.fromstring(response.encode()).find(f".//{_STATEMENT}")
    return response, "" if statement is None else statement.get("SessionIndex", "")


def attributes(visit: types.Visit, claims: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is told, in the attributes that federations of libraries (CARSI) agree on.

    eduPerson 202208, 2; SAML Subject Identifier Attributes 1.0, 3.4. An affiliation's scope is the library's code
    before the portal's host.
    """
    scope = provider.scope(visit.issuer)
    library = str(claims.get("institution", "")).lower()
    affiliations = ["member", *(["staff"] if set(claims["roles"]) & _STAFF else [])]
    found = {
        "pairwise-id": [f"{visit.subject}@{scope}"],
        "eduPersonAffiliation": affiliations,
        "eduPersonScopedAffiliation": [
            f"{one}@{library}.{scope}" if library else f"{one}@{scope}" for one in affiliations
        ],
        "eduPersonEntitlement": [_COMMON_TERMS],
    }
    if "institution_name" in claims:
        found["o"] = [str(claims["institution_name"])]
    if "name" in claims:
        found["displayName"] = [str(claims["name"])]
    return found


def failure(issuer: str, client: types.Client, asked: Asked, status: str) -> str:
    """Return a signed response that says no: `NoPassive`, or `RequestDenied`."""
    speaking = provider.server(issuer, client)
    info = (f"{_STATUS}{status}", None)
    return str(speaking.create_error_response(asked.number, asked.consumer, info, sign=True))


def logout_response(issuer: str, client: types.Client, request: Any, relay_state: str) -> str:
    """Return the address that tells the service provider of the end.

    Raises:
        BadRequest: its metadata names no address for that.
    """
    from saml2 import SAMLError

    speaking = provider.server(issuer, client)
    try:
        response = speaking.create_logout_response(request.message, [provider.REDIRECT])
        to = speaking.response_args(request.message, [provider.REDIRECT])["destination"]
        sent = speaking.apply_binding(provider.REDIRECT, str(response), to, relay_state, response=True, sign=True)
    except SAMLError as error:
        raise BadRequest(f"no address for the answer to a log-out: {error}") from error
    return str(dict(sent["headers"])["Location"])
