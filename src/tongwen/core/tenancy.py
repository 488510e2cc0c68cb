"""Whose data a piece of work may touch, said once and kept twice.

In the program: every table that belongs to an institution uses `ScopedManager`. A query outside a scope raises; inside
one it sees that institution's rows only. What is public by nature (union holdings) or spans institutions (the
installation's own upkeep) says so with `unscoped(reason)`.

In the database: guarded work, which is everything that answers requests, runs under a role that row-level security
binds (`core.postgres`), so that raw SQL and forgotten filters see no more than the scope allows, and nothing without
one. Jobs, commands and loads are the installation's own work: they stay within their scope, and are not guarded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Standing(NamedTuple):
    """How a piece of work stands: for whom, whether the database watches it, and whether this statement reaches all."""

    institution_id: int | None = None
    is_guarded: bool = False
    reaches_all: bool = False


_standing: ContextVar[Standing | None] = ContextVar("tongwen_standing", default=None)
_of_process: list[Standing] = [Standing()]
"""How work stands that says nothing of itself; one element."""


MARK, PUBLIC = "tongwen_reaches_all", "tongwen_is_public"
"""Attributes of a query: why it reaches all institutions; whether everybody may read its table anyway."""


class NoScope(RuntimeError):
    """A tenant's table was queried without saying whose rows are meant."""


def standing() -> Standing:
    """Return how the work that runs now stands."""
    return _standing.get() or _of_process[0]


@contextmanager
def _standing_as(wanted: Standing) -> Iterator[None]:
    token = _standing.set(wanted)
    try:
        yield
    finally:
        _standing.reset(token)


@contextmanager
def scope(institution_id: int | None) -> Iterator[None]:
    """Work on behalf of an institution; None is a reader, who may touch no tenant's table."""
    with _standing_as(standing()._replace(institution_id=institution_id, reaches_all=False)):
        yield


@contextmanager
def guarded() -> Iterator[None]:
    """Let the database itself keep this work to the rows of its scope; for everything that answers requests."""
    with _standing_as(standing()._replace(is_guarded=True)):
        yield


def guard_process() -> None:
    """Guard whatever this process does from now on, in any thread: for processes that only answer requests."""
    _of_process[0] = Standing(is_guarded=True)


@contextmanager
def reaching_all(reason: str) -> Iterator[None]:
    """Let statements of guarded work see and write the rows of all institutions; the reason says why that is right.

    For SQL of one's own that concerns several institutions; a QuerySet says `unscoped(reason)`.
    """
    if not reason:
        raise NoScope("reaching_all() needs a reason")
    with _standing_as(standing()._replace(reaches_all=True)):
        yield


def current() -> int:
    """Return the institution in whose scope this runs.

    Raises:
        NoScope: outside any institution's scope.
    """
    institution_id = standing().institution_id
    if institution_id is None:
        raise NoScope("this needs the scope of an institution: with tenancy.scope(institution_id)")
    return institution_id


def _reaching(method: Any) -> Any:
    """Let a method of a marked QuerySet reach all with whatever it asks: Django uses further queries for these."""

    @wraps(method)
    def reach(rows: ScopedQuerySet[Any], /, *arguments: Any, **words: Any) -> Any:
        reason = getattr(rows.query, MARK, "")
        with reaching_all(reason) if reason else nullcontext():
            return method(rows, *arguments, **words)

    return reach


class ScopedQuerySet(models.QuerySet[Row]):
    """A QuerySet that may be marked as reaching all institutions; the mark survives chaining.

    A row that it gives does not carry the mark: who saves it outside its own institution says `reaching_all(reason)`.
    """

    create = _reaching(models.QuerySet.create)
    get_or_create = _reaching(models.QuerySet.get_or_create)
    update_or_create = _reaching(models.QuerySet.update_or_create)
    bulk_create = _reaching(models.QuerySet.bulk_create)
    bulk_update = _reaching(models.QuerySet.bulk_update)
    delete = _reaching(models.QuerySet.delete)


class ScopedManager(models.Manager[Row]):
    """Show the rows of the institution in scope, and none without a scope."""

    use_in_migrations = False
    is_public = False

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return this institution's rows; raises NoScope outside a scope."""
        return self._all_rows().filter(institution_id=current())

    def unscoped(self, reason: str) -> models.QuerySet[Row]:
        """Return the rows of all institutions; the reason stands where it is called and says why that is right."""
        if not reason:
            raise NoScope("unscoped() needs a reason")
        rows = self._all_rows()
        setattr(rows.query, MARK, reason)
        setattr(rows.query, PUBLIC, self.is_public)
        return rows

    def _all_rows(self) -> models.QuerySet[Row]:
        return ScopedQuerySet(self.model, using=self._db)


class PubliclyReadManager(ScopedManager[Row]):
    """Scoped like any, for a table that row-level security lets everybody read (row_security.ReadByAll)."""

    is_public = True


def check_owner(row: Any) -> None:
    """Refuse a row of another institution, for rows that did not come through a scoped query."""
    if row.institution_id != current():
        raise NoScope(f"{type(row).__name__} {row.pk} belongs to another institution")
