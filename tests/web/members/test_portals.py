"""Portals under host names of their own, their colours and logos."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories.pictures import picture
from tongwen.core import clock
from tongwen.domain.members import queries, services, types

pytestmark = pytest.mark.django_db
HOST = "lib.example.org"


@pytest.fixture
def portal(lending_library: int, settings: Any, index_folder: object) -> Client:
    """The browser of a reader who came by the lending library's own name."""
    settings.TONGWEN_ALLOWED_HOSTS = ["testserver"]
    facts = types.InstitutionFacts("", "示范一馆", "示範一館", "Demo One", "university", "320100", host_name=HOST)
    by: Any = {"institution_id": lending_library, "actor": "centre", "now": clock.now()}
    services.change_institution(entered=facts, **by)
    own = types.OwnFacts("示範一館", "Demo One", colour="#7a1f2b", welcome=types.Welcome(zh="欢迎", en="Good day"))
    services.change_own_facts(entered=own, **by)
    return Client(headers={"host": HOST})


class TestPortal:
    def test_has_the_librarys_name_words_and_colours(self, portal: Client) -> None:
        page = portal.get("/", headers={"accept-language": "en"}).text
        assert "<h1>Demo One</h1>" in page
        assert "Good day" in page
        assert '<link rel="stylesheet" href="/portal/library/L1/style.css?v=7a1f2b">' in page

    def test_takes_the_other_languages_words_where_it_has_none(self, portal: Client) -> None:
        assert "欢迎" in portal.get("/", headers={"accept-language": "zh-hant"}).text

    def test_looks_from_the_library(self, portal: Client) -> None:
        page = portal.get("/library/find", headers={"accept-language": "en"}).text
        assert "No own library" in page

    def test_of_a_domain_has_the_domains_name(self, portal: Client, province: int) -> None:
        facts = types.DomainFacts(
            "JS", "江苏域", "", "Jiangsu Domain", "province", "320000", host_name="js.example.org"
        )
        services.change_sharing_domain(domain_id=province, entered=facts, actor="x", now=clock.now())
        page = Client(headers={"host": "js.example.org"}).get("/", headers={"accept-language": "en"})
        assert "<h1>Jiangsu Domain</h1>" in page.text

    @pytest.mark.parametrize("host", ["evil.example", "lib.example.org.evil.example", "x.lib.example.org", "a b"])
    def test_answers_to_no_other_name(self, portal: Client, host: str) -> None:
        assert Client(headers={"host": host}).get("/robots.txt").status_code == 400

    @pytest.mark.parametrize("host", ["LIB.example.ORG", "lib.example.org:8080", "testserver"])
    def test_answers_to_its_names_as_they_are_written(self, portal: Client, host: str) -> None:
        assert Client(headers={"host": host}).get("/robots.txt").status_code == 200

    def test_of_a_closed_library_answers_no_more(self, portal: Client, lending_library: int) -> None:
        services.change_status(
            institution_id=lending_library,
            status=types.InstitutionStatus.CLOSED,
            reason="merged",
            actor="x",
            now=clock.now(),
        )
        assert portal.get("/robots.txt").status_code == 400


class TestStyleSheet:
    def test_is_kept_by_its_etag(self, portal: Client) -> None:
        first = portal.get("/portal/library/L1/style.css")
        assert first.headers["Content-Type"] == "text/css; charset=utf-8"
        assert "--act: #7a1f2b" in first.text
        again = portal.get("/portal/library/L1/style.css", headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_says_nothing_where_nothing_is_chosen(self, reader: Client, neighbouring_library: int) -> None:
        assert reader.get("/portal/library/L2/style.css").content == b""

    @pytest.mark.parametrize("address", ["library/NO", "domain/NO", "castle/L1"])
    def test_is_not_there_for_others(self, portal: Client, address: str) -> None:
        assert portal.get(f"/portal/{address}/style.css").status_code == 404


class TestLogo:
    def test_is_handed_out_as_the_picture_it_is(self, administrator: Client, lending_library: int) -> None:
        assert administrator.get("/portal/L1/logo").status_code == 404
        file = SimpleUploadedFile("logo.svg", picture(), "image/svg+xml")
        assert administrator.post("/staff/library/logo", {"logo": file}).status_code == 302
        found = administrator.get("/portal/L1/logo")
        assert (found.content, found.headers["Content-Type"]) == (picture(), "image/png")
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert f"v={queries.institution(lending_library).look.logo}" in administrator.get("/staff/library").text
        administrator.post("/staff/library/logo", {"remove": "1"})
        assert administrator.get("/portal/L1/logo").status_code == 404

    def test_is_no_script_in_disguise(self, administrator: Client) -> None:
        file = SimpleUploadedFile("logo.png", b"<svg onload='alert(1)'/>", "image/png")
        page = administrator.post("/staff/library/logo", {"logo": file})
        assert page.status_code == 422
        assert "This file is no PNG" in page.text
        assert administrator.post("/staff/library/logo").status_code == 422
