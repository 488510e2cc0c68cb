"""The answer to the validation of a ticket: read as a service, written as a server.

Sources: CAS Protocol Specification 3.0, 2.4.2 (version 1, two lines), 2.5.2 and Appendix A (versions 2 and 3, XML),
2.5.1 (JSON).
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

NAMESPACE = "http://www.yale.edu/tp/cas"
_TAG = f"{{{NAMESPACE}}}"
_LONGEST = 1 << 20


class Version(enum.StrEnum):
    ONE = "1"
    TWO = "2"
    THREE = "3"


class FailureCode(enum.StrEnum):
    """Why a ticket was not accepted (2.5.3)."""

    INVALID_REQUEST = "INVALID_REQUEST"
    INVALID_TICKET_SPEC = "INVALID_TICKET_SPEC"
    UNAUTHORIZED_SERVICE = "UNAUTHORIZED_SERVICE"
    UNAUTHORIZED_SERVICE_PROXY = "UNAUTHORIZED_SERVICE_PROXY"
    INVALID_PROXY_CALLBACK = "INVALID_PROXY_CALLBACK"
    INVALID_TICKET = "INVALID_TICKET"
    INVALID_SERVICE = "INVALID_SERVICE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


class Malformed(ValueError):
    """This is no answer of the protocol; the words say why, and hold nothing of the answer."""


class ProxyRefused(Malformed):
    """The ticket came by way of other services (`proxies`): whoever holds it need not be the person herself."""


@dataclass(frozen=True, slots=True)
class Success:
    """The ticket is good. Attributes (version 3) may have several values each."""

    user: str
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """The ticket is not good; `code` is a FailureCode or what the server says in its place."""

    code: str
    message: str = ""


def parse(content: bytes, version: Version) -> Success | Failure:
    """Read the answer of a CAS server.

    Raises:
        Malformed: it is none, says both yes and no, or names nobody.
        ProxyRefused
    """
    if len(content) > _LONGEST:
        raise Malformed("the answer is too long")
    return _parse_lines(content) if version is Version.ONE else _parse_xml(content)


def _parse_lines(content: bytes) -> Success | Failure:
    lines = content.decode("utf-8", "replace").splitlines()
    if lines and lines[0] == "no":
        return Failure(FailureCode.INVALID_TICKET)
    if len(lines) < 2 or lines[0] != "yes" or not lines[1].strip():
        raise Malformed("the answer is neither yes with a name nor no")
    return Success(lines[1].strip())


def _parse_xml(content: bytes) -> Success | Failure:
    root = _root(content)
    if root.tag != f"{_TAG}serviceResponse":
        raise Malformed("the answer is no serviceResponse")
    yes, no = root.findall(f"{_TAG}authenticationSuccess"), root.findall(f"{_TAG}authenticationFailure")
    if len(yes) + len(no) != 1:
        raise Malformed("the answer holds neither exactly one success nor exactly one failure")
    return _success(yes[0]) if yes else Failure(no[0].get("code", ""), _text(no[0]))


def _root(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Malformed("the answer is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise Malformed("the answer has a document type declaration")
    return root


def _success(element: etree._Element) -> Success:
    if element.find(f"{_TAG}proxies") is not None:
        raise ProxyRefused("the ticket came by way of other services (proxies)")
    names = element.findall(f"{_TAG}user")
    if len(names) != 1 or not _text(names[0]):
        raise Malformed("the success does not name exactly one user")
    return Success(_text(names[0]), _attributes(element))


def _text(element: etree._Element) -> str:
    """Return all text of an element; a comment must not cut a name in two, so that its beginning is somebody else."""
    if any(isinstance(child.tag, str) for child in element):
        raise Malformed("an element that holds text has children")
    return ((element.text or "") + "".join(child.tail or "" for child in element)).strip()


def _attributes(element: etree._Element) -> dict[str, tuple[str, ...]]:
    """Read both forms that servers write: an element for each attribute, and `attribute` with name and value."""
    found: dict[str, list[str]] = {}
    for holder in element.findall(f"{_TAG}attributes"):
        for child in holder:
            if not isinstance(child.tag, str):
                continue
            name, value = etree.QName(child).localname, None
            if name == "attribute" and child.get("name"):
                name, value = str(child.get("name")), child.get("value")
            found.setdefault(name, []).append(_text(child) if value is None else value)
    return {name: tuple(values) for name, values in found.items()}


def render(answer: Success | Failure, version: Version) -> str:
    """Write an answer as a server; attributes go out in version 3 only (2.5.7).

    Raises:
        ValueError: an attribute's name is no XML name.
    """
    if version is Version.ONE:
        return f"yes\n{answer.user}\n" if isinstance(answer, Success) else "no\n\n"
    root = etree.Element(f"{_TAG}serviceResponse", nsmap={"cas": NAMESPACE})
    if isinstance(answer, Failure):
        etree.SubElement(root, f"{_TAG}authenticationFailure", code=answer.code).text = answer.message
    else:
        success = etree.SubElement(root, f"{_TAG}authenticationSuccess")
        etree.SubElement(success, f"{_TAG}user").text = answer.user
        if version is Version.THREE and answer.attributes:
            _render_attributes(success, answer.attributes)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def render_proxy_failure(message: str) -> str:
    """Refuse a proxy ticket (2.7.2), as a server that gives out none."""
    root = etree.Element(f"{_TAG}serviceResponse", nsmap={"cas": NAMESPACE})
    code = FailureCode.UNAUTHORIZED_SERVICE_PROXY
    etree.SubElement(root, f"{_TAG}proxyFailure", code=code).text = message
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _render_attributes(success: etree._Element, attributes: Mapping[str, tuple[str, ...]]) -> None:
    holder = etree.SubElement(success, f"{_TAG}attributes")
    for name, values in attributes.items():
        for value in values:
            etree.SubElement(holder, f"{_TAG}{name}").text = value


def render_json(answer: Success | Failure) -> str:
    """Write an answer as JSON (version 3, `format=JSON`)."""
    inside: dict[str, object]
    if isinstance(answer, Failure):
        inside = {"authenticationFailure": {"code": answer.code, "description": answer.message}}
    else:
        values = {name: list(of) for name, of in answer.attributes.items()}
        inside = {"authenticationSuccess": {"user": answer.user, **({"attributes": values} if values else {})}}
    return json.dumps({"serviceResponse": inside}, ensure_ascii=False)
