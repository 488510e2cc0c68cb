from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import translation

from tongwen.web.shared import errors


class TestPages:
    @pytest.mark.parametrize(
        ("view", "status"),
        [
            (errors.bad_request, 400),
            (errors.forbidden, 403),
            (errors.csrf_failure, 403),
            (errors.not_found, 404),
            (errors.server_error, 500),
        ],
    )
    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
    def test_say_in_the_readers_language_what_to_do(self, view, status: int, language: str) -> None:
        with translation.override(language):
            answer = view(RequestFactory().get("/x"))
            assert answer.status_code == status
            assert translation.gettext("Search the catalogue") in answer.text

    def test_tell_when_to_come_back(self) -> None:
        answer = errors.unavailable(RequestFactory().get("/x"), "The index is away.")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "The index is away." in answer.text


@pytest.mark.django_db
class TestUnknownAddress:
    def test_is_answered_in_words(self, client: Client) -> None:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
        answer = client.get("/no/such/page")
        assert answer.status_code == 404
        assert "此地址沒有內容" in answer.text
