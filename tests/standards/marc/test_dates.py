from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards.marc import dates


class TestYears:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("1999.", (1999,)),
            ("c1997", (1997,)),
            ("[1999?]", (1999,)),
            ("1998-2009.", (1998, 2009)),
            ("1998-99", (1998, 1999)),
            ("2012.5", (2012,)),
            ("1999, c1998", (1999, 1998)),
            ("Minguo 88 [1999]", (1999,)),
            ("民國88 [1999]", (1999,)),
            ("759 [1999]", (1999,)),
            ("1377 [1998]", (1998,)),
            ("1378-<1381>  [1999-<2003>]", (1999, 2003)),
            ("[1989 or 1990] 1410", (1989, 1990)),
            ("2543 [2000]", (2000,)),
            ("1951 [i.e. 1915]", (1915,)),
            ("1951 [i.e. 1952]", (1952, 1951)),
        ],
    )
    def test_prefers_the_gregorian_year_that_the_cataloguer_gave(self, written: str, expected: tuple[int, ...]):
        assert dates.years(written) == expected

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("清光緒三年 [1877]", (1877,)),
            ("清光緒三年", (1877,)),
            ("清光绪丁丑", (1877,)),
            ("民国二十五年", (1936,)),
            ("民國百零二年", (2013,)),
            ("昭和52", (1977,)),
            ("平成元年", (1989,)),
            ("Heisei 10", (1998,)),
            ("Min guo 87", (1998,)),
            ("檀紀4288", (1955,)),
            ("一九九八年", (1998,)),
            ("1865(清同治四年)", (1865,)),
        ],
    )
    def test_counts_from_eras_whose_first_year_is_certain(self, written: str, expected: tuple[int, ...]):
        assert dates.years(written) == expected

    @pytest.mark.parametrize(
        "written", ["", "199-?]", "[n.d.]", "0002.", "康熙壬寅", "明万历刻本", "9999", "光緒九十年"]
    )
    def test_gives_none_where_none_is_certain(self, written: str):
        assert dates.years(written) == ()

    def test_gives_none_for_a_span_of_a_century(self):
        assert dates.years("[between 1900 and 1999?]") == ()
        assert dates.years("[between 1990 and 1999]") == (1990, 1999)

    def test_believes_only_brackets_in_a_language_with_its_own_calendar(self):
        assert dates.years("1377", foreign_calendar=True) == ()
        assert dates.years("1377 [1998]", foreign_calendar=True) == (1998,)

    @given(st.text(alphabet="0123456789[]()-/?<>. 年民國光緒昭和甲子一二三十百元ie間", max_size=40))
    def test_gives_possible_years_for_any_text(self, written: str):
        assert all(dates.EARLIEST <= year <= dates.LATEST for year in dates.years(written))
