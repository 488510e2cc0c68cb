"""Records that a library delivers again, many in one file: what becomes of bibs, keys, links and holdings."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories.files import book, marc_file
from factories.keys import keys_are_those_of_the_records
from tongwen.core import events, tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db

ISBN, OTHER_ISBN = "9780156701600", "9780141182803"
OTHER = book("z", "The common reader")
"""Stands at the end of files: a file's last record is stored by itself."""


def ulysses(number: str) -> marc.Record:
    return book(number, "Ulysses", author="Joyce, James", isbn=OTHER_ISBN, year="2000", publisher="Penguin")


def bib_ids(institution_id: int, batch: types.Batch, outcome: types.Outcome = types.Outcome.NEW) -> list[int]:
    with tenancy.scope(institution_id):
        return [one.bib_id for one in queries.batch_bibs(batch.id, outcome)[0]]


def revert(institution_id: int, batch: types.Batch) -> None:
    with tenancy.scope(institution_id):
        services.revert_batch_now(batch_id=batch.id, actor="cataloguer")


def links(bib_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bib_link WHERE bib_id = %s", [bib_id])
        return int(cursor.fetchone()[0])


class TestChangedRecords:
    def test_of_one_file_cost_no_statements_of_their_own(self, lending_library: int, load) -> None:
        def statements(number: int, prefix: str) -> int:
            books = [book(f"{prefix}{one}", f"{prefix} {one} tale") for one in range(number)]
            load(lending_library, marc_file(*books, OTHER))
            changed = [one._replace(fields=(*one.fields, marc.Field("500", "  ", (("a", "New."),)))) for one in books]
            with CaptureQueriesContext(connection) as seen:
                assert load(lending_library, marc_file(*changed, OTHER)).counts.updated == number
            return len(seen)

        assert statements(3, "few") == statements(30, "many")

    def test_are_found_by_their_new_keys_and_no_more_by_the_old(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN), book("2", "Flush")))
        load(lending_library, marc_file(book("1", "Orlando", isbn=OTHER_ISBN), book("2", "Flush")))
        assert keys_are_those_of_the_records()
        joined = load(distant_library, marc_file(book("x", "Orlando", isbn=OTHER_ISBN)))
        assert bib_ids(distant_library, joined, types.Outcome.MATCHED) == bib_ids(lending_library, first)[:1]

    def test_get_their_old_keys_back_with_the_revert(self, lending_library: int, load) -> None:
        load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        second = load(lending_library, marc_file(book("1", "Orlando", isbn=OTHER_ISBN)))
        revert(lending_library, second)
        assert keys_are_those_of_the_records()

    def test_give_the_bib_their_links(self, lending_library: int, load) -> None:
        earlier = ("780 00 $tQuarterly of demonstration$x0000-0019",)
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush", more=earlier), OTHER))
        one, two, _ = bib_ids(lending_library, first)
        before = links(one), links(two)
        load(lending_library, marc_file(book("1", "Orlando", more=earlier), book("2", "Flush"), OTHER))
        assert (links(one), links(two)) == (before[1], before[0])
        assert before[0] < before[1]

    def test_of_two_holdings_at_one_bib_are_both_taken_in(self, lending_library: int, load) -> None:
        twins = [book(number, "Orlando", isbn=ISBN) for number in ("1", "2")]
        first = load(lending_library, marc_file(*twins, OTHER))
        changed = [book(number, "Orlando", isbn=ISBN, call_number=f"C{number}") for number in ("1", "2")]
        second = load(lending_library, marc_file(*changed, OTHER))
        bib_id = bib_ids(lending_library, first)[0]
        assert second.counts.updated == 2
        assert [one.items[0].call_number for one in queries.holdings(bib_id)] == ["C1", "C2"]
        assert [one.local_fields[0].first("h") for one in queries.holdings(bib_id)] == ["C1", "C2"]

    def test_tell_what_was_derived_from_them(self, lending_library: int, load, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[types.BibsChanged] = []
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        (bib_id,) = bib_ids(lending_library, first)
        monkeypatch.setattr(events, "emit", told.append)
        load(lending_library, marc_file(book("1", "Between the acts", isbn=ISBN)))
        (change,) = told
        assert b"between the acts" in change.derived[bib_id]["discovery"]


class TestSourceNumberTwice:
    def test_after_an_earlier_load_ends_with_the_later_record_and_reverts_to_the_first(
        self, lending_library: int, load
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", more=("500    $aFirst.",))))
        (bib_id,) = bib_ids(lending_library, first)
        again = [book("1", "Orlando", more=(f"500    $a{word}.",)) for word in ("Second", "Third")]
        second = load(lending_library, marc_file(*again, OTHER))
        assert (second.counts.updated, queries.bib(bib_id).version) == (2, 3)
        assert queries.bib(bib_id).record.tagged("500")[0].first("a") == "Third."
        revert(lending_library, second)
        assert queries.bib(bib_id).record.tagged("500")[0].first("a") == "First."
        assert keys_are_those_of_the_records()


class TestMovedNumber:
    def test_makes_a_bib_and_withdraws_the_one_that_nobody_holds(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN), book("2", "Flush")))
        second = load(lending_library, marc_file(ulysses("1"), book("2", "Flush", more=("500    $aNew.",))))
        assert second.counts.updated == 2
        assert queries.number_of_bibs() == 2
        assert keys_are_those_of_the_records()
        revert(lending_library, second)
        assert [queries.bib(one).view.title.value for one in bib_ids(lending_library, first)] == ["Orlando", "Flush"]
        assert queries.number_of_bibs() == 2
        assert keys_are_those_of_the_records()

    def test_leaves_the_bib_that_another_record_of_the_file_joins(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        second = load(lending_library, marc_file(ulysses("1"), book("9", "Orlando", isbn=ISBN), OTHER))
        (bib_id,) = bib_ids(lending_library, first)
        assert second.counts.matched == 1
        assert [one.source_id for one in queries.holdings(bib_id)] == ["9"]
        assert queries.bib(bib_id).view.title.value == "Orlando"
        assert queries.unheld_bibs() == ()

    def test_leaves_the_bib_to_the_other_libraries(self, lending_library: int, distant_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN)))
        load(lending_library, marc_file(ulysses("1")))
        (bib_id,) = bib_ids(lending_library, first)
        assert queries.library_ids([bib_id]) == {bib_id: (distant_library,)}


class TestRecordOfAnotherLibrarysBib:
    def test_is_kept_with_the_holding_and_comes_back_with_the_revert(
        self, lending_library: int, distant_library: int, load
    ) -> None:
        load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN)))
        load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN, call_number="A1")))
        third = load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN, call_number="A2")))
        (bib_id,) = bib_ids(distant_library, third, types.Outcome.UPDATED)
        assert queries.holdings(bib_id)[1].local_fields[0].first("h") == "A2"
        revert(distant_library, third)
        assert queries.holdings(bib_id)[1].local_fields[0].first("h") == "A1"


class TestBibEditedSince:
    def test_gets_the_librarys_changes_beside_those_of_others(self, lending_library: int, load) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando"), book("2", "Flush")))
        edited, _ = bib_ids(lending_library, first)
        bib = queries.bib(edited)
        note = marc.Field("520", "  ", (("a", "By hand."),))
        record = bib.record._replace(fields=(*bib.record.fields, note))
        services.edit_bib(bib_id=edited, version=1, record=record, actor="editor")
        load(
            lending_library,
            marc_file(
                *(book(number, title, more=("500    $aNew.",)) for number, title in (("1", "Orlando"), ("2", "Flush")))
            ),
        )
        found = queries.bib(edited).record
        assert [len(found.tagged(tag)) for tag in ("500", "520")] == [1, 1]
        assert keys_are_those_of_the_records()
