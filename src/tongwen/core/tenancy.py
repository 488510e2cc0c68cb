"""Whose data a piece of work may touch.

Every table that belongs to an institution uses `ScopedManager`. A query outside a scope raises; inside
one it sees that institution's rows only. What is public by nature (union holdings) or spans institutions
(the installation's own upkeep) says so with `unscoped(reason)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

_institution: ContextVar[int | None] = ContextVar("tongwen_institution", default=None)

Row = TypeVar("Row", bound=models.Model)


class NoScope(RuntimeError):
    """A tenant's table was queried without saying whose rows are meant."""


@contextmanager
def scope(institution_id: int | None) -> Iterator[None]:
    """Work on behalf of an institution; None is a reader, who may touch no tenant's table."""
    token = _institution.set(institution_id)
    try:
        yield
    finally:
        _institution.reset(token)


def current() -> int:
    """Return the institution in whose scope this runs.

    Raises:
        NoScope: outside any institution's scope.
    """
    institution_id = _institution.get()
    if institution_id is None:
        raise NoScope("this needs the scope of an institution: with tenancy.scope(institution_id)")
    return institution_id


class ScopedManager(models.Manager[Row]):
    """Show the rows of the institution in scope, and none without a scope."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return this institution's rows; raises NoScope outside a scope."""
        return super().get_queryset().filter(institution_id=current())

    def unscoped(self, reason: str) -> models.QuerySet[Row]:
        """Return the rows of all institutions; the reason stands where it is called and says why that is right."""
        if not reason:
            raise NoScope("unscoped() needs a reason")
        return super().get_queryset()


def check_owner(row: Any) -> None:
    """Refuse a row of another institution, for rows that did not come through a scoped query."""
    if row.institution_id != current():
        raise NoScope(f"{type(row).__name__} {row.pk} belongs to another institution")
