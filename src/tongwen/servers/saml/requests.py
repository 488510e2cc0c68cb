"""Requests of service providers, checked, and carried through a log-in as one signed parameter."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from lxml import etree

from tongwen.domain.identity import types
from tongwen.domain.identity.queries import clients as queries
from tongwen.servers import arriving
from tongwen.servers.saml import provider

_ISSUER = "{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"
_LONGEST = 1 << 18
_SALT = "tongwen.servers.saml"
_PATIENCE = 15 * 60


class BadRequest(ValueError):
    """The request cannot be followed; the text is for the log and for who runs the service."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service provider asks, after every check."""

    number: str
    entity_id: str
    consumer: str
    relay_state: str = ""
    is_forced: bool = False
    is_passive: bool = False

    def signed(self) -> str:
        """Return it as a parameter that the browser carries and cannot change."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    @classmethod
    def of(cls, text: str) -> Asked:
        """Read what `signed` wrote.

        Raises:
            BadRequest: it was changed, or is older than a quarter of an hour.
        """
        try:
            return cls(**signing.loads(text, salt=_SALT, max_age=_PATIENCE))
        except signing.BadSignature as error:
            raise BadRequest(str(error)) from None


def read_log_in(request: HttpRequest) -> Asked:
    """Check a request for a log-in (SAML 2.0 Profiles, 4.1.3): whose it is, its signature, where the answer goes.

    Raises:
        BadRequest, UnknownClient
    """
    given = request.POST if request.method == "POST" else request.GET
    client, parsed = _parsed(request, "parse_authn_request")
    message = parsed.message
    return Asked(
        number=message.id,
        entity_id=client.saml_entity_id,
        consumer=_consumer(client, message),
        relay_state=given.get("RelayState", "")[:1_024],
        is_forced=message.force_authn in ("true", "1"),
        is_passive=message.is_passive in ("true", "1"),
    )


def read_log_out(request: HttpRequest) -> tuple[types.Client, Any]:
    """Check a request for a log-out and return the client with pysaml2's request.

    Raises:
        BadRequest, UnknownClient
    """
    return _parsed(request, "parse_logout_request")


def _parsed(request: HttpRequest, reading: str) -> tuple[types.Client, Any]:
    from saml2 import SAMLError

    is_post = request.method == "POST"
    given = request.POST if is_post else request.GET
    text = given.get("SAMLRequest", "")
    client = queries.client_of_entity(_issuer(text, is_deflated=not is_post))
    speaking = provider.server(arriving.issuer(request), client)
    detached = {} if is_post else _detached(given)
    try:
        binding = provider.POST if is_post else provider.REDIRECT
        parsed = getattr(speaking, reading)(text, binding, **detached)
    except (SAMLError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise BadRequest(f"{type(error).__name__}: {error}") from error
    if parsed is None or parsed.message is None:
        raise BadRequest("the request is not valid")
    return client, parsed


def _detached(given: Any) -> dict[str, str]:
    """Return the signature of a redirect, which stands beside the message."""
    if "Signature" not in given:
        return {}
    return {
        "relay_state": given.get("RelayState"),
        "sigalg": given.get("SigAlg", ""),
        "signature": given["Signature"],
    }


def _issuer(text: str, *, is_deflated: bool) -> str:
    """Return who says to have sent a message, before anything of it is believed."""
    if not text or len(text) > _LONGEST:
        raise BadRequest("SAMLRequest is missing or too long")
    try:
        content = base64.b64decode(text, validate=True)
        if is_deflated:
            inflating = zlib.decompressobj(-15)
            content = inflating.decompress(content, _LONGEST)
            if inflating.unconsumed_tail:
                raise BadRequest("the message is too long")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(content, parser)
    except (binascii.Error, zlib.error, ValueError, etree.XMLSyntaxError) as error:
        raise BadRequest(f"the message cannot be read ({type(error).__name__})") from error
    if root.getroottree().docinfo.doctype:
        raise BadRequest("the message has a document type declaration")
    return (root.findtext(_ISSUER) or "").strip()


def _consumer(client: types.Client, message: Any) -> str:
    """Return where the answer goes: an address that stands in the metadata, whatever the request says."""
    known = queries.saml_provider(client).consumers
    wanted = message.assertion_consumer_service_url
    if wanted is None:
        return known[0]
    if wanted not in known:
        raise BadRequest("the request names an address for the answer that is not in the metadata")
    return str(wanted)
