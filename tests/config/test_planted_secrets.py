"""A secret is planted wherever people or libraries give one; then every log line, entry and error page is read."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from architecture import portal as portals
from factories import people
from tongwen.config import logs
from tongwen.core import audit, clock, secrets, tenancy
from tongwen.core.models import FailedAttempts
from tongwen.domain.identity import services
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import Actor, Role, SourceKind, Unavailable

pytestmark = pytest.mark.django_db

PLANT = "geheim-7Qx-密语-0815"
FIELDS = (
    "password",
    "present",
    "new_password",
    "secret",
    "token",
    "client_secret",
    "refresh_token",
    "csrfmiddlewaretoken",
)
HEADERS = {"Authorization": f"Bearer {PLANT}".encode().decode("latin-1"), "X-Api-Key": "geheim-7Qx-header-0815"}
ECHOED = PLANT[::-1]
"""What a browser without scripts is asked to send once more, and therefore finds in its own page."""
LINK = "3-geheim-7Qx-0123456789abcdef0123456789abcdef"
HEADER_PLANT = "geheim-7Qx"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, in the form in which production writes it."""
    configuration = logs.configuration(level="DEBUG", style="json")
    shape = dict(configuration["formatters"]["structured"])
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(shape.pop("()")(**shape))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "django", "django.request", "tongwen")}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # Statements with values are for developers only.
    logging.getLogger("django.template").setLevel(logging.INFO)
    yield output
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logs.configuration(level=settings.LOGGING["root"]["level"], style="json")


@pytest.fixture
def browsers(lending_library: int) -> list[Client]:
    """A reader, an administrator of a library, and somebody who runs the installation."""
    found = [Client(raise_request_exception=False, headers=HEADERS)]
    for name, role, place in (
        ("administrator", Role.INSTITUTION_ADMINISTRATOR, lending_library),
        ("operator", Role.NATIONAL_ADMINISTRATOR, None),
    ):
        client = Client(raise_request_exception=False, headers=HEADERS)
        client.force_login(people.person(name, role, institution_id=place))
        found.append(client)
    return found


def assert_nowhere(written: io.StringIO, *pages: str) -> None:
    trail = "".join(audit.json_lines(audit.Search(None)))
    kept = str(list(FailedAttempts.objects.values()))
    for place, text in (("log", written.getvalue()), ("trail", trail), ("table", kept), ("pages", "".join(pages))):
        assert place == "pages" or ECHOED not in text
        for plant in (PLANT, json.dumps(PLANT)[1:-1], HEADER_PLANT):
            assert plant not in text, f"{plant} stands in the {place}"


class TestForms:
    def test_of_every_address_keep_their_secrets(
        self, written: io.StringIO, browsers: list[Client], lending_library, distant_library, index_folder, blob_folder
    ) -> None:
        portal = portals.make(lending_library, distant_library)
        known = {**portals.parameters(portal), "secret": LINK, "token": LINK}
        said = {**dict.fromkeys(FIELDS, PLANT), "username": "wang", "source": "local", "SAMLResponse": ECHOED}
        pages = []
        for name in sorted(name for name, rule in portals.TABLE.items() if rule["who"] != "developers"):
            for client in browsers:
                parts = {part: known.get(part, 0) for part in portals.pattern(name).pattern.converters}
                answer = client.post(reverse(name, kwargs=parts), said)
                assert answer.status_code < 500, name
                pages.append("" if answer.streaming else answer.text)
        assert written.getvalue().count('"event": "request"') >= len(pages) - 2 * len(
            browsers
        )  # Health and metrics are quiet.
        assert_nowhere(written, *pages)

    def test_of_logging_in_keep_them_right_or_wrong(self, written: io.StringIO, lending_library: int) -> None:
        people.person("cataloguer@l1", Role.CATALOGUER, institution_id=lending_library)
        client = Client()
        for password in (PLANT, people.PASSWORD):
            said = {"source": "local", "username": "cataloguer@l1", "password": password}
            client.post("/login/L1", said)
        assert_nowhere(written)
        assert people.PASSWORD not in written.getvalue()


class TestLinks:
    @pytest.mark.parametrize("address", ["/password/link/{}", "/apply/{}"])
    def test_as_good_as_a_password_are_hidden(self, written: io.StringIO, address: str) -> None:
        Client().get(address.format(LINK))
        assert address.format("[hidden]") in written.getvalue()
        assert_nowhere(written)

    def test_with_what_people_search_for_are_logged_without_it(self, written: io.StringIO, index_folder) -> None:
        Client().get("/search", {"q": PLANT})
        assert_nowhere(written)


class TestSources:
    def test_that_fail_keep_their_settings_and_what_was_entered(
        self, written: io.StringIO, lending_library: int
    ) -> None:
        with tenancy.scope(lending_library):
            source_id = sources.add_source(
                kind=SourceKind.KIT,
                names=("图书馆", "圖書館", "Library"),
                settings={"url": "https://library.invalid/kit"},
                given_secrets={"secret": f"{PLANT}-0123456789abcdef0123456789abcdef"},
                actor=Actor(),
                now=clock.now(),
            )
            with pytest.raises(Unavailable):
                sources.try_password(source_id=source_id, name="202601", password=PLANT)
        assert "source asked" in written.getvalue()
        assert_nowhere(written)


class TestFailure:
    def test_of_our_own_shows_no_secret_on_its_page_and_none_in_the_trace(
        self, written: io.StringIO, lending_library: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(**facts: Any) -> None:
            password = facts["password"]
            raise RuntimeError(f"broken by {len(password)} characters")

        monkeypatch.setattr(sources, "sign_in", broken)
        said = {"source": "local", "username": "cataloguer@l1", "password": PLANT}
        answer = Client(raise_request_exception=False, headers=HEADERS).post("/login/L1", said)
        assert answer.status_code == 500
        assert "RuntimeError" in written.getvalue()
        assert_nowhere(written, answer.text)


class TestKeeping:
    def test_seals_what_has_to_be_read_again(self) -> None:
        assert PLANT not in secrets.seal(PLANT)

    def test_of_second_factors_logs_neither_secret_nor_code(self, written: io.StringIO) -> None:
        person = people.person("somebody")
        enrolment = services.begin_totp(person_id=person.pk, issuer="Tongwen", now=clock.now())
        codes = services.new_recovery_codes(person_id=person.pk, actor="somebody", now=clock.now())
        trail = "".join(audit.json_lines(audit.Search(None)))
        for secret in (enrolment.secret, *codes, *(code.replace("-", "") for code in codes)):
            assert secret not in written.getvalue()
            assert secret not in trail
