from __future__ import annotations

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful_pair(lending_library: int, distant_library: int, load) -> types.Review:
    """Two records without identifiers that agree in all that they say, from before 1912: a person must look."""
    old = {"year": "1890", "publisher": "Smith, Elder", "extent": "312 p."}
    load(lending_library, marc_file(book("1", "A village tragedy", author="Woods, Margaret L.", **old)))
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
