"""Views of records, made from others."""

from __future__ import annotations

from typing import Any, TypeVar

from tongwen.standards.marc.types import DisplayView, MatchView

View = TypeVar("View", MatchView, DisplayView)


def replace(view: View, **changes: Any) -> View:
    """The view with some of its facts changed."""
    return view._replace(**changes)
