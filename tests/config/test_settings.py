"""Settings: the database's address, and what every answer of the portal carries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tongwen.config.settings import base


class TestDatabase:
    def test_is_read_from_its_address(self) -> None:
        found = base.database("postgresql://catalogue:p%40ss%2Fword@db.example:5433/union?sslmode=require")
        assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "union")
        assert (found["USER"], found["PASSWORD"]) == ("catalogue", "p@ss/word")
        assert found["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}

    def test_may_be_behind_a_socket(self) -> None:
        found = base.database("postgresql://tongwen@/tongwen?host=/run/postgresql&port=5434")
        assert (found["HOST"], found["PORT"], found["USER"]) == ("/run/postgresql", "5434", "tongwen")

    def test_has_the_usual_port(self) -> None:
        assert base.database("postgres://u@db.example/union")["PORT"] == "5432"

    @pytest.mark.parametrize("address", ["mysql://db/union", "sqlite:///union.db", "db.example/union"])
    def test_must_be_postgresql(self, address: str) -> None:
        with pytest.raises(SystemExit, match="DATABASE_URL must begin with postgresql://"):
            base.database(address)


class TestProduction:
    """The settings of people's installations, read in a process of their own."""

    SCRIPT = (
        "import json; from tongwen.config.settings import prod as s; "
        "print(json.dumps([s.DEBUG, s.TONGWEN_ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.TONGWEN_STYLEGUIDE]))"
    )

    def read(self, home: Path, **variables: str) -> str:
        surroundings = {"TONGWEN_HOME": str(home), **variables}
        command = [sys.executable, "-c", self.SCRIPT]
        result = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True, timeout=60)
        return result.stdout.strip()

    def test_is_safe_without_being_told(self, tmp_path: Path) -> None:
        assert self.read(tmp_path) == (
            '[false, ["localhost", "127.0.0.1", "[::1]"], false, false, 0, "tongwen_session_8080", false]'
        )

    def test_sends_cookies_by_https_only_where_there_is_https(self, tmp_path: Path) -> None:
        read = self.read(tmp_path, TONGWEN_HTTPS="1", TONGWEN_PORT="9000", TONGWEN_ALLOWED_HOSTS="union.example")
        assert read == '[false, ["union.example"], true, true, 31536000, "__Host-tongwen_session_9000", false]'


def directives(header: str) -> dict[str, list[str]]:
    """Return the directives of a Content-Security-Policy (CSP Level 3, section 2.2.1)."""
    parts = (part.split() for part in header.split(";"))
    return {words[0]: words[1:] for words in parts if words}


@pytest.mark.django_db
class TestHeaders:
    @pytest.mark.parametrize("address", ["/", "/search?q=x", "/bib/1", "/staff/loads", "/login", "/nowhere"])
    def test_forbid_everything_that_is_not_served_from_here(self, address: str, index_folder: Path) -> None:
        response = Client(raise_request_exception=False).get(address, follow=True)
        policy = directives(response.headers["Content-Security-Policy"])
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
        assert policy["form-action"] == ["'self'"]
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & {
            source for sources in policy.values() for source in sources
        }

    def test_keep_browsers_from_guessing_and_framing(self, index_folder: Path) -> None:
        headers = Client().get("/login").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"

    def test_keep_scripts_from_the_session(self) -> None:
        assert settings.SESSION_COOKIE_HTTPONLY
        assert settings.SESSION_COOKIE_SAMESITE == "Lax"
