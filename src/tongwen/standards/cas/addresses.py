"""The addresses of a CAS server, and what a ticket looks like."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tongwen.standards.cas.answers import Version

_TICKET = re.compile(r"ST-[A-Za-z0-9._-]{1,252}")
_PATHS = {Version.ONE: "validate", Version.TWO: "serviceValidate", Version.THREE: "p3/serviceValidate"}


def is_ticket(text: str) -> bool:
    """Tell whether this may be a service ticket (3.1.1); proxy tickets (PT-) are none.

    The specification allows letters, digits and hyphens; servers add the name of their node, with points.
    """
    return _TICKET.fullmatch(text) is not None


def login_address(base: str, service: str, *, renew: bool = False) -> str:
    """Return where a person is sent to log in (2.1); `renew` asks for the password although a session is there."""
    return _address(base, "login", {"service": service, **({"renew": "true"} if renew else {})})


def validation_address(base: str, service: str, ticket: str, version: Version, *, renew: bool = False) -> str:
    """Return where a ticket is validated (2.4, 2.5); the `service` must be the same as at the log-in."""
    asked = {"service": service, "ticket": ticket, **({"renew": "true"} if renew else {})}
    return _address(base, _PATHS[version], asked)


def logout_address(base: str, service: str = "") -> str:
    """Return where a person is sent to end the session of the server (2.3)."""
    return _address(base, "logout", {"service": service} if service else {})


def service_with_ticket(service: str, ticket: str) -> str:
    """Return the service's address with the ticket added to its parameters (2.2.4); a ticket in it is replaced."""
    parts = urlsplit(service)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "ticket"]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("ticket", ticket)])))


def _address(base: str, path: str, asked: dict[str, str]) -> str:
    address = f"{base.rstrip('/')}/{path}"
    return f"{address}?{urlencode(asked)}" if asked else address
