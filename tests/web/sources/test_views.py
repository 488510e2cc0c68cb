from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from factories import peers, people
from tongwen.core import tenancy
from tongwen.domain.identity import models, queries
from tongwen.domain.identity.types import Role, SourceKind
from tongwen.web.sources import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, lending_library: int) -> Client:
    """The browser of an administrator of the lending library, in English."""
    client.force_login(people.person("a", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    with peers.kit_server() as url:
        yield url


def given(url: str, **more: str) -> dict[str, str]:
    return {"name_zh": "读者证", "name_zh_hant": "", "name_en": "Card", "url": url, "secret": peers.SECRET, **more}


def enter(office: Client, url: str) -> int:
    answer = office.post("/staff/sources/new/kit", given(url))
    return int(answer["Location"].rpartition("/")[2])


class TestSources:
    def test_are_entered_tried_and_switched_on(self, office: Client, peer: str, lending_library: int) -> None:
        number = enter(office, peer)
        tried = office.post(f"/staff/sources/{number}/trial", {"username": "R001", "password": peers.RIGHT})
        assert "示范读者" in tried.text
        assert "本科生" in tried.text
        office.post(f"/staff/sources/{number}/switch", {"on": "1"})
        with tenancy.scope(lending_library):
            (source,) = queries.open_sources()
        assert (source.name_zh, source.name_zh_hant, source.name_en) == ("读者证", "读者证", "Card")

    def test_keep_nothing_of_a_trial(self, office: Client, peer: str) -> None:
        number = enter(office, peer)
        before = models.Person.objects.count()
        office.post(f"/staff/sources/{number}/trial", {"username": "R001", "password": peers.RIGHT})
        assert models.Person.objects.count() == before

    def test_say_why_a_trial_failed(self, office: Client, peer: str) -> None:
        number = enter(office, peer)
        refused = office.post(f"/staff/sources/{number}/trial", {"username": "R001", "password": "wrong"})
        assert (refused.status_code, "do not fit together" in refused.text) == (422, True)
        gone = enter(office, f"http://127.0.0.1:{peers.free_port()}")
        failed = office.post(f"/staff/sources/{gone}/trial", {"username": "R001", "password": peers.RIGHT})
        assert (failed.status_code, "connect" in failed.text) == (503, True)

    def test_never_show_a_secret_again(self, office: Client, peer: str) -> None:
        number = enter(office, peer)
        page = office.get(f"/staff/sources/{number}").text
        assert peers.SECRET not in page
        assert "kept, and not shown" in page
        wrong = office.post(f"/staff/sources/{number}", given("ftp://x"))
        assert wrong.status_code == 422
        assert peers.SECRET not in wrong.text

    def test_keep_their_secret_when_it_is_left_empty(self, office: Client, peer: str) -> None:
        number = enter(office, peer)
        office.post(f"/staff/sources/{number}", given(peer, secret="", name_en="Other"))
        tried = office.post(f"/staff/sources/{number}/trial", {"username": "R001", "password": peers.RIGHT})
        assert "示范读者" in tried.text

    def test_say_what_is_wrong_beside_the_field_and_keep_the_rest(self, office: Client) -> None:
        answer = office.post("/staff/sources/new/kit", given("http://example.org", secret="short"))
        assert answer.status_code == 422
        assert 'href="#url"' in answer.text
        assert 'href="#secret"' in answer.text
        assert 'value="http://example.org"' in answer.text

    def test_are_ordered(self, office: Client, peer: str, lending_library: int) -> None:
        first, second = enter(office, peer), enter(office, peer)
        office.post(f"/staff/sources/{second}/move", {"up": "1"})
        with tenancy.scope(lending_library):
            assert [one.id for one in queries.sources()] == [second, first]

    @pytest.mark.parametrize("kind", [kind for kind in SourceKind if kind is not SourceKind.LOCAL])
    def test_have_a_form_for_each_kind(self, office: Client, kind: SourceKind) -> None:
        assert office.get(f"/staff/sources/new/{kind}").status_code == 200

    @pytest.mark.parametrize("kind", ["local", "nothing"])
    def test_are_of_known_kinds(self, office: Client, kind: str) -> None:
        assert office.get(f"/staff/sources/new/{kind}").status_code == 404

    def test_are_nobody_elses(self, office: Client, peer: str, distant_library: int) -> None:
        number = enter(office, peer)
        stranger = Client()
        stranger.force_login(people.person("b", Role.INSTITUTION_ADMINISTRATOR, institution_id=distant_library))
        assert stranger.get(f"/staff/sources/{number}").status_code == 404
        assert stranger.post(f"/staff/sources/{number}/switch", {"on": "1"}).status_code == 404

    def test_are_no_matter_of_cataloguers(self, desk: Client) -> None:
        assert desk.get("/staff/sources").status_code == 403


class TestWords:
    def test_name_every_setting(self) -> None:
        settings_ = {one.name for kind in SourceKind for one in queries.source_settings_of(kind)}
        assert settings_ == set(words.SETTINGS)
