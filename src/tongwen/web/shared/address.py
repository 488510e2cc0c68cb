"""Where a request comes from, and whether many people share that address."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from tongwen.core import limits
from tongwen.domain.members import queries as members


def text_of(request: HttpRequest) -> str:
    """Return the address of the browser.

    What a web server in front says (X-Forwarded-For) is believed where TONGWEN_PROXIES names it: the last address in
    the list that is not one of these servers. Whatever stands before it may be invented.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    given = request.headers.get("X-Forwarded-For", "").split(",")
    while given and _is_proxy(address):
        address = given.pop().strip() or address
    return address if _parsed(address) else ""


def of(request: HttpRequest) -> limits.Address:
    """Return the address as the limits count it.

    A registered range of a library is a campus. So is loopback: behind a web server that TONGWEN_PROXIES does not
    name, everybody seems to come from there.
    """
    text = text_of(request)
    parsed = _parsed(text)
    is_campus = parsed is None or parsed.is_loopback or near(text) is not None
    return limits.Address(text, is_campus=is_campus)


def near(address: str) -> int | None:
    """Return the institution in whose registered range an address lies."""
    return members.institution_of_address(address) if address else None


def _is_proxy(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in settings.TONGWEN_PROXIES)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
