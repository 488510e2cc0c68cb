"""Mistakes that measuring found, each once, so that they stay mended (bench/match says how they were found)."""

from __future__ import annotations

import pytest
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import keys, scoring
from tongwen.domain.catalogue.types import Band
from tongwen.standards.marc.types import Carrier, Level, MatchView, Material


def elsewhere(view: MatchView, **change: object) -> MatchView:
    return replace(view, control_number="x7", control_agency="OTHER", lccns=(), isbns=(), **change)


class TestMapSheets:
    SHEET = replace(books.LEIBNIZ, material=Material.MAP, title="Sabine National Forest", extent="1 map", isbns=())

    def test_of_one_series_stay_apart(self) -> None:
        one = replace(self.SHEET, other_titles=("Sabine series", "Huntington quadrangle"))
        two = elsewhere(self.SHEET, other_titles=("Sabine series", "Ebenezer quadrangle"))

        assert scoring.decide(one, two).band is not Band.AUTOMATIC

    def test_described_twice_are_one(self) -> None:
        one = replace(self.SHEET, other_titles=("Sabine series", "Huntington quadrangle"))

        assert scoring.decide(one, elsewhere(one)).band is Band.AUTOMATIC


class TestFullDescription:
    def test_without_extent_on_either_side_is_full_where_the_place_is_said(self) -> None:
        silent = replace(books.LEIBNIZ, isbns=(), extent="")

        assert scoring.decide(silent, elsewhere(silent)).reason == "full-description"
        assert scoring.decide(replace(silent, places=()), elsewhere(silent)).reason == "limit-no-identifier"

    @pytest.mark.parametrize("extent", ["3 p.", "1 online resource"])
    def test_of_a_leaflet_is_not_enough(self, extent: str) -> None:
        leaflet = replace(books.LEIBNIZ, isbns=(), extent=extent)

        assert scoring.decide(leaflet, elsewhere(leaflet)).band is Band.REVIEW

    @pytest.mark.parametrize("extent", ["1 v. (unpaged)", "v. <1-2>"])
    def test_of_a_book_nobody_counted_is_full_where_the_place_is_said(self, extent: str) -> None:
        uncounted = replace(books.LEIBNIZ, isbns=(), extent=extent)

        assert scoring.decide(uncounted, elsewhere(uncounted)).reason == "full-description"
        assert scoring.decide(uncounted, elsewhere(uncounted, extent="1 v. (various pagings)")).band is Band.REVIEW
        assert scoring.decide(replace(uncounted, places=()), elsewhere(uncounted)).reason == "limit-no-identifier"

    def test_tells_a_reissue_of_two_years_from_the_first_issue(self) -> None:
        reissue = elsewhere(books.LEIBNIZ, years=(2003, 2000))

        assert scoring.decide(replace(books.LEIBNIZ, isbns=()), reissue).reason == "limit-no-identifier"

    def test_takes_a_place_in_its_own_script(self) -> None:
        book = replace(books.LEIBNIZ, isbns=(), places=("Moskva",))

        assert scoring.decide(book, elsewhere(book, places=("Москва",))).reason == "full-description"

    def test_takes_a_series_under_its_author(self) -> None:
        book = replace(books.LEIBNIZ, isbns=(), series=("Oke, Janette, 1935- Prairie legacy",))

        assert scoring.decide(book, elsewhere(book, series=("A prairie legacy",))).reason == "full-description"

    def test_bears_no_page_of_difference(self) -> None:
        assert scoring.decide(books.LEIBNIZ, elsewhere(books.LEIBNIZ, extent="85 p.")).band is Band.REVIEW

    def test_needs_oclc_numbers_that_do_not_contradict(self) -> None:
        one = replace(books.LEIBNIZ, oclc_numbers=("1",))

        assert scoring.decide(one, elsewhere(one, oclc_numbers=("2",))).band is Band.REVIEW

    def test_takes_foreign_authors_in_either_script_where_the_title_page_is_the_same(self) -> None:
        one = replace(books.MING_1981, authors=("科尔曼, T. H.", "Cormen, Thomas H.", "殷建平"), book_numbers=())
        two = elsewhere(one, authors=("Cormen, Thomas H.", "殷建平", "Yin, Jianping"))

        assert scoring.decide(one, two).band is Band.AUTOMATIC


class TestOnlineResource:
    ONLINE = replace(
        books.LEIBNIZ, carrier=Carrier.ONLINE, title="Jane Eyre", subtitle="", years=(), isbns=(), places=(),
        extent="1 online resource", addresses=("gutenberg.org/ebooks/1260",),
    )  # fmt: skip

    def test_without_a_year_is_known_by_its_address(self) -> None:
        elsewhere_too = elsewhere(self.ONLINE)

        assert scoring.decide(self.ONLINE, elsewhere_too).reason == "identifier-and-title"
        assert scoring.decide(self.ONLINE, replace(elsewhere_too, addresses=())).reason == "limit-no-identifier"

    @pytest.mark.parametrize(
        "change", [{"parts": ("2",)}, {"title": "Villette"}, {"authors": ("Austen, Jane",), "responsibility": "J. A."}]
    )
    def test_at_one_address_with_another_is_not_it(self, change: dict[str, object]) -> None:
        one = replace(self.ONLINE, parts=("1",) if "parts" in change else ())

        assert scoring.decide(one, elsewhere(one, **change)).band is not Band.AUTOMATIC

    def test_that_is_a_serial_keeps_its_address_through_changes_of_title(self) -> None:
        serial = replace(self.ONLINE, level=Level.SERIAL)

        assert scoring.decide(serial, elsewhere(serial)).reason == "limit-no-identifier"


class TestElectronicTwin:
    def test_that_says_so_only_in_the_title_is_shown_to_a_person(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, replace(books.LEIBNIZ, carrier=Carrier.UNKNOWN, control_agency="X"))

        assert (decision.band, decision.reason) == (Band.REVIEW, "limit-carrier-unclear")


class TestOtherBinding:
    def test_is_shown_to_a_person(self) -> None:
        other = replace(elsewhere(books.LEIBNIZ), isbns=("9780306406157",))

        assert scoring.decide(books.LEIBNIZ, other).reason == "limit-isbn-disjoint"


class TestRomanisedCounterpart:
    @pytest.mark.parametrize(
        ("title", "romanised", "language"),
        [
            ("露國共産黨の文藝政策", "Rokoku Kyōsantō no bungei seisaku", "jpn"),
            ("속삭임", "Soksagim", "kor"),
            ("المقاومة وتحرير جنوب لبنان", "al-Muqāwamah wa-taḥrīr Janūb Lubnān", "ara"),
        ],
    )
    def test_shares_a_key_with_the_record_that_has_both(self, title: str, romanised: str, language: str) -> None:
        both = replace(books.LEIBNIZ, title=title, other_titles=(romanised,), languages=(language,))
        bare = elsewhere(replace(both, title=romanised, other_titles=()), authors=("Other",), publishers=("Other",))

        assert not set(keys.keys(both)).isdisjoint(keys.keys(bare))


class TestPublishersInTwoScripts:
    def test_agree_where_any_of_their_names_do(self) -> None:
        one = replace(books.MING_1981, publishers=("中華書局", "Zhonghua shu ju"))
        other = elsewhere(one, publishers=("人民出版社", "Zhonghua shu ju you xian gong si"))
        outcomes = {feature.outcome for feature in scoring.decide(one, other).features if feature.name == "publisher"}

        assert outcomes == {"equal"}
