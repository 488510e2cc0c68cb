"""An installation that people use."""

from __future__ import annotations

from tongwen.config import env
from tongwen.config.settings.base import *  # noqa: F403  Settings modules are extended in this way.
from tongwen.config.settings.base import CSRF_COOKIE_NAME, SESSION_COOKIE_NAME

_https = env.HTTPS.text() == "1"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
LANGUAGE_COOKIE_SECURE = _https
if _https:
    # RFC 6265bis, 4.1.3.2: browsers take such a cookie by HTTPS only, from this very host, for the whole of it.
    SESSION_COOKIE_NAME = f"__Host-{SESSION_COOKIE_NAME}"
    CSRF_COOKIE_NAME = f"__Host-{CSRF_COOKIE_NAME}"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # The names below belong to others.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
