"""The identity provider as pysaml2 sees it, for one service provider at a time."""

from __future__ import annotations

import importlib.util
import shutil
from typing import Any
from urllib.parse import urlsplit

from tongwen.domain.identity import types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers.saml import credentials

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"


def is_there() -> bool:
    """Tell whether the extra `saml` and xmlsec1 are installed."""
    return importlib.util.find_spec("saml2") is not None and shutil.which("xmlsec1") is not None


def entity_id(issuer: str) -> str:
    """Return the name of the identity provider: the address of its metadata."""
    return f"{issuer}/saml/metadata"


def scope(issuer: str) -> str:
    """Return what stands behind the @ in pairwise-id and scoped affiliations: the portal's host."""
    return urlsplit(issuer).hostname or "localhost"


def server(issuer: str, client: types.Client | None = None) -> Any:
    """Return pysaml2's server, which knows this one service provider and no other."""
    from saml2.config import IdPConfig
    from saml2.server import Server

    return Server(config=IdPConfig().load(_described(issuer, client)))


def metadata(issuer: str) -> str:
    """Return the metadata of the identity provider, signed."""
    from saml2.config import IdPConfig
    from saml2.metadata import entity_descriptor, sign_entity_descriptor
    from saml2.sigver import security_context

    config = IdPConfig().load(_described(issuer, None))
    _descriptor, xml = sign_entity_descriptor(
        entity_descriptor(config), None, security_context(config), sign_alg=_SHA256, digest_alg=_DIGEST
    )
    return str(xml)


def _described(issuer: str, client: types.Client | None) -> dict[str, Any]:
    files = credentials.current()
    endpoints = {
        "single_sign_on_service": [(f"{issuer}/saml/sso", REDIRECT), (f"{issuer}/saml/sso", POST)],
        "single_logout_service": [(f"{issuer}/saml/slo", REDIRECT)],
    }
    idp = {
        "name": "Tongwen",
        "endpoints": endpoints,
        "name_id_format": [PERSISTENT],
        "scope": [scope(issuer)],
        "sign_response": True,
        "sign_assertion": True,
        "policy": {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None, "name_form": _BASIC}},
        "want_authn_requests_signed": bool(client and queries.saml_provider(client).signs_requests),
    }
    described: dict[str, Any] = {
        "entityid": entity_id(issuer),
        "key_file": files.key,
        "cert_file": files.certificate,
        "xmlsec_binary": shutil.which("xmlsec1"),
        "service": {"idp": idp},
        "signing_algorithm": _SHA256,
        "digest_algorithm": _DIGEST,
        "accepted_time_diff": 60,
        "debug": 0,
    }
    if client is not None:
        described["metadata"] = {"inline": [client.saml_metadata]}
    return described


def logout_request(visit: types.Visit) -> tuple[str, bytes]:
    """Return the address and the SOAP message by which a service provider hears of the end of a visit."""
    from saml2.pack import make_soap_enveloped_saml_thingy  # The other one of this name drops the signature.
    from saml2.saml import NameID

    speaking = server(visit.issuer, visit.client)
    name_id = NameID(
        format=PERSISTENT,
        text=visit.subject,
        name_qualifier=entity_id(visit.issuer),
        sp_name_qualifier=visit.client.saml_entity_id,
    )
    _number, request = speaking.create_logout_request(
        visit.client.backchannel_uri,
        visit.client.saml_entity_id,
        name_id=name_id,
        session_indexes=[visit.session_index],
        sign=True,
    )
    return visit.client.backchannel_uri, make_soap_enveloped_saml_thingy(str(request)).encode()
