"""What a merged record takes from which side: field rules as data, by format and tag.

Read them as a cataloguer would: the better record (merging.better) is the base; of the other record each field is
kept out, taken where the base has none of its kind, or added where the base does not say it already. Local fields
never enter a union record; they stay with their library's holding.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from tongwen.standards.marc.types import Format


class Action(enum.StrEnum):
    """KEEP_BASE: the base's fields stand alone. FILL: taken when the base has no field of this tag.
    ADD: each field that the base does not have already is added.
    """

    KEEP_BASE = "keep-base"
    FILL = "fill"
    ADD = "add"


class FieldRule(NamedTuple):
    """Tags that begin with one of these are treated so."""

    tags: tuple[str, ...]
    action: Action


POLICY_VERSION = "2026-11-1"

POLICY: dict[Format, tuple[FieldRule, ...]] = {
    Format.MARC21: (
        FieldRule(("00", "01", "03", "04"), Action.KEEP_BASE),
        FieldRule(("010", "015", "016", "020", "022", "024", "028", "035"), Action.ADD),
        FieldRule(("041", "043"), Action.FILL),
        FieldRule(("05", "06", "07", "08"), Action.FILL),
        FieldRule(("1", "240", "245"), Action.KEEP_BASE),
        FieldRule(("246", "247"), Action.ADD),
        FieldRule(("2", "3"), Action.FILL),
        FieldRule(("490", "8"), Action.FILL),
        FieldRule(("856",), Action.ADD),
        FieldRule(("5",), Action.FILL),
        FieldRule(("505", "520"), Action.FILL),
        FieldRule(("6",), Action.ADD),
        FieldRule(("7",), Action.FILL),
        FieldRule(("880",), Action.KEEP_BASE),
    ),
    Format.CNMARC: (
        FieldRule(("00", "1"), Action.KEEP_BASE),
        FieldRule(("010", "011", "02", "035", "09"), Action.ADD),
        FieldRule(("200",), Action.KEEP_BASE),
        FieldRule(("2", "3"), Action.FILL),
        FieldRule(("4",), Action.FILL),
        FieldRule(("5",), Action.ADD),
        FieldRule(("6",), Action.ADD),
        FieldRule(("7",), Action.FILL),
        FieldRule(("801",), Action.KEEP_BASE),
        FieldRule(("856",), Action.ADD),
    ),
}
"""Of several rules that fit a tag the one with the longest beginning counts."""


def action_for(format: Format, tag: str) -> Action:  # noqa: A002  The field's word.
    """Return what is done with the other record's fields of this tag; unknown tags stay out."""
    fitting = [(len(start), rule.action) for rule in POLICY[format] for start in rule.tags if tag.startswith(start)]
    return max(fitting, key=lambda one: one[0])[1] if fitting else Action.KEEP_BASE
