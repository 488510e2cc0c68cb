"""What surrounds every request: its id, its log line, its scope."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tongwen.config import requests


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The events that are logged while the test runs, with what is bound to them."""
    found: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.msg, dict):
                found.append(dict(record.msg))

    keeper = Keeper()
    logger = logging.getLogger("tongwen.requests")
    level, logger.level = logger.level, logging.INFO
    logger.addHandler(keeper)
    yield found
    logger.removeHandler(keeper)
    logger.setLevel(level)


class TestRequestId:
    def test_is_made_where_none_is_given(self) -> None:
        first, second = (Client().get("/robots.txt").headers["X-Request-ID"] for _ in range(2))
        assert len(first) == 16
        assert first != second

    def test_is_kept_where_a_proxy_gives_one(self) -> None:
        assert Client().get("/robots.txt", headers={"X-Request-ID": "edge-7.42"}).headers["X-Request-ID"] == "edge-7.42"

    @pytest.mark.parametrize("given", ["a b", "<script>", "x" * 65, "line\nbreak", "号"])
    def test_is_made_anew_where_the_given_one_is_ill_formed(self, given: str) -> None:
        request = RequestFactory().get("/", headers={"X-Request-ID": given})
        response = requests.RequestLogMiddleware(lambda _request: HttpResponse())(request)
        assert response["X-Request-ID"] != given
        assert response["X-Request-ID"].isalnum()

    def test_is_bound_to_everything_logged_during_the_request(self) -> None:
        seen = {}

        def view(_request: object) -> HttpResponse:
            seen.update(structlog.contextvars.get_contextvars())
            return HttpResponse()

        request = RequestFactory().get("/", headers={"X-Request-ID": "edge-7"})
        requests.RequestLogMiddleware(view)(request)
        assert seen == {"request_id": "edge-7"}


class TestLogLine:
    def test_says_what_was_asked_and_answered(self, lines: list[dict[str, Any]]) -> None:
        Client().get("/robots.txt", headers={"X-Request-ID": "edge-7"})
        (line,) = lines
        assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/robots.txt", 200)
        assert line["request_id"] == "edge-7"
        assert line["milliseconds"] >= 0

    @pytest.mark.django_db
    def test_is_silent_about_what_people_search_for(self, lines: list[dict[str, Any]], index_folder: object) -> None:
        Client().get("/search", {"q": "ein Geheimnis"})
        assert [line["path"] for line in lines] == ["/search"]
        assert "Geheimnis" not in json.dumps(lines, default=str)

    @pytest.mark.django_db
    def test_is_silent_about_passwords(self, lines: list[dict[str, Any]]) -> None:
        Client().post("/login/centre", {"username": "wang", "password": "correct horse battery"})
        assert [line["path"] for line in lines] == ["/login/centre"]
        assert "horse" not in json.dumps(lines, default=str)

    @pytest.mark.django_db
    def test_is_not_written_for_probes(self, lines: list[dict[str, Any]]) -> None:
        Client().get("/metrics")
        assert lines == []
