"""Where two records differ, within the line: Han character by character, other scripts word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from tongwen.standards.marc.types import DisplayView, Field, Record
from tongwen.web.bib import rows
from tongwen.web.shared import description
from tongwen.web.shared.components import Compared, Segment

_PIECE = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]|\w+|\s+|."
)
_LONGEST = 1_500
"""Pieces beyond which two texts are not compared within the line: the work grows with their product."""


def segments(mine: str, theirs: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Cut two texts into runs, marking what only one of them has."""
    if mine == theirs:
        same = (Segment(mine),) if mine else ()
        return same, same
    if not mine or not theirs:
        return _whole(mine), _whole(theirs)
    left, right = _PIECE.findall(mine), _PIECE.findall(theirs)
    if max(len(left), len(right)) > _LONGEST:
        return _whole(mine), _whole(theirs)
    mine_runs: list[Segment] = []
    their_runs: list[Segment] = []
    for kind, i, j, k, n in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        _append(mine_runs, left[i:j], only=kind != "equal")
        _append(their_runs, right[k:n], only=kind != "equal")
    return tuple(mine_runs), tuple(their_runs)


def _whole(text: str) -> tuple[Segment, ...]:
    return (Segment(text, only=True),) if text else ()


def _append(runs: list[Segment], pieces: Sequence[str], *, only: bool) -> None:
    if pieces:
        runs.append(Segment("".join(pieces), only))


def described(mine: DisplayView, theirs: DisplayView) -> list[Compared]:
    """Compare two descriptions row by row, in the order of the record page."""
    left, right = _described(mine), _described(theirs)
    return [_compared(label, left.get(label, ""), right.get(label, "")) for label in _ordered(left, right)]


def _described(view: DisplayView) -> dict[str, str]:
    title = description.full_title(view)
    found = {
        _("Title"): title.value,
        _("Romanised title"): view.romanized_title.value,
        _("Statement of responsibility"): view.responsibility.value,
    }
    for row in rows.rows(view):
        values = (" ".join(filter(None, (one.text, one.other.value, one.after))) for one in row.values)
        found[row.label] = " ; ".join(values)
    return {label: text for label, text in found.items() if text}


def _ordered(left: dict[str, str], right: dict[str, str]) -> list[str]:
    """Put labels that only the right side has where the right side has them, not at the end."""
    order = list(left)
    place = 0
    for label in right:
        if label in left:
            place = order.index(label) + 1
        else:
            order.insert(place, label)
            place += 1
    return order


def fields(mine: Record, theirs: Record) -> list[Compared]:
    """Compare two records field by field: equal fields are paired first, the others of a tag in their order."""
    tags = sorted({field.tag for field in (*mine.fields, *theirs.fields)})
    found = [_compared("LDR", mine.leader, theirs.leader)]
    for tag in tags:
        found += _paired(tag, _lines(mine.tagged(tag)), _lines(theirs.tagged(tag)))
    return found


def changed(removed: Iterable[Field], added: Iterable[Field]) -> list[Compared]:
    """Compare the fields that went with those that came, tag by tag; what stayed is left out."""
    old, new = list(removed), list(added)
    found: list[Compared] = []
    for tag in sorted({field.tag for field in (*old, *new)}, key=lambda tag: (tag != "LDR", tag)):
        sides = [_lines(field for field in fields_ if field.tag == tag) for fields_ in (old, new)]
        found += _paired(tag, *sides)
    return found


def _lines(fields_: Iterable[Field]) -> list[str]:
    return [_line(field) for field in fields_]


def _line(field: Field) -> str:
    if not field.subfields:
        return field.data
    body = " ".join(f"${code} {value}" for code, value in field.subfields)
    return f"{field.indicators.replace(' ', '#')} {body}"


def _paired(tag: str, left: list[str], right: list[str]) -> list[Compared]:
    equal = [line for line in left if line in right]
    rest_left = _without(left, equal)
    rest_right = _without(right, equal)
    width = max(len(rest_left), len(rest_right))
    rest_left += [""] * (width - len(rest_left))
    rest_right += [""] * (width - len(rest_right))
    pairs = [(line, line) for line in equal] + list(zip(rest_left, rest_right, strict=True))
    return [_compared(tag, one, other) for one, other in pairs]


def _without(lines: list[str], taken: list[str]) -> list[str]:
    left = list(lines)
    for line in taken:
        if line in left:
            left.remove(line)
    return left


def _compared(label: str, mine: str, theirs: str) -> Compared:
    left, right = segments(mine, theirs)
    return Compared(label, left, right, same=mine == theirs)
