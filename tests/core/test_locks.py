from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, connections, transaction

from tongwen.core import locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_session() -> Iterator[psycopg.Connection]:
    """A session of another process, as far as the database can tell."""
    with psycopg.connect(**connection.get_connection_params()) as link:
        link.autocommit = True
        yield link


def taken_by(session: psycopg.Connection, name: str) -> bool:
    return bool(session.execute("SELECT pg_try_advisory_lock(%s)", [locks._key(name)]).fetchone()[0])  # type: ignore[index]


class TestTryHold:
    def test_takes_a_free_lock_and_gives_it_back(self, other_session: psycopg.Connection) -> None:
        with locks.try_hold("shelf") as taken:
            assert taken
            assert not taken_by(other_session, "shelf")
        assert taken_by(other_session, "shelf")

    def test_says_so_where_another_has_it(self, other_session: psycopg.Connection) -> None:
        assert taken_by(other_session, "shelf")
        with locks.try_hold("shelf") as taken:
            assert not taken
        assert not taken_by_again(other_session)

    def test_gives_back_after_an_error(self, other_session: psycopg.Connection) -> None:
        with pytest.raises(LookupError), locks.try_hold("shelf"):
            raise LookupError
        assert taken_by(other_session, "shelf")

    def test_ends_with_the_session_that_took_it(self, other_session: psycopg.Connection) -> None:
        assert taken_by(other_session, "shelf")
        assert locks.is_held("shelf")
        other_session.close()
        with locks.hold("shelf"):
            pass
        assert not locks.is_held("shelf")


def taken_by_again(session: psycopg.Connection) -> bool:
    """True when somebody else than the session holds the lock (a session may take its own again)."""
    return not taken_by(session, "shelf")


class TestHold:
    def test_waits_for_the_other_and_then_has_it(self, other_session: psycopg.Connection) -> None:
        assert taken_by(other_session, "shelf")
        threading.Timer(0.4, other_session.close).start()
        with locks.hold("shelf"):
            assert other_session.closed
            assert locks._key("shelf")

    def test_can_be_called_off_while_it_waits(self, other_session: psycopg.Connection) -> None:
        class CalledOff(Exception):
            pass

        def call_off() -> None:
            raise CalledOff

        assert taken_by(other_session, "shelf")
        with pytest.raises(CalledOff), locks.hold("shelf", meanwhile=call_off):
            pytest.fail("the lock is another's")


class TestHoldUntilCommit:
    def test_is_given_back_by_the_commit(self, other_session: psycopg.Connection) -> None:
        with transaction.atomic():
            locks.hold_until_commit("shelf")
            assert not taken_by(other_session, "shelf")
        assert taken_by(other_session, "shelf")

    def test_makes_writers_take_turns(self) -> None:
        order: list[str] = []
        inside = threading.Event()

        def second() -> None:
            inside.wait(5)
            with transaction.atomic():
                locks.hold_until_commit("shelf")
                order.append("second")
            connections.close_all()

        thread = threading.Thread(target=second)
        thread.start()
        with transaction.atomic():
            locks.hold_until_commit("shelf")
            inside.set()
            thread.join(0.3)
            order.append("first")
        thread.join(5)
        assert order == ["first", "second"]
