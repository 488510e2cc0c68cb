from __future__ import annotations

import pytest

from marc_lines import cnmarc, record
from shared_data import shared
from tongwen.standards.marc import iso2709, validation
from tongwen.standards.marc.types import Format, Record, Severity

GOOD_MARC21 = (
    "001    123",
    "008    000921s1999    ch a     d    001 0 chi  ",
    "020    $a9579904804",
    "041 1  $achi$hengfre",
    "100 1  $aLi, Bai.",
    "245 10 $aPoems.",
)
GOOD_CNMARC = (
    "001    CAL 0120130001",
    "010    $a978-7-5064-2595-7",
    "100    $a20130312d2012    em y0chiy50      ea",
    "101 0  $achi",
    "105    $aa   z   000yy",
    "200 1  $a数字图书馆",
    "690    $aG258.6",
    "701  0 $a张三$4著",
    "801  0 $aCN$bPUL",
)


def codes(one: Record, record_format: Format) -> list[tuple[str, str]]:
    return [(problem.code, problem.tag) for problem in validation.check(one, record_format)]


def changed(lines: tuple[str, ...], tag: str, *instead: str) -> tuple[str, ...]:
    return tuple(line for line in lines if not line.startswith(tag)) + instead


class TestGoodRecords:
    def test_have_no_problems(self):
        assert codes(record(*GOOD_MARC21), Format.MARC21) == []
        assert codes(cnmarc(*GOOD_CNMARC), Format.CNMARC) == []


class TestErrors:
    def test_are_only_for_records_that_cannot_be_taken(self):
        no_title = validation.check(record(*changed(GOOD_MARC21, "245")), Format.MARC21)
        assert [(p.code, p.severity, p.tag) for p in no_title] == [("title-missing", Severity.ERROR, "245")]
        empty_title = validation.check(cnmarc(*changed(GOOD_CNMARC, "200", "200 1  $a ")), Format.CNMARC)
        assert [(p.code, p.severity) for p in empty_title] == [("title-empty", Severity.ERROR)]
        short = validation.check(record(*GOOD_MARC21, leader="00000nam"), Format.MARC21)
        assert [(p.code, p.severity, p.offset) for p in short] == [("leader-unusable", Severity.ERROR, 0)]


class TestMARC21Warnings:
    @pytest.mark.parametrize(
        ("tag", "instead", "expected"),
        [
            ("008", "008    000921s1999", ("fixed-length", "008")),
            ("008", "008    000921s1999    ch a     d    001 0 qqq  ", ("language-code", "008")),
            ("008", "500    $aNo coded field", ("field-missing", "008")),
            ("020", "020    $a9579904805", ("isbn", "020")),
            ("041", "041 1  $achi$hxxq", ("language-code", "041")),
            ("100", "100 4  $aLi, Bai.", ("indicator", "100")),
            ("500", "110 2  $aTang.", ("main-entry-repeated", "110")),
            ("500", "245 10 $aAgain.", ("field-repeated", "245")),
            ("500", "022    $a1002-1020", ("issn", "022")),
        ],
    )
    def test_name_the_field(self, tag: str, instead: str, expected: tuple[str, str]):
        found = validation.check(record(*changed(GOOD_MARC21, tag, instead)), Format.MARC21)
        assert [(problem.code, problem.tag) for problem in found] == [expected]
        assert found[0].severity is Severity.WARNING

    def test_tell_an_impossible_type_of_record(self):
        assert codes(record(*GOOD_MARC21, leader="00000n m a2200000 a 4500"), Format.MARC21) == [("leader-type", "LDR")]


class TestCNMARCWarnings:
    @pytest.mark.parametrize(
        ("tag", "instead", "expected"),
        [
            ("100", "100    $a20130312d2012    em y0chiy50     ea", ("fixed-length", "100")),
            ("105", "105    $aa   z   000y", ("fixed-length", "105")),
            ("101", "101 1  $achi", ("translation-without-original", "101")),
            ("101", "101 0  $axyz", ("language-code", "101")),
            ("500", "225 2  $a丛书", ("series-without-410", "225")),
            ("500", "454  1 $1200 1 $aMathematics", ("original-but-translated", "101")),
            ("701", "701  0 $a张三", ("role-missing", "701")),
            ("500", "461  0 $1010  $a7506425955", ("link-without-001-200", "461")),
            ("690", "690    $aL12", ("class-number", "690")),
            ("801", "500 10 $a题名", ("field-missing", "801")),
            ("010", "010    $a978-7-5064-2595-8", ("isbn", "010")),
        ],
    )
    def test_name_the_field(self, tag: str, instead: str, expected: tuple[str, str]):
        assert codes(cnmarc(*changed(GOOD_CNMARC, tag, instead)), Format.CNMARC) == [expected]

    def test_let_old_numbers_pass(self):
        for number in ("7-144-00316-X/TP·340", "10019·1978"):
            assert codes(cnmarc(*changed(GOOD_CNMARC, "010", f"010    $a{number}")), Format.CNMARC) == []

    def test_accept_a_series_with_its_link(self):
        lines = (*GOOD_CNMARC, "225 2  $a丛书", "410  0 $12001 $a丛书")
        assert codes(cnmarc(*lines), Format.CNMARC) == []


class TestRealRecords:
    def test_finds_few_warnings_and_no_error_in_a_national_library(self):
        raws = shared("marc21/loc_D.mrc").read_bytes().split(b"\x1d")[:-1:4]
        found = [validation.check(iso2709.decode(raw + b"\x1d").record, Format.MARC21) for raw in raws]
        assert not [problem for problems in found for problem in problems if problem.severity is Severity.ERROR]
        assert 0 < sum(map(bool, found)) < len(found) * 0.05

    def test_finds_the_brief_record_of_beijing_normal_university(self):
        raws = shared("unimarc_cnmarc/bnu_cnmarc_10.utf-8.iso").read_bytes().split(b"\x1d")
        records = [iso2709.decode(raw + b"\x1d").record for raw in raws if len(raw) > 24]
        found = {one.control("001"): codes(one, Format.CNMARC) for one in records}
        assert {key: value for key, value in found.items() if value} == {
            "9910637057203961": [("indicator", "101"), ("role-missing", "711")]
        }
