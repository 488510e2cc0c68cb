"""Single log-out (CAS Protocol Specification 3.0, 2.3.3): the server tells a service whose session has ended."""

from __future__ import annotations

import datetime as dt

from lxml import etree

from tongwen.standards.cas.answers import Malformed

_PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
_LONGEST = 1 << 16


def logout_request(*, identifier: str, at: dt.datetime, ticket: str) -> str:
    """Write the request that is posted to a service as `logoutRequest`; its session index is the service ticket."""
    root = etree.Element(f"{{{_PROTOCOL}}}LogoutRequest", nsmap={"samlp": _PROTOCOL})
    root.set("ID", identifier)
    root.set("Version", "2.0")
    root.set("IssueInstant", at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    etree.SubElement(root, f"{{{_ASSERTION}}}NameID", nsmap={"saml": _ASSERTION}).text = "@NOT_USED@"
    etree.SubElement(root, f"{{{_PROTOCOL}}}SessionIndex").text = ticket
    return etree.tostring(root, encoding="unicode")


def logout_ticket(content: str) -> str:
    """Return the ticket that a log-out request names.

    Raises:
        Malformed
    """
    if len(content) > _LONGEST:
        raise Malformed("the request is too long")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Malformed("the request is no XML") from error
    found = root.findtext(f"{{{_PROTOCOL}}}SessionIndex") if not root.getroottree().docinfo.doctype else None
    if root.tag != f"{{{_PROTOCOL}}}LogoutRequest" or not found:
        raise Malformed("the request names no session")
    return found.strip()
