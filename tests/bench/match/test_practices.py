from __future__ import annotations

import pytest

from bench.match import edits, into_cnmarc, otherness, practices
from tongwen.standards.marc import validation, views
from tongwen.standards.marc.types import Carrier, Format, Record, Severity

FIXED = "000124s1998    cc a     b    000 0 chi d"
BEI_LI = Record(
    "01575cam a22003614a 4500",
    (
        edits.control("001", "   00271977 "),
        edits.control("003", "DLC"),
        edits.control("008", FIXED),
        edits.data_field("010", "  ", ("a", "   00271977 ")),
        edits.data_field("020", "  ", ("a", "7503917407")),
        edits.data_field("100", "1 ", ("6", "880-01"), ("a", "Yang, Naiqiao.")),
        edits.data_field("245", "10", ("6", "880-02"), ("a", "Bei li yu zheng he /"), ("c", "Yang Naiqiao zhu.")),
        edits.data_field(
            "260", "  ", ("6", "880-05"), ("a", "Beijing :"), ("b", "Wenhua yishu chubanshe,"), ("c", "1998.")
        ),
        edits.data_field("300", "  ", ("a", "8, 15, 21, 737 p. ;"), ("c", "21 cm.")),
        edits.data_field("880", "1 ", ("6", "100-01/$1"), ("a", "楊乃喬.")),
        edits.data_field("880", "10", ("6", "245-02/$1"), ("a", "悖立與整合 /"), ("c", "楊乃喬著.")),
        edits.data_field("880", "  ", ("6", "260-05/$1"), ("a", "北京 :"), ("b", "文化藝術出版社,"), ("c", "1998.")),
    ),
)


class TestPractice:
    @pytest.mark.parametrize("kind", practices.PRACTICES)
    def test_makes_a_record_without_the_numbers_that_tell_where_it_comes_from(self, kind: str) -> None:
        made = practices.PRACTICES[kind](BEI_LI, "seed")
        if made is None:
            pytest.skip("this practice has nothing to change in this record")
        view = views.match_view(made, Format.MARC21)

        assert (view.lccns, view.control_agency != "DLC") == ((), True)
        assert view.title

    def test_is_the_same_every_time(self) -> None:
        assert practices.abbreviating(BEI_LI, "seed") == practices.abbreviating(BEI_LI, "seed")

    def test_without_identifiers_leaves_no_isbn(self) -> None:
        made = practices.PRACTICES["house style, no identifier"](BEI_LI, "seed")

        assert made is not None
        assert views.match_view(made, Format.MARC21).isbns == ()

    def test_romanised_keeps_no_character_of_the_original_script(self) -> None:
        made = practices.romanised_only(BEI_LI, "seed")

        assert made is not None
        assert repr(made).isascii()


class TestChange:
    def test_of_carrier_is_seen_as_one(self) -> None:
        made = otherness.online(BEI_LI, "seed")

        assert made is not None
        assert views.match_view(made, Format.MARC21).carrier is Carrier.ONLINE

    def test_of_edition_moves_edition_year_and_extent(self) -> None:
        made = otherness.later_edition(BEI_LI, "seed")
        assert made is not None
        view = views.match_view(made, Format.MARC21)

        assert (view.edition, view.years[0], view.extent != "8, 15, 21, 737 p.") == ("2nd ed.", 2001, True)


class TestIntoCnmarc:
    def test_is_a_valid_record_of_the_same_book_in_simplified_han(self) -> None:
        made = into_cnmarc.written(BEI_LI, "seed", with_isbn=True)
        assert made is not None
        view = views.match_view(made, Format.CNMARC)

        assert (view.title, view.authors, view.years) == ("悖立与整合", ("杨乃乔",), (1998,))
        assert view.isbns == ("9787503917400",)
        assert not [one for one in validation.check(made, Format.CNMARC) if one.severity is Severity.ERROR]


class TestDifference:
    def test_names_the_year_where_imprints_contradict_each_other(self) -> None:
        other = edits.position(edits.text(BEI_LI, ["260"], "b", lambda _: "Zhonghua shuju,"), "008", 7, "2004")

        assert (
            otherness.difference(edits.unidentified(BEI_LI), edits.unidentified(other))
            == "year, with extent or publisher"
        )

    def test_names_nothing_where_all_agrees(self) -> None:
        assert not otherness.difference(BEI_LI, BEI_LI)
