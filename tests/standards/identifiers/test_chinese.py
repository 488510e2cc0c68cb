"""统一书号, CN numbers and 中图法."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards import identifiers


class TestBookNumber:
    @pytest.mark.parametrize(
        "written",
        ["10019·1978", "10019.1978", "10019・1978", "统一书号：10019·1978", "１００１９．１９７８", " 10019 • 1978 "],
    )
    def test_unifies_the_dots(self, written):
        assert identifiers.book_number(written) == "10019·1978"

    @pytest.mark.parametrize("written", ["123·4", "100190·4", "10019·", "10019-1978", "7.50", ""])
    def test_is_none_for_another_shape(self, written):
        assert identifiers.book_number(written) is None


class TestCN:
    def test_keeps_the_class_where_there_is_one(self):
        assert identifiers.cn("CN11-1541/G3") == "CN 11-1541/G3"
        assert identifiers.cn("cn 11－1541／G2") == "CN 11-1541/G2"
        assert identifiers.cn("11-1541") == "CN 11-1541"

    @pytest.mark.parametrize("written", ["CN 99-1541/G3", "CN 11-154", "1002-1027", ""])
    def test_is_none_where_the_region_or_the_shape_is_wrong(self, written):
        assert identifiers.cn(written) is None


class TestCLC:
    @pytest.mark.parametrize(
        ("number", "main"),
        [
            ("TP312PY", "TP312PY"),
            ("TP312C++", "TP312C++"),
            ("TP311.138SQ", "TP311.138SQ"),
            ("TP391.1", "TP391.1"),
            ("TP391.123.45", "TP391.123.45"),
            ("G250.7", "G250.7"),
            ("I247.5", "I247.5"),
            ("K825.2；E251-53", "K825.2"),
            ("I712.45(712)", "I712.45"),
            ("G40-092.7", "G40"),
            ("K825.6=76", "K825.6"),
            ("[B031]", "B031"),
            ("Z89:D", "Z89"),
            ("TU-80", "TU"),
        ],
    )
    def test_takes_numbers_of_the_scheme(self, number, main):
        assert identifiers.clc_shape(number)
        assert identifiers.clc_main(number) == main

    @pytest.mark.parametrize(
        "number", ["L12", "W3", "M", "Y1", "TA12", "TP391.12345", "TP39.1", "G250.", "I247PY", "QA76.73", "", "005.1"]
    )
    def test_refuses_what_the_scheme_does_not_have(self, number):
        assert not identifiers.clc_shape(number)
        assert identifiers.clc_main(number) is None

    def test_takes_every_class_of_the_schedules_that_is_no_range(self):
        text = shared("clc/clc_level1_2.md").read_text("utf-8")
        numbers = [n for n in re.findall(r"^\s*\* \[?([A-Z][A-Z0-9./-]*)\]? ", text, re.MULTILINE) if "/" not in n]
        assert len(numbers) > 200
        assert [number for number in numbers if not identifiers.clc_shape(number)] == []

    @given(st.text())
    def test_answers_any_text(self, text):
        assert identifiers.clc_shape(text) in {True, False}
