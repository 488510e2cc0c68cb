"""Changing a password, and getting a new one where the old is forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from factories import people
from tongwen.core import jobs, secrets
from tongwen.core.models import Mail
from tongwen.domain.identity.services import passwords

from .conftest import Clock

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
NEW = "a quiet reading room"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch, cataloguer) -> list[str]:
    """The cataloguer has an address; what waits for the worker is kept here, sealed."""
    cataloguer.email = "cataloguer@l1.example"
    cataloguer.save(update_fields=["email"])
    asked: list[str] = []

    def defer(name: str, **arguments: str) -> bool:
        if name == passwords.LETTER_JOB:
            asked.append(arguments["sealed_username"])
        return True

    monkeypatch.setattr(jobs, "defer", defer)
    return asked


def link_in_mail() -> str:
    text = secrets.unseal(Mail.objects.get(kind="new_password").sealed)
    found = re.search(r"(/password/link/[^\s\\]+)", text)
    assert found is not None
    return found[1]


def asked_link(client: Client, letters: list[str], time: Clock) -> str:
    client.post("/password/forgotten", {"username": "Cataloguer@L1"})
    assert passwords.write_letter(sealed_username=letters[-1], now=time())
    return link_in_mail()


class TestChanging:
    def test_logs_all_other_browsers_out_and_keeps_this_one(self, browser: Browser) -> None:
        mine, other = browser(people.PASSWORD), browser(people.PASSWORD)
        answer = mine.post("/me/security/password", {"present": people.PASSWORD, "password": NEW})
        assert answer["Location"] == "/me/security"
        assert mine.get("/staff/loads").status_code == 200
        assert mine.get("/staff/loads").status_code == 200
        assert other.get("/staff/loads").status_code == 302
        assert browser(NEW).get("/staff/loads").status_code == 200

    def test_needs_the_present_password_and_makes_guessers_wait(self, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        for _ in range(5):
            answer = client.post("/me/security/password", {"present": "wrong", "password": NEW})
            assert "not your present password" in answer.text
        answer = client.post("/me/security/password", {"present": people.PASSWORD, "password": NEW})
        assert answer.status_code == 422
        assert "Try again in" in answer.text

    def test_says_what_is_wrong_with_a_weak_one_in_each_language(self, browser: Browser, settings) -> None:
        client = browser(people.PASSWORD)
        for language, words in (("en", "at least 10"), ("zh-hans", "请至少使用 10"), ("zh-hant", "請至少使用 10")):
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            answer = client.post("/me/security/password", {"present": people.PASSWORD, "password": "short"})
            assert answer.status_code == 422
            assert words in answer.text

    def test_refuses_former_ones_where_complexity_is_asked(self, browser: Browser, settings) -> None:
        settings.TONGWEN_PASSWORD_RULES = "complexity"
        client = browser(people.PASSWORD)
        first, second = "First Room 1", "Second Room 2"
        client.post("/me/security/password", {"present": people.PASSWORD, "password": first})
        client.post("/me/security/password", {"present": first, "password": second})
        for former in (first, second):
            answer = client.post("/me/security/password", {"present": second, "password": former})
            assert "used this password before" in answer.text


class TestForgotten:
    def test_says_the_same_whether_anybody_has_the_name(self, browser: Browser, letters: list[str]) -> None:
        client = browser()
        known = client.post("/password/forgotten", {"username": "cataloguer@l1"})
        unknown = client.post("/password/forgotten", {"username": "nobody"})
        assert known.status_code == unknown.status_code == 200

        def plain(text: str) -> str:
            return re.sub(r'value="[^"]+"', "", text)

        assert plain(known.text) == plain(unknown.text)
        assert len(letters) == 2
        assert "cataloguer" not in "".join(letters)

    def test_writes_to_nobody_who_is_unknown_or_has_no_address(self, letters: list[str], time: Clock) -> None:
        assert not passwords.write_letter(sealed_username=secrets.seal("nobody"), now=time())
        people.person("silent")
        assert not passwords.write_letter(sealed_username=secrets.seal("silent"), now=time())
        assert not Mail.objects.exists()

    def test_leads_to_a_new_password_once(self, browser: Browser, letters: list[str], time: Clock) -> None:
        client = browser()
        link = asked_link(client, letters, time)
        answer = client.get(link)
        assert answer["Location"] == "/password/new"
        assert client.post("/password/new", {"password": "short"}).status_code == 422
        assert client.post("/password/new", {"password": NEW})["Location"] == "/login"
        assert browser(NEW).get("/staff/loads").status_code == 200
        again = browser()
        again.get(link)
        assert again.get("/password/new").status_code == 404
        assert again.post("/password/new", {"password": "another sentence"}).status_code == 404

    def test_ends_the_sessions_of_who_may_have_stolen_it(self, browser: Browser, letters, time: Clock) -> None:
        thief = browser(people.PASSWORD)
        client = browser()
        client.get(asked_link(client, letters, time))
        client.post("/password/new", {"password": NEW})
        assert thief.get("/staff/loads").status_code == 302

    def test_works_for_half_an_hour(self, browser: Browser, letters, time: Clock, monkeypatch) -> None:
        import datetime as dt

        client = browser()
        client.get(asked_link(client, letters, time))
        later = dt.datetime.now() + dt.timedelta(minutes=31)  # noqa: DTZ005  Tokens count without a zone.
        monkeypatch.setattr(passwords._TOKENS, "_now", lambda: later)
        assert client.get("/password/new").status_code == 404

    @pytest.mark.parametrize("token", ["x", "1-", "zz-c0ffee-1234", "1-2-3", "-", "0" * 400])
    def test_takes_no_invented_link(self, browser: Browser, token: str) -> None:
        client = browser()
        client.get(f"/password/link/{token}")
        assert client.get("/password/new").status_code == 404

    def test_writes_no_more_than_three_letters_an_hour(self, browser: Browser, letters: list[str]) -> None:
        client = browser()
        for _ in range(3):
            client.post("/password/forgotten", {"username": "cataloguer@l1"})
        answer = client.post("/password/forgotten", {"username": "CATALOGUER@L1"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert len(letters) == 3
