"""One log-out ends all: services hear of it over real HTTP, and one that does not answer is told again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import people
from factories.services import answered, register
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import ClientKind, Role
from tongwen.servers import jobs
from tongwen.standards import cas

pytestmark = pytest.mark.django_db


class Listener(HTTPServer):
    """A service that hears; `status` is what it answers."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append({name: values[0] for name, values in parse_qs(body).items()})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener
    listener.shutdown()
    thread.join()
    listener.server_close()


def run_jobs() -> None:
    """Do what a worker would do now."""
    for job in ProcrastinateJob.objects.filter(task_name=services.TELL, scheduled_at=None):
        jobs.tell_service(**job.args)


def open_both(browser: Client, service: Listener, library: int) -> tuple[services.Registered, str]:
    """Go to a service by OIDC and to another by CAS; returns the first one and the other's ticket."""
    callback = f"{service.address}/callback"
    oidc = register(library, redirect_uris=(callback,), backchannel_uri=f"{service.address}/backchannel")
    register(library, ClientKind.CAS, services=(f"{service.address}/cas",))
    asked = {"client_id": oidc.client_id, "response_type": "code", "scope": "openid", "redirect_uri": callback}
    code = answered(browser.get("/oidc/authorize", asked))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    tokens = Client().post("/oidc/token", form | {"client_id": oidc.client_id, "client_secret": oidc.secret}).json()
    assert tokens["access_token"]
    at = f"{service.address}/cas/home"
    ticket = answered(browser.get("/cas/login", {"service": at}))["ticket"]
    assert b"authenticationSuccess" in Client().get("/cas/serviceValidate", {"service": at, "ticket": ticket}).content
    return oidc, ticket


class TestLogOut:
    def test_is_told_to_every_service(self, browser: Client, service: Listener, lending_library: int) -> None:
        oidc, ticket = open_both(browser, service, lending_library)
        sid, subject = identity.Visit.objects.filter(client__kind="oidc").values_list("sid", "subject").get()
        browser.post("/logout")
        run_jobs()
        by_kind = {name: value for heard in service.heard for name, value in heard.items()}
        assert cas.logout_ticket(by_kind["logoutRequest"]) == ticket
        keys = KeySet.import_key_set(Client().get("/oidc/jwks").json())
        token = jwt.decode(by_kind["logout_token"], keys, algorithms=["RS256"])
        assert token.header["typ"] == "logout+jwt"
        assert token.claims["aud"] == oidc.client_id
        assert (token.claims["sid"], token.claims["sub"]) == (sid, subject)
        assert "http://schemas.openid.net/event/backchannel-logout" in token.claims["events"]
        assert "nonce" not in token.claims
        assert identity.Visit.objects.filter(told_at=None).count() == 0

    def test_is_not_told_where_nothing_was_taken_up(self, browser: Client, lending_library: int) -> None:
        register(lending_library, ClientKind.CAS, services=("https://opac.example.org",))
        browser.get("/cas/login", {"service": "https://opac.example.org/"})
        browser.post("/logout")
        assert not ProcrastinateJob.objects.filter(task_name=services.TELL).exists()

    def test_leaves_other_sessions_of_the_person_alone(
        self, browser: Client, service: Listener, lending_library: int, reader: identity.Person
    ) -> None:
        open_both(browser, service, lending_library)
        other = Client()
        other.force_login(reader)
        other.get("/cas/login", {"service": f"{service.address}/cas/home"})
        other.post("/logout")
        assert identity.Visit.objects.filter(ended_at=None).count() == 2

    def test_of_a_person_everywhere_ends_all_her_sessions(
        self, browser: Client, service: Listener, lending_library: int, reader: identity.Person
    ) -> None:
        open_both(browser, service, lending_library)
        stranger = people.person("stranger", Role.READER, institution_id=lending_library)
        assert services.end_visits_of_person(person_id=stranger.pk, now=clock.now()) == 0
        assert services.end_visits_of_person(person_id=reader.pk, now=clock.now()) == 2


class TestTelling:
    def test_is_tried_again_later_and_later_and_given_up(
        self, browser: Client, service: Listener, lending_library: int
    ) -> None:
        open_both(browser, service, lending_library)
        service.status = 503
        browser.post("/logout")
        waits = []
        for attempt in range(1, 8):
            job = ProcrastinateJob.objects.filter(task_name=services.TELL, args__attempt=attempt).first()
            if job is None:
                break
            began = clock.now()
            jobs.tell_service(**job.args)
            later = ProcrastinateJob.objects.filter(task_name=services.TELL, args__attempt=attempt + 1).first()
            waits += [round((later.scheduled_at - began) / dt.timedelta(seconds=1))] if later else []
        assert waits == [30, 120, 600, 3600, 21600]
        assert identity.Visit.objects.exclude(told_at=None).count() == 0

    def test_is_not_repeated_once_heard(self, browser: Client, service: Listener, lending_library: int) -> None:
        open_both(browser, service, lending_library)
        browser.post("/logout")
        run_jobs()
        run_jobs()
        assert len(service.heard) == 2

    def test_of_a_service_on_a_forbidden_address_fails_in_words(
        self, browser: Client, service: Listener, lending_library: int, settings: Any
    ) -> None:
        open_both(browser, service, lending_library)
        settings.TONGWEN_OUTBOUND_LOOPBACK = False
        browser.post("/logout")
        run_jobs()
        assert service.heard == []
