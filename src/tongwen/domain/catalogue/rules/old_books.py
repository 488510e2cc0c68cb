"""What makes a description of an old book sure or not: how it was printed, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tongwen.domain.catalogue.rules import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_MODERN_YEAR: Final = 1912
_MACHINE_PRESS: Final = 1830
"""From about here on presses were machines and the copies of an edition alike; the Heritage of the Printed Book
database of CERL, which is of hand presses, ends here."""


def press(years: Sequence[int], *, is_native: bool, is_continuing: bool) -> str:
    """Name the press of two descriptions with these years: serial, block, hand or machine.

    What was printed in East Asia before 1912 counts as printed from blocks: 后印 and 翻刻 differ by less than records
    say. A missing year makes a book as old as can be.
    """
    if is_continuing:
        return "serial"
    if is_native:
        return "block"
    return "machine" if len(years) == 2 and min(years) >= _MACHINE_PRESS else "hand"


def creator(names: Sequence[str]) -> str:
    """Tell a person's book from a body's by the forms of the names that the two descriptions are entered under.

    A document of a body comes out twice in a year, by itself and within the series of a legislature.
    """
    if not names:
        return "both-missing"
    return "person" if all(map(forms.is_person, names)) else "body"
