"""The one place that reads the clock; what decides by time is handed `now`."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return the moment, with its zone (UTC)."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the date where the installation stands (its time zone): roles and subscriptions begin and end by it."""
    return timezone.localdate(now())
