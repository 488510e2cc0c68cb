"""The CAS protocol 1, 2 and 3 (Apereo CAS Protocol Specification 3.0): addresses, and the answers of both sides."""

from tongwen.standards.cas.addresses import (
    is_ticket,
    login_address,
    logout_address,
    service_with_ticket,
    validation_address,
)
from tongwen.standards.cas.answers import (
    Failure,
    FailureCode,
    Malformed,
    ProxyRefused,
    Success,
    Version,
    parse,
    render,
    render_json,
    render_proxy_failure,
)
from tongwen.standards.cas.logging_out import logout_request, logout_ticket

__all__ = [
    "Failure",
    "FailureCode",
    "Malformed",
    "ProxyRefused",
    "Success",
    "Version",
    "is_ticket",
    "login_address",
    "logout_address",
    "logout_request",
    "logout_ticket",
    "parse",
    "render",
    "render_json",
    "render_proxy_failure",
    "service_with_ticket",
    "validation_address",
]
