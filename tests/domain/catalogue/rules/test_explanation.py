from __future__ import annotations

import pytest
from hypothesis import given
from tests.factories.views import replace

from domain.catalogue.rules import books
from tongwen.domain.catalogue.rules import explanation, scoring
from tongwen.domain.catalogue.rules.policy import RULES
from tongwen.domain.catalogue.types import Band, Decision, Feature
from tongwen.standards.marc.types import Carrier, MatchView

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english():
    from django.utils import translation

    with translation.override("en"):
        yield


def decided(mine: MatchView, theirs: MatchView) -> Decision:
    return scoring.decide(replace(mine, control_number="", lccns=()), replace(theirs, control_number="", lccns=()))


class TestHeadline:
    def test_says_what_agrees_and_what_decides_against_it(self) -> None:
        decision = decided(replace(books.LEIBNIZ, parts=("1",)), replace(books.LEIBNIZ, parts=("2",)))

        assert explanation.headline(decision) == (
            "Same ISBN, same title, same authors, but volume 1 versus 2: not the same"
        )

    def test_says_why_two_records_are_one(self) -> None:
        decision = decided(books.LEIBNIZ, books.LEIBNIZ)

        assert explanation.headline(decision) == "Same ISBN, same title, same authors: the same"

    def test_names_carriers_in_words(self) -> None:
        decision = decided(books.LEIBNIZ, replace(books.LEIBNIZ, carrier=Carrier.LARGE_PRINT))

        assert "different carriers (print versus large print): not the same" in explanation.headline(decision)

    def test_says_what_a_person_must_decide(self) -> None:
        decision = decided(books.MING_1981, books.MING_ROMANIZED)

        assert explanation.headline(decision).endswith(
            "but titles that only sound the same (“万历十五年”, “Wanli shi wu nian”): a person must decide"
        )

    def test_says_that_details_differ_where_no_identifier_is_shared(self) -> None:
        decision = decided(books.LEIBNIZ, replace(books.LEIBNIZ, isbns=(), extent="90 p."))

        assert decision.band is Band.REVIEW
        assert "no identifier in common and not every detail agrees" in explanation.headline(decision)

    def test_shows_percent_signs_of_a_record_as_they_are(self) -> None:
        full = replace(books.LEIBNIZ, title="100% cotton %(mine)s")

        assert "100% cotton %(mine)s" in " ".join(
            explanation.explain(decided(full, replace(books.LEIBNIZ, title="Silk")))
        )


class TestExplain:
    def test_begins_with_the_headline_and_the_veto(self) -> None:
        decision = decided(replace(books.LEIBNIZ, parts=("1",)), replace(books.LEIBNIZ, parts=("2",)))
        lines = explanation.explain(decision)

        assert lines[0] == explanation.headline(decision)
        assert lines[1] == "Volume 1 versus 2"
        assert lines[2] == "Same ISBN"

    def test_leaves_out_what_neither_record_says(self) -> None:
        lines = explanation.explain(decided(books.LEIBNIZ, books.LEIBNIZ))

        assert not any("both-missing" in line for line in lines)

    @given(books.VIEWS, books.VIEWS)
    def test_has_a_phrase_for_everything_that_is_observed(self, mine: MatchView, theirs: MatchView) -> None:
        features = scoring.decide(mine, theirs).features

        assert {found[:2] for found in features if found.outcome != "both-missing"} <= explanation.PHRASES.keys()

    @pytest.mark.parametrize(
        "key", sorted({*RULES.weights, *RULES.vetoes, *RULES.limits, *RULES.limits_unless_same, *RULES.doubts})
    )
    def test_has_a_phrase_for_everything_that_is_weighed(self, key: tuple[str, str]) -> None:
        assert key in explanation.PHRASES

    @pytest.mark.parametrize("key", sorted(explanation.PHRASES))
    def test_fills_the_places_of_every_phrase(self, key: tuple[str, str]) -> None:
        words = explanation.phrase(Feature(*key, mine="M", theirs="T"))

        assert "%" not in words


class TestCause:
    @pytest.mark.parametrize(
        "reason",
        [
            *(f"veto-{name}" for name, outcome in sorted(RULES.vetoes) if outcome == "different"),
            *(f"limit-{name}-{outcome}" for name, outcome in sorted(RULES.limits)),
            *("veto-extent", "veto-host", "same-source-but-volume", "same-source-but-extent", "same-source-but-title"),
            *("limit-no-identifier", "limit-ancient", "limit-doubts", "ambiguous", "nearly", "too-little-in-common"),
            *("identifier-and-title", "full-description"),
        ],
    )
    def test_has_words_for_every_reason(self, reason: str) -> None:
        words = explanation.cause(reason)

        assert words != reason
        assert words[:1].isupper()
        assert "%" not in words

    def test_gives_an_unknown_reason_back(self) -> None:
        assert explanation.cause("merged-by-hand") == "merged-by-hand"


class TestHeadingOfACause:
    def test_leaves_out_the_brackets_of_a_pairs_values(self) -> None:
        assert explanation.cause("limit-isbn-disjoint") == "Different ISBNs"

    def test_keeps_the_gaps_of_a_sentence(self) -> None:
        assert explanation.cause("veto-volume") == "Volume … versus …"

    def test_of_a_persons_word_is_said(self) -> None:
        assert explanation.cause("said-different") == "A person has kept this very record apart"
