"""Colours of a portal: every pair of text and ground must be legible (WCAG 2.2, 1.4.3: contrast 4.5 to 1)."""

from __future__ import annotations

import re
from typing import NamedTuple

from tongwen.domain.members.types import BadFacts, Look, Problem

ENOUGH = 4.5
_WHITE = (255, 255, 255)
_DARK = (21, 25, 28)
_HEX = re.compile(r"^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
_STEPS = 20

RGB = tuple[int, int, int]


class Shades(NamedTuple):
    """A colour as it is used on a light and on a dark ground; `soft` lies behind text, `strong` is for pointing at."""

    plain: str
    strong: str
    soft: str
    dark_plain: str
    dark_strong: str
    dark_soft: str


def read(field: str, text: str) -> str:
    """Return a colour as `#rrggbb`, "" where none is given.

    Raises:
        BadFacts: it is none, or white letters on it cannot be read.
    """
    if not text.strip():
        return ""
    matched = _HEX.match(text.strip())
    if matched is None:
        raise BadFacts(Problem(field, "bad_colour", text[:20]))
    digits = matched[1].lower()
    colour = "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    ratio = contrast(_rgb(colour), _WHITE)
    if ratio < ENOUGH:
        raise BadFacts(Problem(field, "low_contrast", f"{int(ratio * 10) / 10:.1f}"))
    return colour


def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shades(colour: str) -> Shades:
    """Derive from a colour that is legible on white the ones for other uses, all legible on their grounds."""
    base = _rgb(colour)
    lit = _legible(base, _DARK, _WHITE)
    return Shades(
        plain=colour,
        strong=_hex(_mixed(base, (0, 0, 0), 0.25)),
        soft=_hex(_mixed(base, _WHITE, 0.9)),
        dark_plain=_hex(lit),
        dark_strong=_hex(_mixed(lit, _WHITE, 0.3)),
        dark_soft=_hex(_mixed(base, _DARK, 0.75)),
    )


def style_sheet(look: Look) -> str:
    """Return the style sheet of a portal: it sets the tokens of the shared one, for both schemes."""
    light, dark = [], []
    if look.colour:
        found = shades(look.colour)
        light += [("act", found.plain), ("act-2", found.strong), ("act-soft", found.soft), ("on-act", "#ffffff")]
        dark += [("act", found.dark_plain), ("act-2", found.dark_strong), ("act-soft", found.dark_soft)]
        dark.append(("on-act", _hex(_DARK)))
    if look.accent:
        light.append(("seal", look.accent))
        dark.append(("seal", look.accent))
    return f"{_rule(light)}@media (prefers-color-scheme: dark) {{ {_rule(dark)}}}\n" if light else ""


def _rule(tokens: list[tuple[str, str]]) -> str:
    said = " ".join(f"--{name}: {value};" for name, value in tokens)
    links = [f"--bs-link-color-rgb: {_numbers(value)};" for name, value in tokens if name == "act"]
    links += [f"--bs-link-hover-color-rgb: {_numbers(value)};" for name, value in tokens if name == "act-2"]
    # As exact as the rules they replace, and later in the page.
    return f':root, [data-bs-theme="light"] {{ {" ".join([said, *links])} }}\n'


def _numbers(colour: str) -> str:
    return ", ".join(str(part) for part in _rgb(colour))


def _legible(colour: RGB, ground: RGB, towards: RGB) -> RGB:
    """Return the colour, moved towards another until it is legible on the ground."""
    for step in range(_STEPS + 1):
        found = _mixed(colour, towards, step / _STEPS)
        if contrast(found, ground) >= ENOUGH + 1:
            return found
    return towards


def _mixed(one: RGB, other: RGB, share: float) -> RGB:
    first, second, third = (round(mine + (theirs - mine) * share) for mine, theirs in zip(one, other, strict=True))
    return first, second, third


def _luminance(colour: RGB) -> float:
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: RGB) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
