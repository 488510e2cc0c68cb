from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.identity.rules import reader_files
from tongwen.domain.identity.types import LineFault, UnreadableReaders

CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)


def lines_of(text: str) -> list[tuple[int, list[str]]]:
    return list(reader_files.rows(io.StringIO(text, newline="")))


def read_one(heading: str, line: str):
    (_, head), (number, cells) = lines_of(f"{heading}\n{line}\n")
    return reader_files.read(number, cells, reader_files.heading(head))


class TestCharacterSet:
    @pytest.mark.parametrize(
        ("charset", "told"),
        [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
    )
    def test_is_told_from_the_bytes_however_they_are_cut(self, charset: str, told: str) -> None:
        content = "读者证号,姓名\r\n1,張偉𠮷\r\n".encode(charset)
        for size in (3, 7, 1000):
            blocks = [content[start : start + size] for start in range(0, len(content), size)]
            assert reader_files.charset_of(blocks) == told

    def test_that_is_none_is_refused(self) -> None:
        with pytest.raises(UnreadableReaders) as refused:
            reader_files.charset_of([b"\xff\xff\x00\x81"])
        assert refused.value.fault is LineFault.UNDECODABLE

    @given(st.binary(max_size=200))
    def test_never_fails_otherwise(self, content: bytes) -> None:
        with contextlib.suppress(UnreadableReaders):
            charset = reader_files.charset_of([content])
            list(reader_files.rows(io.TextIOWrapper(io.BytesIO(content), charset, newline="")))


class TestRows:
    @given(st.lists(st.lists(CELL.filter(str.strip), min_size=2, max_size=5), min_size=1, max_size=8))
    def test_are_what_was_written(self, table: list[list[str]]) -> None:
        table = [["number", "name"], *table]
        written = io.StringIO()
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows(table)
        assert [cells for _, cells in lines_of(written.getvalue())] == table

    def test_know_their_line_behind_empty_and_long_ones(self) -> None:
        text = 'number,name\n\n1,"a\nb"\n2,c\n'
        assert [line for line, _ in lines_of(text)] == [1, 3, 5]

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_are_cut_at_the_separator_of_the_heading(self, separator: str) -> None:
        assert lines_of(f"number{separator}name\n1{separator}b\n")[1][1] == ["1", "b"]

    def test_with_an_open_quotation_are_refused_with_the_line(self) -> None:
        with pytest.raises(UnreadableReaders) as refused:
            lines_of('number,name\n1,b\n2,"c\n')
        assert (refused.value.fault, refused.value.line) == (LineFault.BROKEN_QUOTES, 3)

    def test_of_a_cell_that_does_not_end_are_refused_soon(self) -> None:
        endless = iter(["number,name\n", '1,"', *("x" * 1000 for _ in range(10_000))])
        with pytest.raises(UnreadableReaders):
            list(reader_files.rows(endless))
        assert next(endless)


class TestHeading:
    @pytest.mark.parametrize(
        "cells",
        [
            ["读者证号", "姓名", "类型", "院系", "邮箱", "有效期"],
            ["讀者證號", "姓名", "讀者類型", "院系", "電子郵箱", "有效期至"],
            ["Reader Number", "Full_Name", "Patron Type", "Department", "E-mail", "Valid until"],
            ["\ufeff学号", " 姓 名 ", "读者类别", "部门", "Email", "失效日期"],
        ],
    )
    def test_is_understood_in_chinese_and_english(self, cells: list[str]) -> None:
        head = reader_files.heading(cells)
        assert list(head.columns) == ["number", "display_name", "category", "department", "email", "expires_on"]
        assert head.ignored == ()

    def test_names_what_is_not_kept(self) -> None:
        assert reader_files.heading(["身份证号码", "姓名", "学号"]).ignored == ("身份证号码",)

    @pytest.mark.parametrize(
        ("cells", "fault"),
        [
            (["姓名"], LineFault.COLUMN_MISSING),
            (["读者证号"], LineFault.COLUMN_MISSING),
            (["读者证号", "姓名", "学号"], LineFault.COLUMN_TWICE),
            (["x"] * 101, LineFault.TOO_MANY_CELLS),
        ],
    )
    def test_that_cannot_do_is_refused(self, cells: list[str], fault: LineFault) -> None:
        with pytest.raises(UnreadableReaders) as refused:
            reader_files.heading(cells)
        assert refused.value.fault is fault


class TestLine:
    @pytest.mark.parametrize(
        ("written", "first_day_after"),
        [
            ("2027-06-30", dt.date(2027, 7, 1)),
            ("2027/6/30", dt.date(2027, 7, 1)),
            ("20270630", dt.date(2027, 7, 1)),
            ("2027年6月30日", dt.date(2027, 7, 1)),
            ("2027-06-30 00:00:00", dt.date(2027, 7, 1)),
            ("", None),
            ("长期", None),
            ("9999-12-31", None),
        ],
    )
    def test_is_a_readers_to_the_end_of_the_day_that_it_names(self, written: str, first_day_after) -> None:
        reader, problems = read_one("读者证号,姓名,有效期", f"a1,张伟,{written}")
        assert problems == []
        assert reader is not None
        assert (reader.number, reader.expires_on) == ("A1", first_day_after)

    @pytest.mark.parametrize(
        ("line", "found"),
        [
            (",张伟,", [("number", LineFault.EMPTY)]),
            ("1,,", [("display_name", LineFault.EMPTY)]),
            ("1,张伟,30/06/2027", [("expires_on", LineFault.BAD_DATE)]),
            ("1,张伟,2027-02-30", [("expires_on", LineFault.BAD_DATE)]),
            ("1", [("", LineFault.TOO_FEW_CELLS)]),
            ("1,张\u202e伟,", [("display_name", LineFault.INVISIBLE)]),
            ("1," + "x" * 151 + ",", [("display_name", LineFault.TOO_LONG)]),
            (
                ",,x",
                [("number", LineFault.EMPTY), ("display_name", LineFault.EMPTY), ("expires_on", LineFault.BAD_DATE)],
            ),
        ],
    )
    def test_tells_all_that_is_wrong_with_it(self, line: str, found: list[tuple[str, LineFault]]) -> None:
        reader, problems = read_one("读者证号,姓名,有效期", line)
        assert reader is None
        assert [(one.column, one.fault) for one in problems] == found
        assert {one.line for one in problems} == {2}

    @given(st.lists(CELL, min_size=3, max_size=3))
    def test_is_a_reader_or_has_problems(self, cells: list[str]) -> None:
        head = reader_files.heading(["number", "name", "email"])
        reader, problems = reader_files.read(2, cells, head)
        assert (reader is None) == bool(problems)


class TestCellOfAReport:
    @pytest.mark.parametrize("sign", list("=+-@\t\r"))
    def test_is_no_formula(self, sign: str) -> None:
        assert reader_files.safe_cell(f"{sign}1+1") == f"'{sign}1+1"

    def test_stays_as_it_is_otherwise(self) -> None:
        assert reader_files.safe_cell("张伟") == "张伟"
