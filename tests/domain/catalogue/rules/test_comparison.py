from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import comparison
from tongwen.standards.marc.types import Carrier, Level, MatchView, Material

if TYPE_CHECKING:
    from tongwen.domain.catalogue.types import Feature


def feature(name: str, mine: MatchView, theirs: MatchView) -> Feature | None:
    return next((found for found in comparison.compare(mine, theirs) if found.name == name), None)


def outcome(name: str, mine: MatchView, theirs: MatchView) -> str:
    found = feature(name, mine, theirs)
    return found.outcome if found else ""


def titled(title: str, language: str = "eng", **more: object) -> MatchView:
    return replace(books.LEIBNIZ, title=title, languages=(language,), **more)


class TestTitle:
    @pytest.mark.parametrize(
        ("mine", "theirs", "expected"),
        [
            ("The data base", "Database", "equal"),
            ("Black & white", "Black and white", "equal"),
            ("Quantum mechanics for beginners", "Quantum mechanic for beginners", "similar"),
            ("Quantum mechanics 1", "Quantum mechanics 2", "different"),
            ("Census of Kanagawa", "Census of Kagawa", "different"),
            ("Night creatures", "Polar animals", "different"),
            ("Form and void", "Farm and void", "different"),
            ("British writers supplement", "British writers", "partly"),
            ("", "British writers", "missing"),
        ],
    )
    def test_of_western_books(self, mine: str, theirs: str, expected: str) -> None:
        assert outcome("title", titled(mine), titled(theirs)) == expected

    @pytest.mark.parametrize(
        ("mine", "theirs", "expected"),
        [
            ("歴史學入門", "历史学入门", "equal"),
            ("觧讀論語", "解读论语", "equal"),
            ("刑法学", "刑罚学", "different"),
            ("中华人民共和国刑法释义", "中华人民共和国民法释义", "similar-native"),
        ],
    )
    def test_of_chinese_books(self, mine: str, theirs: str, expected: str) -> None:
        assert outcome("title", titled(mine, "chi"), titled(theirs, "chi")) == expected

    def test_sounds_the_same_in_han_and_romanised_and_weighs_nothing(self) -> None:
        found = feature("title", books.MING_1981, books.MING_ROMANIZED)

        assert found is not None
        assert (found.outcome, found.weight) == ("same-sound", 0.0)

    def test_is_a_homophone_where_the_original_scripts_differ(self) -> None:
        criminal_law = titled("Xing fa xue", "chi", other_titles=("刑法学",))
        penology = titled("Xing fa xue", "chi", other_titles=("刑罚学",))

        assert outcome("title", criminal_law, penology) == "same-sound"

    def test_is_equal_by_the_original_script_beside_a_romanised_title(self) -> None:
        romanised = titled("Hong lou meng", "chi", other_titles=("紅樓夢",))

        assert outcome("title", romanised, titled("红楼梦", "chi")) == "equal"

    def test_is_equal_wherever_the_subtitle_is_divided(self) -> None:
        parted = titled("Chest medicine", subtitle="essentials of care")
        whole = titled("Chest medicine essentials of care")

        assert (outcome("title", parted, whole), outcome("subtitle", parted, whole)) == ("equal", "equal")


class TestVariantTitle:
    def test_tells_the_volumes_of_a_gazetteer_apart(self) -> None:
        insurance = titled("天津通志", "chi", other_titles=("Tianjin tong zhi", "天津通志. 保险志"))
        health = titled("天津通志", "chi", other_titles=("Tianjin tong zhi", "天津通志. 卫生志"))

        assert outcome("variant-title", insurance, health) == "disjoint"
        assert outcome("variant-title", insurance, insurance) == "equal"


class TestVolume:
    @pytest.mark.parametrize(
        ("mine", "theirs", "expected"),
        [
            (("第一卷",), ("第二卷",), "different"),
            (("第二卷",), ("vol. II",), "equal"),
            (("上册",), ("下册",), "different"),
            (("上册",), ("1",), "unclear"),
            (("上册",), ("3",), "different"),
            (("A",), ("1",), "unclear"),
            (("2", "下"), ("2",), "one-missing"),
            (("上册",), (), "one-missing"),
            (("Law",), ("Health",), "different"),
            (("1", "Law"), ("1", "Courts"), "name-different"),
            (("Law",), (), "name-missing"),
            (("押上線",), ("押上線", "資料編"), "name-missing"),
            (("政治卷 = Political history",), ("政治卷",), "equal"),
            ((), (), ""),
        ],
    )
    def test_compares_designations(self, mine: tuple[str, ...], theirs: tuple[str, ...], expected: str) -> None:
        assert outcome("volume", titled("Works", parts=mine), titled("Works", parts=theirs)) == expected

    def test_finds_the_number_inside_the_title(self) -> None:
        beside = titled("Life writings", parts=("Volume 1",))

        assert outcome("volume", beside, titled("Life writings. Volume 1")) == "equal"
        assert outcome("volume", beside, titled("Life writings 1")) == "equal"
        assert outcome("volume", beside, titled("Life writings, volume two")) == "different"


class TestNumber:
    @pytest.mark.parametrize(
        ("mine", "theirs", "expected"),
        [
            ("’93中国发展报告", "’94中国发展报告", "different"),
            ("'94中国发展报告", "1994中国发展报告", "equal"),
            ("第三十届年会论文集", "第31届年会论文集", "different"),
            ("第三十届年会论文集", "第30届年会论文集", "equal"),
            ("中国发展报告", "’94中国发展报告", "one-missing"),
            ("Hearing, March 3, 1996", "Hearing, March 5, 1996", "different"),
            ("Tenth annual report", "Eleventh annual report", "different"),
            ("Henry VIII", "Henry IV", "different"),
        ],
    )
    def test_inside_a_title_tells_two_books_apart(self, mine: str, theirs: str, expected: str) -> None:
        assert outcome("number", titled(mine), titled(theirs)) == expected


class TestKind:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("carrier", {"carrier": Carrier.ONLINE}),
            ("carrier", {"carrier": Carrier.MICROFORM}),
            ("carrier", {"carrier": Carrier.LARGE_PRINT}),
            ("material", {"material": Material.SPOKEN}),
            ("level", {"level": Level.COMPONENT}),
            ("level", {"level": Level.SERIAL}),
            ("edition", {"edition": "2nd ed."}),
            ("year", {"years": (2003,), "isbns": (), "lccns": (), "control_number": ""}),
        ],
    )
    def test_vetoes_whatever_else_agrees(self, name: str, change: dict[str, object]) -> None:
        mine = replace(books.LEIBNIZ, edition="1st ed.")
        found = feature(name, mine, replace(mine, **change))

        assert found is not None
        assert (found.outcome, found.veto) == ("different", True)

    def test_does_not_veto_what_is_not_known(self) -> None:
        unknown = replace(books.LEIBNIZ, carrier=Carrier.UNKNOWN, material=Material.UNKNOWN, level=Level.UNKNOWN)

        assert not [found for found in comparison.compare(books.LEIBNIZ, unknown) if found.veto]

    def test_vetoes_a_set_against_one_of_its_volumes_under_one_isbn(self) -> None:
        whole = replace(books.DREAM_UPPER, parts=(), level=Level.SET)

        found = feature("level", books.DREAM_UPPER, whole)

        assert found is not None
        assert (found.outcome, found.veto) == ("set-versus-volume", True)

    def test_vetoes_an_original_against_its_translation(self) -> None:
        translation = replace(books.LEIBNIZ, languages=("chi",), is_translation=True, original_languages=("eng",))

        found = feature("translation", books.LEIBNIZ, translation)

        assert found is not None
        assert found.veto


class TestEdition:
    @pytest.mark.parametrize(
        ("mine", "theirs", "expected"),
        [
            ("2nd ed.", "第二版", "equal"),
            ("2nd ed.", "3rd ed.", "different"),
            ("2nd ed.", "2nd rev. ed.", "similar"),
            ("1st ed.", "", "both-missing"),
            ("初版第2刷", "", "both-missing"),
            ("3rd ed.", "", "unstated"),
            ("Rev. ed.", "Abridged ed.", "different"),
            ("Rev. ed.", "2nd ed.", "unclear"),
        ],
    )
    def test_compares_numbers_before_words(self, mine: str, theirs: str, expected: str) -> None:
        one, other = replace(books.LEIBNIZ, edition=mine), replace(books.LEIBNIZ, edition=theirs)

        assert outcome("edition", one, other) == expected

    def test_may_be_left_out_by_a_brief_record(self) -> None:
        brief = replace(books.LEIBNIZ, authors=(), extent="")

        assert outcome("edition", replace(books.LEIBNIZ, edition="3rd ed."), brief) == "one-missing"


class TestYear:
    def test_off_by_one_is_tolerated_with_a_shared_identifier_only(self) -> None:
        later = replace(books.LEIBNIZ, years=(2001,))
        without = replace(later, isbns=(), lccns=(), control_number="")

        assert outcome("year", books.LEIBNIZ, later) == "near"
        assert outcome("year", books.LEIBNIZ, without) == "different"

    def test_far_apart_with_a_shared_identifier_is_for_a_person(self) -> None:
        found = feature("year", books.LEIBNIZ, replace(books.LEIBNIZ, years=(2009,)))

        assert found is not None
        assert (found.outcome, found.veto) == ("far", False)

    def test_tells_a_reissue_that_names_the_first_year_too(self) -> None:
        assert outcome("year", books.LEIBNIZ, replace(books.LEIBNIZ, years=(2000, 1999))) == "equal"
        assert outcome("year", books.LEIBNIZ, replace(books.LEIBNIZ, years=(2001, 2000))) == "one-of-several"


class TestAuthors:
    def test_in_han_count(self) -> None:
        found = feature("authors", books.MING_1981, books.MING_IN_MARC21)

        assert found is not None
        assert (found.outcome, found.weight) == ("equal", 0.3)

    def test_in_two_scripts_are_not_compared(self) -> None:
        assert outcome("authors", books.MING_1981, books.MING_ROMANIZED) == "other-script"

    def test_are_found_in_a_statement_of_responsibility(self) -> None:
        brief = replace(books.DREAM_UPPER, authors=(), responsibility="曹雪芹[等]著")

        assert outcome("authors", books.DREAM_UPPER, brief) == "in-statement"

    def test_that_differ_weigh_against(self) -> None:
        found = feature("authors", books.LEIBNIZ, replace(books.LEIBNIZ, authors=("Ross, George",), responsibility=""))

        assert found is not None
        assert (found.outcome, found.weight) == ("disjoint", -0.3)


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("mine", "theirs", "expected", "weight"),
        [
            (("a",), ("a",), "equal", 0.75),
            (("a", "b"), ("a",), "shared", 0.6),
            (("a", "b"), ("a", "c"), "loosely-shared", 0.48),
            (("a",), ("b",), "disjoint", -0.4),
            (("a",), (), "one-missing", 0.0),
        ],
    )
    def test_isbns_weigh_less_the_more_are_unshared(
        self, mine: tuple[str, ...], theirs: tuple[str, ...], expected: str, weight: float
    ) -> None:
        found = feature("isbn", replace(books.LEIBNIZ, isbns=mine), replace(books.LEIBNIZ, isbns=theirs))

        assert found is not None
        assert (found.outcome, found.weight) == (expected, weight)

    def test_national_numbers_contradict_within_one_source_only(self) -> None:
        chinese = replace(books.LEIBNIZ, national_numbers=("cnb:1",))

        assert outcome("national", chinese, replace(books.LEIBNIZ, national_numbers=("cnb:2",))) == "disjoint"
        assert outcome("national", chinese, replace(books.LEIBNIZ, national_numbers=("jp:2",))) == "other-source"


class TestSymmetry:
    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            (books.MING_1981, books.MING_ROMANIZED),
            (books.MING_1981, books.MING_IN_MARC21),
            (books.DREAM_UPPER, replace(books.DREAM_UPPER, parts=("下册",), authors=(), isbns=())),
            (books.LEIBNIZ, titled("Leibniz in 90 minutes : a life", years=(2001,), extent="2 v.")),
        ],
    )
    def test_holds_for_every_feature(self, mine: MatchView, theirs: MatchView) -> None:
        there = [(found.name, found.outcome, found.weight, found.veto) for found in comparison.compare(mine, theirs)]
        back = [(found.name, found.outcome, found.weight, found.veto) for found in comparison.compare(theirs, mine)]

        assert there == back
