"""A SAML 2.0 identity provider of the institution (CARSI and the like), asked with pysaml2 and xmlsec1."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tongwen.core.outbound import Deadline
from tongwen.domain.identity.services.sources.port import Configuration
from tongwen.domain.identity.types import Attributes, Denial, Denied, ExtraMissing, Redirection, Unavailable

_METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
_PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_NAMES = {
    "urn:oasis:names:tc:SAML:attribute:pairwise-id": "pairwise-id",
    "urn:oasis:names:tc:SAML:attribute:subject-id": "subject-id",
}
_LARGEST = 1 << 20
_CLOCK_SKEW = 60


def _library() -> Any:
    """Return pysaml2; it needs the program xmlsec1 too.

    Raises:
        ExtraMissing
    """
    try:
        import saml2
        import saml2.client
        import saml2.config
        import saml2.metadata
        import saml2.response
    except ImportError:
        raise ExtraMissing("saml") from None
    if shutil.which("xmlsec1") is None:
        raise ExtraMissing("xmlsec1")
    return saml2


def entities(metadata: str) -> list[str]:
    """Return the identity providers that metadata describes, one or a federation of them.

    Raises:
        Unavailable: this is no metadata (`metadata`).
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(metadata.encode(), parser)
    except etree.XMLSyntaxError:
        raise Unavailable("metadata", "the metadata is no XML") from None
    if root.getroottree().docinfo.doctype:
        raise Unavailable("metadata", "the metadata has a document type declaration")
    described = root.iter(f"{{{_METADATA}}}EntityDescriptor")
    found = [
        str(one.get("entityID", "")) for one in described if one.find(f"{{{_METADATA}}}IDPSSODescriptor") is not None
    ]
    if not found:
        raise Unavailable("metadata", "the metadata describes no identity provider")
    return found


@dataclass(frozen=True, slots=True)
class SAMLSource:
    """We are one service provider per source; its entity id is the address of its metadata."""

    configuration: Configuration

    def metadata(self, callback_url: str) -> bytes:
        """Return our own metadata, for the administrator of the identity provider."""
        saml2 = _library()
        config = self._config(saml2, callback_url)
        text = saml2.metadata.create_metadata_string(None, config=config)
        return text if isinstance(text, bytes) else str(text).encode()

    def begin(self, callback_url: str, state: str, deadline: Deadline) -> Redirection:
        """Return the provider's page with our request; its number is kept, and only its answer is taken."""
        deadline.left()
        saml2 = _library()
        client = self._client(saml2, callback_url)
        try:
            number, http = client.prepare_for_authenticate(
                entityid=self._entity(), relay_state=state, binding=saml2.BINDING_HTTP_REDIRECT
            )
        except Exception as error:  # noqa: BLE001  pysaml2 raises errors of every kind.
            raise Unavailable("metadata", f"the provider cannot be asked by redirect: {type(error).__name__}") from None
        return Redirection(dict(http["headers"])["Location"], {"request": str(number)})

    def complete(
        self, callback_url: str, parameters: Mapping[str, str], kept: Mapping[str, str], deadline: Deadline
    ) -> Attributes:
        """Check the response: signed, for us, of this provider, in time, and an answer to our one request."""
        deadline.left()
        saml2 = _library()
        given = parameters.get("SAMLResponse", "")
        if not given or len(given) > _LARGEST:
            raise Unavailable("answer", "no SAML response came back")
        client = self._client(saml2, callback_url)
        response = _parsed(saml2, client, given, {kept["request"]: callback_url})
        if response.in_response_to != kept["request"] or response.issuer() != self._entity():
            raise Unavailable("answer", "the response is not the answer of this provider to this request")
        return self._attributes(response)

    def _entity(self) -> str:
        known = entities(self.configuration.text("metadata"))
        chosen = self.configuration.text("entity") or known[0]
        if chosen not in known or (len(known) > 1 and not self.configuration.text("entity")):
            raise Unavailable("metadata", "the metadata describes several providers: name the one of your institution")
        return chosen

    def _client(self, saml2: Any, callback_url: str) -> Any:
        self._entity()
        return saml2.client.Saml2Client(config=self._config(saml2, callback_url))

    def _config(self, saml2: Any, callback_url: str) -> Any:
        config = saml2.config.SPConfig()
        try:
            config.load(
                {
                    "entityid": f"{callback_url}/metadata",
                    "xmlsec_binary": shutil.which("xmlsec1"),
                    "accepted_time_diff": _CLOCK_SKEW,
                    "allow_unknown_attributes": True,
                    "service": {
                        "sp": {
                            "endpoints": {"assertion_consumer_service": [(callback_url, saml2.BINDING_HTTP_POST)]},
                            "allow_unsolicited": False,
                            "authn_requests_signed": False,
                            "want_assertions_signed": False,
                            "want_response_signed": False,
                            "want_assertions_or_response_signed": True,
                            "name_id_format": [_PERSISTENT] if self._by_name() else None,
                        }
                    },
                    "metadata": {"inline": [self.configuration.text("metadata")]},
                }
            )
        except Exception as error:  # noqa: BLE001  pysaml2 raises errors of every kind.
            raise Unavailable("metadata", f"the metadata cannot be used: {type(error).__name__}") from None
        return config

    def _by_name(self) -> bool:
        return self.configuration.text("subject") == "persistent"

    def _attributes(self, response: Any) -> Attributes:
        said = {_NAMES.get(name, name): [str(one) for one in of] for name, of in (response.ava or {}).items()}
        values = {name: "; ".join(of) for name, of in said.items()}
        subject = self._subject(response, said)
        if not subject:
            wanted = self.configuration.text("subject")
            raise Unavailable("answer", f"the response does not hold {wanted}, by which the person is known again")
        return Attributes(
            subject,
            values.get(self.configuration.text("name_attribute"), ""),
            said.get(self.configuration.text("email_attribute"), [""])[0],
            values.get(self.configuration.text("category_attribute"), ""),
            everything=values,
        )

    def _subject(self, response: Any, said: Mapping[str, list[str]]) -> str:
        name = response.name_id
        if self._by_name():
            return str(name.text) if name is not None and name.format == _PERSISTENT and name.text else ""
        found = said.get(self.configuration.text("subject"), [])
        return found[0] if len(found) == 1 else ""


def _parsed(saml2: Any, client: Any, given: str, outstanding: dict[str, str]) -> Any:
    """Read and check a response. pysaml2 raises errors of many kinds; to us they are two: refused, and not good."""
    try:
        response = client.parse_authn_request_response(given, saml2.BINDING_HTTP_POST, outstanding=outstanding)
    except (
        saml2.response.StatusAuthnFailed,
        saml2.response.StatusRequestDenied,
        saml2.response.StatusUnknownPrincipal,
        saml2.response.StatusNoAuthnContext,
    ):
        raise Denied(Denial.REFUSED) from None
    except Exception as error:  # noqa: BLE001  pysaml2 raises errors of every kind.
        raise Unavailable("answer", f"the response is not good: {type(error).__name__}") from None
    if response is None or response.assertion is None:
        raise Unavailable("answer", "the response holds no assertion that can be read")
    return response
