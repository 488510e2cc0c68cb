"""A service provider (pysaml2) has a reader logged in by SAML, and what it must not get away with."""

from __future__ import annotations

import base64
import re
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from factories.services import answered, register
from servers.conftest import PORTAL
from tongwen.core import clock
from tongwen.domain.identity import models as identity
from tongwen.domain.identity import services, types
from tongwen.domain.identity.queries import clients as queries
from tongwen.domain.identity.types import ClientKind, Entry, Scope
from tongwen.servers import logging_out
from tongwen.servers.saml import credentials, provider

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not provider.is_there(), reason="pysaml2 or xmlsec1 is not on this machine"),
]

PUBLISHER = "https://journals.example.org"


class Publisher:
    """A publisher's service provider."""

    def __init__(self, folder: Path, *, signs: bool = False) -> None:
        from saml2.client import Saml2Client
        from saml2.config import SPConfig
        from saml2.metadata import entity_descriptor

        (folder / "idp.xml").write_text(Client().get("/saml/metadata").content.decode())
        files = credentials.current()  # Any key does; this one is at hand.
        endpoints = {
            "assertion_consumer_service": [(f"{PUBLISHER}/acs", provider.POST)],
            "single_logout_service": [(f"{PUBLISHER}/slo", provider.REDIRECT), (f"{PUBLISHER}/soap", provider.SOAP)],
        }
        described = {
            "entityid": f"{PUBLISHER}/metadata",
            "key_file": files.key,
            "cert_file": files.certificate,
            "metadata": {"local": [str(folder / "idp.xml")]},
            "service": {
                "sp": {
                    "endpoints": endpoints,
                    "allow_unsolicited": False,
                    "authn_requests_signed": signs,
                    "logout_requests_signed": False,
                    "want_assertions_signed": True,
                    "want_response_signed": True,
                }
            },
        }
        config = SPConfig().load(described)
        self.client = Saml2Client(config)
        self.metadata = str(entity_descriptor(config))

    def ask(self, binding: str = provider.REDIRECT, **more: Any) -> str:
        self.number, info = self.client.prepare_for_authenticate(
            entityid=f"{PORTAL}/saml/metadata", relay_state="/article/7", binding=binding, **more
        )
        return dict(info["headers"])["Location"] if binding == provider.REDIRECT else info["data"]

    def read(self, page: str) -> Any:
        answer = re.search(r'name="SAMLResponse" value="([^"]+)"', page)
        assert answer, page
        return self.client.parse_authn_request_response(answer[1], provider.POST, {self.number: "/article/7"})


@pytest.fixture
def publisher(tmp_path: Path, lending_library: int) -> Publisher:
    made = Publisher(tmp_path)
    register(lending_library, ClientKind.SAML, saml_metadata=made.metadata)
    return made


def follow(browser: Client, address: str) -> str:
    """Go on from the publisher to the page that carries the answer."""
    first = browser.get(address.removeprefix(PORTAL))
    assert first.status_code == 302, first.content.decode()
    page = browser.get(first["Location"])
    assert page.status_code == 200, page
    return page.content.decode()


class TestLogIn:
    def test_tells_the_publisher_affiliation_and_a_pairwise_name(self, publisher: Publisher, browser: Client) -> None:
        page = follow(browser, publisher.ask())
        assert 'name="RelayState" value="/article/7"' in page
        assert f'action="{PUBLISHER}/acs"' in page
        found = publisher.read(page)
        assert found.ava["eduPersonScopedAffiliation"] == ["member@l1.testserver"]
        assert found.ava["eduPersonEntitlement"] == ["urn:mace:dir:entitlement:common-lib-terms"]
        assert found.ava["pairwise-id"] == [f"{found.name_id.text}@testserver"]
        assert "displayName" not in found.ava
        assert found.name_id.format == provider.PERSISTENT
        assert found.assertion.authn_statement[0].session_index == identity.Visit.objects.get().session_index

    def test_takes_requests_by_form_from_another_site(self, publisher: Publisher, browser: Client) -> None:
        form = publisher.ask(provider.POST)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        first = Client(enforce_csrf_checks=True).post("/saml/sso", fields)  # SameSite: without the session.
        assert publisher.read(browser.get(first["Location"]).content.decode())

    def test_leads_who_is_not_logged_in_to_the_log_in_page(self, publisher: Publisher) -> None:
        first = Client().get(publisher.ask().removeprefix(PORTAL))
        assert Client().get(first["Location"])["Location"].startswith("/login?next=%2Fsaml%2Fgo")

    def test_lets_the_browser_send_the_form_to_the_publisher(self, publisher: Publisher, browser: Client) -> None:
        first = browser.get(publisher.ask().removeprefix(PORTAL))
        assert f"form-action 'self' {PUBLISHER}" in browser.get(first["Location"])["Content-Security-Policy"]

    def test_passive_says_no_where_nobody_is_logged_in(self, publisher: Publisher) -> None:
        from saml2.response import StatusNoPassive

        page = follow(Client(), publisher.ask(is_passive="true"))
        with pytest.raises(StatusNoPassive):
            publisher.read(page)

    def test_forced_asks_again(self, publisher: Publisher, browser: Client) -> None:
        first = browser.get(publisher.ask(force_authn="true").removeprefix(PORTAL))
        again = browser.get(first["Location"])
        assert "fresh=" in answered(again)["next"]
        identity.Person.objects.update(last_login=clock.now())
        assert publisher.read(browser.get(answered(again)["next"]).content.decode())

    def test_asks_for_consent_and_tells_the_name_after_it(
        self, tmp_path: Path, lending_library: int, browser: Client
    ) -> None:
        made = Publisher(tmp_path)
        facts = {"saml_metadata": made.metadata, "entry": Entry.ALL, "scopes": (Scope.PROFILE,)}
        register(lending_library, ClientKind.SAML, **facts)
        first = browser.get(made.ask().removeprefix(PORTAL))
        assert "Your name: reader" in browser.get(first["Location"]).content.decode()
        page = browser.post(first["Location"], {"answer": "yes"}).content.decode()
        assert made.read(page).ava["displayName"] == ["reader"]


class TestSignedRequests:
    @pytest.fixture
    def signing(self, tmp_path: Path, lending_library: int) -> Publisher:
        made = Publisher(tmp_path, signs=True)
        register(lending_library, ClientKind.SAML, saml_metadata=made.metadata)
        return made

    def test_are_taken(self, signing: Publisher, browser: Client) -> None:
        address = signing.ask(sign=True)
        assert "Signature=" in address
        assert signing.read(follow(browser, address))

    def test_are_refused_when_changed_or_unsigned(self, signing: Publisher, browser: Client) -> None:
        address = signing.ask(sign=True)
        broken = re.sub(r"RelayState=[^&]+", "RelayState=%2Felsewhere", address)
        for wrong in (broken, address.split("&SigAlg")[0]):
            assert browser.get(wrong.removeprefix(PORTAL)).status_code == 400


class TestRequests:
    def test_of_unknown_providers_lead_nowhere(self, tmp_path: Path, browser: Client) -> None:
        page = browser.get(Publisher(tmp_path).ask().removeprefix(PORTAL))
        assert page.status_code == 400
        assert "not registered" in page.content.decode()

    def test_cannot_send_the_answer_elsewhere(self, publisher: Publisher, browser: Client) -> None:
        address = publisher.ask()
        text = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        xml = zlib.decompress(base64.b64decode(text), -15).replace(
            f"{PUBLISHER}/acs".encode(), b"https://evil.example.org/acs"
        )
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        evil = base64.b64encode(packed.compress(xml) + packed.flush()).decode()
        assert browser.get("/saml/sso", {"SAMLRequest": evil}).status_code == 400

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "%%%",
            "bm90aGluZw==",
            base64.b64encode(zlib.compress(b"<x/>")[2:-4]).decode(),
            base64.b64encode(zlib.compress(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")[2:-4]).decode(),
            base64.b64encode(zlib.compress(b"<x>" + b"a" * 3_000_000 + b"</x>")[2:-4]).decode(),
        ],
    )
    def test_of_no_sense_are_refused(self, publisher: Publisher, browser: Client, text: str) -> None:
        for page in (browser.get("/saml/sso", {"SAMLRequest": text}), browser.post("/saml/sso", {"SAMLRequest": text})):
            assert (page.status_code, "Location" in page) == (400, False)

    def test_cannot_be_changed_on_the_way_through_the_log_in(self, publisher: Publisher, browser: Client) -> None:
        first = browser.get(publisher.ask().removeprefix(PORTAL))["Location"]
        assert browser.get(first[:-3] + "abc").status_code == 400

    def test_end_where_the_provider_is_switched_off(self, publisher: Publisher, browser: Client) -> None:
        identity.Client.objects.update(is_enabled=False)
        assert browser.get(publisher.ask().removeprefix(PORTAL)).status_code == 400


class TestLogOut:
    def test_at_the_publishers_wish_ends_the_session(self, publisher: Publisher, browser: Client) -> None:
        found = publisher.read(follow(browser, publisher.ask()))
        answer = browser.get(self._request(publisher, found.name_id))
        assert "_auth_user_id" not in browser.session
        assert answer["Location"].startswith(f"{PUBLISHER}/slo?SAMLResponse=")
        assert "Signature=" in answer["Location"]

    def test_by_a_name_that_is_not_hers_ends_nothing(self, publisher: Publisher, browser: Client) -> None:
        from saml2.saml import NameID

        follow(browser, publisher.ask())
        browser.get(self._request(publisher, NameID(format=provider.PERSISTENT, text="somebody")))
        assert "_auth_user_id" in browser.session

    def test_here_is_told_to_the_publisher_with_its_own_names(self, publisher: Publisher, browser: Client) -> None:
        found = publisher.read(follow(browser, publisher.ask()))
        visit = identity.Visit.objects.get()
        browser.post("/logout")
        assert ProcrastinateJob.objects.filter(task_name=services.TELL, args__visit_id=visit.pk).count() == 1
        ended = queries.ended_visit(visit.pk)
        assert ended is not None
        told = logging_out.message(ended.visit, clock.now())
        assert told is not None
        assert told.address == f"{PUBLISHER}/soap"
        heard = publisher.client.parse_logout_request(told.body.decode(), provider.SOAP)
        assert heard.message.name_id.text == found.name_id.text
        assert heard.message.session_index[0].text == visit.session_index

    @staticmethod
    def _request(publisher: Publisher, name_id: Any) -> str:
        to = f"{PORTAL}/saml/slo"
        _number, request = publisher.client.create_logout_request(to, f"{PORTAL}/saml/metadata", name_id=name_id)
        sent = publisher.client.apply_binding(provider.REDIRECT, str(request), to, sign=False)
        return str(dict(sent["headers"])["Location"]).removeprefix(PORTAL)


class TestMetadata:
    def test_is_signed_and_holds_no_private_key(self) -> None:
        text = Client().get("/saml/metadata").content.decode()
        assert "SignatureValue" in text
        assert "PRIVATE" not in text
        assert 'entityID="http://testserver/saml/metadata"' in text

    def test_says_in_words_where_the_extra_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(provider, "is_there", lambda: False)
        page = Client(headers={"accept-language": "en"}).get("/saml/metadata")
        assert page.status_code == 501
        assert "OpenID Connect and CAS need neither" in page.content.decode()


class TestRegistration:
    @pytest.mark.parametrize(("text", "code"), [("<x", "xml"), ("<x/>", "entity"), ("<!DOCTYPE a []><a/>", "xml")])
    def test_refuses_what_is_no_metadata(self, lending_library: int, text: str, code: str) -> None:
        with pytest.raises(types.WrongClient, match=f"saml_metadata: {code}"):
            register(lending_library, ClientKind.SAML, saml_metadata=text)

    def test_refuses_a_provider_that_is_known(self, publisher: Publisher, distant_library: int) -> None:
        with pytest.raises(types.WrongClient, match="saml_metadata: known"):
            register(distant_library, ClientKind.SAML, saml_metadata=publisher.metadata)
