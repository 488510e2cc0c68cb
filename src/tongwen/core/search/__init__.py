"""Search: a port that callers know, query nodes, and the engines behind it."""

from __future__ import annotations

import functools
from pathlib import Path

from django.conf import settings

from tongwen.core.search.port import Engine, Schema
from tongwen.core.search.tantivy_engine import TantivyEngine

__all__ = ["engine"]


def engine(schema: Schema) -> Engine:
    """Return this process's engine for an index, in its folder below the setting TONGWEN_INDEX_FOLDER."""
    return _engine(Path(settings.TONGWEN_INDEX_FOLDER) / schema.name, schema)


@functools.cache
def _engine(folder: Path, schema: Schema) -> Engine:
    return TantivyEngine(folder, schema)
