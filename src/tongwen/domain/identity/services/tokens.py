"""Links that are as good as a password: 256 bits by chance, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings

_BYTES = 32


def new() -> tuple[str, str]:
    """Return a token for a link, and the hash under which it is kept."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hashed(token)


def hashed(token: str) -> str:
    """Return the SHA-256 of a token. It is long enough by itself: a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(page: str, token: str) -> str:
    """Return the address of a page of the portal that takes a token, as it stands in a mail."""
    return f"{settings.TONGWEN_LINK_ADDRESS}/{page}/{token}"
