"""Log-ins under way at the page of a source, kept in the browser's session: each is good once, and for ten minutes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.http import HttpRequest

SECONDS = 600
_KEY = "log_ins"
_MOST = 5


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser set out to do. `is_trial` shows what the source says and lets nobody in."""

    source_id: int
    callback_url: str
    target: str
    kept: dict[str, str]
    begun_at: float
    is_trial: bool = False


def new_state() -> str:
    """Return a number that nobody guesses, under which an attempt is found again."""
    return secrets.token_urlsafe(32)


def keep(request: HttpRequest, state: str, attempt: Attempt) -> None:
    """Remember an attempt; of more than five, those that were begun first are forgotten."""
    known = dict(list(request.session.get(_KEY, {}).items())[-(_MOST - 1) :])
    request.session[_KEY] = {**known, state: asdict(attempt)}


def take(request: HttpRequest, parameters: Mapping[str, str], now: float) -> Attempt | None:
    """Return the attempt that comes back, and forget it; None where this browser began none, or too long ago."""
    state = parameters.get("state") or parameters.get("RelayState", "")
    known = dict(request.session.get(_KEY, {}))
    found = known.pop(state, None) if state else None
    if found is None:
        return None
    request.session[_KEY] = known
    attempt = Attempt(**found)
    return attempt if 0 <= now - attempt.begun_at <= SECONDS else None


def is_known(request: HttpRequest, parameters: Mapping[str, str]) -> bool:
    """Tell whether this browser began what comes back; nothing is forgotten."""
    return (parameters.get("state") or parameters.get("RelayState", "")) in request.session.get(_KEY, {})
