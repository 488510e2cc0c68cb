"""Records that say that they are deleted: the library's holding goes, and comes back with a revert."""

from __future__ import annotations

import io

import pytest

from factories.files import book, chinese_book, marc_file
from factories.keys import keys_are_those_of_the_records
from marc_lines import record as record_of
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db

ISBN = "9780156701600"


def deleted(record: marc.Record) -> marc.Record:
    return record._replace(leader=record.leader[:5] + "d" + record.leader[6:])


def stub(number: str) -> marc.Record:
    """Say no more than the number, as some systems do."""
    return record_of(f"001    {number}", leader="00000dam a2200000 a 4500")


def bib_ids(institution_id: int, batch: types.Batch, outcome: types.Outcome = types.Outcome.NEW) -> list[int]:
    with tenancy.scope(institution_id):
        return [one.bib_id for one in queries.batch_bibs(batch.id, outcome)[0]]


def revert(institution_id: int, batch: types.Batch) -> list[tuple[str, str]]:
    with tenancy.scope(institution_id):
        services.revert_batch_now(batch_id=batch.id, actor="cataloguer")
        return queries.left_by_revert(batch.id)


def problems(institution_id: int, batch: types.Batch) -> list[str]:
    with tenancy.scope(institution_id):
        return [one.code for one in queries.problems(batch.id)[0]]


class TestDeletion:
    @pytest.mark.parametrize("delivered", [book("1", "Orlando"), chinese_book("1", "红楼梦")])
    def test_takes_the_holding_away_and_the_bib_with_it(
        self, lending_library: int, load, delivered: marc.Record
    ) -> None:
        first = load(lending_library, marc_file(delivered))
        second = load(lending_library, marc_file(deleted(delivered)))
        (bib_id,) = bib_ids(lending_library, first)
        assert (second.counts.read, second.counts.deleted) == (1, 1)
        assert bib_ids(lending_library, second, types.Outcome.DELETED) == [bib_id]
        assert (queries.number_of_bibs(), queries.holdings(bib_id)) == (0, ())
        assert keys_are_those_of_the_records()

    def test_needs_no_more_than_the_number(self, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        batch = load(lending_library, marc_file(stub("1")))
        assert (batch.counts.deleted, batch.counts.rejected, queries.number_of_bibs()) == (1, 0, 1)

    def test_leaves_the_bib_to_the_other_libraries(self, lending_library: int, distant_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN)))
        load(lending_library, marc_file(stub("1")))
        (bib_id,) = bib_ids(lending_library, first)
        assert queries.library_ids([bib_id]) == {bib_id: (distant_library,)}
        assert keys_are_those_of_the_records()

    def test_concerns_the_library_that_says_so_only(self, lending_library: int, distant_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando")))
        batch = load(distant_library, marc_file(stub("1")))
        assert (batch.counts.deleted, batch.counts.rejected, queries.number_of_bibs()) == (0, 1, 1)
        assert problems(distant_library, batch) == ["deletion-unknown"]

    def test_of_an_unknown_number_is_rejected_and_kept(self, lending_library: int, load) -> None:
        file = marc_file(deleted(book("9", "Ulysses")))
        batch = load(lending_library, io.BytesIO(file.getvalue()))
        with tenancy.scope(lending_library):
            assert b"".join(queries.rejected_bytes(batch.id)) == file.getvalue()
        assert (batch.counts.read, batch.counts.rejected) == (1, 1)

    def test_without_a_number_is_rejected(self, lending_library: int, load) -> None:
        nameless = record_of("245 10 $aOrlando", leader="00000dam a2200000 a 4500")
        batch = load(lending_library, marc_file(nameless))
        assert problems(lending_library, batch) == ["deletion-without-number"]

    def test_closes_the_review_of_a_bib_that_goes(self, lending_library: int, distant_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        near = book("x", "Orlando : a biography", publisher="Harcourt")
        assert load(distant_library, marc_file(near)).counts.review == 1
        load(distant_library, marc_file(stub("x")))
        with tenancy.scope(distant_library):
            assert queries.review_count(distant_library) == 0

    def test_may_be_followed_by_the_record_in_the_same_file(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN, call_number="A")))
        again = book("1", "Orlando", isbn=ISBN, call_number="B")
        second = load(lending_library, marc_file(stub("1"), again, book("2", "Flush")))
        assert (second.counts.deleted, second.counts.new, queries.number_of_bibs()) == (1, 2, 2)
        assert revert(lending_library, second) == []
        (bib_id,) = bib_ids(lending_library, first)
        assert [one.items[0].call_number for one in queries.holdings(bib_id)] == ["A"]


@pytest.mark.django_db(transaction=True)
class TestDeletionInPreview:
    def test_is_counted_and_changes_nothing(self, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando")))
        batch = load(lending_library, marc_file(stub("1"), stub("9")), preview=True)
        assert batch.preview_counts is not None
        assert (batch.preview_counts.deleted, batch.preview_counts.rejected) == (1, 1)
        assert queries.number_of_bibs() == 1


class TestRevertOfADeletion:
    def test_brings_back_holding_bib_and_record(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        (bib_id,) = bib_ids(lending_library, first)
        before = queries.held_bib(bib_id).holdings
        second = load(lending_library, marc_file(stub("1")))
        assert revert(lending_library, second) == []
        after = queries.held_bib(bib_id).holdings
        assert [(one.id, one.items, one.local_fields) for one in after] == [
            (one.id, one.items, one.local_fields) for one in before
        ]
        assert keys_are_those_of_the_records()
        third = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN, more=("500    $aNew.",))))
        assert (third.counts.updated, queries.bib(bib_id).version) == (1, 2)

    def test_brings_back_the_record_of_a_library_that_joined(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN, call_number="X")))
        third = load(distant_library, marc_file(stub("x")))
        revert(distant_library, third)
        (bib_id,) = bib_ids(lending_library, first)
        assert [one.local_fields[0].first("h") for one in queries.holdings(bib_id)] == ["PR6045", "X"]

    def test_brings_it_back_where_its_bib_leads_now(self, lending_library: int, distant_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        one, two = bib_ids(lending_library, first)
        second = load(lending_library, marc_file(stub("1")))
        with pytest.raises(types.NotAllowedNow):
            services.merge_bibs_as_operator(kept_id=two, merged_id=one, actor="operator")
        load(distant_library, marc_file(book("x", "Flush", year="1933", publisher="Other")))
        revert(lending_library, second)
        assert [holding.source_id for holding in queries.holdings(one)] == ["1"]

    def test_brings_back_a_holding_of_a_merged_bib(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        one, two = bib_ids(lending_library, first)
        merge_id = services.merge_bibs_as_operator(kept_id=two, merged_id=one, actor="operator")
        second = load(lending_library, marc_file(stub("1"), stub("2")))
        assert queries.number_of_bibs() == 0
        revert(lending_library, second)
        assert [holding.source_id for holding in queries.holdings(two)] == ["1", "2"]
        services.unmerge_bibs_as_operator(merge_id=merge_id, actor="operator")
        assert [holding.source_id for holding in queries.holdings(one)] == ["1"]
        assert keys_are_those_of_the_records()

    def test_leaves_what_was_delivered_anew(self, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando")))
        second = load(lending_library, marc_file(stub("1")))
        load(lending_library, marc_file(book("1", "Orlando", call_number="NEW")))
        assert revert(lending_library, second) == [("1", "changed-since")]
        assert queries.number_of_bibs() == 1


class TestProfileThatIgnoresDeletions:
    def test_takes_the_record_like_any_other(self, lending_library: int, blob_folder: object) -> None:
        profile = types.Profile("ours", deletions=types.Deletions.IGNORE)
        services.save_profile(institution_id=lending_library, profile=profile, actor="cataloguer")
        for record in (book("1", "Orlando"), deleted(book("1", "Orlando"))):
            with tenancy.scope(lending_library):
                batch_id = services.receive_batch(
                    institution_id=lending_library,
                    file=marc_file(record),
                    file_name="books.mrc",
                    actor="cataloguer",
                    preview=False,
                    profile="ours",
                )
                services.run_batch(batch_id=batch_id)
                batch = queries.batch(batch_id)
        assert (batch.counts.updated, batch.counts.deleted, queries.number_of_bibs()) == (1, 0, 1)


class TestTrial:
    def test_says_what_a_deletion_would_do(self, lending_library: int) -> None:
        with tenancy.scope(lending_library):
            trial = services.try_profile(file=marc_file(stub("1")), profile=types.Profile("try"))
        (tried,) = trial.records
        assert ([one.code for one in tried.problems], tried.is_rejected) == (["deletion"], False)
