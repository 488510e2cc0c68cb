"""Whether a connection always has the settings of the work that uses it, whatever became of the work before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import InternalError

from tongwen.core import clock, tenancy
from tongwen.core.postgres import connections, cursors
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch, Review

COUNT = "SELECT count(*) FROM batch"


@contextmanager
def request_of(institution_id: int | None) -> Iterator[None]:
    """Do what follows as a request of this institution is answered."""
    with tenancy.guarded(), tenancy.scope(institution_id):
        yield


def value(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def a_batch(institution_id: int) -> int:
    return Batch.objects.create(
        institution_id=institution_id,
        file_name="a.mrc",
        blob="x",
        size=1,
        state=types.BatchState.LOADED,
        created_by="test",
        created_at=clock.now(),
    ).pk


@pytest.fixture
def one_batch_each(lending_library: int, distant_library: int) -> tuple[int, int]:
    """Give the lending library one batch and the distant one two; returns the libraries."""
    with tenancy.scope(lending_library):
        a_batch(lending_library)
    with tenancy.scope(distant_library):
        a_batch(distant_library)
        a_batch(distant_library)
    return lending_library, distant_library


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[connections.Settings]:
    """Record the settings that are sent to the server."""
    found: list[connections.Settings] = []
    changing = connections.changing

    @contextmanager
    def noting(connection: object, settings: connections.Settings | None = None) -> Iterator[None]:
        with changing(connection, settings):  # type: ignore[arg-type]
            yield
        found.append(settings or connections.wanted())

    monkeypatch.setattr(connections, "changing", noting)
    return found


@pytest.mark.django_db
class TestSettings:
    def test_let_raw_sql_see_what_the_scope_allows(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            assert value(COUNT) == 1
            with tenancy.scope(distant_library):
                assert value(COUNT) == 2
            assert value(COUNT) == 1
        assert value(COUNT) == 3

    def test_let_requests_without_a_scope_see_nothing(self, one_batch_each: tuple[int, int]) -> None:
        with request_of(None):
            assert value(COUNT) == 0
        with tenancy.guarded():
            assert value(COUNT) == 0

    def test_count_when_a_statement_runs_not_when_its_cursor_was_made(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            cursor = connection.cursor()
        with request_of(distant_library):
            cursor.execute(COUNT)
            assert cursor.fetchone() == (2,)
            with cursor.copy("COPY batch (id) TO STDOUT") as copied:
                assert len(list(copied.rows())) == 2
        with request_of(None):
            cursor.execute(COUNT)
            assert cursor.fetchone() == (0,)

    def test_are_sent_where_they_change_only(
        self, one_batch_each: tuple[int, int], sent: list[connections.Settings]
    ) -> None:
        lending_library, _ = one_batch_each
        value(COUNT)
        with tenancy.scope(lending_library):
            value(COUNT)
        assert sent == []
        for _ in range(2):
            with request_of(lending_library):
                value(COUNT)
                value(COUNT)
        assert sent == [connections.Settings(is_guarded=True, institution=str(lending_library), reach="")]

    def test_go_along_with_statements_that_have_values_and_return_theirs(self, lending_library: int) -> None:
        with connection.cursor() as cursor:
            for scope in (lending_library, None):
                with request_of(scope):
                    cursor.execute("SELECT %s::text AS said, 5 %% 3 AS rest", ["100%"])
                    assert cursor.description is not None
                    assert [column.name for column in cursor.description] == ["said", "rest"]
                    assert cursor.rowcount == 1
                    assert cursor.fetchall() == [("100%", 2)]
                    assert cursor.nextset() is None
            with request_of(lending_library):
                cursor.execute("UPDATE bib SET version = 1 WHERE id = %s", [0])
                assert cursor.rowcount == 0

    def test_do_not_leave_the_role_behind(self, lending_library: int) -> None:
        own = value("SELECT current_user")
        with request_of(lending_library):
            assert value("SELECT current_user") == f"{connection.settings_dict['NAME']}_portal"
        assert value("SELECT current_user") == own

    def test_refuse_an_institution_that_is_no_number(self, one_batch_each: tuple[int, int]) -> None:
        with tenancy.guarded(), tenancy.scope("1 OR true"), pytest.raises(DatabaseError):  # type: ignore[arg-type]
            value(COUNT)


@pytest.mark.django_db
class TestRollback:
    def test_of_a_savepoint_is_noticed(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            assert value(COUNT) == 1
            with tenancy.scope(distant_library):
                with suppress(ZeroDivisionError), transaction.atomic():
                    with tenancy.scope(None):
                        assert value(COUNT) == 0
                    assert value(COUNT) == 2
                    raise ZeroDivisionError
                assert value(COUNT) == 2
            assert value(COUNT) == 1

    def test_of_settings_made_inside_a_savepoint_is_noticed(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(distant_library):
            with suppress(ZeroDivisionError), transaction.atomic(), tenancy.scope(lending_library):
                assert value(COUNT) == 1
                raise ZeroDivisionError
            # The server is back at the distant library, and what is wanted is the lending one again.
            with tenancy.scope(lending_library):
                assert value(COUNT) == 1

    def test_works_after_a_statement_has_failed_in_another_scope(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            with pytest.raises(DatabaseError), transaction.atomic(), tenancy.scope(distant_library):
                value("SELECT 1 / 0")
            assert value(COUNT) == 1

    def test_leaves_a_failed_transaction_to_itself(self, lending_library: int) -> None:
        with transaction.atomic():
            with suppress(DatabaseError):
                value("SELECT 1 / 0")
            with request_of(lending_library), pytest.raises(InternalError, match="aborted"):
                value(COUNT)
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestConnection:
    def test_is_settled_anew_after_a_whole_transaction_was_taken_back(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            assert value(COUNT) == 1
        with suppress(ZeroDivisionError), transaction.atomic(), request_of(distant_library):
            assert value(COUNT) == 2
            raise ZeroDivisionError
        with request_of(distant_library):
            assert value(COUNT) == 2
        assert value(COUNT) == 3

    def test_is_settled_anew_when_it_is_a_new_one(
        self, one_batch_each: tuple[int, int], sent: list[connections.Settings]
    ) -> None:
        lending_library, _ = one_batch_each
        with request_of(lending_library):
            assert value(COUNT) == 1
            connection.close()
            assert value(COUNT) == 1
        assert len(sent) == 2

    def test_of_a_thread_that_says_nothing_is_guarded_in_a_guarded_process(
        self, one_batch_each: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as changed:
            changed.setattr(tenancy, "_of_process", [tenancy.Standing()])
            tenancy.guard_process()
            assert self._in_a_thread(lambda: value(COUNT)) == 0

    def test_is_the_threads_own(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each

        def other() -> object:
            with request_of(distant_library):
                return value(COUNT)

        with request_of(lending_library):
            assert value(COUNT) == 1
            assert self._in_a_thread(other) == 2
            assert value(COUNT) == 1

    @staticmethod
    def _in_a_thread(work: Callable[[], object]) -> object:
        found: list[object] = []

        def run() -> None:
            try:
                found.append(work())
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return found[0]

    def test_says_what_to_do_where_the_role_is_missing(self, lending_library: int) -> None:
        value("SELECT 1")
        kept = connection.connection.tongwen_kept
        kept.portal = "nobodys_portal"
        with pytest.raises(DatabaseError, match="run `tongwen setup`"), request_of(lending_library):
            value(COUNT)
        kept.portal = f"{connection.settings_dict['NAME']}_portal"
        with request_of(lending_library):
            assert value(COUNT) == 0


@pytest.mark.django_db
class TestPreparedStatements:
    def test_follow_the_scope(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with connection.cursor() as cursor:
            cursor.execute("PREPARE all_batches AS SELECT count(*) FROM batch WHERE size > $1")
        try:
            for _ in range(7):  # After five executions the server may keep a plan for all values.
                with request_of(lending_library):
                    assert value("EXECUTE all_batches(0)") == 1
                with request_of(distant_library):
                    assert value("EXECUTE all_batches(0)") == 2
                with request_of(None):
                    assert value("EXECUTE all_batches(0)") == 0
                assert value("EXECUTE all_batches(0)") == 3
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE all_batches")

    def test_of_the_driver_follow_the_scope(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        connection.ensure_connection()
        with cursors.ServerBindingCursor(connection.connection) as cursor:
            for library, number in ((lending_library, 1), (distant_library, 2), (None, 0)) * 7:
                with request_of(library):
                    cursor.execute("SELECT count(*) FROM batch WHERE size > %s", [0], prepare=True)
                    assert cursor.fetchone() == (number,)


@pytest.mark.django_db
class TestServerSideCursor:
    def test_gives_the_rows_of_the_scope_in_which_it_was_opened(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(distant_library):
            rows = Batch.objects.order_by("pk").iterator(chunk_size=1)
            first = next(rows)
        with request_of(lending_library):
            assert value(COUNT) == 1
            assert [row.institution_id for row in (first, *rows)] == [distant_library] * 2
            assert value(COUNT) == 1

    def test_goes_on_reaching_all_where_its_query_does(self, one_batch_each: tuple[int, int]) -> None:
        with request_of(one_batch_each[0]):
            rows = Batch.objects.unscoped("the test counts the batches of all libraries").iterator(chunk_size=1)
            assert len([row.pk for row in rows if value(COUNT) == 1]) == 3


@pytest.mark.django_db
class TestUnscopedQuery:
    WHY = "the test looks at the batches of all libraries"

    def test_reaches_all_for_that_statement_only(self, one_batch_each: tuple[int, int]) -> None:
        with request_of(one_batch_each[0]):
            rows = Batch.objects.unscoped(self.WHY).filter(size=1)
            assert rows.count() == 3
            assert rows.exclude(size=5).exists()
            assert len(rows.values_list("pk").distinct().order_by("-pk")[:5]) == 3
            assert rows.order_by("pk")[:2].count() == 2
            assert value(COUNT) == 1

    def test_reaches_all_when_it_changes_and_deletes(self, one_batch_each: tuple[int, int]) -> None:
        with request_of(one_batch_each[0]):
            assert Batch.objects.unscoped(self.WHY).update(size=2) == 3
            assert Batch.objects.unscoped(self.WHY).filter(size=2).delete()[0] == 3

    def test_does_not_lend_its_reach_to_rows_that_are_saved(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library):
            theirs = Batch.objects.unscoped(self.WHY).filter(institution_id=distant_library)[0]
            theirs.size = 7
            with pytest.raises(DatabaseError), transaction.atomic():
                theirs.save()

    def test_asks_for_nothing_where_everybody_may_read(
        self, lending_library: int, sent: list[connections.Settings]
    ) -> None:
        from tongwen.domain.catalogue.models import Holding

        with request_of(lending_library):
            assert Holding.objects.unscoped("holdings are everybody's to read").count() == 0
            assert not Holding.objects.unscoped("holdings are everybody's to read").filter(pk=1).exists()
            assert [one.reach for one in sent] == [""]
            list(Holding.objects.unscoped("a merge locks the holdings of all libraries").select_for_update())
            assert [one.reach for one in sent] == ["", "all"]

    def test_ends_with_a_scope_inside(self, one_batch_each: tuple[int, int]) -> None:
        lending_library, distant_library = one_batch_each
        with request_of(lending_library), tenancy.reaching_all(self.WHY):
            assert value(COUNT) == 3
            with tenancy.scope(distant_library):
                assert value(COUNT) == 2

    def test_needs_a_reason(self) -> None:
        with pytest.raises(tenancy.NoScope), tenancy.reaching_all(""):
            pass

    def test_of_another_table_is_not_meant(self, one_batch_each: tuple[int, int]) -> None:
        with request_of(one_batch_each[0]):
            inner = Batch.objects.unscoped(self.WHY).values("pk")
            assert not Review.objects.filter(batch_id__in=inner).exists()
            assert Batch.objects.filter(pk__in=inner).count() == 1


class TestKept:
    def test_is_nothing_for_a_connection_that_is_not_kept(self) -> None:
        connections.forget(None)
