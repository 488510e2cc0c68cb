"""How two statements of one kind stand to each other, for statements that are compared by their text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tongwen.domain.catalogue.rules import forms

if TYPE_CHECKING:
    from collections.abc import Sequence


def place(one: str, two: str) -> str:
    """Compare places in their compact form; one in another script is neither the same nor another."""
    if one.startswith(two) or two.startswith(one):
        return "equal"
    return "other-script" if forms.is_latin(one) is not forms.is_latin(two) else "different"


def series(mine: Sequence[str], theirs: Sequence[str]) -> str:
    """Compare series; one traced under its author (`Oke, Janette, 1935- Prairie legacy`) ends with the bare title."""
    ours, others = tuple(map(forms.series, mine)), tuple(map(forms.series, theirs))
    if ours[0].endswith(others[0]) or others[0].endswith(ours[0]):
        return "equal"
    return "different" if set(ours).isdisjoint(others) else "equal"


def uncounted(mine: str, theirs: str) -> str:
    """Compare extents of which nothing is counted (`1 v. (unpaged)`, `v. <1-2>`): by their words.

    Without any number (`v.`, or `p. cm.` of a book that is not out yet) they do not tell one book from the next.
    """
    one, two = forms.extent_words(mine), forms.extent_words(theirs)
    return "same-words" if one == two != "" else "one-missing"


def same_house(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether a publisher of one side is one of the other's with words cut short."""
    return any(forms.abbreviates(one, two) for one in mine for two in theirs)
