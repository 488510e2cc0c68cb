from __future__ import annotations

import pytest
from django.test import Client

from factories import people
from factories.files import book, marc_file
from tongwen.domain.identity.types import Role

pytestmark = pytest.mark.django_db

STAFF_PAGES = [
    "/staff/loads",
    "/staff/loads/new",
    "/staff/loads/1",
    "/staff/loads/1/problems",
    "/staff/reviews",
    "/staff/reviews/1",
]


class TestStaffPages:
    @pytest.mark.parametrize("page", STAFF_PAGES)
    def test_send_readers_to_the_login_and_back(self, client: Client, page: str) -> None:
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"] == f"/login?next={page}"

    def test_make_a_polling_page_reload_when_the_session_ended(self, client: Client) -> None:
        answer = client.get("/staff/loads/1/progress", headers={"hx-request": "true"})
        assert answer["HX-Refresh"] == "true"

    def test_are_not_for_people_without_an_institution(self, client: Client) -> None:
        operator = people.person("op", Role.NATIONAL_ADMINISTRATOR)
        client.force_login(operator)
        assert client.get("/staff/loads").status_code == 403

    def test_hide_what_belongs_to_another_library(self, desk: Client, distant_library: int, load) -> None:
        theirs = load(distant_library, marc_file(book("1", "Orlando")))
        for part in ("", "/progress", "/problems", "/records/new", "/rejected"):
            assert desk.get(f"/staff/loads/{theirs.id}{part}").status_code == 404
        for act in ("commit", "cancel", "resume", "revert"):
            assert desk.post(f"/staff/loads/{theirs.id}/{act}").status_code == 404

    @pytest.mark.parametrize("act", ["loads/1/commit", "loads/1/revert", "reviews/1/decide", "reviews/1/undo"])
    def test_change_nothing_by_a_link(self, desk: Client, act: str) -> None:
        assert desk.get(f"/staff/{act}").status_code == 405
