"""Keeping the index: following the catalogue's changes, and building it anew."""

from __future__ import annotations

from tongwen.core import search
from tongwen.core.search import port
from tongwen.domain.discovery.rules.schema import SCHEMA
from tongwen.domain.discovery.services import follower
from tongwen.domain.discovery.services.drift import find_drift, mend_drift
from tongwen.domain.discovery.services.follower import Follower, behind, catch_up, following, wait_until_indexed
from tongwen.domain.discovery.services.reindexing import reindex

__all__ = [
    "Follower",
    "behind",
    "catch_up",
    "find_drift",
    "following",
    "index_is_usable",
    "make_index",
    "mend_drift",
    "reindex",
    "wait_until_indexed",
]


def index_is_usable() -> bool:
    """Tell whether there is an index that this version can read."""
    try:
        search.engine(SCHEMA).document_count()
    except port.IndexUnusable:
        return False
    return True


def make_index() -> bool:
    """Make an empty index where there is none; it fills by following. Returns whether it did."""
    engine = search.engine(SCHEMA)
    made = engine.create()
    if made:
        follower.keep_position(engine.generation(), 0)
    return made
