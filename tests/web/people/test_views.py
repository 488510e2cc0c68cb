from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from factories import people
from tongwen.core import clock
from tongwen.domain.identity import models, queries
from tongwen.domain.identity.types import Place, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(lending_library: int, distant_library: int) -> models.Person:
    """A cataloguer of the lending library who teaches in a distant one."""
    row = people.person("zhang", Role.CATALOGUER, institution_id=lending_library)
    people.person("zhang", Role.TRAINER, institution_id=distant_library)
    return row


class TestList:
    def test_finds_people_by_name_pinyin_and_initials(self, office: Client, lending_library: int) -> None:
        from tongwen.domain.identity import services

        number = services.enter_person(username="dantf", display_name="单田芳", password=None, email="d@example.org")
        services.affiliate(
            person_id=number, role=Role.CURATOR, place=Place(lending_library), given_by="a", now=clock.now()
        )
        for text in ("单田", "shantian", "stf", "dantf", "d@example.org", "SHANTIAN stf"):
            assert "单田芳" in office.get("/staff/people", {"q": text}).text, text
        assert "Nobody is like that" in office.get("/staff/people", {"q": "nobody"}).text

    def test_narrows_by_role_and_state(self, office: Client, colleague: models.Person) -> None:
        assert "zhang" in office.get("/staff/people", {"role": "cataloguer"}).text
        assert "zhang" not in office.get("/staff/people", {"role": "curator"}).text
        assert "zhang" not in office.get("/staff/people", {"role": "trainer"}).text
        models.Person.objects.filter(pk=colleague.pk).update(is_active=False)
        assert "zhang" in office.get("/staff/people", {"state": "inactive"}).text
        assert "zhang" not in office.get("/staff/people", {"state": "current"}).text

    def test_holds_nobody_of_another_library(self, office: Client, distant_library: int) -> None:
        people.person("stranger", Role.CATALOGUER, institution_id=distant_library)
        assert "stranger" not in office.get("/staff/people").text


class TestPerson:
    def test_is_shown_without_what_she_is_elsewhere(self, office: Client, colleague: models.Person) -> None:
        page = office.get(f"/staff/people/{colleague.pk}").text
        assert "Cataloguer" in page
        assert "Demo L3" not in page.partition("<main")[2]

    def test_of_another_library_is_not_there(self, office: Client, distant_library: int) -> None:
        stranger = people.person("stranger", Role.CATALOGUER, institution_id=distant_library)
        for address in ("", "/give", "/close", "/end/1"):
            method = office.post if address else office.get
            assert method(f"/staff/people/{stranger.pk}{address}").status_code == 404

    def test_is_given_a_role_until_a_day(self, office: Client, colleague: models.Person, lending_library: int) -> None:
        last = clock.today() + dt.timedelta(days=30)
        office.post(f"/staff/people/{colleague.pk}/give", {"role": "curator", "until": last.isoformat()})
        (given,) = [one for one in queries.affiliations(colleague.pk, clock.today()) if one.role is Role.CURATOR]
        assert (given.place, given.expires_on) == (Place(lending_library), last + dt.timedelta(days=1))
        assert f"until {last}" in office.get(f"/staff/people/{colleague.pk}").text

    @pytest.mark.parametrize(
        "given",
        [
            {"role": "auditor"},
            {"role": ""},
            {"role": "curator", "until": "x"},
            {"role": "curator", "until": "2020-01-01"},
        ],
    )
    def test_is_given_nothing_by_a_form_that_is_wrong(self, office: Client, colleague: models.Person, given) -> None:
        assert office.post(f"/staff/people/{colleague.pk}/give", given).status_code == 422
        assert len(queries.affiliations(colleague.pk, clock.today())) == 2

    def test_loses_a_role_here_only(self, office: Client, colleague: models.Person, distant_library: int) -> None:
        held = queries.affiliations(colleague.pk, clock.today())
        for one in held:
            office.post(f"/staff/people/{colleague.pk}/end/{one.id}")
        assert queries.places(colleague.pk, clock.today()) == (Place(distant_library),)


class TestAccount:
    def test_is_closed_and_opened_again(self, office: Client, lending_library: int, visitor: Client) -> None:
        row = people.person("li", Role.CATALOGUER, institution_id=lending_library)
        assert visitor.login(username="li", password=people.PASSWORD)
        office.post(f"/staff/people/{row.pk}/close")
        assert visitor.get("/staff/loads").status_code == 302
        assert not visitor.login(username="li", password=people.PASSWORD)
        office.post(f"/staff/people/{row.pk}/open")
        assert visitor.login(username="li", password=people.PASSWORD)

    def test_with_roles_elsewhere_or_the_own_is_not_hers_to_close(
        self, office: Client, colleague: models.Person, administrator: models.Person
    ) -> None:
        for row in (colleague, administrator):
            answer = office.post(f"/staff/people/{row.pk}/close", follow=True)
            assert "not yours alone" in answer.text
            row.refresh_from_db()
            assert row.is_active


class TestDomainAdministrator:
    def test_sees_and_gives_administrators_of_her_libraries_only(
        self, visitor: Client, lending_library: int, distant_library: int
    ) -> None:
        from tongwen.domain.members import services as members
        from tongwen.domain.members.types import SharingDomainKind

        domain = members.register_sharing_domain(
            code="JS",
            name_zh="江苏",
            name_zh_hant="江蘇",
            name_en="Jiangsu",
            kind=SharingDomainKind.PROVINCE,
            institution_ids=[lending_library],
        )
        people.person("near", Role.INSTITUTION_ADMINISTRATOR, institution_id=lending_library)
        people.person("cat", Role.CATALOGUER, institution_id=lending_library)
        people.person("far", Role.INSTITUTION_ADMINISTRATOR, institution_id=distant_library)
        visitor.force_login(people.person("centre", Role.DOMAIN_ADMINISTRATOR, domain_id=domain))
        page = visitor.get("/staff/people").text
        assert "near" in page
        assert ">cat<" not in page
        assert ">far<" not in page
