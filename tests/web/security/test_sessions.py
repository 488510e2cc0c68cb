"""Sessions: their limits, their list, and how they end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from factories import people
from tongwen.core import events
from tongwen.domain.identity import services
from tongwen.domain.identity.models import SessionRecord
from tongwen.domain.identity.types import Role, SessionEnded

from .conftest import Clock

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def is_in(client: Client) -> bool:
    return client.get("/staff/loads").status_code == 200


class TestLimits:
    def test_end_what_staff_leave_alone_for_half_an_hour(self, browser: Browser, time: Clock) -> None:
        client = browser(people.PASSWORD)
        for _ in range(3):
            time.go(minutes=29)
            assert is_in(client)
        time.go(minutes=30)
        answer = client.get("/staff/loads", follow=True)
        assert "nothing was done for a while" in answer.text
        assert SessionRecord.objects.get().ended_why == "timed_out"

    def test_end_everything_after_twelve_hours(self, browser: Browser, time: Clock) -> None:
        client = browser(people.PASSWORD)
        for _ in range(24):
            time.go(minutes=29)
            assert is_in(client)
        for _ in range(2):
            time.go(minutes=29)
            client.get("/")
        assert not is_in(client)

    def test_give_readers_more_time(self, browser: Browser, time: Clock, lending_library: int) -> None:
        people.person("reader@l1", Role.READER, institution_id=lending_library)
        client = browser()
        client.post("/login/L1", {"source": "local", "username": "reader@l1", "password": people.PASSWORD})
        time.go(hours=11)
        assert client.get("/me/security").status_code == 200

    def test_end_the_oldest_session_of_staff_who_have_too_many(self, browser: Browser, time: Clock, settings) -> None:
        settings.TONGWEN_STAFF_SESSIONS = 2
        clients = []
        for _ in range(3):
            clients.append(browser(people.PASSWORD))
            time.go(seconds=1)
        assert [is_in(client) for client in clients] == [False, True, True]


class TestList:
    def test_names_browser_and_network_but_not_the_whole_address(self, browser: Browser) -> None:
        client = browser(people.PASSWORD, REMOTE_ADDR="203.0.113.77")
        text = client.get("/me/security").text
        assert "Firefox · Linux" in text
        assert "203.0.113.0/24" in text
        assert "203.0.113.77" not in text

    def test_ends_one_or_all_others(self, browser: Browser) -> None:
        mine, there, elsewhere = (browser(people.PASSWORD) for _ in range(3))
        record = SessionRecord.objects.order_by("pk")[1]
        mine.post(f"/me/security/sessions/{record.public_id}/end")
        assert [is_in(client) for client in (mine, there, elsewhere)] == [True, False, True]
        mine.post("/me/security/sessions/end-others")
        assert [is_in(client) for client in (mine, there, elsewhere)] == [True, False, False]

    def test_does_not_end_those_of_others(self, browser: Browser, administrator) -> None:
        browser(people.PASSWORD)
        other = browser()
        other.post("/login/L1", {"source": "local", "username": "administrator@l1", "password": people.PASSWORD})
        record = SessionRecord.objects.order_by("pk")[0]
        assert other.post(f"/me/security/sessions/{record.public_id}/end").status_code == 404
        assert SessionRecord.objects.get(pk=record.pk).ended_at is None


class TestEnd:
    def test_is_told_when_it_is_certain(
        self, browser: Browser, cataloguer, time: Clock, django_capture_on_commit_callbacks
    ) -> None:
        told: list[SessionEnded] = []
        events.subscribe(SessionEnded, told.append)
        client = browser(people.PASSWORD)
        with django_capture_on_commit_callbacks(execute=True):
            ended = services.end_all_sessions(person_id=cataloguer.pk, now=time())
        assert [one.session_id for one in told] == list(ended)
        assert not is_in(client)

    def test_by_log_out_removes_what_was_kept(self, browser: Browser) -> None:
        client = browser(people.PASSWORD)
        kept = SessionRecord.objects.get().session_key
        client.post("/logout")
        assert not Session.objects.filter(pk=kept).exists()
        assert SessionRecord.objects.get().ended_why == "log_out"

    def test_comes_to_what_nobody_returns_to_and_is_forgotten_after_three_months(self, browser, time: Clock) -> None:
        browser(people.PASSWORD)
        time.go(hours=13)
        services.sweep_sessions(now=time())
        assert SessionRecord.objects.get().ended_why == "timed_out"
        assert Session.objects.count() == 0
        time.go(days=91)
        services.sweep_sessions(now=time())
        assert SessionRecord.objects.count() == 0
