"""A province with two libraries, another library elsewhere, and those who look after them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from tongwen.domain.identity.types import Role
from tongwen.domain.members import services, types

Sent = Callable[..., dict[str, Any]]


def browser(username: str, *roles: Role, **place: int) -> Client:
    """The browser of somebody with these roles, in English."""
    client = Client()
    client.force_login(people.person(username, *roles, **place))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def application() -> Sent:
    """What the form of an applicant sends."""

    def sent(**changes: Any) -> dict[str, Any]:
        given = {
            "submission": str(uuid.uuid4()),
            "name_zh": "示范新馆",
            "type": "college",
            "city": "320100",
            "contact_name": "示范甲",
            "contact_mail": "library@new.example",
            "services": ["catalogue", "ill"],
        }
        return given | changes

    return sent


@pytest.fixture
def confirmed() -> dict[str, Any]:
    """What the form of an approval sends."""
    return {
        "code": "N1",
        "name_zh": "示范新馆",
        "name_en": "Demo New Library",
        "type": "college",
        "tier": "member",
        "city": "320100",
        "host_name": "new.example.org",
        "services": ["catalogue"],
        "administrator_name": "示范甲",
        "administrator_mail": "library@new.example",
    }


@pytest.fixture
def province(lending_library: int, neighbouring_library: int) -> int:
    """The sharing domain of Jiangsu."""
    return services.register_sharing_domain(
        code="JS",
        name_zh="江苏共享域",
        name_zh_hant="江蘇共享域",
        name_en="Jiangsu Domain",
        kind=types.SharingDomainKind.PROVINCE,
        institution_ids=[lending_library, neighbouring_library],
        place="320000",
    )


@pytest.fixture
def nation(db: None) -> Client:
    """The national administrator."""
    return browser("nation", Role.NATIONAL_ADMINISTRATOR)


@pytest.fixture
def centre(province: int) -> Client:
    """The administrator of Jiangsu."""
    return browser("centre", Role.DOMAIN_ADMINISTRATOR, domain_id=province)


@pytest.fixture
def administrator(lending_library: int) -> Client:
    """The administrator of the lending library."""
    return browser("administrator", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)


@pytest.fixture
def applicant(reader: Client) -> Client:
    """Somebody who applies."""
    return reader
