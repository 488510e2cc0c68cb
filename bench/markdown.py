"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table; all columns but the first are set flush right, whole numbers with thousands marks."""
    shown = [[_cell(one) for one in row] for row in rows]
    widths = [max(len(line[place]) for line in [list(headings), *shown]) for place in range(len(headings))]
    head = [heading.ljust(width) for heading, width in zip(headings, widths, strict=True)]
    rule = ["-" * width if not place else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    body = [
        [
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in shown
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *body))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
