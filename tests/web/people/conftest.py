from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from django.conf import settings
from django.test import Client

from factories import people
from tongwen.core import secrets
from tongwen.core.models import Mail
from tongwen.domain.identity import models as identity
from tongwen.domain.identity.types import Role


@pytest.fixture
def administrator(lending_library: int) -> identity.Person:
    """The administrator of the lending library."""
    return people.person("admin@l1", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)


@pytest.fixture
def office(client: Client, administrator: identity.Person, blob_folder: Path) -> Client:
    """The administrator's browser, in English."""
    client.force_login(administrator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def visitor() -> Client:
    """Another browser, of somebody who is not logged in, in English."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def last_link() -> str:
    """Return the path of the link in the newest mail."""
    _, body = orjson.loads(secrets.unseal(Mail.objects.order_by("-pk")[0].sealed))
    found = re.search(rf"{settings.TONGWEN_LINK_ADDRESS}(/\S+/\S+)", body)
    assert found is not None
    return found.group(1)
