from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards.marc.punctuation import EDGES, trim


class TestTrim:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("Dian ying ci dian /", "Dian ying ci dian"),
            ("312 p. :", "312 p."),
            ("Guo jia dian ying zi liao guan,", "Guo jia dian ying zi liao guan"),
            ("台北市\u3000:", "台北市"),
            ("انتشارات نمونه،", "انتشارات نمونه"),
            ("\u200fספר מעשה איש :\u200f", "ספר מעשה איש"),
            ("徐立功.", "徐立功"),
            ("初版.", "初版"),
            ("Motion pictures.", "Motion pictures"),
            ("[1998].", "[1998]"),
        ],
    )
    def test_takes_isbd_punctuation_off_the_ends(self, written: str, expected: str):
        assert trim(written) == expected

    @pytest.mark.parametrize(
        "written",
        ["Vinokurov, M. A.", "Smith, J.-P.", "Washington, D.C.", "Shirman, I︠A︡.", "King, Martin Luther, Jr.",
         "2nd ed.", "יברוב, צ.",
         "Knopf, Inc.", "To be continued ...", "C++", "Who's afraid?"],
    )  # fmt: skip
    def test_keeps_what_belongs_to_the_element(self, written: str):
        assert trim(written) == written

    def test_takes_the_stop_after_a_name_of_one_syllable(self):
        assert trim("김\u3000구.") == "김\u3000구"

    def test_leaves_punctuation_inside_alone(self):
        assert trim("A : b ; c / d = e") == "A : b ; c / d = e"

    @given(st.text(alphabet="aÉ徐 ./:;,=[]\u200f\u3000", max_size=20))
    def test_only_takes_marks_and_blanks(self, written: str):
        trimmed = trim(written)
        assert trimmed in written
        assert trimmed == trimmed.strip(EDGES)
        assert [sign for sign in trimmed if sign in "aÉ徐[]"] == [sign for sign in written if sign in "aÉ徐[]"]
