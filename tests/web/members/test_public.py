"""Applying for membership, and finding one's library."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from factories.members import consortium
from tongwen.core import clock
from tongwen.domain.members import models, queries, services

pytestmark = pytest.mark.django_db
APPLY = {"zh-hans": "申请成为成员馆", "zh-hant": "申請成為成員館", "en": "Become a member library"}


class TestApply:
    @pytest.mark.parametrize("language", APPLY)
    def test_is_a_form_in_every_language(self, language: str) -> None:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get("/apply")
        assert page.status_code == 200
        assert f"<h1>{APPLY[language]}</h1>" in page.text
        assert len(page.content) < 40_000

    def test_labels_every_field(self, applicant: Client) -> None:
        page = applicant.get("/apply").text
        main = page[page.index("<main") : page.index("</main")]
        names = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', main)
        assert [one for one in names if f'for="{one}"' not in main] == []
        assert len(names) > 25

    def test_leads_to_a_status_page_once(self, applicant: Client, application: Any) -> None:
        sent = application()
        first, again = (applicant.post("/apply", sent).headers["Location"] for _ in range(2))
        assert first == again
        page = applicant.get(first)
        assert "Your application has been received" in page.text
        # Other hosts are not told the address; without any referrer a browser could not send the page's own forms.
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in page.headers["Cache-Control"]

    def test_keeps_what_was_typed_and_says_what_is_wrong(self, applicant: Client, application: Any) -> None:
        page = applicant.post("/apply", application(contact_mail="nobody", message="我们有书<script>"))
        assert page.status_code == 422
        assert 'href="#contact_mail"' in page.text
        assert "This is no mail address" in page.text
        assert "我们有书&lt;script&gt;" in page.text
        assert 'value="ill" checked' in page.text
        assert not models.MembershipApplication.objects.exists()

    def test_takes_nothing_from_programs_that_fill_in_everything(self, applicant: Client, application: Any) -> None:
        assert applicant.post("/apply", application(website="https://spam.example")).status_code == 422
        assert not models.MembershipApplication.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"submission": "x"},
            {"type": "castle"},
            {"services": ["nothing", "ill"]},
            {"name_zh": "示范\0馆"},
            {"extra": "1"},
        ],
    )
    def test_copes_with_forms_that_no_browser_sends(
        self, applicant: Client, application: Any, changes: dict[str, str]
    ) -> None:
        assert applicant.post("/apply", application(**changes)).status_code == 302

    @pytest.mark.parametrize(
        "changes", [{"city": ""}, {"city": "1' or 1"}, {"name_zh": "馆" * 500}, {"name_zh": "a\u202eb"}]
    )
    def test_refuses_what_cannot_be(self, applicant: Client, application: Any, changes: dict[str, str]) -> None:
        assert applicant.post("/apply", application(**changes)).status_code == 422


class TestStatusPage:
    @pytest.fixture
    def address(self, applicant: Client, application: Any) -> str:
        return str(applicant.post("/apply", application()).headers["Location"]).partition("?")[0]

    def test_takes_the_answer_to_a_question(self, applicant: Client, address: str) -> None:
        number = models.MembershipApplication.objects.get().pk
        services.ask_back(
            application_id=number, provinces=None, text="How many books?", actor="wang-at-centre", now=clock.now()
        )
        page = applicant.get(address).text
        assert "How many books?" in page
        assert "wang-at-centre" not in page  # Who works there is not the applicant's to know.
        assert applicant.post(f"{address}/answer", {"text": " "}).status_code == 422
        assert applicant.post(f"{address}/answer", {"text": "A lot"}).status_code == 302
        assert queries.application(number).state == "answered"

    def test_lets_her_take_it_back(self, applicant: Client, address: str) -> None:
        assert applicant.post(f"{address}/withdraw").headers["Location"] == address
        assert "Withdrawn by the library" in applicant.get(address).text
        assert applicant.post(f"{address}/withdraw").status_code == 302

    def test_is_nobody_elses(self, applicant: Client, address: str) -> None:
        assert applicant.get(address[:-1] + "x").status_code == 404

    def test_is_not_told_to_the_log(self, applicant: Client, address: str, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", "tongwen.requests")
        applicant.get(address)
        assert address.rpartition("/")[2] not in caplog.text
        assert "/apply/[hidden]" in caplog.text


class TestFindingALibrary:
    def test_works_without_scripts(self, reader: Client, lending_library: int) -> None:
        page = reader.get("/library/find?name=sfyg&next=/search?q=x").text
        assert "/library?code=L1&amp;next=%2Fsearch%3Fq%3Dx" in page

    def test_suggests_while_one_types(self, reader: Client, lending_library: int, distant_library: int) -> None:
        page = reader.get("/library/suggestions?name=三馆").text
        assert "L3" in page
        assert "L1" not in page
        assert "<html" not in page

    def test_never_leads_out_of_the_portal(self, reader: Client, lending_library: int) -> None:
        page = reader.get("/library/suggestions?name=L1&next=https://evil.example/").text
        assert 'next=%2F"' in page
        assert "evil" not in page

    def test_says_where_nothing_fits(self, reader: Client, lending_library: int) -> None:
        assert "No library fits" in reader.get("/library/find?name=zzzz").text

    def test_keeps_pages_small_however_many_members_there_are(self, reader: Client) -> None:
        few = len(reader.get("/apply").content)
        report = services.import_members(content=consortium(1_800), actor="centre", now=clock.now())
        assert report.count("new") == 1_800
        many = reader.get("/apply").content
        assert len(many) - few < 3_000
        assert b"library-suggestions" in many
        assert len(reader.get("/library/suggestions?name=示范").content) < 4_000
        assert len(queries.find_institutions("示范云海", limit=5)) == 5
