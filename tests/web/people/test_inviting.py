"""An invitation, from the administrator's form to the first log-in."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import people
from tongwen.core import clock
from tongwen.domain.identity import queries
from tongwen.domain.identity.types import Role
from web.people.conftest import last_link

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet readers"


def invite(office: Client, **changes):
    given = {"email": "new@example.org", "name": "新馆员", "roles": ["cataloguer"], "language": "en", **changes}
    return office.post("/staff/people/invite", given)


def accept(visitor: Client, link: str, **changes):
    given = {"name": "新馆员", "username": "Newcomer", "password": PASSWORD, "again": PASSWORD, **changes}
    return visitor.post(link, given)


class TestInvitation:
    def test_leads_to_the_first_log_in(self, office: Client, visitor: Client) -> None:
        assert invite(office).status_code == 302
        link = last_link()
        page = visitor.get(link).text
        assert "Demo L1 invites you" in page
        assert 'value="new@example.org"' in page
        answer = accept(visitor, link)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login")
        assert "Log in as newcomer" in visitor.get(answer["Location"]).text
        assert visitor.login(username="newcomer", password=PASSWORD)
        assert visitor.get("/staff/loads").status_code == 200

    def test_of_a_used_link_says_so(self, office: Client, visitor: Client) -> None:
        invite(office)
        link = last_link()
        accept(visitor, link)
        again = visitor.get(link)
        assert again.status_code == 410
        assert "accepted already" in again.text

    def test_with_a_wrong_link_tells_nothing(self, visitor: Client) -> None:
        answer = visitor.get("/invitation/nothing-of-the-kind")
        assert answer.status_code == 404
        assert "does not work" in answer.text

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"again": "another"}, "not the same"),
            ({"password": "short", "again": "short"}, 'href="#password"'),
            ({"username": "a b"}, "3 to 150"),
            ({"username": "admin@l1"}, "Somebody has this log-in name"),
            ({"name": ""}, "Enter a name"),
        ],
    )
    def test_that_is_filled_in_wrongly_stays_open_with_what_was_typed(
        self, office: Client, visitor: Client, changes: dict[str, str], sentence: str
    ) -> None:
        invite(office)
        link = last_link()
        answer = accept(visitor, link, **changes)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert PASSWORD not in answer.text
        assert accept(visitor, link).status_code == 302

    def test_is_taken_by_who_is_logged_in(self, office: Client, visitor: Client, lending_library: int) -> None:
        known = people.person("known")
        invite(office)
        link = last_link()
        visitor.force_login(known)
        assert "You are logged in as known" in visitor.get(link).text
        assert visitor.post(link, {"existing": "1"})["Location"] == "/staff/"
        assert [one.role for one in queries.affiliations(known.pk, clock.today())] == [Role.CATALOGUER]


class TestForm:
    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"email": "a@exаmple.org"}, "email", "swindlers"),
            ({"email": ""}, "email", "no e-mail address"),
            ({"name": ""}, "name", "Enter a name"),
            ({"roles": []}, "roles", "at least one role"),
            ({"roles": ["national_administrator"]}, "roles", "at least one role"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, office: Client, changes, field: str, sentence: str) -> None:
        answer = invite(office, **changes)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text
        assert sentence in answer.text

    def test_refuses_a_second_open_invitation(self, office: Client) -> None:
        invite(office)
        assert "open invitation already" in invite(office).text

    def test_offers_no_role_that_is_not_hers_to_give(self, office: Client) -> None:
        page = office.get("/staff/people/invite").text
        assert 'value="cataloguer"' in page
        assert "national_administrator" not in page


class TestList:
    def test_shows_and_changes_the_own_invitations_only(
        self, office: Client, visitor: Client, distant_library: int
    ) -> None:
        invite(office)
        first = last_link()
        assert "new@example.org" in office.get("/staff/people/invitations").text
        number = int(office.get("/staff/people/invitations").text.partition("/invitations/")[2].partition("/")[0])
        stranger = people.person("other", Role.INSTITUTION_ADMINISTRATOR, institution_id=distant_library)
        visitor.force_login(stranger)
        assert "new@example.org" not in visitor.get("/staff/people/invitations").text
        assert visitor.post(f"/staff/people/invitations/{number}/revoke").status_code == 404
        visitor.logout()
        office.post(f"/staff/people/invitations/{number}/resend")
        assert visitor.get(first).status_code == 404
        second = last_link()
        assert visitor.get(second).status_code == 200
        office.post(f"/staff/people/invitations/{number}/revoke")
        assert visitor.get(second).status_code == 410

    def test_is_not_for_cataloguers(self, desk: Client) -> None:
        assert desk.get("/staff/people/invitations").status_code == 403
