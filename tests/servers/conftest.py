"""A reader with a browser, and how services call the portal: their requests go into Django's own test client."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.conf import settings
from django.test import Client
from requests.adapters import BaseAdapter

from factories import people
from tongwen.cli import translations
from tongwen.domain.identity import models as identity
from tongwen.domain.identity.types import Role

PORTAL = "http://testserver"


@pytest.fixture(scope="session", autouse=True)
def _installation() -> None:
    translations.compile_catalogues(settings.PROJECT)


@pytest.fixture
def reader(lending_library: int) -> identity.Person:
    """A reader of the lending library."""
    return people.person("reader", Role.READER, institution_id=lending_library)


@pytest.fixture
def browser(client: Client, reader: identity.Person) -> Client:
    """The reader's browser, logged in, in English."""
    client.force_login(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def log_in(browser: Client, target: str) -> Any:
    """Let the reader log in at her library by name and password."""
    posted = {"username": "reader", "password": people.PASSWORD, "source": "local", "next": target}
    return browser.post("/login/L1", posted)


class Portal(BaseAdapter):
    """Carries the requests of a service into the portal, so that its library needs no network."""

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else (request.body or b"")
        kind = request.headers.get("Content-Type", "application/octet-stream")
        assert request.method
        found = Client().generic(request.method, str(request.path_url), body, content_type=kind, **headers)
        answer = requests.Response()
        answer.status_code, answer._content, answer.request = found.status_code, found.content, request
        answer.headers = requests.structures.CaseInsensitiveDict(found.headers)
        answer.url = str(request.url)
        return answer

    def close(self) -> None:
        pass
