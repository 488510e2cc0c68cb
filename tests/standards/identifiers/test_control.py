"""LCCN, OCLC numbers and ISIL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards import identifiers


class TestLCCN:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("n78-890351", "n78890351"),
            ("n78-89035", "n78089035"),
            ("n 78890351 ", "n78890351"),
            ("   85000002 ", "85000002"),
            ("85-2 ", "85000002"),
            ("2001-000002", "2001000002"),
            ("75-425165//r75", "75425165"),
            (" 79139101 /AC/r932", "79139101"),
        ],
    )
    def test_is_normal_as_the_library_of_congress_says(self, written, normal):
        assert identifiers.lccn(written) == normal

    @pytest.mark.parametrize("written", ["", "junk", "123", "abcd12345678", "978750642595"])
    def test_is_empty_for_what_has_another_shape(self, written):
        assert identifiers.lccn(written) == ""

    @given(st.text())
    def test_is_stable(self, text):
        once = identifiers.lccn(text)
        assert identifiers.lccn(once) == once


class TestOCLC:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("(OCoLC)ocm00012345 ", "12345"),
            ("(OCoLC)12345", "12345"),
            ("(OCoLC) 0012345", "12345"),
            ("ocn123456789", "123456789"),
            ("on1234567890", "1234567890"),
        ],
    )
    def test_loses_prefix_and_zeros(self, written, normal):
        assert identifiers.oclc(written) == normal

    @pytest.mark.parametrize("written", ["12345", "(DLC)12345", "(OCoLC)fst00012345", "(OCoLC)", "ocm0000"])
    def test_is_none_without_evidence(self, written):
        assert identifiers.oclc(written) is None


class TestISIL:
    def test_writes_the_country_in_capitals(self):
        assert identifiers.isil(" cn-211011 ") == "CN-211011"
        assert identifiers.isil("OCLC-IEE") == "OCLC-IEE"

    @pytest.mark.parametrize("written", ["DLC", "CN-123456789012", "CN-", "C_N-1", "中-1"])
    def test_is_none_for_another_shape(self, written):
        assert identifiers.isil(written) is None
