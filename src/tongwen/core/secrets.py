"""Secrets of others that must be kept readable (a bind password, a client secret): encrypted at rest.

The key is derived from the installation's signing key, so a copy of the database alone gives nothing away. After a
change of that key they cannot be read any more and have to be entered anew (`Unreadable` says so).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """The secret was kept under another signing key: it has to be entered anew."""


def seal(secret: str) -> str:
    """Return the secret as it may be stored; each call gives another text."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret again.

    Raises:
        Unreadable: it was sealed under another signing key, or is damaged.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("this secret was kept under another signing key; enter it anew") from None


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tongwen secrets at rest")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
