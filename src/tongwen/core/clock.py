"""The one place that reads the clock; what decides by time is handed `now`."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the moment, with its zone (UTC)."""
    return dt.datetime.now(dt.UTC)
