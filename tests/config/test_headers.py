"""What every public answer of the portal carries, whatever its status."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from architecture import portal as portals

pytestmark = pytest.mark.django_db
PUBLIC = sorted(name for name, rule in portals.TABLE.items() if rule["who"] == "everybody")


@pytest.fixture
def parts(lending_library: int) -> dict[str, object]:
    from tongwen.domain.members import queries as members

    return {"code": members.institution(lending_library).code, "rest": "x", "form": "mrc", "whose": "library"}


class TestPublicAddress:
    @pytest.mark.parametrize("name", PUBLIC)
    def test_says_what_browsers_may_do_with_it(self, name: str, parts, index_folder: Path) -> None:
        known = {part: parts.get(part, 1) for part in portals.pattern(name).pattern.converters}
        method = portals.TABLE[name].get("method", "GET").lower()
        answer = getattr(Client(raise_request_exception=False), method)(reverse(name, kwargs=known))
        headers = answer.headers
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
        assert "camera=()" in headers["Permissions-Policy"]
        assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")

    @pytest.mark.parametrize("name", PUBLIC)
    def test_sets_no_cookie_that_scripts_or_other_sites_get(self, name: str, parts, index_folder: Path) -> None:
        known = {part: parts.get(part, 1) for part in portals.pattern(name).pattern.converters}
        method = portals.TABLE[name].get("method", "GET").lower()
        answer = getattr(Client(raise_request_exception=False), method)(reverse(name, kwargs=known))
        for cookie in answer.cookies.values():
            assert cookie["samesite"] in ("Lax", "Strict")
            if cookie.key in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
                assert cookie["httponly"]


class TestInterfaceForPrograms:
    def test_is_open_to_pages_of_others(self) -> None:
        assert Client().get("/api/v1/openapi.json").headers["Cross-Origin-Resource-Policy"] == "cross-origin"


class TestRates:
    def test_answer_429_with_the_time_to_wait_and_words(self, settings, index_folder: Path) -> None:
        settings.TONGWEN_SEARCHES_PER_MINUTE = 3
        client = Client(REMOTE_ADDR="203.0.113.9")
        from tongwen.domain.discovery import services as discovery

        discovery.make_index()
        statuses = [client.get("/search?q=x", headers={"accept-language": "en"}).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        answer = client.get("/search?q=x", headers={"accept-language": "en"})
        assert 1 <= int(answer["Retry-After"]) <= 20
        assert "too fast" in answer.text
        assert Client(REMOTE_ADDR="203.0.113.10").get("/search?q=x").status_code == 200

    def test_count_what_a_trusted_proxy_says_and_nobody_else(self, settings, index_folder: Path) -> None:
        import ipaddress

        from django.test import RequestFactory

        from tongwen.web.shared import address

        settings.TONGWEN_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
        said = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.9, 10.0.0.7"}
        through = RequestFactory().get("/", REMOTE_ADDR="10.0.0.5", **said)
        direct = RequestFactory().get("/", REMOTE_ADDR="203.0.113.200", **said)
        assert address.text_of(through) == "203.0.113.9"
        assert address.text_of(direct) == "203.0.113.200"
        odd = RequestFactory().get("/", REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="unknown")
        assert address.of(odd).is_campus
