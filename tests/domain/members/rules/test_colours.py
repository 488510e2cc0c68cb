"""Colours that can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongwen.domain.members.rules import colours
from tongwen.domain.members.types import BadFacts, Look

PAPER, NIGHT = (255, 255, 255), (21, 25, 28)
COLOUR = st.tuples(*[st.integers(0, 255)] * 3)


class TestContrast:
    @pytest.mark.parametrize(
        ("one", "other", "ratio"), [((0, 0, 0), PAPER, 21.0), (PAPER, PAPER, 1.0), ((118, 118, 118), PAPER, 4.54)]
    )
    def test_is_that_of_the_guidelines(self, one: colours.RGB, other: colours.RGB, ratio: float) -> None:
        assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)


class TestShades:
    @given(COLOUR)
    def test_can_be_read_on_their_grounds(self, drawn: colours.RGB) -> None:
        try:
            colour = colours.read("colour", "#{:02x}{:02x}{:02x}".format(*drawn))
        except BadFacts:
            assert colours.contrast(drawn, PAPER) < colours.ENOUGH
            return
        found = colours.shades(colour)
        on_white = (found.plain, found.strong)
        assert all(colours.contrast(colours._rgb(one), PAPER) >= colours.ENOUGH for one in on_white)
        on_night = (found.dark_plain, found.dark_strong)
        assert all(colours.contrast(colours._rgb(one), NIGHT) >= colours.ENOUGH for one in on_night)

    def test_stand_in_a_style_sheet_that_holds_nothing_else(self) -> None:
        sheet = colours.style_sheet(Look("#7a1f2b", "#14566b"))
        assert set(re.findall(r"--[a-z0-9-]+", sheet)) == {
            "--act",
            "--act-2",
            "--act-soft",
            "--on-act",
            "--seal",
            "--bs-link-color-rgb",
            "--bs-link-hover-color-rgb",
        }
        assert sheet.count("{") == sheet.count("}")

    @pytest.mark.parametrize("text", ["red", "#12", "#1234567", "url(x)", "#fff}body{"])
    def test_are_made_of_colours_only(self, text: str) -> None:
        with pytest.raises(BadFacts):
            colours.read("colour", text)
