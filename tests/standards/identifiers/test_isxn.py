"""ISBN and ISSN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn as stdnum_isbn
from stdnum import issn as stdnum_issn

from tongwen.standards import identifiers

digits = st.text("0123456789", min_size=9, max_size=9)


class TestISBN13:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("978-7-5064-2595-7", "9787506425957"),
            ("7-5053-9013-9", "9787505390133"),
            ("7-144-00316-X/TP·340", "9787144003166"),
            ("ISBN 7-144-00316-x/TP·340", "9787144003166"),
            ("7-200-03169-0", "9787200031690"),
            ("7-5000-0330-7 : CNY12.50", "9787500003304"),
            ("9787506425957 (pbk.)", "9787506425957"),
            ("7505390139pbk.", "9787505390133"),
            ("ISBN-13: 978 7 5064 2595 7", "9787506425957"),
            ("978–7–5064–2595–7", "9787506425957"),
            ("９７８７５０６４２５９５７", "9787506425957"),
            ("SBN 471 06912 4", "9780471069126"),
            ("471-06912-4", "9780471069126"),
        ],
    )
    def test_reads_what_stands_in_records(self, written, normal):
        assert identifiers.isbn13(written) == normal

    @pytest.mark.parametrize(
        "written",
        [
            "9787506425958",  # check digit
            "7-5053-9013-8",
            "9790260000438",  # music: ISMN
            "9771234567003",  # a serial's bar code
            "0000000000",
            "97875064259571",
            "471069124",  # nine digits that nothing marks as an SBN
            "hbk.",
            "",
            "CNY25.00",
            "²²²²²²²²²²",
        ],
    )
    def test_is_none_for_what_is_not_one(self, written):
        assert identifiers.isbn13(written) is None

    @given(digits)
    def test_agrees_with_stdnum_on_every_ten_digit_number(self, nine):
        for check in "0123456789X":
            number = nine + check
            expected = stdnum_isbn.to_isbn13(number) if stdnum_isbn.is_valid(number) and int(nine) else None
            assert identifiers.isbn13(number) == expected

    @given(st.sampled_from(["978", "979"]), digits)
    def test_agrees_with_stdnum_on_every_thirteen_digit_number(self, prefix, nine):
        for check in "0123456789":
            number = prefix + nine + check
            expected = number if stdnum_isbn.is_valid(number) and not number.startswith("9790") else None
            assert identifiers.isbn13(number) == expected

    @given(st.text())
    def test_answers_any_text(self, text):
        found = identifiers.isbn13(text)
        assert found is None or stdnum_isbn.is_valid(found)

    @given(digits)
    def test_goes_back_to_ten_digits(self, nine):
        ten = nine + stdnum_isbn._calc_isbn10_check_digit(nine)
        thirteen = identifiers.isbn13(ten)
        assert thirteen is None or identifiers.isbn10(thirteen) == ten

    def test_has_no_ten_digits_under_979(self):
        assert identifiers.isbn10("9798602477757") is None


class TestHyphens:
    def test_follow_the_ranges_of_the_publishers(self):
        assert identifiers.isbn_hyphenated("9787144003166") == "978-7-144-00316-6"
        assert identifiers.isbn_hyphenated("714400316X") == "7-144-00316-X"

    def test_are_left_out_where_the_range_is_unknown(self):
        assert identifiers.isbn_hyphenated("9786990000000") == "9786990000000"


class TestISSN:
    @pytest.mark.parametrize("number", ["1002-1027", "1001-8867", "0252-3116", "1671-4660", "1003-6938", "1000-0135"])
    def test_reads_every_usual_way_of_writing(self, number):
        for written in (number, number.replace("-", ""), f"ISSN {number} (print)", number.replace("-", "—")):
            assert identifiers.issn(written) == number

    @given(st.text("0123456789", min_size=7, max_size=7))
    def test_agrees_with_stdnum(self, seven):
        for check in "0123456789X":
            number = seven + check
            expected = stdnum_issn.format(number) if stdnum_issn.is_valid(number) and number != "00000000" else None
            assert identifiers.issn(number) == expected
