"""Storing pieces of loads beside other writers: what was compared beforehand must still hold, and people go first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from factories.files import book, marc_file
from factories.keys import keys_are_those_of_the_records
from tongwen.core import locks, tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.services import matching, storing

ISBN = "9780156701600"
LAST = book("z", "The common reader")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Let something happen once between comparing and storing a piece; returns the tries, a number each."""

    def arrange(happens: Callable[[], object]) -> list[int]:
        foresee, tries, waiting = storing.Storer.foresee, [], [happens]

        def foresee_and_then(storer: storing.Storer, records):
            found = foresee(storer, records)
            tries.append(len(records))
            if waiting:
                waiting.pop()()
            return found

        monkeypatch.setattr(storing.Storer, "foresee", foresee_and_then)
        return tries

    return arrange


@pytest.mark.django_db
class TestWhatWasForeseen:
    def test_is_compared_anew_where_another_library_was_quicker(
        self, lending_library: int, distant_library: int, load, meanwhile
    ) -> None:
        meanwhile(lambda: load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN))))
        batch = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN), book("2", "Flush"), LAST))
        assert (batch.counts.matched, batch.counts.new, queries.number_of_bibs()) == (1, 2, 3)
        assert keys_are_those_of_the_records()

    def test_is_given_up_for_another_try_where_much_has_changed(
        self, lending_library: int, distant_library: int, load, meanwhile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(matching, "MOST_ASKED_ANEW", 0)
        tries = meanwhile(lambda: load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN))))
        batch = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN), LAST))
        assert (batch.counts.matched, batch.counts.new, queries.number_of_bibs()) == (1, 1, 2)
        assert len(tries) == 4, "the other library's piece, this one twice, and the last record"

    def test_of_a_changed_record_heeds_an_edit(self, lending_library: int, load, meanwhile) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando")))
        with tenancy.scope(lending_library):
            bib_id = queries.batch_bibs(first.id, types.Outcome.NEW)[0][0].bib_id

        def edit() -> None:
            bib = queries.bib(bib_id)
            note = book("n", "x", more=("520    $aBy hand.",)).tagged("520")[0]
            record = bib.record._replace(fields=(*bib.record.fields, note))
            services.edit_bib(bib_id=bib_id, version=bib.version, record=record, actor="editor")

        meanwhile(edit)
        load(lending_library, marc_file(book("1", "Orlando", more=("500    $aNew.",)), LAST))
        found = queries.bib(bib_id).record
        assert [len(found.tagged(tag)) for tag in ("500", "520")] == [1, 1]

    def test_heeds_a_bib_that_was_withdrawn(self, lending_library: int, distant_library: int, load, meanwhile) -> None:
        first = load(distant_library, marc_file(book("x", "Orlando", isbn=ISBN)))

        def revert() -> None:
            with tenancy.scope(distant_library):
                services.revert_batch_now(batch_id=first.id, actor="cataloguer")

        meanwhile(revert)
        batch = load(lending_library, marc_file(book("1", "Orlando", isbn=ISBN), LAST))
        assert (batch.counts.matched, batch.counts.new, queries.number_of_bibs()) == (0, 2, 2)
        assert queries.holdings_astray() == ()


def hold(
    take: Callable[[], None], name: str, order: list[str], let_go: threading.Event | None = None
) -> threading.Thread:
    """Take a lock in a thread of its own, note it, and keep it until `let_go`."""

    def run() -> None:
        try:
            with transaction.atomic():
                take()
                order.append(name)
                if let_go is not None:
                    let_go.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
class TestTurns:
    def test_of_loads_let_a_person_go_first(self) -> None:
        order: list[str] = []
        done = threading.Event()
        threads = [hold(storing.take_bulk_turn, "load at work", order, done)]
        while not order:
            time.sleep(0.01)
        for name in ("second load", "third load"):
            threads.append(hold(storing.take_bulk_turn, name, order))
            time.sleep(0.2)
        threads.append(hold(lambda: locks.hold_until_commit(storing.WRITE_LOCK), "person", order))
        time.sleep(0.2)
        done.set()
        for thread in threads:
            thread.join(20)
        assert order[:2] == ["load at work", "person"]
        assert sorted(order[2:]) == ["second load", "third load"]
