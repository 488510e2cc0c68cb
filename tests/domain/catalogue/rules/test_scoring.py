from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import comparison, scoring
from tongwen.domain.catalogue.rules.policy import RULES
from tongwen.domain.catalogue.types import Band
from tongwen.standards.marc.types import Carrier, Format, Level, MatchView, Material


def elsewhere(view: MatchView, **change: object) -> MatchView:
    """Return the view as another library's record of the same book: no number of the source in common."""
    return replace(view, control_number="x7", control_agency="OTHER", lccns=(), oclc_numbers=(), **change)


class TestDecide:
    def test_merges_records_that_share_isbn_and_title(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, elsewhere(books.LEIBNIZ))

        assert (decision.band, decision.reason, decision.score) == (Band.AUTOMATIC, "identifier-and-title", 1.0)
        assert decision.rules_version == RULES.version

    def test_merges_a_full_description_without_any_identifier(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, elsewhere(books.LEIBNIZ, isbns=()))

        assert (decision.band, decision.reason) == (Band.AUTOMATIC, "full-description")

    def test_merges_cnmarc_with_marc21_of_one_book(self) -> None:
        assert scoring.decide(books.MING_1981, books.MING_IN_MARC21).band is Band.AUTOMATIC

    @pytest.mark.parametrize(
        "change",
        [
            {"extent": "112 p."},
            {"publishers": ("Penguin",)},
            {"authors": (), "responsibility": "", "places": ()},
            {"edition": "2nd ed."},
            {"series": ("Philosophers in 90 minutes",)},
            {"subtitle": "desserts and snacks"},
            {"places": ("London",)},
        ],
    )
    def test_asks_a_person_where_no_identifier_is_shared_and_a_detail_differs(self, change: dict[str, object]) -> None:
        mine = replace(books.LEIBNIZ, series=("Great thinkers",) if "series" in change else ())

        assert scoring.decide(mine, elsewhere(mine, isbns=(), **change)).band is Band.REVIEW

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"parts": ("2",)}, "veto-volume"),
            ({"carrier": Carrier.ONLINE}, "veto-carrier"),
            ({"material": Material.SPOKEN}, "veto-material"),
            ({"level": Level.COMPONENT}, "veto-level"),
            ({"title": "Leibniz in 80 minutes"}, "veto-number"),
            ({"edition": "2nd ed."}, "veto-edition"),
        ],
    )
    def test_lets_no_shared_isbn_outweigh_a_veto(self, change: dict[str, object], reason: str) -> None:
        mine = replace(books.LEIBNIZ, parts=("1",) if "parts" in change else (), edition="1st ed.")
        decision = scoring.decide(mine, elsewhere(mine, **change))

        assert (decision.band, decision.reason) == (Band.NEW, reason)

    def test_never_merges_han_with_romanised_by_itself(self) -> None:
        shared = replace(books.MING_ROMANIZED, isbns=("9787101000000",))
        decision = scoring.decide(replace(books.MING_1981, isbns=("9787101000000",)), shared)

        assert (decision.band, decision.reason) == (Band.REVIEW, "limit-title-same-sound")

    def test_shows_han_and_romanised_of_one_extent_to_a_person(self) -> None:
        assert scoring.decide(books.MING_1981, books.MING_ROMANIZED).band is Band.REVIEW

    def test_keeps_homophones_apart(self) -> None:
        criminal_law = replace(books.MING_1981, title="刑法学", book_numbers=())
        penology = elsewhere(replace(books.MING_1981, title="刑罚学", book_numbers=()))

        assert scoring.decide(criminal_law, penology).band is Band.NEW

    def test_sends_two_records_of_one_agency_to_review(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, replace(books.LEIBNIZ, control_number="00099999", lccns=()))

        assert (decision.band, decision.reason) == (Band.REVIEW, "limit-same-source-different")

    def test_merges_a_later_version_of_a_record_with_a_corrected_series(self) -> None:
        earlier = replace(books.LEIBNIZ, series=("Report 17",))

        assert scoring.decide(earlier, replace(earlier, series=("Report 71",))).band is Band.AUTOMATIC

    def test_asks_a_person_where_one_record_number_stands_for_two_volumes(self) -> None:
        decision = scoring.decide(replace(books.LEIBNIZ, parts=("1",)), replace(books.LEIBNIZ, parts=("2",)))

        assert (decision.band, decision.reason) == (Band.REVIEW, "same-source-but-volume")

    def test_bears_one_doubt_beside_an_identifier_but_not_two(self) -> None:
        one = elsewhere(books.LEIBNIZ, years=(2001,))
        two = elsewhere(books.LEIBNIZ, years=(2001,), extent="104 p.")

        assert scoring.decide(books.LEIBNIZ, one).band is Band.AUTOMATIC
        assert scoring.decide(books.LEIBNIZ, two).reason == "limit-doubts"


class TestThinRecords:
    BRIEF = MatchView(Format.MARC21, title="Leibniz in 90 minutes", isbns=("9781566633307",))

    def test_match_on_a_strong_identifier(self) -> None:
        assert scoring.decide(books.LEIBNIZ, self.BRIEF).band is Band.AUTOMATIC

    def test_do_not_match_without_one(self) -> None:
        thin = replace(self.BRIEF, isbns=())

        assert scoring.decide(thin, replace(thin, years=(2000,))).band is not Band.AUTOMATIC

    def test_do_not_match_undated(self) -> None:
        undated = elsewhere(books.LEIBNIZ, isbns=(), years=())

        assert scoring.decide(books.LEIBNIZ, undated).band is Band.REVIEW


class TestAncientBooks:
    ANCIENT = replace(
        books.LEIBNIZ, title="The man with the hoe", subtitle="", years=(1899,), is_ancient=True, isbns=(), series=()
    )
    BLOCK_PRINT = replace(
        books.MING_1981, title="康熙字典", responsibility="張玉書等奉敕纂", authors=("張玉書",), edition="刻本",
        publishers=("內府",), places=("北京",), years=(1716,), extent="36册", is_ancient=True, book_numbers=(),
    )  # fmt: skip

    def test_are_one_where_agency_and_number_prove_it(self) -> None:
        assert scoring.decide(self.ANCIENT, self.ANCIENT).band is Band.AUTOMATIC

    def test_are_not_proved_by_a_number_where_the_extent_differs(self) -> None:
        assert scoring.decide(self.ANCIENT, replace(self.ANCIENT, extent="114 p.")).band is Band.REVIEW

    def test_printed_by_machine_are_one_where_all_that_makes_an_edition_agrees(self) -> None:
        decision = scoring.decide(self.ANCIENT, elsewhere(self.ANCIENT, responsibility="E. Markham"))

        assert (decision.band, decision.reason) == (Band.AUTOMATIC, "full-description")

    @pytest.mark.parametrize(
        "change",
        [
            {"years": (1900, 1899)},
            {"places": ("London",)},
            {"places": ()},
            {"publishers": ()},
            {"extent": "85 p."},
            {"edition": "2nd ed."},
            {"responsibility": "Jacob Riis", "authors": ("Riis, Jacob",)},
        ],
    )
    def test_printed_by_machine_are_not_merged_where_one_thing_differs(self, change: dict[str, object]) -> None:
        assert scoring.decide(self.ANCIENT, elsewhere(self.ANCIENT, **change)).band is not Band.AUTOMATIC

    def test_in_a_series_on_one_side_only_are_one_unless_they_are_documents(self) -> None:
        in_series = elsewhere(self.ANCIENT, series=("House. Doc. 511",))
        body = {"authors": ("United States. Revenue-Cutter Service",), "responsibility": ""}

        assert scoring.decide(self.ANCIENT, in_series).band is Band.AUTOMATIC
        assert scoring.decide(replace(self.ANCIENT, **body), replace(in_series, **body)).reason == "limit-ancient"

    def test_printed_by_hand_are_one_only_where_they_are_described_word_for_word_the_same(self) -> None:
        old = replace(self.ANCIENT, years=(1749,), extent="[20], 238 p.")
        copied = elsewhere(old, extent="[20], 238 pages", title="The Man with the Hoe")

        assert scoring.decide(old, copied).band is Band.AUTOMATIC
        assert scoring.decide(old, replace(copied, extent="[20], 238, [2] p.")).reason == "limit-ancient"
        assert scoring.decide(old, replace(copied, responsibility="by E. Markham")).reason == "limit-ancient"

    @pytest.mark.parametrize(
        "change",
        [
            {"publishers": ("內府 ... [and 2 others]",)},
            {"extent": "36册 (6函)"},
            {"edition": "重刻本"},
            {"publishers": ()},
            {"years": ()},
        ],
    )
    def test_printed_from_blocks_bear_no_word_of_difference(self, change: dict[str, object]) -> None:
        assert scoring.decide(self.BLOCK_PRINT, elsewhere(self.BLOCK_PRINT)).band is Band.AUTOMATIC
        assert scoring.decide(self.BLOCK_PRINT, elsewhere(self.BLOCK_PRINT, **change)).band is Band.REVIEW

    def test_without_an_extent_are_one_only_where_the_kind_of_edition_is_stated(self) -> None:
        silent = replace(self.BLOCK_PRINT, extent="")

        assert scoring.decide(silent, elsewhere(silent)).band is Band.AUTOMATIC
        assert scoring.decide(replace(silent, edition=""), elsewhere(silent, edition="")).reason == "limit-ancient"

    def test_among_serials_are_known_by_their_issn(self) -> None:
        nature = replace(
            self.ANCIENT, title="Nature", level=Level.SERIAL, years=(1869,), issns=("00280836",), extent=""
        )

        assert scoring.decide(nature, elsewhere(nature)).band is Band.AUTOMATIC
        assert scoring.decide(nature, elsewhere(nature, issns=())).band is Band.REVIEW


class TestSetIsbn:
    def test_does_not_make_thirteen_books_one(self) -> None:
        first = elsewhere(books.LEIBNIZ, title="Rays", isbns=("9780717255467", "9780717255313"), authors=("Giles, B.",))
        second = replace(first, title="Toads", isbns=("9780717255498", "9780717255313"), authors=("Harman, A.",))

        assert scoring.decide(first, replace(second, control_number="x8", control_agency="A")).band is Band.NEW


class TestWeigh:
    def test_gives_the_same_decision_over_stored_features(self) -> None:
        decision = scoring.decide(books.DREAM_UPPER, elsewhere(books.DREAM_UPPER, parts=("下册",)))

        assert scoring.weigh(decision.features) == decision

    def test_shows_what_other_rules_would_change(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, elsewhere(books.LEIBNIZ))
        strict = dataclasses.replace(RULES, version="strict", automatic=9.0)

        again = scoring.weigh(decision.features, rules=strict)

        assert (again.band, again.rules_version) == (Band.REVIEW, "strict")

    def test_takes_a_new_veto(self) -> None:
        decision = scoring.decide(books.LEIBNIZ, elsewhere(books.LEIBNIZ, extent="300 p."))
        careful = dataclasses.replace(RULES, vetoes=RULES.vetoes | {("extent", "far")})

        assert scoring.weigh(decision.features, rules=careful).reason == "veto-extent"


class TestDecideAmong:
    def test_picks_the_best_automatic_candidate(self) -> None:
        other_edition = elsewhere(books.LEIBNIZ, edition="2nd ed.")
        mine = replace(books.LEIBNIZ, edition="1st ed.", subtitle="a life")
        choice = scoring.decide_among(mine, [(1, other_edition), (2, elsewhere(mine)), (3, books.DREAM_UPPER)])

        assert (choice.best, choice.band) == (2, Band.AUTOMATIC)
        assert [decision.band for decision in choice.decisions] == [Band.NEW, Band.AUTOMATIC, Band.NEW]

    def test_asks_a_person_where_two_fit_equally_well(self) -> None:
        twin = elsewhere(books.LEIBNIZ)
        choice = scoring.decide_among(books.LEIBNIZ, [(5, twin), (4, twin)])

        assert (choice.best, choice.band) == (4, Band.REVIEW)
        assert {decision.reason for decision in choice.decisions} == {"ambiguous"}

    def test_is_new_without_candidates(self) -> None:
        assert scoring.decide_among(books.LEIBNIZ, []) == (None, Band.NEW, ())

    def test_takes_prepared_views(self) -> None:
        prepared = comparison.Prepared.of(books.LEIBNIZ)

        assert scoring.decide_among(prepared, [(1, prepared)]).best == 1


class TestAnyPair:
    @given(books.VIEWS, books.VIEWS)
    def test_is_decided_the_same_both_ways(self, mine: MatchView, theirs: MatchView) -> None:
        there, back = scoring.decide(mine, theirs), scoring.decide(theirs, mine)

        assert (there.band, there.score, there.reason) == (back.band, back.score, back.reason)

    @given(books.VIEWS)
    def test_with_itself_is_never_vetoed(self, view: MatchView) -> None:
        assert not scoring.decide(view, view).vetoes
