"""Authenticator apps and recovery codes: enrolling, the second step, and what needs a fresh proof."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from factories import people
from tongwen.core.models import AuditEntry, Mail
from tongwen.domain.identity import models

from .conftest import Clock, codes_of, number, secret_of

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


class TestEnrolling:
    def test_shows_the_secret_as_a_picture_and_as_letters_and_gives_ten_codes_once(self, enrolled) -> None:
        client, secret, codes = enrolled
        assert len(secret) == 32
        assert len(set(codes)) == 10
        assert not codes_of(client.get("/me/security/codes", follow=True).text)

    def test_draws_the_picture_without_styles_or_scripts(self, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        answer = client.get("/me/security/app/picture")
        assert answer["Content-Type"] == "image/svg+xml"
        assert "style=" not in answer.text
        assert "no-store" in answer["Cache-Control"]

    def test_shows_the_same_secret_until_it_is_taken_into_use(self, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        assert secret_of(client.get("/me/security/app").text) == secret_of(client.get("/me/security/app").text)

    @pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "１２３４５６", "1" * 500])
    def test_is_refused_with_a_wrong_number(self, browser: Browser, time: Clock, code: str) -> None:
        client = browser(people.PASSWORD)
        client.get("/me/security/app")
        answer = client.post("/me/security/app", {"code": code})
        assert answer.status_code == 422
        assert 'href="#code"' in answer.text
        assert not models.Authenticator.objects.filter(confirmed=True).exists()

    def test_keeps_no_secret_and_no_code_in_the_clear(self, enrolled) -> None:
        _client, secret, codes = enrolled
        kept = str(list(models.Authenticator.objects.values())) + str(list(models.RecoveryCode.objects.values()))
        assert secret not in kept
        assert not any(code.replace("-", "") in kept for code in codes)


class TestSecondStep:
    def test_stands_between_the_password_and_everything_else(self, enrolled, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        for address in ("/staff/loads", "/", "/me/security", "/api/v1/openapi.json"):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/second-step?next=%2F")
        assert client.post("/me/security/codes").status_code == 302
        assert models.RecoveryCode.objects.count() == 10

    def test_leads_on_to_where_one_wanted_to_go(self, enrolled, browser: Browser, time: Clock) -> None:
        _client, secret, _codes = enrolled
        client = browser(people.PASSWORD)
        answer = client.post("/second-step", {"code": number(secret, time()), "next": "/staff/reviews"})
        assert answer["Location"] == "/staff/reviews"
        assert client.get("/staff/reviews").status_code == 200

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
    def test_never_leads_to_another_host(self, enrolled, browser: Browser, time: Clock, target: str) -> None:
        _client, secret, _codes = enrolled
        answer = browser(people.PASSWORD).post("/second-step", {"code": number(secret, time()), "next": target})
        assert answer["Location"] == "/"

    def test_takes_each_number_once(self, enrolled, browser: Browser, time: Clock) -> None:
        _client, secret, _codes = enrolled
        code = number(secret, time())
        assert browser(people.PASSWORD).post("/second-step", {"code": code}).status_code == 302
        assert browser(people.PASSWORD).post("/second-step", {"code": code}).status_code == 422

    def test_takes_a_number_with_a_gap_and_one_of_a_clock_that_is_a_little_off(
        self, enrolled, browser: Browser, time: Clock
    ) -> None:
        _client, secret, _codes = enrolled
        code = number(secret, time())
        time.go(seconds=30)
        assert browser(people.PASSWORD).post("/second-step", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302

    def test_takes_a_recovery_code_once_and_says_how_many_are_left(self, enrolled, browser: Browser) -> None:
        _client, _secret, codes = enrolled
        answer = browser(people.PASSWORD).post("/second-step", {"code": codes[0].upper()}, follow=True)
        assert "9 recovery codes are left" in answer.text
        assert browser(people.PASSWORD).post("/second-step", {"code": codes[0]}).status_code == 422

    def test_makes_guessers_wait(self, enrolled, browser: Browser, time: Clock) -> None:
        _client, secret, _codes = enrolled
        client = browser(people.PASSWORD)
        for _ in range(5):
            assert client.post("/second-step", {"code": "000000"}).status_code == 422
        answer = client.post("/second-step", {"code": number(secret, time())})
        assert "Try again in 60 seconds" in answer.text
        time.go(seconds=61)
        assert client.post("/second-step", {"code": number(secret, time())}).status_code == 302

    def test_lets_one_log_out_instead(self, enrolled, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        client.post("/logout")
        assert client.get("/").status_code == 200

    def test_tells_a_part_of_a_page_to_load_the_whole(self, enrolled, browser: Browser) -> None:
        answer = browser(people.PASSWORD).get("/staff/loads", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


class TestFreshProof:
    def test_is_asked_for_before_a_dangerous_act(self, enrolled, time: Clock) -> None:
        client, secret, _codes = enrolled
        time.go(minutes=11)
        answer = client.get("/me/security/app")
        assert answer["Location"] == "/me/security/confirm?next=%2Fme%2Fsecurity%2Fapp"
        answer = client.post("/me/security/confirm", {"code": number(secret, time()), "next": "/me/security/app"})
        assert answer["Location"] == "/me/security/app"
        assert client.get("/me/security/app").status_code == 200

    def test_lets_a_form_be_sent_that_was_opened_in_time(self, enrolled, time: Clock) -> None:
        client, _secret, _codes = enrolled
        time.go(minutes=15)
        assert client.post("/me/security/codes")["Location"] == "/me/security/codes"
        time.go(minutes=6)
        answer = client.post("/me/security/codes", headers={"referer": "http://testserver/me/security"})
        assert answer["Location"] == "/me/security/confirm?next=%2Fme%2Fsecurity"

    def test_is_the_password_where_there_is_no_factor(self, browser: Browser, time: Clock) -> None:
        client = browser(people.PASSWORD)
        time.go(minutes=11)
        assert client.post("/me/security/confirm", {"password": "wrong"}).status_code == 422
        assert client.post("/me/security/confirm", {"password": people.PASSWORD}).status_code == 302
        assert client.get("/me/security/app").status_code == 200


class TestRemoving:
    def test_the_last_factor_removes_the_codes_and_the_second_step(self, enrolled, browser: Browser) -> None:
        client, _secret, _codes = enrolled
        factor = models.Authenticator.objects.get()
        client.post(f"/me/security/factors/totp/{factor.pk}/remove")
        assert models.RecoveryCode.objects.count() == 0
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 200

    def test_leaves_the_factors_of_others_alone(self, enrolled, browser: Browser, administrator) -> None:
        factor = models.Authenticator.objects.get()
        other = browser()
        other.post("/login/L1", {"source": "local", "username": "administrator@l1", "password": people.PASSWORD})
        for act in ("remove", "name"):
            assert other.post(f"/me/security/factors/totp/{factor.pk}/{act}", {"name": "x"}).status_code == 404
        assert models.Authenticator.objects.get().name == "phone"

    def test_and_adding_are_in_the_trail_and_told_by_mail(self, cataloguer, enrolled) -> None:
        cataloguer.email = "cataloguer@l1.example"
        cataloguer.save(update_fields=["email"])
        client, _secret, _codes = enrolled
        client.post(f"/me/security/factors/totp/{models.Authenticator.objects.get().pk}/remove")
        acts = AuditEntry.objects.filter(action__startswith="factor").values_list("action", flat=True)
        assert list(acts) == ["factor.add", "factor.recovery_codes", "factor.remove"]
        assert list(Mail.objects.values_list("kind", "recipient")) == [("factor_removed", "cataloguer@l1.example")]
        assert mail.outbox == []


class TestPolicy:
    def test_offers_staff_a_second_factor_once_in_a_while(self, browser: Browser, time: Clock, settings) -> None:
        settings.TONGWEN_SECOND_FACTOR = "asked"
        client = browser(people.PASSWORD)
        assert client.get("/staff/loads")["Location"] == "/me/security/invitation?next=%2Fstaff%2Floads"
        answer = client.post("/me/security/invitation", {"next": "/staff/loads"})
        assert answer["Location"] == "/staff/loads"
        assert client.get("/staff/loads").status_code == 200
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 200
        time.go(days=14)
        assert browser(people.PASSWORD).get("/staff/loads").status_code == 302

    def test_lets_nobody_on_who_must_have_one_when_the_grace_is_over(self, browser, time: Clock, settings) -> None:
        settings.TONGWEN_SECOND_FACTOR = "required"
        client = browser(people.PASSWORD)
        client.get("/staff/loads")
        client.post("/me/security/invitation")
        assert client.get("/staff/loads").status_code == 200
        time.go(days=15)
        client = browser(people.PASSWORD)
        client.post("/me/security/invitation")
        for address in ("/staff/loads", "/search?q=x", "/"):
            assert client.get(address)["Location"].startswith("/me/security/invitation")
        assert "Not now" not in client.get("/me/security/invitation").text
        secret = secret_of(client.get("/me/security/app?next=/staff/loads").text)
        client.post("/me/security/app", {"code": number(secret, time()), "next": "/staff/loads"})
        assert client.get("/staff/loads").status_code == 200

    def test_asks_readers_nothing(self, browser: Browser, lending_library: int, settings) -> None:
        from tongwen.domain.identity.types import Role

        settings.TONGWEN_SECOND_FACTOR = "required"
        people.person("reader@l1", Role.READER, institution_id=lending_library)
        client = browser()
        client.post("/login/L1", {"source": "local", "username": "reader@l1", "password": people.PASSWORD})
        assert client.get("/").status_code == 200
