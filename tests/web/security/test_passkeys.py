"""Passkeys, answered by a security key in software."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp_webauthn.models import WebAuthnCredential

from factories import people
from factories.authenticator import SecurityKey
from tongwen.core.models import AuditEntry
from tongwen.domain.identity.models import SessionRecord

from .conftest import Clock

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
HERE = "http://testserver"


def post(client: Client, address: str, said: Any = None):
    return client.post(address, json.dumps(said or {}), content_type="application/json")


@pytest.fixture
def key(browser: Browser) -> SecurityKey:
    """A key of the cataloguer, registered."""
    made = SecurityKey(HERE)
    client = browser(people.PASSWORD)
    options = post(client, "/me/security/passkey/options").json()
    answer = post(client, "/me/security/passkey", {**made.make(options), "name": "desk key"})
    assert answer.json() == {"next": "/me/security/codes"}
    return made


def log_in(client: Client, key: SecurityKey, **more: Any):
    options = post(client, "/passkey").json()
    return post(client, "/passkey/answer?next=/staff/reviews", key.sign(options, **more))


class TestRegistering:
    def test_names_the_key_and_keeps_it_in_the_trail(self, key: SecurityKey) -> None:
        assert WebAuthnCredential.objects.get().name == "desk key"
        assert AuditEntry.objects.filter(action="factor.add").get().detail == {"kind": "passkey", "name": "desk key"}

    def test_asks_the_browser_for_a_key_that_can_be_found_again(self, browser: Browser) -> None:
        options = post(browser(people.PASSWORD), "/me/security/passkey/options").json()
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["rp"]["id"] == "testserver"
        assert "cataloguer" not in options["user"]["id"]

    def test_does_not_take_the_same_key_twice(self, key: SecurityKey, browser: Browser) -> None:
        client = browser()
        log_in(client, key)
        options = post(client, "/me/security/passkey/options").json()
        assert len(options["excludeCredentials"]) == 1

    @pytest.mark.parametrize("said", [{}, [], "x", {"id": 1}, {"response": None}, None])
    def test_refuses_what_is_no_answer_in_words(self, browser: Browser, said: Any) -> None:
        client = browser(people.PASSWORD)
        post(client, "/me/security/passkey/options")
        answer = client.post("/me/security/passkey", json.dumps(said), content_type="application/json")
        assert answer.status_code == 422
        assert "could not be used" in answer.json()["problem"]
        assert not WebAuthnCredential.objects.exists()

    def test_refuses_an_answer_given_to_another_site(self, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        options = post(client, "/me/security/passkey/options").json()
        made = SecurityKey("https://evil.example").make(options)
        assert post(client, "/me/security/passkey", made).status_code == 422
        assert not WebAuthnCredential.objects.exists()


class TestLoggingIn:
    def test_needs_neither_name_nor_password_nor_a_second_step(self, key: SecurityKey, browser: Browser) -> None:
        client = browser()
        assert log_in(client, key).json() == {"next": "/staff/reviews"}
        assert client.get("/staff/reviews").status_code == 200
        assert SessionRecord.objects.latest("pk").method == "passkey"

    def test_needs_a_key_that_has_checked_its_owner(self, key: SecurityKey, browser: Browser) -> None:
        client = browser()
        assert log_in(client, key, verified=False).status_code == 422
        assert client.get("/staff/reviews").status_code == 302

    def test_takes_no_answer_twice(self, key: SecurityKey, browser: Browser) -> None:
        client = browser()
        answer = key.sign(post(client, "/passkey").json())
        assert post(client, "/passkey/answer", answer).status_code == 200
        for replaying in (client, browser()):
            assert post(replaying, "/passkey/answer", answer).status_code == 422

    def test_takes_no_answer_to_the_challenge_of_another_session(self, key: SecurityKey, browser: Browser) -> None:
        mine, theirs = browser(), browser()
        answer = key.sign(post(mine, "/passkey").json())
        post(theirs, "/passkey")
        assert post(theirs, "/passkey/answer", answer).status_code == 422

    def test_takes_no_answer_after_five_minutes(self, key: SecurityKey, browser: Browser, time: Clock) -> None:
        client = browser()
        answer = key.sign(post(client, "/passkey").json())
        time.go(minutes=6)
        assert post(client, "/passkey/answer", answer).status_code == 422

    def test_is_refused_to_a_key_that_nobody_knows_and_to_one_that_signs_badly(self, key, browser: Browser) -> None:
        assert log_in(browser(), SecurityKey(HERE)).status_code == 422
        stranger = SecurityKey(HERE)
        stranger.id, stranger.handle = key.id, key.handle
        assert log_in(browser(), stranger).status_code == 422

    def test_is_refused_to_who_may_not_sign_in_any_more(self, key, browser: Browser, cataloguer) -> None:
        cataloguer.is_active = False
        cataloguer.save(update_fields=["is_active"])
        assert log_in(browser(), key).status_code == 422

    def test_is_refused_to_a_copy_that_counts_behind(self, key: SecurityKey, browser: Browser) -> None:
        for _ in range(3):
            log_in(browser(), key)
        key.count = 0
        assert log_in(browser(), key).status_code == 422


class TestSecondStep:
    def test_is_made_with_the_key(self, key: SecurityKey, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        assert client.get("/staff/reviews").status_code == 302
        options = post(client, "/second-step/passkey").json()
        assert len(options["allowCredentials"]) == 1
        answer = post(client, "/second-step/passkey/answer?next=/staff/reviews", key.sign(options))
        assert answer.json() == {"next": "/staff/reviews"}
        assert client.get("/staff/reviews").status_code == 200

    def test_is_not_made_with_the_key_of_another(self, key, browser: Browser, administrator) -> None:
        hers = SecurityKey(HERE)
        other = browser()
        other.post("/login/L1", {"source": "local", "username": "administrator@l1", "password": people.PASSWORD})
        post(other, "/me/security/passkey", hers.make(post(other, "/me/security/passkey/options").json()))
        client = browser(people.PASSWORD)
        options = post(client, "/second-step/passkey").json()
        assert post(client, "/second-step/passkey/answer", hers.sign(options)).status_code == 422
        assert client.get("/staff/reviews").status_code == 302

    def test_confirms_before_a_dangerous_act(self, key: SecurityKey, browser: Browser, time: Clock) -> None:
        client = browser()
        log_in(client, key)
        time.go(minutes=11)
        assert client.get("/me/security/app").status_code == 302
        options = post(client, "/me/security/confirm/passkey").json()
        assert post(client, "/me/security/confirm/passkey/answer", key.sign(options)).status_code == 200
        assert client.get("/me/security/app").status_code == 200

    def test_of_one_purpose_is_none_of_another(self, key: SecurityKey, browser: Browser) -> None:
        client = browser()
        log_in(client, key)
        answer = key.sign(post(client, "/me/security/confirm/passkey").json())
        assert post(client, "/passkey/answer", answer).status_code == 422
