"""Order among batches: pause, resume, cancel, priority, turns; looking for them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.core.models import AuditEntry
from tongwen.domain.catalogue import queries, services, types
from tongwen.domain.catalogue.services import loading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_queued(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def queued(in_scope: int, blob_folder: object):
    """Queue a file of some books under a name; returns the batch's number."""

    def queue(name: str, *titles: str) -> int:
        file = marc_file(*(book(f"{name}-{title}", title) for title in titles or (name,)))
        return services.start_batch(
            institution_id=in_scope, file=file, file_name=f"{name}.mrc", preview=False, actor="cataloguer"
        )

    return queue


def many_books(number: int) -> io.BytesIO:
    """A file of some chunks."""
    note = "500    $a" + "A note that makes the file long. " * 60
    return marc_file(*(book(f"p{count}", f"Title {count}", more=(note,)) for count in range(number)))


class TestPause:
    def test_stops_after_the_chunk_at_hand_and_resume_goes_on_there(
        self, in_scope: int, blob_folder: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(loading, "BLOCK", 1 << 16)
        batch_id = services.receive_batch(
            institution_id=in_scope, file=many_books(120), file_name="a.mrc", actor="cataloguer", preview=False
        )

        def pause(_done: int, counts: types.BatchCounts) -> None:
            if queries.batch(batch_id).state is types.BatchState.LOADING:
                services.pause_batch(batch_id=batch_id, actor="cataloguer")

        assert services.run_batch(batch_id=batch_id, advance=pause) is types.BatchState.PAUSED
        paused = queries.batch(batch_id)
        assert 0 < paused.counts.read < 120
        assert paused.offset > 0
        services.resume_batch(batch_id=batch_id, actor="cataloguer")
        assert queries.batch(batch_id).is_waiting
        assert services.run_batch(batch_id=batch_id) is types.BatchState.LOADED
        done = queries.batch(batch_id)
        assert (done.counts.read, done.counts.new) == (120, 120)
        assert queries.number_of_bibs() == 120

    def test_of_a_batch_that_nobody_has_begun_keeps_it_from_running(self, queued) -> None:
        batch_id = queued("a")
        services.pause_batch(batch_id=batch_id, actor="cataloguer")
        assert services.take_turn(batch_id=batch_id) is None
        assert queries.number_of_bibs() == 0

    def test_of_a_loaded_batch_is_refused_in_words(self, queued) -> None:
        batch_id = queued("a")
        services.run_batch(batch_id=batch_id)
        with pytest.raises(types.NotAllowedNow, match="is loaded"):
            services.pause_batch(batch_id=batch_id, actor="cataloguer")

    def test_leaves_a_batch_that_can_be_cancelled_or_taken_back(self, queued) -> None:
        batch_id = queued("a")
        services.pause_batch(batch_id=batch_id, actor="cataloguer")
        assert services.revert_batch_now(batch_id=batch_id, actor="cataloguer") is types.BatchState.REVERTED

    def test_is_audited_like_every_act(self, queued) -> None:
        batch_id = queued("a")
        services.pause_batch(batch_id=batch_id, actor="cataloguer")
        services.prioritise_batch(batch_id=batch_id, priority=types.Priority.SOONER, actor="cataloguer")
        services.resume_batch(batch_id=batch_id, actor="cataloguer")
        services.cancel_batch(batch_id=batch_id, actor="cataloguer")
        entries = AuditEntry.objects.filter(subject=f"batch {batch_id}").order_by("pk").values_list("action", flat=True)
        assert list(entries) == ["batch.receive", "batch.pause", "batch.prioritise", "batch.resume", "batch.cancel"]


class TestTurn:
    def test_goes_to_the_batch_with_priority_and_the_other_keeps_its_place(self, queued) -> None:
        first, second = queued("a"), queued("b")
        services.prioritise_batch(batch_id=second, priority=types.Priority.SOONER, actor="cataloguer")
        ProcrastinateJob.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = %s", [f"batch {first}"])
        assert services.take_turn(batch_id=first) is types.BatchState.LOADED
        assert queries.batch(second).state is types.BatchState.LOADED
        assert queries.batch(first).is_waiting
        (job,) = ProcrastinateJob.objects.filter(queueing_lock=f"batch {first}")
        assert job.scheduled_at is not None
        assert services.take_turn(batch_id=first) is types.BatchState.LOADED

    def test_of_a_batch_that_is_done_does_nothing(self, queued) -> None:
        batch_id = queued("a")
        services.take_turn(batch_id=batch_id)
        assert services.take_turn(batch_id=batch_id) is None

    def test_is_kept_when_the_batch_before_it_turns_out_unreadable(self, in_scope: int, queued) -> None:
        later = queued("a")
        bad = services.start_batch(
            institution_id=in_scope, file=io.BytesIO(b"PK\x03\x04" * 9), file_name="b", preview=False, actor="x"
        )
        services.prioritise_batch(batch_id=bad, priority=types.Priority.SOONER, actor="cataloguer")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        with pytest.raises(types.UnreadableFile):
            services.take_turn(batch_id=later)
        assert ProcrastinateJob.objects.filter(queueing_lock=f"batch {later}").exists()


@pytest.mark.django_db(transaction=True)
class TestTurnWhileAnotherWorks:
    def test_waits_on_the_queue_and_not_in_the_worker(self, queued, in_scope: int) -> None:
        import psycopg

        from tongwen.core import locks
        from tongwen.domain.catalogue.services import batches

        batch_id = queued("a")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [locks._key(batches.load_lock(in_scope))])
            assert services.take_turn(batch_id=batch_id) is None
        assert queries.batch(batch_id).is_waiting
        assert ProcrastinateJob.objects.filter(queueing_lock=f"batch {batch_id}").exists()


class TestPriority:
    def test_moves_the_job_that_waits(self, queued) -> None:
        batch_id = queued("a")
        services.prioritise_batch(batch_id=batch_id, priority=types.Priority.FIRST, actor="operator")
        assert ProcrastinateJob.objects.get(queueing_lock=f"batch {batch_id}").priority > 0
        assert queries.batch(batch_id).priority is types.Priority.FIRST

    def test_of_one_library_does_not_put_it_before_others(self, queued) -> None:
        batch_id = queued("a")
        services.prioritise_batch(batch_id=batch_id, priority=types.Priority.SOONER, actor="cataloguer")
        assert ProcrastinateJob.objects.get(queueing_lock=f"batch {batch_id}").priority == 0

    def test_of_a_loaded_batch_is_refused(self, queued) -> None:
        batch_id = queued("a")
        services.run_batch(batch_id=batch_id)
        with pytest.raises(types.NotAllowedNow, match="does not wait"):
            services.prioritise_batch(batch_id=batch_id, priority=types.Priority.LATER, actor="cataloguer")

    def test_of_another_library_is_unknown(self, queued, distant_library: int) -> None:
        batch_id = queued("a")
        with tenancy.scope(distant_library), pytest.raises(types.UnknownBatch):
            services.prioritise_batch(batch_id=batch_id, priority=types.Priority.FIRST, actor="stranger")


class TestSearch:
    def test_finds_by_part_of_the_name_state_and_day(self, queued, in_scope: int) -> None:
        monthly, weekly = queued("Monthly-3"), queued("weekly-9")
        services.run_batch(batch_id=monthly)

        def found(**wanted) -> list[int]:
            return [one.id for one in queries.batches(in_scope, 1, queries.BatchSearch(**wanted))]

        assert found() == [weekly, monthly]
        assert found(text="month") == [monthly]
        assert found(text="%") == []
        assert found(state=types.BatchState.LOADED) == [monthly]
        assert found(state=types.BatchState.WAITING) == [weekly]
        assert found(state=types.BatchState.LOADING) == []
        today = queries.batch(weekly).created_at.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
        assert found(from_date=today, to_date=today) == [weekly, monthly]
        assert found(from_date=today + dt.timedelta(days=1)) == []
        assert found(to_date=today - dt.timedelta(days=1)) == []
