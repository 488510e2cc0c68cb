"""The call-back kit, protocol 1: what is signed, and what an answer means (docs/reference/kit.md).

A request is JSON posted over HTTPS. Both sides know one secret; each signs what it sends, and an answer's signature
covers the request's nonce, so that an answer can belong to one request only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

PROTOCOL = "1"
TOLERANCE = 300
"""Seconds by which the clocks of the two sides may differ."""
TIMESTAMP, NONCE, SIGNATURE, VERSION = (
    "Tongwen-Timestamp",
    "Tongwen-Nonce",
    "Tongwen-Signature",
    "Tongwen-Kit",
)
SHORTEST_SECRET = 32


class BadAnswer(ValueError):
    """The answer is not one of the kit; the words say why, and hold nothing of it."""


@dataclass(frozen=True, slots=True)
class Patron:
    """A reader as the library system knows her; `id` never changes."""

    id: str
    name: str = ""
    email: str = ""
    category: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The library system says no: `credentials`, `expired` or `blocked`, with words for the reader."""

    reason: str
    message: str = ""


def request_signature(secret: str, *, timestamp: str, nonce: str, body: bytes) -> str:
    """Sign a request: HMAC-SHA256 over `request`, timestamp, nonce and body, each on a line, in hexadecimal."""
    return _signature(secret, b"request", timestamp.encode(), nonce.encode(), body)


def answer_signature(secret: str, *, nonce: str, status: int, body: bytes) -> str:
    """Sign an answer: HMAC-SHA256 over `answer`, the request's nonce, the HTTP status and body."""
    return _signature(secret, b"answer", nonce.encode(), str(status).encode(), body)


def _signature(secret: str, *parts: bytes) -> str:
    return hmac.new(secret.encode(), b"\n".join(parts), hashlib.sha256).hexdigest()


def request_headers(secret: str, *, timestamp: str, nonce: str, body: bytes) -> dict[str, str]:
    """Return the headers of a signed request."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        VERSION: PROTOCOL,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: request_signature(secret, timestamp=timestamp, nonce=nonce, body=body),
    }


def is_signed(secret: str, *, nonce: str, status: int, body: bytes, signature: str) -> bool:
    """Tell whether an answer was signed by who knows the secret, for the request with this nonce."""
    wanted = answer_signature(secret, nonce=nonce, status=status, body=body)
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace"))


def read(body: bytes) -> Patron | Refused:
    """Return what an answer to `authenticate` says.

    Raises:
        BadAnswer: it says neither yes nor no, or names nobody.
    """
    said = fields(body)
    result = said.get("result")
    if result == "denied":
        return Refused(_text(said, "reason", 40) or "credentials", _text(said, "message", 300))
    if result != "accepted":
        raise BadAnswer("result is neither accepted nor denied")
    patron = said.get("patron")
    if not isinstance(patron, dict) or not _text(patron, "id", 250):
        raise BadAnswer("accepted, but patron.id is missing")
    return Patron(
        _text(patron, "id", 250),
        _text(patron, "name", 150),
        _text(patron, "email", 254),
        _text(patron, "category", 100),
        _day(patron),
    )


def fields(body: bytes) -> dict[str, object]:
    """Return the members of a JSON object.

    Raises:
        BadAnswer
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswer("the body is not JSON") from None
    if not isinstance(said, dict):
        raise BadAnswer("the body is not a JSON object")
    return said


def _text(said: Mapping[str, object], name: str, longest: int) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise BadAnswer(f"{name} is not text of at most {longest} characters")
    return value.strip()


def _day(patron: Mapping[str, object]) -> dt.date | None:
    text = _text(patron, "expires_on", 10)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadAnswer("expires_on is not a date (YYYY-MM-DD)") from None
