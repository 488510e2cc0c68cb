"""The vocabulary of identity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. `institution_id` is None for the operators of the installation."""

    id: int
    username: str
    display_name: str
    institution_id: int | None
    is_operator: bool
