"""Drift between catalogue and index: found exactly, mended by the change feed."""

from __future__ import annotations

import pytest

from domain.discovery.services.conftest import Load, found
from factories.files import book, marc_file
from tongwen.core import search, tenancy
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services as catalogue_services
from tongwen.domain.catalogue.models import Bib, Holding
from tongwen.domain.catalogue.types import Outcome
from tongwen.domain.discovery import services
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import documents

TITLES = ("Orlando", "Flush", "The waves", "Between the acts")


@pytest.fixture
def bibs(lending_library: int, load: Load) -> list[int]:
    """Four bibs that the index shows."""
    batch = load(lending_library, *TITLES)
    services.catch_up()
    with tenancy.scope(lending_library):
        return [row.bib_id for row in catalogue.batch_bibs(batch, Outcome.NEW)[0]]


def write(**changes) -> None:
    """Write to the index behind the catalogue's back."""
    with search.engine(SCHEMA).writer() as writer:
        for bib_id in changes.get("delete", ()):
            writer.delete([bib_id])
        for bib_id in changes.get("add", ()):
            ((_, text),) = documents.of_rows(catalogue.index_rows([bib_id]), {})
            writer.add(text)
        for number in changes.get("invent", ()):
            ((_, text),) = documents.of_rows(catalogue.index_rows([changes["like"]]), {})
            writer.add(text.replace(f'"id":{changes["like"]}', f'"id":{number}'))
        writer.commit()


class TestFindDrift:
    def test_finds_none_after_load_redelivery_merge_and_revert(
        self, bibs: list[int], lending_library: int, distant_library: int, load: Load
    ) -> None:
        load(distant_library, "Orlando", "Night and day")
        batch = load(lending_library, "Orlando", "Jacob's room")
        catalogue_services.merge_bibs_as_operator(kept_id=bibs[0], merged_id=bibs[1], actor="cataloguer")
        with tenancy.scope(lending_library):
            catalogue_services.revert_batch_now(batch_id=batch, actor="cataloguer")
        services.catch_up()
        drift = services.find_drift()
        assert (drift.bib_ids, drift.compared) == ((), catalogue.number_of_bibs())

    def test_finds_none_in_an_index_built_anew(self, bibs: list[int]) -> None:
        services.reindex()
        assert services.find_drift().bib_ids == ()

    def test_tells_the_kinds_apart_by_number(self, bibs: list[int]) -> None:
        write(delete=[bibs[0]], add=[bibs[1]], invent=[9_999_999], like=bibs[3])
        Bib.objects.filter(pk=bibs[2]).update(state=Bib.State.WITHDRAWN)
        Holding.objects.unscoped("the test damages the base").filter(bib_id=bibs[3]).update(
            items=[["Hall", "Z 1", "", 1, ""]]
        )
        drift = services.find_drift()
        assert drift.missing == (bibs[0],)
        assert drift.doubled == (bibs[1],)
        assert drift.surplus == (bibs[2], 9_999_999)
        assert drift.stale == (bibs[3],)
        assert drift.compared == 3

    def test_does_not_take_for_drift_what_the_index_has_still_to_take_in(
        self, bibs: list[int], distant_library: int, load: Load
    ) -> None:
        load(distant_library, "Flush", "Night and day")
        assert services.find_drift().bib_ids == ()

    def test_sees_a_commit_at_once(self, bibs: list[int]) -> None:
        services.find_drift()
        write(delete=[bibs[0]])
        assert services.find_drift().missing == (bibs[0],)


class TestMendDrift:
    def test_brings_every_kind_in_order(self, bibs: list[int]) -> None:
        write(delete=[bibs[0]], add=[bibs[1]], invent=[9_999_999], like=bibs[3])
        Bib.objects.filter(pk=bibs[2]).update(version=1, state=Bib.State.WITHDRAWN)
        services.mend_drift(services.find_drift(), actor="doctor")
        assert services.find_drift().bib_ids == ()
        assert [found(title) for title in ("orlando", "flush", "waves", "acts")] == [1, 1, 0, 1]


class TestRedeliveredHolding:
    def test_that_is_nobodys_base_is_found_by_its_new_call_number(
        self, lending_library: int, distant_library: int, index: object
    ) -> None:
        for institution, number, call_number in (
            (lending_library, "1", "PR6045"),
            (distant_library, "x1", "823 W"),
            (distant_library, "x1", "823.9 NEW"),
        ):
            file = marc_file(book(number, "Orlando", isbn="9780156701600", call_number=call_number))
            with tenancy.scope(institution):
                batch_id = catalogue_services.receive_batch(
                    institution_id=institution, file=file, file_name="a.mrc", actor="cataloguer", preview=False
                )
                catalogue_services.run_batch(batch_id=batch_id)
            services.catch_up()
        assert services.find_drift().bib_ids == ()
