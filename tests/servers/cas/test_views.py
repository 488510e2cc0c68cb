"""A service logs a reader in by CAS: our own reading of the answers, and plain HTTP for what it must not do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from factories.services import answered, register
from servers.conftest import log_in
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity import services
from tongwen.domain.identity.types import ClientKind, Entry, Scope
from tongwen.standards import cas

pytestmark = pytest.mark.django_db

SERVICE = "https://opac.example.org/reader/home?lang=zh"


@pytest.fixture
def opac(lending_library: int) -> services.Registered:
    return register(lending_library, ClientKind.CAS, services=("https://opac.example.org/reader",))


def go(browser: Client, service: str = SERVICE, **more: str) -> Any:
    return browser.get("/cas/login", {"service": service} | more)


def ticket_of(response: Any) -> str:
    assert response["Location"].startswith("https://opac.example.org/reader")
    return answered(response)["ticket"]


def validate(ticket: str, version: cas.Version = cas.Version.THREE, service: str = SERVICE, **more: str) -> Any:
    address = cas.validation_address("/cas", service, ticket, version)
    answer = Client().get(address + "".join(f"&{name}={value}" for name, value in more.items()))
    assert answer.status_code == 200
    return cas.parse(answer.content, version)


class TestLogIn:
    def test_tells_the_service_institution_and_role(self, opac: services.Registered, browser: Client) -> None:
        found = validate(ticket_of(go(browser)))
        assert isinstance(found, cas.Success)
        assert found.attributes["institution"] == ("L1",)
        assert found.attributes["roles"] == ("reader",)
        assert found.attributes["isFromNewLogin"] == ("false",)
        assert "name" not in found.attributes
        assert found.user not in ("reader", str(identity.Person.objects.get().pk))

    @pytest.mark.parametrize("version", list(cas.Version))
    def test_speaks_all_versions(self, opac: services.Registered, browser: Client, version: cas.Version) -> None:
        found = validate(ticket_of(go(browser)), version)
        assert isinstance(found, cas.Success)
        assert bool(found.attributes) == (version is cas.Version.THREE)

    def test_speaks_json(self, opac: services.Registered, browser: Client) -> None:
        asked = {"service": SERVICE, "ticket": ticket_of(go(browser)), "format": "JSON"}
        answer = json.loads(Client().get("/cas/p3/serviceValidate", asked).content)
        assert answer["serviceResponse"]["authenticationSuccess"]["attributes"]["institution"] == ["L1"]

    def test_keeps_the_services_own_parameters(self, opac: services.Registered, browser: Client) -> None:
        assert answered(go(browser))["lang"] == "zh"

    def test_tells_the_name_where_the_service_may_know_it(self, lending_library: int, browser: Client) -> None:
        register(lending_library, ClientKind.CAS, services=("https://opac.example.org",), scopes=(Scope.PROFILE,))
        assert validate(ticket_of(go(browser))).attributes["name"] == ("reader",)

    def test_leads_who_is_not_logged_in_to_the_log_in_page(self, opac: services.Registered) -> None:
        first = go(Client())
        assert first["Location"].startswith("/login?")
        assert answered(first)["next"].startswith("/cas/login?service=https%3A%2F%2Fopac")

    def test_lets_the_log_in_form_lead_on_to_the_service(self, opac: services.Registered) -> None:
        browser = Client()
        page = browser.get("/login/L1", {"next": answered(go(browser))["next"]})
        assert "form-action 'self' https://opac.example.org" in page["Content-Security-Policy"]

    def test_asks_for_consent_where_the_service_is_open_to_others(self, lending_library: int, browser: Client) -> None:
        facts = {"services": ("https://opac.example.org",), "entry": Entry.ALL}
        register(lending_library, ClientKind.CAS, **facts)
        page = go(browser)
        assert "Agree and go on" in page.content.decode()
        allowed = browser.post(f"/cas/login?service={SERVICE}", {"answer": "yes"})
        assert isinstance(validate(ticket_of(allowed)), cas.Success)
        assert browser.post(f"/cas/login?service={SERVICE}&again", {"answer": "no"}).status_code == 302


class TestGateway:
    def test_asks_nothing_of_who_is_not_logged_in(self, opac: services.Registered) -> None:
        assert go(Client(), gateway="true")["Location"] == SERVICE

    def test_gives_a_ticket_to_who_is(self, opac: services.Registered, browser: Client) -> None:
        assert validate(ticket_of(go(browser, gateway="true")))


class TestRenew:
    def test_asks_again_and_its_ticket_says_so(self, opac: services.Registered, browser: Client) -> None:
        first = go(browser, renew="true")
        assert "fresh=" in answered(first)["next"]
        identity.Person.objects.update(last_login=clock.now())
        found = validate(ticket_of(browser.get(answered(first)["next"])), renew="true")
        assert found.attributes["isFromNewLogin"] == ("true",)

    def test_refuses_a_ticket_that_comes_from_a_session(self, opac: services.Registered, browser: Client) -> None:
        assert validate(ticket_of(go(browser)), renew="true").code == "INVALID_TICKET"

    def test_does_not_believe_a_proof_for_another_address(self, opac: services.Registered, browser: Client) -> None:
        first = go(browser, renew="true")
        identity.Person.objects.update(last_login=clock.now())
        fresh = answered(first)["next"].split("fresh=")[1]
        other = browser.get(f"/cas/login?service=https://opac.example.org/reader/other&renew=true&fresh={fresh}")
        assert other["Location"].startswith("/login?")


class TestTickets:
    def test_are_good_once(self, opac: services.Registered, browser: Client) -> None:
        ticket = ticket_of(go(browser))
        assert isinstance(validate(ticket), cas.Success)
        assert validate(ticket).code == "INVALID_TICKET"

    def test_are_bound_to_the_service_and_spent_by_trying(self, opac: services.Registered, browser: Client) -> None:
        ticket = ticket_of(go(browser))
        assert validate(ticket, service="https://opac.example.org/reader/other").code == "INVALID_SERVICE"
        assert validate(ticket).code == "INVALID_TICKET"

    def test_grow_old(self, opac: services.Registered, browser: Client) -> None:
        ticket = ticket_of(go(browser))
        identity.Visit.objects.update(expires_at=clock.now())
        assert validate(ticket).code == "INVALID_TICKET"

    def test_end_with_the_session(self, opac: services.Registered, browser: Client) -> None:
        ticket = ticket_of(go(browser))
        browser.post("/logout")
        assert validate(ticket).code == "INVALID_TICKET"

    @pytest.mark.parametrize(
        "ticket", ["ST-unknown", "PT-1-abc", "ST-", "ST-%00", "ST-' OR 1=1 --", "ST-漢", "x" * 5000]
    )
    def test_of_no_sense_are_refused(self, opac: services.Registered, ticket: str) -> None:
        assert validate(ticket).code in ("INVALID_TICKET", "INVALID_TICKET_SPEC")

    def test_need_both_parameters(self) -> None:
        answer = cas.parse(Client().get("/cas/serviceValidate").content, cas.Version.TWO)
        assert isinstance(answer, cas.Failure)
        assert answer.code == "INVALID_REQUEST"

    def test_of_codes_of_other_protocols_are_none(
        self, opac: services.Registered, browser: Client, lending_library: int
    ) -> None:
        client = register(lending_library)
        asked = {
            "client_id": client.client_id,
            "response_type": "code",
            "redirect_uri": "https://discovery.example.org/callback",
        }
        code = answered(browser.get("/oidc/authorize", asked))["code"]
        assert validate(f"ST-{code}").code == "INVALID_TICKET"


class TestProxies:
    def test_are_refused_in_the_protocols_words(self, opac: services.Registered, browser: Client) -> None:
        ticket = ticket_of(go(browser))
        assert validate(ticket, pgtUrl="https://opac.example.org/pgt").code == "UNAUTHORIZED_SERVICE_PROXY"
        assert b"proxyFailure" in Client().get("/cas/proxy?pgt=PGT-1&targetService=x").content


class TestAddresses:
    @pytest.mark.parametrize(
        "service",
        [
            "https://evil.example.org/reader",
            "https://opac.example.org.evil.org/reader",
            "https://opac.example.org/readers",
            "https://opac.example.org/reader/../admin",
            "https://opac.example.org/reader/%2e%2e/admin",
            "https://opac.example.org@evil.org/reader",
            "https://opac.example.org:444/reader",
            "http://opac.example.org/reader",
            "https://opac.example.org\\@evil.org/reader",
            "https://opac.example.org/reader#part",
            "javascript:alert(1)//https://opac.example.org/reader",
            "//opac.example.org/reader",
        ],
    )
    def test_that_are_not_registered_are_never_led_to(
        self, opac: services.Registered, browser: Client, service: str
    ) -> None:
        for more in ({}, {"gateway": "true"}, {"renew": "true"}):
            page = go(browser, service, **more)
            assert page.status_code == 403
            assert "not registered" in page.content.decode()
        assert "Location" not in browser.get("/cas/logout", {"service": service})

    def test_of_a_service_that_is_switched_off_are_not_led_to(self, opac: services.Registered, browser: Client) -> None:
        identity.Client.objects.update(is_enabled=False)
        assert go(browser).status_code == 403


class TestLogOut:
    def test_ends_the_session_and_goes_back_to_a_registered_service(
        self, opac: services.Registered, browser: Client
    ) -> None:
        assert browser.get("/cas/logout", {"service": SERVICE})["Location"] == SERVICE
        assert "_auth_user_id" not in browser.session

    def test_shows_a_page_where_no_service_is_named(self, browser: Client) -> None:
        assert "You are logged out" in browser.get("/cas/logout").content.decode()

    def test_of_nobody_is_no_error(self) -> None:
        assert Client().get("/cas/logout").status_code == 200


def test_a_password_is_given_once_for_several_services(opac: services.Registered, reader: identity.Person) -> None:
    browser = Client()
    log_in(browser, "/")
    assert isinstance(validate(ticket_of(go(browser))), cas.Success)
    assert isinstance(validate(ticket_of(go(browser))), cas.Success)
