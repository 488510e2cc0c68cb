from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from factories import peers, people
from tongwen.core import clock, tenancy
from tongwen.domain.identity import services
from tongwen.domain.identity.services import sources
from tongwen.domain.identity.types import ACTING_FOR, Actor, Place, Role, SourceKind
from tongwen.domain.members import models as member_models
from tongwen.domain.members import queries as members
from tongwen.web.shared import own_library

pytestmark = pytest.mark.django_db

RIGHT = people.PASSWORD


@pytest.fixture
def browser(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def log_in(browser: Client, password: str = RIGHT, name: str = "Cataloguer@L1", source: str = "local", **more: str):
    return browser.post("/login/L1", {"username": name, "password": password, "source": source, **more})


class TestChoosingALibrary:
    @pytest.mark.parametrize("text", ["示范一馆", "shifan", "sfyg", "L1", "Demo L1"])
    def test_finds_it_by_what_people_type(self, browser: Client, lending_library: int, text: str) -> None:
        assert 'href="/login/L1?' in browser.get("/login", {"q": text}).text

    def test_says_that_none_is_found(self, browser: Client, lending_library: int) -> None:
        assert "No library is found" in browser.get("/login", {"q": "no such place"}).text

    def test_offers_the_one_of_the_last_time(self, browser: Client, cataloguer) -> None:
        log_in(browser)
        browser.post("/logout")
        del browser.cookies[own_library.COOKIE]
        assert 'href="/login/L1?' in browser.get("/login").text

    def test_goes_on_to_where_one_wanted_to_go(self, browser: Client, lending_library: int) -> None:
        answer = browser.get("/login", {"q": "L1", "next": "/staff/reviews"})
        assert 'href="/login/L1?next=%2Fstaff%2Freviews"' in answer.text

    def test_is_spared_to_who_comes_to_its_own_portal(self, browser: Client, lending_library: int) -> None:
        member_models.PortalHost.objects.create(host_name="lib.example.org", institution_id=lending_library)
        members.forget()
        try:
            answer = browser.get("/login?next=/x", SERVER_NAME="lib.example.org")
            asked_for_others = browser.get("/login?q=", SERVER_NAME="lib.example.org")
        finally:
            members.forget()
        assert (answer.status_code, answer["Location"]) == (302, "/login/L1?next=%2Fx")
        assert asked_for_others.status_code == 200

    def test_shows_its_own_name_and_colours(self, browser: Client, lending_library: int) -> None:
        member_models.Institution.objects.filter(pk=lending_library).update(colour="#14566b")
        members.forget()
        try:
            page = browser.get("/login/L1").text
        finally:
            members.forget()
        assert "/portal/library/L1/style.css?v=14566b" in page

    def test_of_a_suspended_library_says_that_it_rests(self, browser: Client, lending_library: int) -> None:
        member_models.Institution.objects.filter(pk=lending_library).update(status="suspended")
        members.forget()
        try:
            answer = browser.get("/login/L1")
        finally:
            members.forget()
        assert "rests" in answer.text
        assert 'name="password"' not in answer.text

    def test_of_an_unknown_code_is_not_there(self, browser: Client, lending_library: int) -> None:
        assert browser.get("/login/XX").status_code == 404


class TestLogin:
    def test_leads_to_where_one_wanted_to_go(self, browser: Client, cataloguer) -> None:
        assert log_in(browser, next="/staff/reviews")["Location"] == "/staff/reviews"
        assert browser.get("/staff/loads").status_code == 200

    def test_acts_for_the_library_that_was_chosen(self, browser: Client, cataloguer, distant_library: int) -> None:
        services.affiliate(
            person_id=cataloguer.pk,
            role=Role.CATALOGUER,
            place=Place(distant_library),
            given_by="test",
            now=clock.now(),
        )
        browser.post("/login/L3", {"username": "cataloguer@l1", "password": RIGHT, "source": "local"})
        assert browser.session[ACTING_FOR] == f"institution:{distant_library}"

    def test_gives_a_session_of_its_own(self, browser: Client, cataloguer) -> None:
        browser.get("/login/L1")
        session = browser.session
        session["planted"] = "1"
        session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        log_in(browser)
        assert browser.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key

    def test_shows_the_catalogue_through_the_eyes_of_ones_library(self, browser: Client, cataloguer) -> None:
        log_in(browser)
        assert browser.cookies[own_library.COOKIE].value == "L1"

    def test_leaves_a_library_that_was_chosen_before(
        self, browser: Client, cataloguer, neighbouring_library: int
    ) -> None:
        browser.get("/library?code=L2")
        log_in(browser)
        assert browser.cookies[own_library.COOKIE].value == "L2"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
    def test_never_leads_to_another_host(self, browser: Client, cataloguer, target: str) -> None:
        assert log_in(browser, next=target)["Location"] == settings.LOGIN_REDIRECT_URL

    def test_says_in_words_what_is_wrong_and_keeps_the_name(self, browser: Client, cataloguer) -> None:
        answer = log_in(browser, password="a wrong one")
        assert answer.status_code == 422
        assert "do not fit together" in answer.text
        assert 'value="Cataloguer@L1"' in answer.text
        assert "a wrong one" not in answer.text

    def test_asks_for_what_is_missing(self, browser: Client, lending_library: int) -> None:
        answer = log_in(browser, "", "")
        assert 'href="#username"' in answer.text
        assert 'href="#password"' in answer.text

    def test_is_refused_to_people_of_another_library(self, browser: Client, cataloguer, distant_library: int) -> None:
        answer = browser.post("/login/L3", {"username": "cataloguer@l1", "password": RIGHT, "source": "local"})
        assert answer.status_code == 422
        assert "_auth_user_id" not in browser.session

    @pytest.mark.parametrize("source", ["0", "999999", "x", "9" * 40, ""])
    def test_by_a_source_that_is_not_there_is_404(self, browser: Client, cataloguer, source: str) -> None:
        assert log_in(browser, source=source).status_code == 404


class TestLoginOfTheCentres:
    def log_in(self, browser: Client, name: str):
        return browser.post("/login/centre", {"username": name, "password": RIGHT})

    def test_lets_in_who_runs_the_platform(self, browser: Client, db: None) -> None:
        people.person("admin", Role.NATIONAL_ADMINISTRATOR)
        assert self.log_in(browser, "admin").status_code == 302
        assert browser.session[ACTING_FOR] == "nation"

    def test_is_closed_to_people_of_libraries(self, browser: Client, cataloguer) -> None:
        assert self.log_in(browser, "cataloguer@l1").status_code == 422
        assert "_auth_user_id" not in browser.session


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with peers.kit_server() as url:
        yield url


def kit_source(institution_id: int, url: str) -> str:
    with tenancy.scope(institution_id):
        number = sources.add_source(
            kind=SourceKind.KIT,
            names=("读者证", "讀者證", "Reader card"),
            settings={"url": url},
            given_secrets={"secret": peers.SECRET},
            actor=Actor(),
            now=clock.now(),
        )
        sources.switch_source_on(source_id=number, actor=Actor(), now=clock.now())
    return str(number)


class TestLoginByTheLibrarysSystem:
    def test_lets_a_reader_in(self, browser: Client, lending_library: int, peer: str) -> None:
        source = kit_source(lending_library, peer)
        assert f'name="source" value="{source}"' in browser.get("/login/L1").text
        answer = log_in(browser, peers.RIGHT, "R001", source, next="/search?q=x")
        assert answer["Location"] == "/search?q=x"
        assert "示范读者" in browser.get("/staff/place").text

    def test_says_what_the_library_says(self, browser: Client, lending_library: int, peer: str) -> None:
        answer = log_in(browser, peers.RIGHT, "R002", kit_source(lending_library, peer))
        assert answer.status_code == 422
        assert "expired" in answer.text

    def test_says_that_it_is_unavailable(self, browser: Client, lending_library: int) -> None:
        people.person("r001", Role.READER, institution_id=lending_library)
        source = kit_source(lending_library, f"http://127.0.0.1:{peers.free_port()}")
        answer = log_in(browser, RIGHT, "r001", source)
        assert answer.status_code == 503
        assert "temporarily unavailable" in answer.text
        assert "_auth_user_id" not in browser.session

    def test_offers_accounts_of_the_platform_beside_it(self, browser: Client, cataloguer, peer: str) -> None:
        kit_source(cataloguer.affiliations.model.objects.unscoped("test").get().institution_id, peer)
        assert "source=local" in browser.get("/login/L1").text
        assert log_in(browser).status_code == 302


class TestLogout:
    def test_ends_the_session(self, desk: Client) -> None:
        desk.post("/logout")
        assert desk.get("/staff/loads").status_code == 302

    def test_needs_more_than_a_link(self, desk: Client) -> None:
        assert desk.get("/logout").status_code == 405


class TestPlace:
    def test_is_changed_to_another_one_that_is_hers(self, desk: Client, cataloguer, distant_library: int) -> None:
        place = Place(distant_library)
        services.affiliate(person_id=cataloguer.pk, role=Role.CATALOGUER, place=place, given_by="test", now=clock.now())
        assert "Demo L3" in desk.get("/staff/place").text
        assert desk.post("/staff/place", {"place": place.key()}).status_code == 302
        assert desk.session[ACTING_FOR] == place.key()

    @pytest.mark.parametrize("place", ["nation", "institution:999", "", "domain:1"])
    def test_is_not_changed_to_one_that_is_not(self, desk: Client, place: str) -> None:
        assert desk.post("/staff/place", {"place": place}).status_code == 422
        assert ACTING_FOR not in desk.session
