"""A batch from file to union catalogue: cut, prepare in worker processes, store chunk by chunk, resume after a kill.

The main process reads the file and owns the database; `TONGWEN_LOAD_PROCESSES` workers parse and analyse. A chunk is
committed together with the batch's byte offset, so that after a crash the load goes on behind the last committed
record, with nothing lost and nothing doubled.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, cast

import orjson
import psycopg
import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db import Error as DatabaseFault

from tongwen.core import audit, blobs, clock, jobs, locks, processes
from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import Batch
from tongwen.domain.catalogue.rules import preparation
from tongwen.domain.catalogue.services import batches, inspection, matching, overlay, profiles, storing
from tongwen.domain.catalogue.services.rows import SQL
from tongwen.standards.marc import framing, reading
from tongwen.standards.marc import types as marc

logger = structlog.get_logger("tongwen.catalogue.loading")

BLOCK = 1 << 20
_FRAMES_PER_TASK = 500
_SMALL_FILE = 2 << 20
"""Below this a pool of processes costs more than it brings."""

_TRIES = 3
"""Times that a piece is compared anew because other loads were quicker; then it is compared while they wait."""

_AHEAD = 4
"""Tasks that each worker process may be ahead of the storing: what it does in a second, while a commit waits for the
disk or the index writes a segment."""

_POOLS = 3
"""Times that a load begins with new worker processes before it gives up."""

_FEW_DERIVABLE = 10
"""Where fewer than one record in so many becomes a bib's, as when a file is loaded again or holdings are attached, its
index fields are made afterwards; making them for nothing is a third of preparing."""

Advance = Callable[[int, types.BatchCounts], None]
"""Called after each chunk with the bytes read so far and the counts."""


class Cancelled(Exception):
    """The batch was cancelled while it ran."""


class _Needs:
    """What the next tasks of a load had better prepare, told from what became of the last piece."""

    def __init__(self, *, derives: bool) -> None:
        self.derives = derives

    def learn(self, derivable: int, records: int) -> None:
        """Ask for index fields when more than one record in ten became a bib's."""
        self.derives = derivable * _FEW_DERIVABLE > records


class Prepared(NamedTuple):
    """A prepared piece of the file and where it ends."""

    records: list[preparation.Prepared]
    end_offset: int


@contextmanager
def expected(size: int) -> Iterator[None]:
    """Let the worker processes start while a file of so many bytes, to be loaded in the block, is being received."""
    if size < _SMALL_FILE:
        yield
        return
    with processes.beforehand(preparation.get_ready):
        yield


def run(*, batch_id: int, advance: Advance | None = None) -> types.BatchState:
    """Preview or load a batch, whichever its state asks for, in the scope of its institution.

    Another process that runs the same batch, or another batch of the institution, is waited for.

    Raises:
        UnreadableFile: the file holds no records (the batch is FAILED and says so).
    """
    batch = Batch.objects.get(pk=batch_id)
    with locks.hold(batches.load_lock(batch.institution_id), meanwhile=jobs.check_stopping):
        batch.refresh_from_db()
        if batch.state not in (types.BatchState.PREVIEWING, types.BatchState.LOADING):
            return types.BatchState(batch.state)
        try:
            with blobs.read(batch.blob) as source:
                _run_to_the_end(batch, source, advance or (lambda _bytes, _counts: None))
        except Cancelled:
            logger.info("batch cancelled", batch=batch_id)
        except jobs.Stopping:
            raise  # The batch stays as it is, for the next worker.
        except Exception as error:
            if isinstance(error, OperationalError) and not connection.is_usable():
                raise  # The server is gone, which is not the batch's fault: it goes on when there is one again.
            # Whatever else it is, the batch must say so: left as running, it would be queued again for ever.
            _fail(batch, error)
            raise
    batch.refresh_from_db()
    return types.BatchState(batch.state)


def _run_to_the_end(batch: Batch, source: BinaryIO, advance: Advance) -> None:
    """Run the batch; when a worker process is lost, go on with new ones behind the last committed record."""
    for _ in range(_POOLS - 1):
        try:
            _run(batch, source, advance)
        except BrokenProcessPool:
            logger.warning("a worker process ended; going on with new ones", batch=batch.pk)
            batch.refresh_from_db()
            source.seek(0)
        else:
            return
    _run(batch, source, advance)


def _run(batch: Batch, source: BinaryIO, advance: Advance) -> None:
    declared_format = marc.Format(batch.format) if batch.format else None
    declared_charset = marc.Charset(batch.charset) if batch.charset else None
    told = inspection.inspect(source, format=declared_format, charset=declared_charset)
    Batch.objects.filter(pk=batch.pk).update(evidence=told.evidence, started_at=clock.now(), message="")
    needs = _Needs(derives=batch.state != types.BatchState.PREVIEWING)
    tasks = _tasks(source, told, declared_charset, batch, needs)
    with _prepared(tasks, small=batch.size < _SMALL_FILE) as unnumbered, _rarely_collecting():
        pieces = _numbered(unnumbered, _starting_point(batch)[1])
        if batch.state == types.BatchState.PREVIEWING:
            _preview(batch, pieces, advance)
        else:
            _load(batch, pieces, advance, needs)


def _tasks(
    source: BinaryIO, told: inspection.Inspected, charset: marc.Charset | None, batch: Batch, needs: _Needs
) -> Iterator[tuple[preparation.Task, int]]:
    """Yield (task, end offset) for the rest of the file behind what is committed."""
    start, ordinal = _starting_point(batch)
    fixed = (told.serialization, told.format, charset)
    mapping = profiles.mapping(profiles.kept(batch))
    if told.serialization is marc.Serialization.ISO2709:
        source.seek(start)
        for chunk in framing.chunks(source, start=start, chunk_size=BLOCK):
            task = preparation.Task(*fixed, chunk.offset, block=chunk.data, derives=needs.derives, **mapping)
            yield task, chunk.offset + len(chunk.data)
        return
    frames = islice(reading.open_records(source, told.serialization), ordinal, None)
    while some := tuple(islice(frames, _FRAMES_PER_TASK)):
        task = preparation.Task(*fixed, some[0].offset, frames=some, derives=needs.derives, **mapping)
        yield task, some[-1].offset + len(some[-1].raw)


def _starting_point(batch: Batch) -> tuple[int, int]:
    """Return the byte offset and the number of the first record that is still to do."""
    return (0, 0) if batch.state == types.BatchState.PREVIEWING else (batch.offset, batch.ordinal)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Look for garbage cycles rarely: a load makes many objects and hardly any cycles (a fifth of its time else)."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _prepared(tasks: Iterator[tuple[preparation.Task, int]], *, small: bool) -> Iterator[Iterator[Prepared]]:
    """Prepare the tasks in worker processes, in order, a few ahead of the storing (memory stays bounded)."""
    if small:
        yield (Prepared(preparation.prepare(task), end) for task, end in tasks)
        return
    with processes.pool() as pool:
        yield _in_order(pool, tasks, ahead=processes.size() * _AHEAD)


def _in_order(
    pool: ProcessPoolExecutor, tasks: Iterator[tuple[preparation.Task, int]], *, ahead: int
) -> Iterator[Prepared]:
    waiting: deque[tuple[Future[list[preparation.Prepared]], int]] = deque()
    for task, end in tasks:
        waiting.append((pool.submit(preparation.prepare, task), end))
        if len(waiting) > ahead:
            future, done = waiting.popleft()
            yield Prepared(future.result(), done)
    for future, done in waiting:
        yield Prepared(future.result(), done)


def _numbered(pieces: Iterator[Prepared], first: int) -> Iterator[Prepared]:
    """Number the records through the file: a worker knows only its own piece."""
    for piece in pieces:
        numbered = preparation.numbered(piece.records, first)
        first += len(numbered)
        yield piece._replace(records=numbered)


def _load(batch: Batch, pieces: Iterator[Prepared], advance: Advance, needs: _Needs) -> None:
    policy = profiles.kept(batch).overlay
    storer = storing.Storer(
        batch_id=batch.pk,
        institution_id=batch.institution_id,
        actor=batch.created_by,
        finish=lambda chunk: overlay.finish(chunk, policy),
    )
    begun, before = time.monotonic(), batch.seconds
    counts = types.BatchCounts(**batch.counts)
    with _one_probe_a_key():
        for piece in pieces:
            jobs.check_stopping()
            derivable = storer.derivable
            counts = _store(batch, storer, piece, counts, before + time.monotonic() - begun)
            needs.learn(storer.derivable - derivable, len(piece.records))
            advance(piece.end_offset, counts)
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(
            state=types.BatchState.LOADED, finished_at=clock.now(), seconds=before + time.monotonic() - begun
        )
        audit.record(
            at=clock.now(),
            actor=batch.created_by,
            action="batch.load",
            subject=f"batch {batch.pk}",
            institution_id=batch.institution_id,
            **counts._asdict(),
        )


def _store(
    batch: Batch, storer: storing.Storer, piece: Prepared, counts: types.BatchCounts, seconds: float
) -> types.BatchCounts:
    """Store a piece and its progress in one transaction; what takes long is done before it is anybody's turn."""

    def commit(store: Callable[[], dict[str, int]]) -> types.BatchCounts:
        with transaction.atomic():
            storing.take_bulk_turn()
            _check_state(batch, types.BatchState.LOADING)
            total = _add(counts, store())
            _save_progress(batch.pk, piece, total, seconds)
        return total

    for _ in range(_TRIES):
        foreseen = storer.foresee(piece.records)
        with suppress(matching.Outdated):
            return commit(partial(storer.store, piece.records, foreseen))
    return commit(partial(storer.store_anyway, piece.records))


def _preview(batch: Batch, pieces: Iterator[Prepared], advance: Advance) -> None:
    """Do everything that a load does in one transaction, and take it back: what is counted is what will happen."""
    storer = storing.Storer(batch_id=batch.pk, institution_id=batch.institution_id, actor=batch.created_by)
    begun = time.monotonic()
    counts = types.BatchCounts()
    with _progress_connection() as show, transaction.atomic():
        with _one_probe_a_key():
            for piece in pieces:
                jobs.check_stopping()
                if not show(batch.pk, piece.end_offset, counts):
                    raise Cancelled
                counts = _add(counts, storer.rehearse(piece.records))
                advance(piece.end_offset, counts)
        problems = _problems_of(batch.pk)
        transaction.set_rollback(True)
    with transaction.atomic():
        _keep_problems(problems)
        Batch.objects.filter(pk=batch.pk).update(
            state=types.BatchState.PREVIEWED,
            preview_counts=counts._asdict(),
            counts={},
            offset=0,
            ordinal=0,
            finished_at=clock.now(),
            seconds=time.monotonic() - begun,
        )


def _problems_of(batch_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL["problems_of_batch"], {"batch": batch_id})
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


def _keep_problems(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(SQL["keep_problem"], row)


_OTHER_WAYS = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan", "jit")


@contextmanager
def _one_probe_a_key() -> Iterator[None]:
    """Keep the planner to one index probe a key: a growing load runs ahead of its tables' statistics.

    Whoever uses the connection afterwards finds the session as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {setting} = off" for setting in _OTHER_WAYS))
    try:
        yield
    finally:
        # A session that is gone takes its settings along; a transaction that fails takes them back itself.
        with suppress(DatabaseFault), connection.cursor() as cursor:
            cursor.execute("; ".join(f"RESET {setting}" for setting in _OTHER_WAYS))


def _check_state(batch: Batch, expected: types.BatchState) -> None:
    state = Batch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
    if state != expected:
        raise Cancelled


def _add(counts: types.BatchCounts, outcome: dict[str, int]) -> types.BatchCounts:
    records = sum(number for name, number in outcome.items() if name not in ("mended", "warnings"))
    changed = {name: getattr(counts, name) + number for name, number in outcome.items()}
    return counts._replace(read=counts.read + records, **changed)


def _save_progress(batch_id: int, piece: Prepared, counts: types.BatchCounts, seconds: float) -> None:
    Batch.objects.filter(pk=batch_id).update(
        counts=counts._asdict(), offset=piece.end_offset, ordinal=counts.read, seconds=seconds
    )


@contextmanager
def _progress_connection() -> Iterator[Callable[[int, int, types.BatchCounts], bool]]:
    """Give a function that writes a preview's progress outside its transaction; False when it was cancelled."""
    with (
        connection.wrap_database_errors,
        psycopg.connect(**connection.get_connection_params(), autocommit=True) as other,
    ):

        def show(batch_id: int, offset: int, counts: types.BatchCounts) -> bool:
            facts = {"id": batch_id, "offset": offset, "counts": orjson.dumps(counts._asdict()).decode()}
            return bool(other.execute(SQL["show_preview_progress"], facts).rowcount)

        yield show


def _fail(batch: Batch, error: BaseException) -> None:
    """Say on the batch why it stopped; what is committed stays and the batch can be taken up again."""
    message = explain_failure(error)
    say = logger.info if isinstance(error, types.UnreadableFile) else logger.error  # The file's fault, or ours.
    say("batch failed", batch=batch.pk, reason=message)
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        facts: dict[str, Any] = {}
        if isinstance(error, types.UnreadableFile):  # The pages have words of their own for the code.
            facts["evidence"] = {**batch.evidence, "unreadable": error.code}
        Batch.objects.filter(pk=batch.pk).update(
            state=types.BatchState.FAILED, message=message, finished_at=clock.now(), **facts
        )
    except DatabaseError as trouble:
        logger.error("the failure could not be written down", batch=batch.pk, reason=str(trouble))  # noqa: TRY400


def explain_failure(error: BaseException) -> str:
    """Return in plain words what stopped a load and what to do."""
    if isinstance(error, types.UnreadableFile):
        return str(error)
    if isinstance(error, BrokenProcessPool | MemoryError):
        return "a worker process ended (out of memory?); resume the batch, with fewer TONGWEN_LOAD_PROCESSES if need be"
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return f"the file cannot be read or written ({reason}); free space or check the folder, then resume"
    text = str(error).strip().splitlines()
    if not isinstance(error, DatabaseError):
        return f"an error of the program ({type(error).__name__}: {text[0] if text else ''}); see the log and report it"
    return f"the database refused: {text[0] if text else type(error).__name__}; see to it, then resume the batch"
