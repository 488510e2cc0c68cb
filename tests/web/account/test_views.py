from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tongwen.web.shared import own_library

pytestmark = pytest.mark.django_db

RIGHT = "correct horse"


def log_in(client: Client, password: str = RIGHT, **more: str):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.post("/login", {"username": "Cataloguer@L1", "password": password, **more})


class TestLogin:
    def test_leads_to_where_one_wanted_to_go(self, client: Client, cataloguer) -> None:
        assert log_in(client, next="/staff/reviews")["Location"] == "/staff/reviews"
        assert "示范编目员" in client.get("/staff/loads").text

    def test_shows_the_catalogue_through_the_eyes_of_ones_library(self, client: Client, cataloguer) -> None:
        log_in(client)
        assert client.cookies[own_library.COOKIE].value == "L1"

    def test_leaves_a_library_that_was_chosen_before(
        self, client: Client, cataloguer, neighbouring_library: int
    ) -> None:
        client.get("/library?code=L2")
        log_in(client)
        assert client.cookies[own_library.COOKIE].value == "L2"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
    def test_never_leads_to_another_host(self, client: Client, cataloguer, target: str) -> None:
        assert log_in(client, next=target)["Location"] == settings.LOGIN_REDIRECT_URL

    def test_says_in_words_what_is_wrong_and_keeps_the_name(self, client: Client, cataloguer) -> None:
        answer = log_in(client, password="wrong")
        assert answer.status_code == 422
        assert "do not fit together" in answer.text
        assert 'value="Cataloguer@L1"' in answer.text
        assert "wrong" not in answer.text.replace("form-field wrong", "")

    def test_asks_for_what_is_missing(self, client: Client) -> None:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = client.post("/login", {})
        assert 'href="#username"' in answer.text
        assert 'href="#password"' in answer.text


class TestLogout:
    def test_ends_the_session(self, desk: Client) -> None:
        desk.post("/logout")
        assert desk.get("/staff/loads").status_code == 302

    def test_needs_more_than_a_link(self, desk: Client) -> None:
        assert desk.get("/logout").status_code == 405
