"""The register of members on its pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.members import consortium
from tongwen.core import clock
from tongwen.domain.members import models, queries, services

pytestmark = pytest.mark.django_db


class TestList:
    def test_finds_by_pinyin_and_narrows_by_province(
        self, nation: Client, lending_library: int, distant_library: int
    ) -> None:
        assert "L3" in nation.get("/staff/members?name=sfsg").text
        page = nation.get("/staff/members?province=320000").text
        main = page[page.index("<main") :]
        assert "Demo L1" in main
        assert "Demo L3" not in main

    def test_shows_a_centre_its_own_members(self, centre: Client, distant_library: int) -> None:
        page = centre.get("/staff/members").text
        main = page[page.index("<main") :]
        assert "Demo L1" in main
        assert "Demo L3" not in main
        assert centre.get(f"/staff/members/{distant_library}").status_code == 404
        assert "L3" not in centre.get("/staff/members/export").text

    def test_stays_usable_with_the_members_of_a_country(self, nation: Client) -> None:
        services.import_members(content=consortium(1_800), actor="centre", now=clock.now())
        with CaptureQueriesContext(connection) as asked:
            page = nation.get("/staff/members?page=3")
        assert "1,800 libraries" in page.text
        assert len(page.content) < 60_000
        written = [one["sql"] for one in asked if "register_mark" not in one["sql"]]
        assert len(written) < 30


class TestMember:
    def test_is_entered_and_changed(self, nation: Client, confirmed: dict[str, Any]) -> None:
        assert nation.post("/staff/members/new", {**confirmed, "code": ""}).status_code == 422
        address = nation.post("/staff/members/new", confirmed).headers["Location"]
        assert nation.post(address, {**confirmed, "code": "OTHER", "name_en": "Renamed"}).status_code == 302
        assert queries.institution_by_code("N1").name_en == "Renamed"

    def test_of_a_centre_joins_its_domain(self, centre: Client, province: int, confirmed: dict[str, Any]) -> None:
        centre.post("/staff/members/new", confirmed)
        assert queries.institution_by_code("N1").id in queries.sharing_domain(province).institution_ids

    def test_is_not_entered_with_a_host_name_of_another(self, nation: Client, confirmed: dict[str, Any]) -> None:
        nation.post("/staff/members/new", confirmed)
        page = nation.post("/staff/members/new", {**confirmed, "code": "N2"})
        assert page.status_code == 422
        assert "is in use already" in page.text

    def test_is_suspended_with_a_reason(self, nation: Client, lending_library: int) -> None:
        address = f"/staff/members/{lending_library}/status"
        assert nation.post(address, {"status": "suspended", "reason": ""}).status_code == 422
        assert nation.post(address, {"status": "castle"}).status_code == 422
        assert nation.post(address, {"status": "suspended", "reason": "fees"}).status_code == 302
        assert queries.institution(lending_library).status == "suspended"

    def test_subscribes_and_ends(self, nation: Client, lending_library: int) -> None:
        address = f"/staff/members/{lending_library}"
        sent = {"service": "ill", "begins_on": "2026-01-01", "ends_on": ""}
        assert nation.post(f"{address}/subscribe", {**sent, "begins_on": "soon"}).status_code == 422
        assert nation.post(f"{address}/subscribe", {**sent, "service": ""}).status_code == 422
        assert nation.post(f"{address}/subscribe", sent).status_code == 302
        assert "End today" in nation.get(address).text
        (found,) = queries.subscriptions(lending_library)
        nation.post(f"{address}/subscriptions/{found.id}/end")
        assert queries.subscriptions(lending_library)[0].ends_on == clock.today()

    def test_may_have_addresses_within_those_of_another_when_the_centre_says_so(
        self, nation: Client, lending_library: int, distant_library: int
    ) -> None:
        nation.post(f"/staff/members/{lending_library}/addresses", {"addresses": "192.0.2.0/24"})
        address, sent = f"/staff/members/{distant_library}/addresses", {"addresses": "192.0.2.64/26"}
        page = nation.post(address, sent)
        assert page.status_code == 422
        assert "示范一馆 (L1)" in page.text
        assert 'id="within"' in page.text
        assert nation.post(address, {**sent, "within": "1"}).status_code == 302
        assert queries.institution_of_address("192.0.2.70") == distant_library


class TestImport:
    def send(self, client: Client, content: bytes, mode: str) -> tuple[int, str]:
        file = SimpleUploadedFile("members.csv", content)
        response = client.post("/staff/members/import", {"file": file, "mode": mode})
        return response.status_code, response.text

    def test_tries_then_imports(self, nation: Client) -> None:
        status, page = self.send(nation, consortium(3), "try")
        assert (status, "This is what would happen" in page) == (200, True)
        assert not models.Institution.objects.exists()
        status, page = self.send(nation, consortium(3), "import")
        assert (status, "The file is imported" in page) == (200, True)
        assert models.Institution.objects.count() == 3

    def test_says_line_by_line_what_is_wrong(self, nation: Client) -> None:
        status, page = self.send(nation, "code,name,type,city\nA1,<b>,castle,南京\n".encode(), "import")
        assert status == 422
        assert "Nothing was imported" in page
        assert "castle" in page

    @pytest.mark.parametrize("content", [b"", b"\0\0", b"\xff\xfe\0", b"PK\x03\x04" + bytes(range(256))])
    def test_takes_no_file_that_is_none(self, nation: Client, content: bytes) -> None:
        assert self.send(nation, content, "import")[0] == 422

    def test_by_a_centre_touches_no_member_of_others(self, centre: Client, distant_library: int) -> None:
        status, page = self.send(centre, "code,name,type,city\nL3,新名,大学,西安\n".encode(), "import")
        assert status == 422
        assert "not for your domain" in page


class TestDomain:
    SENT = {"code": "ZJ", "name_zh": "浙江共享域", "kind": "province", "place": "330000", "switched_off": ["ill"]}

    def test_is_entered_by_the_nation(self, nation: Client, lending_library: int) -> None:
        address = nation.post("/staff/domains/new", self.SENT).headers["Location"]
        assert nation.post(f"{address}/join", {"institution": "L9"}).status_code == 422
        assert nation.post(f"{address}/join", {"institution": "l1"}).status_code == 302
        page = nation.get(address).text
        assert 'id="switched_off-ill" value="ill" checked' in page
        assert "L1 Demo L1" in page
        assert nation.post(f"{address}/leave/{lending_library}").status_code == 302
        assert queries.domains_of(lending_library) == ()

    def test_is_changed_by_its_own_administrator_only(self, centre: Client, nation: Client, province: int) -> None:
        other = nation.post("/staff/domains/new", self.SENT).headers["Location"]
        assert centre.get(other).status_code == 404
        assert centre.get("/staff/domains/new").status_code == 404
        assert "ZJ" not in centre.get("/staff/domains").text
        sent = {**self.SENT, "place": "320000", "welcome_en": "Hello", "colour": "#0b5d3b"}
        assert centre.post(f"/staff/domains/{province}", sent).status_code == 302
        one = queries.sharing_domain(province)
        assert (one.code, one.welcome.en, one.look.colour) == ("JS", "Hello", "#0b5d3b")

    def test_takes_no_member_that_another_centre_looks_after(
        self, centre: Client, province: int, distant_library: int
    ) -> None:
        page = centre.post(f"/staff/domains/{province}/join", {"institution": "L3"})
        assert page.status_code == 422
        assert queries.domains_of(distant_library) == ()

    def test_of_a_province_that_has_one_is_refused(self, nation: Client, province: int) -> None:
        page = nation.post("/staff/domains/new", {**self.SENT, "place": "320000"})
        assert page.status_code == 422
        assert 'href="#place"' in page.text


class TestOwnLibrary:
    SENT = {
        "name_zh_hant": "示範一館",
        "name_en": "Demo One",
        "open_weekdays": ["1", "2", "6"],
        "colour": "#7a1f2b",
        "welcome_zh": "欢迎",
    }

    def test_is_changed_by_its_administrator(self, administrator: Client, lending_library: int) -> None:
        assert administrator.post("/staff/library", self.SENT).status_code == 302
        one = queries.institution(lending_library)
        assert (one.name_en, one.open_weekdays, one.look.colour) == ("Demo One", "126", "#7a1f2b")
        page = administrator.post("/staff/library", {**self.SENT, "colour": "#ffee00"})
        assert page.status_code == 422
        assert "must be 4.5 to 1" in page.text

    def test_shows_the_days_on_which_it_works(self, administrator: Client) -> None:
        page = administrator.get("/staff/library").text
        assert 'value="5" checked' in page
        assert 'value="6" checked' not in page

    def test_keeps_its_calendar(self, administrator: Client, lending_library: int) -> None:
        sent = {"kind": "vacation", "begins_on": "2030-01-20", "ends_on": "2030-02-20", "label": "寒假"}
        assert administrator.post("/staff/library/calendar", {**sent, "ends_on": "2029-01-01"}).status_code == 422
        assert administrator.post("/staff/library/calendar", {**sent, "begins_on": "20 Jan"}).status_code == 422
        assert administrator.post("/staff/library/calendar", sent).status_code == 302
        assert "寒假" in administrator.get("/staff/library/calendar").text
        (entry,) = queries.calendar(lending_library)
        assert not queries.is_open(lending_library, dt.date(2030, 1, 21))
        administrator.post(f"/staff/library/calendar/{entry.id}/remove")
        assert queries.calendar(lending_library) == ()

    def test_enters_its_addresses_but_none_of_others(
        self, administrator: Client, lending_library: int, distant_library: int
    ) -> None:
        services.save_addresses(institution_id=distant_library, text="203.0.113.0/24", actor="x", now=clock.now())
        for text in ("10.0.0.0/8", "203.0.113.7", "my office"):
            page = administrator.post("/staff/library/addresses", {"addresses": text, "within": "1"})
            assert page.status_code == 422
            assert text in page.text
        assert administrator.post("/staff/library/addresses", {"addresses": "192.0.2.0-63"}).status_code == 302
        assert "192.0.2.0/26" in administrator.get("/staff/library/addresses").text

    def test_is_not_for_its_cataloguers(self, desk: Client) -> None:
        for page in ("/staff/library", "/staff/library/calendar", "/staff/library/addresses"):
            assert desk.get(page).status_code == 403
