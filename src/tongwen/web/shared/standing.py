"""What a session remembers of its safety: when it began, its last sign of life, and what was proven when."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from tongwen.core import clock
from tongwen.domain.identity.types import SESSION_RECORD, Step

METHOD = "security_method"
"""How the person was recognised; the log-in page that knows it writes it here."""
_RECORD, _BEGUN, _SEEN = SESSION_RECORD, "security_begun", "security_seen"
_STEP, _PLACE, _PROVEN = "security_step", "security_place", "security_proven"

FRESH = dt.timedelta(minutes=10)
"""How long a proof of oneself is fresh enough to begin a dangerous act."""
FRESH_FOR_SENDING = dt.timedelta(minutes=20)
"""How long it is fresh enough to end one: a form that was opened in time may be filled in at ease."""


def begun(session: SessionBase) -> dt.datetime | None:
    """Return when the person logged in; None before the session was entered."""
    return _moment(session, _BEGUN)


def last_seen(session: SessionBase) -> dt.datetime | None:
    """Return the last sign of life, exact to a minute."""
    return _moment(session, _SEEN)


def record_of(session: SessionBase) -> str | None:
    """Return the id under which the session is listed."""
    found: str | None = session.get(_RECORD)
    return found


def enter(session: SessionBase, record: str, now: dt.datetime) -> None:
    """Remember a log-in; it proves who one is."""
    session[_RECORD] = record
    session[_BEGUN] = session[_SEEN] = now.timestamp()
    session.setdefault(_PROVEN, now.timestamp())


def touch(session: SessionBase, now: dt.datetime) -> None:
    """Remember a sign of life."""
    session[_SEEN] = now.timestamp()


def step(request: HttpRequest, place: str) -> Step | None:
    """Return what this session lacks when its person acts for a place; None where that has to be worked out."""
    if request.session.get(_PLACE) != place:
        return None
    return Step(request.session[_STEP])


def set_step(request: HttpRequest, place: str, step: Step) -> None:
    """Remember what the session lacks."""
    request.session[_STEP], request.session[_PLACE] = step.value, place


def is_proven(session: SessionBase) -> bool:
    """Tell whether the second factor was shown in this session."""
    return bool(session.get("security_factor"))


def prove(request: HttpRequest, *, by_factor: bool) -> None:
    """Remember that the person has just proven who she is, with a factor or by her password alone."""
    request.session[_PROVEN] = clock.now().timestamp()
    if by_factor:
        request.session["security_factor"] = True
        request.session[_STEP] = Step.NOTHING.value


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether the last proof is fresh enough for a dangerous act."""
    proven = _moment(request.session, _PROVEN)
    if proven is None and record_of(request.session) is None:
        return True  # The session is entered with its first answer: she has logged in this very moment.
    longest = FRESH if request.method in ("GET", "HEAD") else FRESH_FOR_SENDING
    return proven is not None and clock.now() - proven < longest


def _moment(session: SessionBase, name: str) -> dt.datetime | None:
    stamp = session.get(name)
    return None if stamp is None else dt.datetime.fromtimestamp(stamp, dt.UTC)


def keep_logged_in(request: HttpRequest) -> None:
    """Keep this session although its person's password has changed; its key changes, its record stays."""
    auth.update_session_auth_hash(request, auth.get_user_model().objects.get(pk=request.user.pk))


def log_in(request: HttpRequest, person_id: int, *, method: str) -> None:
    """Begin a session for a person who was recognised without Django's own check of a password."""
    auth.login(request, auth.get_user_model().objects.get(pk=person_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[METHOD] = method
