from __future__ import annotations

import pytest
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import restating, scoring
from tongwen.domain.catalogue.types import Band, Feature
from tongwen.standards.marc.types import MatchView


def elsewhere(view: MatchView, **change: object) -> MatchView:
    return replace(view, control_number="x7", control_agency="OTHER", lccns=(), isbns=(), **change)


class TestRestated:
    @pytest.mark.parametrize(
        ("stored", "outcome"),
        [
            (Feature("year", "equal", mine="1859", theirs="1855"), "one-of-several"),
            (Feature("year", "equal", mine="1859", theirs="1859"), "equal"),
            (Feature("extent", "one-missing", mine="1 v. (unpaged)", theirs="1 volume (unpaged)"), "same-words"),
            (Feature("extent", "one-missing", mine="1 v. (unpaged)", theirs="312 p."), "one-missing"),
            (Feature("place", "different", mine="T\u014dky\u014d", theirs="東京"), "other-script"),
            (Feature("place", "different", mine="London", theirs="Paris"), "different"),
            (Feature("series", "different", mine="Oke, Janette. Prairie legacy", theirs="A prairie legacy"), "equal"),
            (Feature("publisher", "disjoint", mine="Inst. of Physics", theirs="Institute of Physics"), "equal"),
            (Feature("publisher", "disjoint", mine="Dover; Viking", theirs="Routledge"), "disjoint"),
        ],
    )
    def test_gives_a_stored_observation_the_word_of_today(self, stored: Feature, outcome: str) -> None:
        assert [feature.outcome for feature in restating.restated([stored])] == [outcome]

    @pytest.mark.parametrize(
        ("language", "years", "authors", "expected"),
        [
            ("eng", "1899", "Markham, Edwin", ("machine", "person")),
            ("eng", "1749", "Turell, Ebenezer", ("hand", "person")),
            ("jpn", "1899", "貝原益軒", ("block", "body")),
            ("eng", "1899", "", ("machine", "both-missing")),
        ],
    )
    def test_tells_of_an_old_book_how_it_was_printed_and_whose_it_is(
        self, language: str, years: str, authors: str, expected: tuple[str, str]
    ) -> None:
        stored = [
            Feature("title", "equal", mine="A title", theirs="A title"),
            Feature("authors", "equal", mine=authors, theirs=authors),
            Feature("language", "equal", mine=language, theirs=language),
            Feature("ancient", "yes", mine=years, theirs=years),
        ]

        assert tuple(feature.outcome for feature in restating.restated(stored)[4:]) == expected

    @pytest.mark.parametrize("year", [1899, 2000])
    def test_leaves_what_todays_comparison_made(self, year: int) -> None:
        mine = replace(books.LEIBNIZ, years=(year,))
        features = scoring.decide(mine, elsewhere(mine, places=("London",), extent="1 v. (unpaged)")).features

        assert restating.restated(features) == features

    def test_lets_a_decision_of_before_be_weighed_by_todays_rules(self) -> None:
        old = replace(books.LEIBNIZ, years=(1899,), series=())
        later = {"press", "creator", "wording"}
        stored = [one for one in scoring.decide(old, elsewhere(old)).features if one.name not in later]

        assert scoring.weigh(stored).band is Band.AUTOMATIC
