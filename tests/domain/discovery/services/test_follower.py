from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from domain.discovery.services.conftest import Load, found
from tongwen.core import locks, search, tenancy
from tongwen.core.search import port
from tongwen.domain.catalogue import queries as catalogue_queries
from tongwen.domain.catalogue import services as catalogue
from tongwen.domain.discovery import services
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import follower


@pytest.fixture
def someone_else_follows() -> Iterator[psycopg.Connection]:
    """Another process that holds the right to write to the index."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(%s)", [locks._key(follower.INDEX_LOCK)])
        yield link


class TestCatchUp:
    def test_makes_what_was_loaded_searchable(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando", "Flush")
        assert found("orlando") == 0
        assert services.catch_up()
        assert (found("orlando"), found("flush"), follower.behind()) == (1, 1, 0)

    def test_takes_out_what_was_reverted(self, lending_library: int, load: Load) -> None:
        batch = load(lending_library, "Orlando")
        services.catch_up()
        with tenancy.scope(lending_library):
            catalogue.revert_batch_now(batch_id=batch, actor="cataloguer")
        services.catch_up()
        assert found("orlando") == 0

    def test_leaves_it_to_whoever_is_at_it(
        self, lending_library: int, load: Load, someone_else_follows: psycopg.Connection
    ) -> None:
        load(lending_library, "Orlando")
        assert not services.catch_up()
        assert found("orlando") == 0
        someone_else_follows.close()
        services.wait_until_indexed(30)
        assert found("orlando") == 1

    def test_twice_over_the_same_changes_doubles_nothing(self, lending_library: int, load: Load) -> None:
        load(lending_library, "Orlando", "Flush")
        services.catch_up()
        engine = search.engine(SCHEMA)
        follower.keep_position(engine.generation(), 0)  # As after a kill between the two commits.
        services.catch_up()
        assert engine.document_count() == 2

    def test_begins_again_where_writing_failed(
        self, lending_library: int, load: Load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(lending_library, "Orlando")
        with monkeypatch.context() as patched:
            patched.setattr(
                "tongwen.core.search.tantivy_engine_writer.TantivyWriter.commit",
                lambda _writer: (_ for _ in ()).throw(port.IndexWriteFailed("no space left")),
            )
            with pytest.raises(port.IndexWriteFailed):
                services.catch_up()
        assert follower.behind() > 0
        services.catch_up()
        assert found("orlando") == 1


def fail_after(load: Load, institution_id: int, error: BaseException) -> None:
    load(institution_id, "Orlando")
    raise error


class TestFollowing:
    def test_has_everything_searchable_at_its_end(self, lending_library: int, load: Load) -> None:
        with services.following():
            load(lending_library, "Orlando")
        assert found("orlando") == 1

    def test_takes_in_what_a_failed_block_has_committed(self, lending_library: int, load: Load) -> None:
        with pytest.raises(LookupError), services.following():
            fail_after(load, lending_library, LookupError())
        assert found("orlando") == 1

    def test_lets_an_interrupted_block_go_and_the_next_takes_the_rest_in(
        self, lending_library: int, load: Load, someone_else_follows: psycopg.Connection
    ) -> None:
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt), services.following():
            fail_after(load, lending_library, KeyboardInterrupt())
        assert time.monotonic() - begun < 10
        someone_else_follows.close()
        with services.following():
            pass
        assert found("orlando") == 1

    def test_reports_the_blocks_own_error_when_the_index_is_broken_too(self, index: Path) -> None:
        for path in index.rglob("current"):
            path.write_text("garbage")
        with pytest.raises(LookupError), services.following():
            raise LookupError

    def test_says_that_the_index_is_broken(self, lending_library: int, load: Load, index: Path) -> None:
        for path in index.rglob("current"):
            path.write_text("garbage")
        with pytest.raises(port.IndexUnusable, match="reindex"), services.following():
            load(lending_library, "Orlando")
        assert catalogue_queries.number_of_bibs() == 1


class TestFollower:
    def test_sees_changes_within_seconds_for_as_long_as_it_runs(self, lending_library: int, load: Load) -> None:
        thread = services.Follower()
        thread.start()
        try:
            for title in ("Orlando", "Flush"):
                load(lending_library, title)
                end = time.monotonic() + 20
                while not found(title):
                    assert time.monotonic() < end
                    time.sleep(0.05)
        finally:
            thread.stop()
        assert not thread.is_alive()

    def test_goes_on_after_trouble(self, lending_library: int, load: Load, index: Path) -> None:
        (pointer,) = index.rglob("current")
        whole = pointer.read_text()
        thread = services.Follower()
        thread.start()
        try:
            pointer.write_text("garbage")
            load(lending_library, "Orlando")
            time.sleep(1)
            assert thread.is_alive()
            pointer.write_text(whole)
            assert services.wait_until_indexed(30)
        finally:
            thread.stop()
        assert found("orlando") == 1


class TestHandover:
    def test_makes_a_load_that_is_ahead_wait_and_lets_it_go_when_the_follower_ends(self) -> None:
        place = follower._Handover()
        passed = threading.Event()

        def give() -> None:
            place.give(event(2))
            passed.set()
            connections.close_all()

        with place.open():
            place._waiting = follower._MOST_HANDED_OVER + 1
            thread = threading.Thread(target=give)
            thread.start()
            assert not passed.wait(0.3)
        assert passed.wait(5)
        thread.join()
        assert place.take(2) is None

    def test_forgets_what_nobody_took(self) -> None:
        place = follower._Handover()
        with place.open():
            place.give(event(1))
        with place.open():
            assert place.take(1) is None


def event(position: int) -> follower.catalogue_types.BibsChanged:
    made = {position: follower.catalogue_types.MadeBib({}, ())}
    return follower.catalogue_types.BibsChanged(position=position, made=made, institution_id=1)
