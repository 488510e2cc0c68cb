from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.conf import settings
from django.test import Client

from factories import people
from tongwen.core import clock
from tongwen.domain.identity import models, queries
from tongwen.domain.identity.services import privacy
from tongwen.domain.identity.types import Role
from web.people.conftest import last_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(lending_library: int, distant_library: int) -> models.Person:
    """A cataloguer of the lending library who reads in a distant one."""
    people.person("li", Role.CATALOGUER, institution_id=lending_library)
    return people.person("li", Role.READER, institution_id=distant_library)


@pytest.fixture
def own(client: Client, person: models.Person) -> Client:
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


class TestAccount:
    def test_shows_where_one_belongs(self, own: Client) -> None:
        page = own.get("/me").text
        assert "Cataloguer" in page
        assert "Demo L3" in page

    def test_is_for_who_is_logged_in(self, client: Client) -> None:
        assert client.get("/me")["Location"].startswith("/login")

    def test_speaks_the_chosen_language(self, own: Client, person: models.Person) -> None:
        answer = own.post("/me/language", {"language": "zh-hant"})
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hant"
        assert queries.person(person.pk).language == "zh-hant"
        own.post("/me/language", {"language": "tlh"})
        assert queries.person(person.pk).language == "zh-hant"

    def test_changes_the_name(self, own: Client, person: models.Person) -> None:
        own.post("/me/name", {"name": " 李  四 "})
        assert queries.person(person.pk).display_name == "李 四"
        assert own.post("/me/name", {"name": ""}).status_code == 422


class TestEmail:
    def test_is_changed_by_the_link_that_went_there(self, own: Client, person: models.Person) -> None:
        own.post("/me/email", {"email": "New@Example.org"})
        assert queries.person(person.pk).email == ""
        link = last_link()
        assert own.get(link).status_code == 200
        assert queries.person(person.pk).email == ""
        own.post(link)
        assert queries.person(person.pk).email == "New@example.org"
        assert own.post(link).status_code == 404

    def test_is_not_confirmed_by_another(self, own: Client, person: models.Person) -> None:
        own.post("/me/email", {"email": "new@example.org"})
        other = Client()
        other.force_login(people.person("other"))
        assert other.post(last_link()).status_code == 404
        assert queries.person(person.pk).email == ""

    def test_that_is_none_is_refused(self, own: Client) -> None:
        assert own.post("/me/email", {"email": "a@b@c"}).status_code == 422


class TestData:
    def test_is_handed_out_whole_and_without_the_password(self, own: Client, person: models.Person) -> None:
        privacy.give_consent(person_id=person.pk, purpose="statistics", version="1", now=clock.now())
        archive = zipfile.ZipFile(io.BytesIO(own.post("/me/export").content))
        known = json.loads(archive.read("data.json"))
        assert known["person"]["username"] == "li"
        assert {one["library"] for one in known["roles"]} == {"L1", "L3"}
        assert known["consents"][0]["purpose"] == "statistics"
        assert person.password not in archive.read("data.json").decode()
        assert "statistics" in archive.read("data.html").decode()

    def test_of_consent_can_be_taken_back(self, own: Client, person: models.Person) -> None:
        privacy.give_consent(person_id=person.pk, purpose="statistics", version="1", now=clock.now())
        assert "statistics" in own.get("/me").text
        own.post("/me/consents/withdraw", {"purpose": "statistics"})
        assert not privacy.has_consent(person_id=person.pk, purpose="statistics", version="1")


class TestErasure:
    def test_asks_for_the_name_and_then_waits(self, own: Client, person: models.Person) -> None:
        assert own.post("/me/erasure", {"username": "x"}).status_code == 422
        assert privacy.erasure_due(person.pk) is None
        own.post("/me/erasure", {"username": "LI"})
        assert privacy.erasure_due(person.pk) is not None
        assert own.get("/me").status_code == 302
        own.force_login(person)
        assert "will be erased" in own.get("/me").text
        own.post("/me/erasure/withdraw")
        assert privacy.erasure_due(person.pk) is None

    def test_of_the_only_administrator_is_refused_with_the_reason(self, client: Client, lending_library: int) -> None:
        client.force_login(people.person("li", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library))
        own = client
        own.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "only administrator" in own.get("/me/erasure").text
        own.post("/me/erasure", {"username": "li"})
        assert not models.Erasure.objects.exists()


class TestPages:
    @pytest.mark.parametrize(
        ("language", "word"), [("zh-hans", "我的账号"), ("zh-hant", "我的帳號"), ("en", "My account")]
    )
    def test_speak_three_languages(self, own: Client, language: str, word: str) -> None:
        own.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert word in own.get("/me").text
