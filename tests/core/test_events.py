from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.db import transaction

from tongwen.core import events


class BookArrived(NamedTuple):
    title: str


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Titles of the events that a subscriber has heard of."""
    titles: list[str] = []
    events.subscribe(BookArrived, lambda event: titles.append(event.title))
    yield titles
    events._handlers.pop(BookArrived)


@pytest.mark.django_db(transaction=True)
class TestEmit:
    def test_tells_after_the_commit_and_not_before(self, heard: list[str]) -> None:
        with transaction.atomic():
            events.emit(BookArrived("Orlando"))
            assert heard == []
        assert heard == ["Orlando"]

    def test_tells_nobody_of_what_was_rolled_back(self, heard: list[str]) -> None:
        with transaction.atomic():
            events.emit(BookArrived("Orlando"))
            transaction.set_rollback(True)
        assert heard == []

    def test_goes_on_after_a_subscriber_that_fails(self, heard: list[str]) -> None:
        def fail(_event: BookArrived) -> None:
            raise LookupError("no shelf")

        events._handlers[BookArrived].insert(0, fail)
        events.emit(BookArrived("Flush"))
        assert heard == ["Flush"]

    def test_tells_a_handler_once_however_often_it_subscribes(self, heard: list[str]) -> None:
        (handler,) = events._handlers[BookArrived]
        events.subscribe(BookArrived, handler)
        events.emit(BookArrived("Flush"))
        assert heard == ["Flush"]
