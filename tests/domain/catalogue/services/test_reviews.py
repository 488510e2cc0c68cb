from __future__ import annotations

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful_pair(lending_library: int, distant_library: int, load) -> types.Review:
    """Two records without identifiers of a book printed by hand, in other words each: a person must look."""
    old = {"year": "1790", "publisher": "Smith, Elder", "extent": "312 p."}
    fuller = {**old, "extent": "xii, 312 p."}
    load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **fuller)))
    load(distant_library, marc_file(book("x1", "A village tragedy", author="Woods, Margaret L.", **old)))
    with tenancy.scope(distant_library):
        (line,) = queries.reviews(distant_library)
    return line.review


class TestQueue:
    def test_belongs_to_the_library_that_loaded(
        self, doubtful_pair: types.Review, lending_library: int, distant_library: int
    ) -> None:
        with tenancy.scope(lending_library):
            assert queries.review_count(lending_library) == 0
            with pytest.raises(types.UnknownReview):
                queries.review_pair(doubtful_pair.id)
        with tenancy.scope(distant_library):
            assert queries.review_count(distant_library) == 1

    def test_did_not_keep_the_holding_from_being_attached(
        self, doubtful_pair: types.Review, distant_library: int
    ) -> None:
        assert queries.library_ids([doubtful_pair.bib_id]) == {doubtful_pair.bib_id: (distant_library,)}

    def test_says_in_words_why_a_person_is_asked(self, doubtful_pair: types.Review, distant_library: int) -> None:
        with tenancy.scope(distant_library):
            pair = queries.review_pair(doubtful_pair.id)
        assert pair.explanation
        assert all(isinstance(str(word), str) and str(word) for word in pair.explanation)


class TestSame:
    @pytest.fixture(autouse=True)
    def _decide(self, doubtful_pair: types.Review, distant_library: int) -> None:
        with tenancy.scope(distant_library):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.SAME, actor="cataloguer")

    def test_moves_the_holding_to_the_candidate(
        self, doubtful_pair: types.Review, lending_library: int, distant_library: int
    ) -> None:
        candidate = doubtful_pair.candidate_id
        assert queries.library_ids([candidate]) == {candidate: tuple(sorted((lending_library, distant_library)))}

    def test_redirects_the_old_number(self, doubtful_pair: types.Review) -> None:
        assert queries.bib(doubtful_pair.bib_id).merged_into == doubtful_pair.candidate_id
        assert queries.survivor(doubtful_pair.bib_id) == doubtful_pair.candidate_id

    def test_keeps_the_librarys_own_record(self, doubtful_pair: types.Review, distant_library: int) -> None:
        (holding,) = [
            each for each in queries.holdings(doubtful_pair.candidate_id) if each.institution_id == distant_library
        ]
        assert [field.tag for field in holding.local_fields] == ["852"]

    def test_cannot_be_decided_twice(self, doubtful_pair: types.Review, distant_library: int) -> None:
        with tenancy.scope(distant_library), pytest.raises(types.NotAllowedNow, match="decided already"):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.SAME, actor="cataloguer")

    def test_undone_sends_the_holding_home(self, doubtful_pair: types.Review, distant_library: int) -> None:
        with tenancy.scope(distant_library):
            services.undo_review(review_id=doubtful_pair.id, actor="cataloguer")
            assert queries.review_count(distant_library) == 1
        assert queries.library_ids([doubtful_pair.bib_id]) == {doubtful_pair.bib_id: (distant_library,)}
        assert queries.bib(doubtful_pair.bib_id).merged_into is None


class TestDifferent:
    def test_is_remembered(self, doubtful_pair: types.Review, distant_library: int) -> None:
        with tenancy.scope(distant_library):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.DIFFERENT, actor="cataloguer")
            assert queries.review_count(distant_library) == 0
        assert queries.explain_pair(doubtful_pair.bib_id, doubtful_pair.candidate_id).said_different

    def test_of_another_library_is_refused_as_unknown(self, doubtful_pair: types.Review, lending_library: int) -> None:
        with tenancy.scope(lending_library), pytest.raises(types.UnknownReview):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.DIFFERENT, actor="stranger")


class TestMergeBesidesTheQueue:
    def test_answers_the_review_of_this_very_pair(self, doubtful_pair: types.Review, distant_library: int) -> None:
        number = services.merge_bibs_as_operator(
            kept_id=doubtful_pair.candidate_id, merged_id=doubtful_pair.bib_id, actor="operator"
        )
        with tenancy.scope(distant_library):
            assert queries.review_count(distant_library) == 0
            decided = queries.review_pair(doubtful_pair.id).review
            assert (decided.verdict, decided.decided_by) == (types.Verdict.SAME, "operator")
        services.unmerge_bibs_as_operator(merge_id=number, actor="operator")
        with tenancy.scope(distant_library):
            assert queries.review_count(distant_library) == 1

    def test_lets_a_review_be_decided_for_the_bib_that_stands(
        self, doubtful_pair: types.Review, lending_library: int, distant_library: int, load
    ) -> None:
        load(lending_library, marc_file(book("9", "Flush", isbn="9780156319522")))
        kept = max(queries.bibs(list(range(1, 100_000))))
        services.merge_bibs_as_operator(kept_id=kept, merged_id=doubtful_pair.candidate_id, actor="operator")
        with tenancy.scope(distant_library):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.SAME, actor="cataloguer")
            assert queries.survivor(doubtful_pair.bib_id) == kept
            services.undo_review(review_id=doubtful_pair.id, actor="cataloguer")
        assert queries.survivor(doubtful_pair.bib_id) == doubtful_pair.bib_id

    def test_that_made_them_one_already_leaves_nothing_to_merge(
        self, doubtful_pair: types.Review, lending_library: int, distant_library: int, load
    ) -> None:
        load(lending_library, marc_file(book("9", "Flush", isbn="9780156319522")))
        kept = max(queries.bibs(list(range(1, 100_000))))
        for number in (doubtful_pair.candidate_id, doubtful_pair.bib_id):
            services.merge_bibs_as_operator(kept_id=kept, merged_id=number, actor="operator")
        with tenancy.scope(distant_library):
            services.decide_review(review_id=doubtful_pair.id, verdict=types.Verdict.SAME, actor="cataloguer")
            assert queries.review_count(distant_library) == 0
        assert len(queries.merges(kept)) == 2


class TestSaidDifferent:
    """What a person said of a pair answers for the same record whenever and from whomever it comes again."""

    OLD = {"year": "1790", "publisher": "Smith, Elder", "extent": "312 p.", "author": "Woods, Margaret L."}
    FULLER = {**OLD, "extent": "xii, 312 p."}

    @pytest.fixture
    def asked(self, lending_library: int, distant_library: int, load) -> tuple[types.Review, types.Batch]:
        load(lending_library, marc_file(book("1", "A village tragedy", **self.FULLER)))
        batch = load(distant_library, marc_file(book("x1", "A village tragedy", **self.OLD)))
        with tenancy.scope(distant_library):
            (line,) = queries.reviews(distant_library)
            services.decide_review(review_id=line.review.id, verdict=types.Verdict.DIFFERENT, actor="cataloguer")
        return line.review, batch

    def again(self, library: int, batch: types.Batch, load) -> list[types.Review]:
        """Take the batch back and load its file anew; the reviews that are open then."""
        with tenancy.scope(library):
            services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        load(library, marc_file(book("x1", "A village tragedy", **self.OLD)))
        with tenancy.scope(library):
            return [line.review for line in queries.reviews(library)]

    def test_is_not_asked_again_after_a_revert(self, asked, distant_library: int, load) -> None:
        review, batch = asked
        assert self.again(distant_library, batch, load) == []
        (found, *_earlier) = queries.decisions(review.candidate_id)
        assert found.decision.reason == "said-different"
        assert found.decision.band is types.Band.NEW

    def test_is_asked_again_once_the_word_is_taken_back(self, asked, distant_library: int, load) -> None:
        review, batch = asked
        with tenancy.scope(distant_library):
            services.undo_review(review_id=review.id, actor="cataloguer")
        assert len(self.again(distant_library, batch, load)) == 1

    def test_counts_for_the_bib_that_the_other_was_merged_into(
        self, asked, lending_library: int, distant_library: int, load
    ) -> None:
        review, batch = asked
        load(lending_library, marc_file(book("3", "Flush", isbn="9780156319522")))
        kept = max(queries.bibs(list(range(1, 100_000))))
        services.merge_bibs_as_operator(kept_id=kept, merged_id=review.candidate_id, actor="cataloguer")
        assert self.again(distant_library, batch, load) == []

    def test_leads_the_same_record_of_another_library_to_its_own_bib(
        self, lending_library: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        """Two editions that the rules would take for each other; a person told them apart."""
        load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600", extent="299 p.")))
        load(
            distant_library,
            marc_file(book("x1", "Orlando", isbn="9780156701600", author="Forster, E", extent="312 p.")),
        )
        with tenancy.scope(distant_library):
            (line,) = queries.reviews(distant_library)
            services.decide_review(review_id=line.review.id, verdict=types.Verdict.DIFFERENT, actor="cataloguer")
        load(
            neighbouring_library,
            marc_file(book("n1", "Orlando", isbn="9780156701600", author="Forster, E", extent="312 p.")),
        )
        with tenancy.scope(neighbouring_library):
            assert queries.review_count(neighbouring_library) == 0
        assert queries.library_ids([line.review.bib_id]) == {
            line.review.bib_id: tuple(sorted((distant_library, neighbouring_library)))
        }

    def test_still_asks_about_a_third_book(self, asked, neighbouring_library: int, load) -> None:
        load(neighbouring_library, marc_file(book("n1", "A village tragedy", **{**self.OLD, "extent": "310 p."})))
        with tenancy.scope(neighbouring_library):
            assert queries.review_count(neighbouring_library) == 1
