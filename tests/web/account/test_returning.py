from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client
from lxml import html

from factories import peers, people
from tongwen.core import clock, tenancy
from tongwen.domain.identity import models
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import Actor, Role, SourceKind
from tongwen.standards import cas
from tongwen.web.account import attempts

pytestmark = pytest.mark.django_db


class Server:
    """A CAS server that grants tickets for what it is asked, each good once."""

    def __init__(self) -> None:
        self.url = ""
        self.tickets: dict[str, str] = {}

    def grant(self, location: str) -> str:
        """Return where the browser is sent back after the log-in there."""
        service = parse_qs(urlsplit(location).query)["service"][0]
        ticket = f"ST-{len(self.tickets) + 1}-abc"
        self.tickets[ticket] = service
        parts = urlsplit(cas.service_with_ticket(service, ticket))
        return f"{parts.path}?{parts.query}"

    def talk(self, connection) -> None:
        asked = parse_qs(urlsplit(connection.recv(65_536).split()[1].decode()).query)
        is_good = self.tickets.get(asked["ticket"][0]) == asked["service"][0]
        self.tickets[asked["ticket"][0]] = ""
        answer = cas.Success("r001", {"displayName": ("示范读者",)}) if is_good else cas.Failure("INVALID_TICKET")
        body = cas.render(answer, cas.Version.THREE).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    with peers.talking(one.talk) as port:
        one.url = f"http://127.0.0.1:{port}/cas"
        yield one


def add(institution_id: int, kind: SourceKind, given: dict[str, object], *, on: bool = True) -> int:
    with tenancy.scope(institution_id):
        number = sources.add_source(
            kind=kind,
            names=("校园", "校園", "Campus"),
            settings=given,
            given_secrets={},
            actor=Actor(),
            now=clock.now(),
        )
        if on:
            sources.switch_source_on(source_id=number, actor=Actor(), now=clock.now())
    return number


@pytest.fixture
def source(lending_library: int, server: Server) -> int:
    return add(lending_library, SourceKind.CAS, {"url": server.url})


@pytest.fixture
def browser(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def begin(browser: Client, source: int, target: str = "/search?q=x") -> str:
    return browser.get(f"/login/L1/{source}", {"next": target})["Location"]


def is_logged_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def people_count() -> int:
    return models.Person.objects.count()


class TestReturn:
    def test_lets_in_who_comes_back(self, browser: Client, source: int, server: Server) -> None:
        answer = browser.get(server.grant(begin(browser, source)))
        assert answer["Location"] == "/search?q=x"
        assert is_logged_in(browser)

    def test_leads_to_no_other_host(self, browser: Client, source: int, server: Server) -> None:
        answer = browser.get(server.grant(begin(browser, source, "//evil.example/")))
        assert answer["Location"] == settings.LOGIN_REDIRECT_URL

    def test_is_good_once(self, browser: Client, source: int, server: Server) -> None:
        back = server.grant(begin(browser, source))
        browser.get(back)
        browser.post("/logout")
        answer = browser.get(back)
        assert (answer.status_code, is_logged_in(browser)) == (400, False)

    def test_of_another_browser_is_refused(self, browser: Client, source: int, server: Server) -> None:
        back = server.grant(begin(Client(), source))
        answer = browser.get(back)
        assert answer.status_code == 400
        assert not is_logged_in(browser)
        assert people_count() == 0

    @pytest.mark.parametrize("state", ["", "x", "swapped"])
    def test_with_another_state_is_refused(self, browser: Client, source: int, server: Server, state: str) -> None:
        begin(browser, source)
        answer = browser.get(f"/login/L1/{source}/return", {"ticket": "ST-1-abc", "state": state})
        assert (answer.status_code, people_count()) == (400, 0)
        assert "begun" in answer.text

    def test_after_ten_minutes_is_refused(
        self, browser: Client, source: int, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        back = server.grant(begin(browser, source))
        monkeypatch.setattr(attempts, "SECONDS", -1)
        assert browser.get(back).status_code == 400

    def test_to_another_source_is_refused(
        self, browser: Client, source: int, server: Server, lending_library: int
    ) -> None:
        other = add(lending_library, SourceKind.CAS, {"url": server.url})
        back = server.grant(begin(browser, source)).replace(f"/{source}/return", f"/{other}/return")
        assert (browser.get(back).status_code, people_count()) == (400, 0)

    def test_of_who_broke_off_is_told_so(self, browser: Client, source: int) -> None:
        state = parse_qs(urlsplit(parse_qs(urlsplit(begin(browser, source)).query)["service"][0]).query)["state"][0]
        answer = browser.get(f"/login/L1/{source}/return", {"state": state})
        assert answer.status_code == 403
        assert "not completed" in answer.text

    def test_after_the_source_was_switched_off_is_refused(
        self, browser: Client, source: int, server: Server, lending_library: int
    ) -> None:
        back = server.grant(begin(browser, source))
        with tenancy.scope(lending_library):
            sources.switch_source_off(source_id=source, actor=Actor(), now=clock.now())
        answer = browser.get(back)
        assert (answer.status_code, people_count()) == (403, 0)

    def test_from_a_server_that_is_down_is_unavailable(
        self, browser: Client, lending_library: int, server: Server
    ) -> None:
        gone = add(lending_library, SourceKind.CAS, {"url": f"http://127.0.0.1:{peers.free_port()}/cas"})
        answer = browser.get(server.grant(begin(browser, gone)))
        assert (answer.status_code, people_count()) == (503, 0)
        assert "temporarily unavailable" in answer.text

    def test_that_is_posted_from_another_site_is_posted_once_more_from_ours(
        self, browser: Client, source: int, server: Server
    ) -> None:
        begin(browser, source)
        # A browser keeps our cookie back when another site posts.
        stranger = Client(enforce_csrf_checks=True)
        answer = stranger.post(f"/login/L1/{source}/return", {"SAMLResponse": "abc", "RelayState": "s", "x": "y"})
        assert answer.status_code == 200
        assert 'name="SAMLResponse" value="abc"' in answer.text
        assert settings.SESSION_COOKIE_NAME not in answer.cookies


class TestBegin:
    def test_forgets_the_oldest_of_many(self, browser: Client, source: int) -> None:
        for _turn in range(8):
            begin(browser, source)
        assert len(browser.session["log_ins"]) == 5

    def test_at_a_source_that_is_off_is_refused(self, browser: Client, lending_library: int, server: Server) -> None:
        off = add(lending_library, SourceKind.CAS, {"url": server.url}, on=False)
        assert browser.get(f"/login/L1/{off}").status_code == 403

    def test_of_another_library_is_not_there(self, browser: Client, source: int, distant_library: int) -> None:
        assert browser.get(f"/login/L3/{source}").status_code == 404

    def test_comes_at_once_where_it_is_the_only_way(self, browser: Client, source: int, lending_library: int) -> None:
        with tenancy.scope(lending_library):
            local = sources.local_source(now=clock.now())
            sources.switch_source_off(source_id=local, actor=Actor(), now=clock.now())
        assert browser.get("/login/L1?next=/x")["Location"] == f"/login/L1/{source}?next=%2Fx"

    def test_is_offered_beside_accounts_of_the_platform(self, browser: Client, source: int) -> None:
        page = browser.get("/login/L1").text
        assert f'href="/login/L1/{source}?' in page
        assert "source=local" in page


class TestTrial:
    def test_shows_what_the_source_says_and_lets_nobody_in(
        self, browser: Client, source: int, server: Server, lending_library: int
    ) -> None:
        administrator = people.person("a", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)
        browser.force_login(administrator)
        sent = browser.get(f"/staff/sources/{source}/trial/begin")["Location"]
        answer = browser.get(server.grant(sent))
        assert "示范读者" in answer.text
        assert browser.session["_auth_user_id"] == str(administrator.pk)
        assert people_count() == 1


class TestSAML:
    def test_is_posted_back_twice_and_lets_in(self, browser: Client, lending_library: int) -> None:
        pytest.importorskip("saml2", reason="pysaml2 is not installed (make extras)")
        if shutil.which("xmlsec1") is None:
            pytest.skip("xmlsec1 is not installed (apt install xmlsec1)")
        with peers.identity_provider() as address:
            metadata = requests.get(f"{address}/saml/metadata", timeout=5).text
            source = add(lending_library, SourceKind.SAML, {"metadata": metadata})
            back = peers.through_the_page(begin(browser, source))
        url = f"/login/L1/{source}/return"
        # Another site posts without our cookie; the page it gets posts the same from here, with it.
        again = html.fromstring(Client(enforce_csrf_checks=True).post(url, back).content).forms[-1]
        answer = browser.post(url, dict(again.form_values()))
        assert (answer.status_code, answer["Location"]) == (302, "/search?q=x")
        assert is_logged_in(browser)
        browser.post("/logout")
        assert browser.post(url, {**back, "again": "1"}).status_code == 400
        assert b"AssertionConsumerService" in browser.get(f"{url}/metadata").content
