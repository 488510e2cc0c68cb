"""Importing members from CSV."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from factories.members import consortium
from tongwen.domain.members import models, queries, services, types
from tongwen.domain.members.rules import member_files

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
HEAD = "code,name_zh,type,city"


def bring_in(text: str | bytes, domain: str = "") -> types.ImportReport:
    content = text if isinstance(text, bytes) else text.encode()
    return services.import_members(content=content, actor="centre", now=NOW, domain=domain)


@pytest.mark.django_db
class TestImport:
    def test_enters_what_is_new_and_changes_what_is_different(self, lending_library: int) -> None:
        report = bring_in(
            f"{HEAD},homepage\nL1,示范一馆,university,320100,https://l1.example.org\nL7,示范七馆,公共图书馆,苏州,\n"
        )
        assert [(one.code, one.outcome) for one in report.rows] == [("L1", "changed"), ("L7", "new")]
        assert report.rows[0].fields == (("homepage", "", "https://l1.example.org"),)
        seven = queries.institution_by_code("L7")
        assert (seven.city, seven.type, seven.name_zh_hant) == ("320500", types.InstitutionType.PUBLIC, "示範七館")
        assert [one.code for one in queries.find_institutions("sfqg")] == ["L7"]

    def test_changes_nothing_the_second_time(self) -> None:
        bring_in(consortium(30))
        again = bring_in(consortium(30))
        assert (again.count("unchanged"), again.problems) == (30, ())

    def test_reads_back_what_it_hands_out(self, lending_library: int) -> None:
        bring_in(consortium(30))
        again = bring_in(queries.export_members())
        assert (again.count("unchanged"), again.problems) == (31, ())

    def test_only_tells_when_it_is_tried(self) -> None:
        report = services.preview_import(content=consortium(5))
        assert report.count("new") == 5
        assert not models.Institution.objects.exists()

    def test_takes_all_rows_or_none(self) -> None:
        report = bring_in(f"{HEAD}\nA1,示范甲馆,university,320100\nA2,示范乙馆,castle,320100\n")
        assert [(one.row, one.field, one.code) for one in report.problems] == [(3, "type", "unknown_type")]
        assert not models.Institution.objects.exists()

    def test_leaves_alone_what_the_file_does_not_have(self, lending_library: int) -> None:
        text = "192.0.2.0/24"
        services.save_addresses(institution_id=lending_library, text=text, actor="x", now=NOW)
        bring_in(f"{HEAD}\nL1,示范一馆新,university,320100\n")
        one = queries.institution(lending_library)
        assert (one.name_zh, one.name_en) == ("示范一馆新", "Demo L1")
        assert [str(found.network) for found in queries.address_ranges(lending_library)] == [text]

    def test_refuses_networks_and_isils_of_members_that_are_not_in_the_file(self, lending_library: int) -> None:
        services.save_addresses(institution_id=lending_library, text="192.0.2.0/24", actor="x", now=NOW)
        models.Institution.objects.filter(pk=lending_library).update(isil="CN-DEMO-1")
        report = bring_in(f"{HEAD},isil,ip\nB1,示范乙馆,college,320100,cn-demo-1,192.0.2.0/24\n")
        assert [one.code for one in report.problems] == ["isil_taken", "range_taken"]

    def test_lets_networks_change_hands_within_a_file(self) -> None:
        rows = "A1,示范甲馆,college,320100,{}\nA2,示范乙馆,college,320100,{}\n"
        head = f"{HEAD},ip\n"
        bring_in(head + rows.format("192.0.2.0/25", "192.0.2.128/25"))
        report = bring_in(head + rows.format("192.0.2.128/25", "192.0.2.0/25"))
        assert report.problems == ()
        assert queries.institution_of_address("192.0.2.1") == queries.institution_by_code("A2").id

    def test_joins_domains(self, lending_library: int) -> None:
        number = services.register_sharing_domain(
            code="AL",
            name_zh="联盟",
            name_zh_hant="聯盟",
            name_en="Alliance",
            kind=types.SharingDomainKind.ALLIANCE,
            institution_ids=[],
        )
        report = bring_in(f"{HEAD},共享域\nL1,示范一馆,university,320100,AL\n")
        assert report.rows[0].fields == (("domains", "", "AL"),)
        assert queries.sharing_domain(number).institution_ids == (lending_library,)
        assert bring_in(f"{HEAD},共享域\nL1,示范一馆,university,320100,XX\n").problems[0].code == "unknown_domain"

    def test_lets_a_domain_change_its_own_members_only(self, lending_library: int, distant_library: int) -> None:
        services.register_sharing_domain(
            code="JS",
            name_zh="江苏",
            name_zh_hant="江蘇",
            name_en="Jiangsu",
            kind=types.SharingDomainKind.PROVINCE,
            institution_ids=[lending_library],
            place="320000",
        )
        report = bring_in(f"{HEAD}\nL3,改名,university,610100\n", "JS")
        assert [one.code for one in report.problems] == ["not_yours"]
        report = bring_in(f"{HEAD}\nL1,示范改名馆,university,320100\nN1,示范新馆,college,320100\n", "JS")
        assert report.problems == ()
        new = queries.institution_by_code("N1").id
        assert [one.code for one in queries.domains_of(new)] == ["JS"]

    def test_takes_no_more_statements_for_more_members(self) -> None:
        def statements(size: int) -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                bring_in(consortium(size))
            return len(asked)

        assert statements(20) >= statements(400) - 2


class TestFile:
    @pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_is_read_in_every_charset_that_spreadsheets_write(self, charset: str) -> None:
        found = member_files.read(consortium(3, charset=charset))
        assert found.problems == ()
        assert found.rows[0].facts["name_zh"].startswith("示范云海云海大学")

    @pytest.mark.parametrize("divider", [",", ";", "\t"])
    def test_may_be_divided_by_what_spreadsheets_take(self, divider: str) -> None:
        text = f"{HEAD}\nA1,示范甲馆,大学,南京市\n".replace(",", divider)
        assert member_files.read(text.encode()).rows[0].facts["city"] == "320100"

    @pytest.mark.parametrize(
        ("text", "code", "row"),
        [
            ("", "missing_column", 1),
            (HEAD, "no_rows", 0),
            ("code,name_zh,type\n", "missing_column", 1),
            (f"{HEAD},colour\nA1,甲馆,大学,南京,red", "unknown_column", 1),
            (f"{HEAD},代码\n", "column_twice", 1),
            (f"{HEAD}\nA1,甲馆,大学,南京,x", "too_many_cells", 2),
            (f"{HEAD}\nA1,甲馆,大学", "missing", 2),
            (f"{HEAD}\nA 1,甲馆,大学,南京", "bad_code", 2),
            (f"{HEAD}\nA1,甲馆,大学,临海", "unknown_city", 2),
            (f"{HEAD},省\nA1,甲馆,大学,南京,浙江", "city_not_in_province", 2),
            (f"{HEAD},省\nA1,甲馆,大学,南京,吴", "unknown_province", 2),
            (f"{HEAD},ip\nA1,甲馆,大学,南京,10.0.0.0/8", "private_range", 2),
            (f"{HEAD}\nA1,甲馆,大学,南京\na1,乙馆,大学,南京", "in_another_row", 3),
            (f'{HEAD}\n"A1,甲馆,大学,南京', "no_csv", 2),
            (f"{HEAD}\nA1,\0,大学,南京", "no_text", 0),
        ],
    )
    def test_names_what_is_wrong_with_its_line(self, text: str, code: str, row: int) -> None:
        found = member_files.read(text.encode())
        assert (code, row) in [(one.code, one.row) for one in found.problems]

    def test_names_the_right_line_behind_a_cell_of_several_lines(self) -> None:
        text = f'{HEAD},ip\nA1,甲馆,大学,南京,"192.0.2.1\n192.0.2.2"\nA2,乙馆,塔,南京,\n'
        found = member_files.read(text.encode())
        assert [(one.code, one.row) for one in found.problems] == [("unknown_type", 4)]

    def test_stops_at_a_file_that_is_too_large(self) -> None:
        assert member_files.read(b"x" * (member_files.LARGEST + 1)).problems[0].code == "file_too_large"
        rows = "A,b,c,d\n" * (member_files.MOST_ROWS + 2)
        assert member_files.read(f"{HEAD}\n{rows}".encode()).problems[0].code == "too_many_rows"

    @given(st.binary(max_size=300))
    def test_never_fails(self, content: bytes) -> None:
        member_files.read(HEAD.encode() + b"\n" + content)

    @given(st.text(max_size=60))
    def test_keeps_spreadsheets_from_calculating(self, name: str) -> None:
        assert member_files._safe(name)[:1] not in ("=", "+", "-", "@")
        assert member_files._cell(member_files._safe("=" + name.strip())) == ("=" + name.strip()).strip().strip(
            "\ufeff"
        )
