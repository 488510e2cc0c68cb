"""Medians and percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


def median(values: Sequence[float]) -> float:
    """Return the middle value, the lower one of the two where the number is even, so that it was really seen."""
    return sorted(values)[(len(values) - 1) // 2]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` per cent of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share / 100 * len(values)) - 1)]


def spread(values: Sequence[float], digits: int = 1) -> dict[str, Any]:
    """Return number, p50, p95 and the greatest of the values."""
    return {
        "number": len(values),
        "p50": round(percentile(values, 50), digits),
        "p95": round(percentile(values, 95), digits),
        "greatest": round(max(values), digits),
    }


def megabytes(size: float) -> int:
    """Return bytes as whole MiB."""
    return round(size / 2**20)
