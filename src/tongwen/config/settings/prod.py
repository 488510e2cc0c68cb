"""An installation that people use."""

from __future__ import annotations

from tongwen.config import env
from tongwen.config.settings.base import *  # noqa: F403  Settings modules are extended in this way.

_https = env.HTTPS.text() == "1"
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
