"""What must travel upward: facts that are told after the transaction that made them has committed.

A lower app emits, a higher app subscribes in its `apps.py`. A handler that fails is logged and harms nobody;
whoever must not miss a fact reads it from a durable feed as well (as the index does from the catalogue's changes).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import transaction

logger = structlog.get_logger("tongwen.events")

Event = TypeVar("Event")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = {}


def subscribe(kind: type[Event], handler: Callable[[Event], None]) -> None:
    """Call the handler with every event of this type, once; subscribing again changes nothing."""
    handlers = _handlers.setdefault(kind, [])
    if handler not in handlers:
        handlers.append(handler)


def emit(event: object) -> None:
    """Tell the subscribers when the current transaction commits (at once outside a transaction)."""
    transaction.on_commit(lambda: _tell(event))


def _tell(event: object) -> None:
    for handler in _handlers.get(type(event), ()):
        try:
            handler(event)
        except Exception:
            logger.exception("event handler failed", event_type=type(event).__name__, handler=handler.__qualname__)
