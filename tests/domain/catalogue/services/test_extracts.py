"""Extracts of bibs that several libraries hold: made once, used afterwards, never trusted when stale."""

from __future__ import annotations

import pytest
from django.db import connection

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.rules import extracts
from tongwen.standards.marc import types as marc

pytestmark = pytest.mark.django_db

ISBN = "9780156701600"


def orlando(number: str, *, note: str = "") -> marc.Record:
    return book(number, "Orlando", isbn=ISBN, call_number=f"C{number}", more=(f"500    $a{note}",) if note else ())


def kept() -> dict[int, int]:
    """Return the version of which each bib has an extract."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bib_id, version FROM bib_extract")
        return dict(cursor.fetchall())


@pytest.fixture
def bib_id(lending_library: int, load) -> int:
    batch = load(lending_library, marc_file(orlando("1")))
    with tenancy.scope(lending_library):
        return queries.batch_bibs(batch.id, types.Outcome.NEW)[0][0].bib_id


class TestExtract:
    def test_comes_back_as_it_was_packed(self) -> None:
        assert extracts.unpack(extracts.pack(7, b"view", {"name": b"fields"}).packed) == (b"view", {"name": b"fields"})

    def test_is_made_when_a_second_library_joins(self, bib_id: int, neighbouring_library: int, load) -> None:
        assert kept() == {}
        load(neighbouring_library, marc_file(orlando("2")))
        assert kept() == {bib_id: 1}

    def test_spares_the_third_library_the_decoding(
        self, bib_id: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        load(neighbouring_library, marc_file(orlando("2")))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bib_version SET record = 'nothing that can be decoded'")
        assert load(distant_library, marc_file(orlando("3"))).counts.matched == 1
        assert len(queries.library_ids([bib_id])[bib_id]) == 3

    def test_decides_as_the_record_does(
        self, bib_id: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        load(neighbouring_library, marc_file(orlando("2")))
        load(distant_library, marc_file(orlando("3")))
        second, third = queries.decisions(bib_id)
        assert second.decision == third.decision
        assert len(second.decision.features) > 5

    def test_gives_the_index_what_the_record_gives(self, bib_id: int, neighbouring_library: int, load) -> None:
        (before,) = queries.index_rows([bib_id])
        load(neighbouring_library, marc_file(orlando("2")))
        (after,) = queries.index_rows([bib_id])
        assert (before.derived, after.record) == ({}, b"")
        assert b"orlando" in after.derived["discovery"]

    def test_of_an_earlier_version_is_not_used_and_is_replaced(
        self, bib_id: int, lending_library: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        load(neighbouring_library, marc_file(orlando("2")))
        load(lending_library, marc_file(orlando("1", note="New.")))
        (row,) = queries.index_rows([bib_id])
        assert (row.derived, row.record != b"") == ({}, True)
        load(distant_library, marc_file(orlando("3")))
        assert kept() == {bib_id: 2}

    def test_of_other_code_is_not_used_and_is_replaced(
        self, bib_id: int, neighbouring_library: int, distant_library: int, load
    ) -> None:
        load(neighbouring_library, marc_file(orlando("2")))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bib_extract SET stamp = stamp + 1, packed = 'nonsense'")
        assert queries.index_rows([bib_id])[0].derived == {}
        assert load(distant_library, marc_file(orlando("3"))).counts.matched == 1
        assert queries.index_rows([bib_id])[0].derived

    def test_tells_a_record_that_is_the_same_byte_for_byte(
        self, bib_id: int, neighbouring_library: int, distant_library: int, load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(neighbouring_library, marc_file(orlando("2")))
        monkeypatch.setattr(extracts, "unpack", None)
        assert load(distant_library, marc_file(orlando("1"))).counts.matched == 1

    @pytest.mark.django_db(transaction=True)
    def test_is_not_made_by_a_preview(self, bib_id: int, neighbouring_library: int, load) -> None:
        load(neighbouring_library, marc_file(orlando("2")), preview=True)
        assert kept() == {}

    def test_is_of_use_to_a_revert_too(self, bib_id: int, neighbouring_library: int, load) -> None:
        second = load(neighbouring_library, marc_file(orlando("2")))
        with tenancy.scope(neighbouring_library):
            services.revert_batch_now(batch_id=second.id, actor="cataloguer")
        (row,) = queries.index_rows([bib_id])
        assert (len(row.institution_ids), bool(row.derived)) == (1, True)
