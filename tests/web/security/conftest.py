from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django_otp.oath import TOTP

from factories import people
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity.types import Role


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = dt.datetime.now(dt.UTC).replace(microsecond=0)

    def __call__(self) -> dt.datetime:
        return self.moment

    def go(self, **time: float) -> None:
        self.moment += dt.timedelta(**time)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stands = Clock()
    monkeypatch.setattr(clock, "now", stands)
    return stands


@pytest.fixture
def browser(cataloguer: identity.Person) -> Callable[..., Client]:
    """Open a browser in English; with a password, the cataloguer logs in by the form."""

    def open_one(password: str = "", **headers: Any) -> Client:
        client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}, **headers)
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
        if password:
            client.post("/login/L1", {"source": "local", "username": "cataloguer@l1", "password": password})
        return client

    return open_one


@pytest.fixture
def administrator(lending_library: int) -> identity.Person:
    return people.person("administrator@l1", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)


def number(secret: str, moment: dt.datetime) -> str:
    """Return what an authenticator app shows at a moment."""
    import base64

    clock = TOTP(base64.b32decode(secret))
    clock.time = moment.timestamp()
    return f"{clock.token():06d}"


def secret_of(page: str) -> str:
    found = re.search(r'id="secret">([A-Z2-7]+)<', page)
    assert found is not None
    return found[1]


def codes_of(page: str) -> list[str]:
    return re.findall(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b", page.partition('id="codes"')[2].partition("</pre>")[0])


@pytest.fixture
def enrolled(browser: Callable[..., Client], time: Clock) -> tuple[Client, str, list[str]]:
    """The cataloguer's browser, her app's secret and her recovery codes, half a minute after she enrolled."""
    client = browser(people.PASSWORD)
    secret = secret_of(client.get("/me/security/app").text)
    answer = client.post("/me/security/app", {"code": number(secret, time()), "name": "phone"}, follow=True)
    time.go(seconds=30)
    return client, secret, codes_of(answer.text)
