"""What is read from the metadata of a SAML service provider when it is registered (SAML 2.0 Metadata, 2.4.4)."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

_MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
_LONGEST = 1 << 20


class Unreadable(ValueError):
    """This is no metadata of one service provider; `code` says why, for the pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Provider(NamedTuple):
    """A service provider: its name, where it takes answers, and where it hears of log-outs by itself ("": nowhere)."""

    entity_id: str
    consumers: tuple[str, ...]
    logout: str
    signs_requests: bool


def read(text: str) -> Provider:
    """Read metadata of one service provider.

    Raises:
        Unreadable: `xml` (none, too long, or with a document type), `entity` (none, or several), `consumer` (no
            address that takes answers by POST).
    """
    entity = _entity(text)
    descriptor = entity.find(f"{_MD}SPSSODescriptor")
    entity_id = entity.get("entityID", "").strip()
    if descriptor is None or not entity_id or len(entity_id) > 1_024:
        raise Unreadable("entity")
    consumers = _locations(descriptor, "AssertionConsumerService", _POST)
    if not consumers:
        raise Unreadable("consumer")
    logout = next(iter(_locations(descriptor, "SingleLogoutService", _SOAP)), "")
    return Provider(entity_id, consumers, logout, descriptor.get("AuthnRequestsSigned", "") in ("true", "1"))


def _entity(text: str) -> etree._Element:
    if len(text) > _LONGEST:
        raise Unreadable("xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("xml") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("xml")
    if root.tag != f"{_MD}EntityDescriptor":
        raise Unreadable("entity")
    return root


def _locations(descriptor: etree._Element, name: str, binding: str) -> tuple[str, ...]:
    found = [one for one in descriptor.findall(f"{_MD}{name}") if one.get("Binding") == binding]
    found.sort(key=lambda one: one.get("isDefault", "") not in ("true", "1"))
    return tuple(one.get("Location", "") for one in found if one.get("Location"))
