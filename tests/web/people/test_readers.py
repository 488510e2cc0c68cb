from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongwen.core import clock, tenancy
from tongwen.domain.identity.queries import readers as queries
from tongwen.domain.identity.services import readers as services
from web.people.conftest import last_link

pytestmark = pytest.mark.django_db
HEAD = "读者证号,姓名,类型,院系,邮箱,有效期,身份证\n"
FILE = HEAD + "1,张伟,本科生,文学院,a@example.org,2099-06-30,x\n2,王芳,教师,,,,y\n"


def hand_in(office: Client, institution_id: int, content: str = FILE) -> str:
    """Hand a file in, let the worker check it, and return the page's address."""
    answer = office.post("/staff/readers/import", {"file": SimpleUploadedFile("readers.csv", content.encode())})
    assert answer.status_code == 302
    run(institution_id, answer["Location"])
    return answer["Location"]


def run(institution_id: int, address: str) -> None:
    with tenancy.scope(institution_id):
        services.run_import(import_id=int(address.rpartition("/")[2]), now=clock.now())


class TestFile:
    def test_is_checked_shown_and_taken_over(self, office: Client, lending_library: int) -> None:
        address = hand_in(office, lending_library)
        page = office.get(address).text
        assert "Nothing has been changed yet" in page
        assert "张伟" in page
        assert "身份证" in page
        assert office.post(f"{address}/take", {"missing": "leave"}).status_code == 302
        run(lending_library, address)
        assert "Taken over: 2 new, 0 changed." in office.get(address).text
        assert "张伟" in office.get("/staff/readers", {"q": "zhangw"}).text

    def test_shows_what_changes_cell_by_cell(self, office: Client, lending_library: int) -> None:
        address = hand_in(office, lending_library)
        office.post(f"{address}/take")
        run(lending_library, address)
        page = office.get(hand_in(office, lending_library, HEAD + "1,张伟,研究生,文学院,a@example.org,2099-06-30,\n"))
        assert '<del class="quiet">本科生</del> 研究生' in page.text
        missing = office.get(page.request["PATH_INFO"], {"kind": "missing"}).text
        assert "王芳" in missing

    def test_with_errors_names_them_and_hands_them_out(self, office: Client, lending_library: int) -> None:
        address = hand_in(office, lending_library, HEAD + "1,,,,=1+1,x,\n")
        page = office.get(address).text
        assert "3 errors: nothing was taken over" in page
        assert "Write it as 2027-06-30" in page
        report = office.get(f"{address}/problems")
        assert "'=1+1" in b"".join(report.streaming_content).decode()
        assert office.post(f"{address}/take", follow=True).text.count("no longer in a state") == 1

    def test_that_is_none_says_on_which_line_and_why(self, office: Client, lending_library: int) -> None:
        page = office.get(hand_in(office, lending_library, "姓名\n张伟\n")).text
        assert "Line 1" in page
        assert "Reader number" in page

    def test_is_asked_for(self, office: Client) -> None:
        answer = office.post("/staff/readers/import", {})
        assert answer.status_code == 422
        assert "Choose the file" in answer.text

    def test_that_is_too_large_is_refused(self, office: Client, settings) -> None:
        settings.TONGWEN_MAX_UPLOAD = 3
        answer = office.post("/staff/readers/import", {"file": SimpleUploadedFile("r.csv", b"four")})
        assert "the limit is 3 B" in answer.text

    def test_can_be_left_aside(self, office: Client, lending_library: int) -> None:
        address = hand_in(office, lending_library)
        office.post(f"{address}/cancel")
        assert "not taken over" in office.get(address).text

    def test_reports_its_progress_until_it_is_checked(self, office: Client, lending_library: int) -> None:
        answer = office.post("/staff/readers/import", {"file": SimpleUploadedFile("r.csv", FILE.encode())})
        address = answer["Location"]
        assert 'hx-trigger="every 1s"' in office.get(f"{address}/progress").text
        run(lending_library, address)
        assert office.get(f"{address}/progress").status_code == 286


class TestFirstLogIn:
    def test_is_by_the_number_and_a_link_in_the_mail(
        self, office: Client, visitor: Client, lending_library: int
    ) -> None:
        address = hand_in(office, lending_library)
        office.post(f"{address}/take")
        run(lending_library, address)
        visitor.get("/library", {"code": "L1", "next": "/"})
        known = visitor.post("/activation", {"number": "1"}).text
        unknown = visitor.post("/activation", {"number": "77"}).text
        assert "Look into your mailbox" in known
        assert known == unknown
        link = last_link()
        assert "1@l1" in visitor.get(link).text
        wrong = visitor.post(link, {"password": "seven quiet readers", "again": "x"})
        assert wrong.status_code == 422
        done = visitor.post(link, {"password": "seven quiet readers", "again": "seven quiet readers"})
        assert done["Location"] == "/login"
        assert visitor.login(username="1@l1", password="seven quiet readers")
        assert visitor.get(link).status_code == 404
        reader = queries.reader_by_number(lending_library, "1")
        assert reader.person_id is not None

    def test_asks_for_library_and_number(self, visitor: Client, lending_library: int) -> None:
        assert visitor.post("/activation", {"number": "1"}).status_code == 422
        visitor.get("/library", {"code": "L1", "next": "/"})
        assert visitor.post("/activation", {"number": ""}).status_code == 422
