"""How often an address may ask for what costs much; a campus (a library's own range) may fifty times as often."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tongwen.core.limits import Rate

_EXPORTS = Rate("export", burst=60, hourly=1_200)
_PROGRAMS = Rate("api", burst=300, hourly=6_000)
_LOG_INS = Rate("login", burst=60, hourly=600)
_LETTERS = Rate("letters", burst=10, hourly=30)

LETTERS_OF_ONE_ACCOUNT = Rate("letters-account", burst=3, hourly=3)
"""Mails for a forgotten password: so many to one person."""

_READ = {"results": None, "export": _EXPORTS}
_SENT = {
    "login": _LOG_INS,
    "login-passkey": _LOG_INS,
    "login-passkey-answer": _LOG_INS,
    "second-step": _LOG_INS,
    "forgotten-password": _LETTERS,
    "apply": _LETTERS,
    "application": _LETTERS,
}


def of(request: HttpRequest) -> Rate | None:
    """Return the rate for what is asked; None where there is no limit."""
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    if request.method == "POST":
        return _SENT.get(name)
    if name == "results":
        return searches()
    if name.startswith("api-") and name not in ("api-reference", "api-description"):
        return _PROGRAMS
    return _READ.get(name)


def searches() -> Rate:
    """Return the rate of searches, which the installation sets."""
    a_minute = settings.TONGWEN_SEARCHES_PER_MINUTE
    return Rate("search", burst=a_minute, hourly=a_minute * 60)
