"""What administrators see and do: locks, policy, resetting second factors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from factories import people
from tongwen.core import limits
from tongwen.core.models import AuditEntry, FailedAttempts, Mail
from tongwen.domain.identity import models
from tongwen.domain.identity.types import Role

from .conftest import Clock

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def chief(browser: Browser, administrator, time: Clock) -> Client:
    client = browser()
    client.post("/login/L1", {"source": "local", "username": "administrator@l1", "password": people.PASSWORD})
    return client


def fail(institution_id: int | None, account: str, time: Clock) -> None:
    for _ in range(5):
        limits.begin(
            kind=limits.PASSWORD,
            account=account,
            institution_id=institution_id,
            address=limits.Address("203.0.113.5"),
            now=time(),
        )


class TestLogInForm:
    @pytest.mark.parametrize("name", ["cataloguer@l1", "nobody-of-this-name"])
    def test_makes_known_and_unknown_names_wait_alike(self, browser: Browser, time: Clock, name: str) -> None:
        client = browser()
        answers = [
            client.post("/login/L1", {"source": "local", "username": name, "password": "wrong"}) for _ in range(6)
        ]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert "Try again in 60 seconds" in answers[-1].text
        assert (
            client.post("/login/L1", {"source": "local", "username": name, "password": people.PASSWORD}).status_code
            == 429
        )

    def test_forgets_failures_after_the_right_password(self, browser: Browser) -> None:
        client = browser()
        for _ in range(3):
            client.post("/login/L1", {"source": "local", "username": "cataloguer@l1", "password": "wrong"})
        browser(people.PASSWORD)
        assert not FailedAttempts.objects.exists()


class TestLocks:
    def test_are_seen_and_lifted_by_the_administrator_of_the_library(
        self, chief: Client, time: Clock, lending_library: int, distant_library: int
    ) -> None:
        fail(lending_library, "wang", time)
        fail(distant_library, "zhao", time)
        text = chief.get("/staff/security").text
        assert "wan…" in text
        assert "zha…" not in text
        mine, other = FailedAttempts.objects.order_by("pk")
        assert chief.post(f"/staff/security/locks/{other.pk}/lift").status_code == 404
        assert chief.post(f"/staff/security/locks/{mine.pk}/lift").status_code == 302
        assert list(FailedAttempts.objects.all()) == [other]
        entry = AuditEntry.objects.get(action="lock.lift")
        assert (entry.actor, entry.subject, entry.institution_id) == (
            "administrator@l1",
            "account wan…",
            lending_library,
        )


class TestResetting:
    def test_forgets_factors_and_codes_ends_sessions_and_tells_the_person(
        self, chief: Client, enrolled, cataloguer, browser: Browser
    ) -> None:
        cataloguer.email = "cataloguer@l1.example"
        cataloguer.save(update_fields=["email"])
        client, _secret, _codes = enrolled
        assert chief.post(f"/staff/security/people/{cataloguer.pk}/reset").status_code == 302
        assert client.get("/staff/loads").status_code == 302
        assert not models.Authenticator.objects.exists()
        assert not models.RecoveryCode.objects.exists()
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 200
        assert AuditEntry.objects.filter(action="factor.reset", actor="administrator@l1").count() == 1
        assert Mail.objects.get().kind == "factor_reset"

    def test_does_not_reach_the_staff_of_another_library(self, chief: Client, distant_library: int) -> None:
        stranger = people.person("far", Role.CATALOGUER, institution_id=distant_library)
        assert chief.post(f"/staff/security/people/{stranger.pk}/reset").status_code == 404
        assert "far" not in chief.get("/staff/security").text

    def test_is_not_for_cataloguers(self, browser: Browser, cataloguer) -> None:
        client = browser(people.PASSWORD)
        assert client.post(f"/staff/security/people/{cataloguer.pk}/reset").status_code == 403


class TestPolicy:
    def test_of_a_library_asks_more_than_the_installation_but_not_less(
        self, chief: Client, browser: Browser, settings, lending_library: int
    ) -> None:
        settings.TONGWEN_SECOND_FACTOR = "asked"
        assert chief.post("/staff/security/policy", {"policy": "required"}).status_code == 302
        assert models.InstitutionPolicy.objects.unscoped("what the page has kept is looked at").count() == 1
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 302
        settings.TONGWEN_SECOND_FACTOR = "required"
        chief.post("/staff/security/policy", {"policy": "off"})
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 302

    def test_that_is_none_does_not_exist(self, chief: Client) -> None:
        assert chief.post("/staff/security/policy", {"policy": "never"}).status_code == 404
