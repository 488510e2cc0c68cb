from __future__ import annotations

import pytest

from factories.files import book, marc_file
from factories.keys import keys_are_those_of_the_records
from marc_lines import record as record_of
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.services import storing

pytestmark = pytest.mark.django_db


def revert(institution_id: int, batch: types.Batch) -> types.Batch:
    with tenancy.scope(institution_id):
        services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        return queries.batch(batch.id)


def only_bib(institution_id: int, batch: types.Batch, outcome: types.Outcome = types.Outcome.NEW) -> int:
    with tenancy.scope(institution_id):
        return queries.batch_bibs(batch.id, outcome)[0][0].bib_id


class TestRevert:
    def test_withdraws_bibs_that_nobody_holds_any_more(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        assert revert(lending_library, batch).state is types.BatchState.REVERTED
        assert queries.number_of_bibs() == 0

    def test_leaves_the_bib_to_the_other_libraries(self, lending_library: int, distant_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        load(distant_library, marc_file(book("x9", "Orlando", isbn="9780156701600")))
        revert(lending_library, first)
        assert queries.library_ids([only_bib(lending_library, first)]) == {
            only_bib(lending_library, first): (distant_library,)
        }

    def test_makes_an_updated_record_what_it_was(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando")))
        second = load(lending_library, marc_file(book("1", "Orlando", more=("500    $aRevised.",))))
        before = queries.bib(only_bib(lending_library, first)).raw
        revert(lending_library, second)
        bib = queries.bib(only_bib(lending_library, first))
        assert bib.raw != before
        assert bib.record.tagged("500") == []
        assert bib.version == 3

    def test_leaves_what_a_later_batch_has_changed_and_lists_it(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando")))
        load(lending_library, marc_file(book("1", "Orlando", more=("500    $aRevised.",))))
        revert(lending_library, first)
        with tenancy.scope(lending_library):
            assert queries.left_by_revert(first.id) == [("1", "changed-since")]
        assert queries.bib(only_bib(lending_library, first)).version == 2

    def test_frees_the_keys_so_that_the_file_can_be_loaded_again(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        revert(lending_library, batch)
        again = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        assert again.counts.new == 1
        assert queries.number_of_bibs() == 1

    def test_of_a_reverted_batch_is_refused_in_words(self, lending_library: int, load) -> None:
        batch = load(lending_library, marc_file(book("1", "Orlando")))
        revert(lending_library, batch)
        with pytest.raises(types.NotAllowedNow, match="is reverted"):
            revert(lending_library, batch)

    def test_brings_a_moved_holding_home(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
        other = book("1", "Ulysses", author="Joyce, James", isbn="9780141182803", year="2000", publisher="Penguin")
        second = load(lending_library, marc_file(other))
        revert(lending_library, second)
        bib = queries.bib(only_bib(lending_library, first))
        assert bib.view.title.value == "Orlando"
        assert queries.number_of_bibs() == 1

    def test_brings_a_moved_holding_home_to_a_bib_merged_since_and_withdrawn(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        with tenancy.scope(lending_library):
            one, two = (line.bib_id for line in queries.batch_bibs(first.id, types.Outcome.NEW)[0])
        services.merge_bibs_as_operator(kept_id=two, merged_id=one, actor="operator")
        others = [
            book(number, title, author="Joyce, James", isbn=isbn, year="2000", publisher="Penguin")
            for number, title, isbn in (("1", "Ulysses", "9780141182803"), ("2", "Dubliners", "9780140186475"))
        ]
        second = load(lending_library, marc_file(*others))
        assert queries.holdings(two) == ()
        revert(lending_library, second)
        assert [holding.source_id for holding in queries.holdings(two)] == ["1", "2"]
        assert queries.bib(two).id == two
        assert queries.number_of_bibs() == 1
        assert keys_are_those_of_the_records()

    def test_brings_one_holding_home_to_a_bib_that_another_s_is_merged_into(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        with tenancy.scope(lending_library):
            one, two = (line.bib_id for line in queries.batch_bibs(first.id, types.Outcome.NEW)[0])
        services.merge_bibs_as_operator(kept_id=two, merged_id=one, actor="operator")
        other = book("1", "Ulysses", author="Joyce, James", isbn="9780141182803", year="2000", publisher="Penguin")
        moved = load(lending_library, marc_file(other))
        gone = load(lending_library, marc_file(record_of("001    2", leader="00000dam a2200000 a 4500")))
        assert gone.counts.deleted == 1
        revert(lending_library, moved)
        assert [holding.source_id for holding in queries.holdings(two)] == ["1"]
        assert queries.number_of_bibs() == 1
        assert keys_are_those_of_the_records()


class TestRevertThatCannotBeDone:
    @pytest.fixture
    def stuck(self, lending_library: int, load, monkeypatch: pytest.MonkeyPatch) -> types.Batch:
        """A batch whose revert has been tried as often as it is tried."""
        batch = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        with tenancy.scope(lending_library), monkeypatch.context() as broken:
            broken.setattr(storing, "tell", lambda **_: (_ for _ in ()).throw(LookupError("no feed")))
            with pytest.raises(LookupError):
                services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
            while queries.batch(batch.id).state is types.BatchState.REVERTING:
                with pytest.raises(LookupError):
                    services.continue_revert(batch_id=batch.id, actor="cataloguer")
        return batch

    def test_is_given_up_after_some_tries_and_says_why(self, lending_library: int, stuck: types.Batch) -> None:
        with tenancy.scope(lending_library):
            found = queries.batch(stuck.id)
        assert (found.state, found.message) == (types.BatchState.FAILED, "LookupError: no feed")
        assert stuck.id not in services.batches_without_process()
        assert queries.number_of_bibs() == 2

    def test_is_not_loaded_on_top_of(self, lending_library: int, stuck: types.Batch) -> None:
        with tenancy.scope(lending_library), pytest.raises(types.NotAllowedNow, match="revert it again"):
            services.resume_batch(batch_id=stuck.id, actor="cataloguer")

    def test_is_done_when_a_person_asks_again_and_the_reason_is_gone(
        self, lending_library: int, stuck: types.Batch
    ) -> None:
        assert revert(lending_library, stuck).state is types.BatchState.REVERTED
        assert queries.number_of_bibs() == 0
