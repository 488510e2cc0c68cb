"""The queue of applications and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tongwen.core.models import Mail
from tongwen.domain.members import models, queries
from tongwen.domain.members.services import notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(applicant: Client, application: Any) -> int:
    applicant.post("/apply", application())
    return int(models.MembershipApplication.objects.get().pk)


class TestQueue:
    def test_shows_what_waits_to_the_centre_that_is_responsible(
        self, centre: Client, nation: Client, number: int
    ) -> None:
        for who in (centre, nation):
            page = who.get("/staff/applications").text
            assert "示范新馆" in page
            assert "Nanjing" in page

    def test_hides_the_provinces_of_others(self, centre: Client, number: int, confirmed: dict[str, Any]) -> None:
        models.MembershipApplication.objects.update(province="610000", city="610100")
        assert "No application waits" in centre.get("/staff/applications").text
        assert centre.get(f"/staff/applications/{number}").status_code == 404
        for act in ("ask", "refuse", "approve"):
            assert centre.post(f"/staff/applications/{number}/{act}", confirmed).status_code == 404

    def test_is_not_for_libraries(self, administrator: Client, number: int) -> None:
        for page in ("/staff/applications", f"/staff/applications/{number}", "/staff/members", "/staff/domains"):
            assert administrator.get(page).status_code == 403

    def test_keeps_a_question_that_is_empty_on_its_page(self, centre: Client, number: int) -> None:
        page = centre.post(f"/staff/applications/{number}/ask", {"question": ""})
        assert page.status_code == 422
        assert 'href="#question"' in page.text

    def test_refuses_with_the_reason(self, centre: Client, number: int) -> None:
        sent = {"reason": "It is a branch of a member."}
        assert centre.post(f"/staff/applications/{number}/refuse", sent).status_code == 302
        assert queries.application(number).events[-1].text == "It is a branch of a member."
        assert "It is a branch" in centre.get(f"/staff/applications/{number}").text
        assert "示范新馆" in centre.get("/staff/applications?state=decided").text

    def test_says_when_somebody_was_first(
        self, centre: Client, nation: Client, number: int, confirmed: dict[str, Any]
    ) -> None:
        centre.post(f"/staff/applications/{number}/refuse", {"reason": "no"})
        page = nation.post(f"/staff/applications/{number}/approve", confirmed, follow=True).text
        assert "Somebody else was first" in page
        assert not models.Institution.objects.filter(code="N1").exists()


class TestApproval:
    def test_suggests_what_is_entered(self, centre: Client, number: int) -> None:
        page = centre.get(f"/staff/applications/{number}").text
        assert 'value="3201001"' in page
        assert 'value="示范新馆"' in page
        assert 'id="services-ill" value="ill" checked' in page

    def test_opens_the_tenant_at_once_without_a_restart(
        self, centre: Client, number: int, confirmed: dict[str, Any], settings: Any, index_folder: object
    ) -> None:
        settings.TONGWEN_ALLOWED_HOSTS = ["testserver"]
        assert Client(headers={"host": "new.example.org"}).get("/robots.txt").status_code == 400
        page = centre.post(f"/staff/applications/{number}/approve", confirmed)
        assert page.status_code == 200
        assert "http://new.example.org/" in page.text
        portal = Client(headers={"host": "new.example.org", "accept-language": "en"}).get("/")
        assert "<h1>Demo New Library</h1>" in portal.text
        assert [one.kind for one in Mail.objects.order_by("pk")] == ["application_received", "invitation"]
        assert [one.code for one in queries.domains_of(queries.institution_by_code("N1").id)] == ["JS"]
        assert mail.outbox == []  # Mails wait for the worker.

    def test_keeps_what_was_typed_where_something_is_wrong(
        self, nation: Client, number: int, confirmed: dict[str, Any], lending_library: int
    ) -> None:
        page = nation.post(f"/staff/applications/{number}/approve", {**confirmed, "code": "L1"})
        assert page.status_code == 422
        assert "This code belongs to 示范一馆 already." in page.text
        assert 'value="new.example.org"' in page.text
        assert queries.application(number).state == "submitted"

    def test_names_members_with_a_similar_name(
        self, nation: Client, applicant: Client, application: Any, lending_library: int
    ) -> None:
        applicant.post("/apply", application(name_zh="示范一"))
        number = models.MembershipApplication.objects.get().pk
        assert "Members with a similar name" in nation.get(f"/staff/applications/{number}").text

    def test_shows_the_applicant_that_she_is_invited(
        self, centre: Client, applicant: Client, number: int, confirmed: dict[str, Any]
    ) -> None:
        submission = models.MembershipApplication.objects.get().submission
        centre.post(f"/staff/applications/{number}/approve", confirmed)
        assert "Welcome!" in applicant.get(f"/apply/{notices.secret(submission)}").text
