from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tongwen.web.shared.middleware import LanguageMiddleware

pytestmark = pytest.mark.django_db


class TestLanguageLink:
    def test_remembers_the_language_and_returns_to_the_page(self, client: Client) -> None:
        answer = client.get("/login?next=/staff/reviews&lang=zh-hant")
        assert (answer.status_code, answer["Location"]) == (302, "/login?next=%2Fstaff%2Freviews")
        assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hant"
        page = client.get(answer["Location"])
        assert '<html lang="zh-Hant">' in page.text
        assert "登入" in page.text

    def test_does_not_lead_to_another_host(self) -> None:
        request = RequestFactory().get("/x?lang=en")
        request.path = "//evil.example/"
        answer = LanguageMiddleware(lambda _request: HttpResponse())(request)
        assert answer["Location"] == "/evil.example/"

    def test_ignores_a_language_that_is_not_offered(self, client: Client) -> None:
        assert client.get("/login?lang=xx").status_code == 200


class TestPreference:
    @pytest.mark.parametrize(
        ("accepted", "tag"),
        [("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hans"), ("en-GB", "en"), ("fr", "zh-Hans")],
    )
    def test_follows_the_browser(self, client: Client, accepted: str, tag: str) -> None:
        answer = client.get("/login", headers={"accept-language": accepted})
        assert f'<html lang="{tag}">' in answer.text
        assert answer["Content-Language"] == tag

    def test_is_overruled_by_the_cookie(self, client: Client) -> None:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert '<html lang="en">' in client.get("/login", headers={"accept-language": "zh-CN"}).text
