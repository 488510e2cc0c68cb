"""What the component templates are given: small frozen values, no models, no queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tongwen.standards.marc.types import Text

_ICONS = {
    "ebook": "screen",
    "ejournal": "screen",
    "software": "screen",
    "website": "screen",
    "journal": "journal",
    "serial": "journal",
    "map": "map",
    "score": "music",
    "music": "disc",
    "audio": "disc",
    "audiobook": "disc",
    "disc": "disc",
    "video": "film",
    "image": "picture",
    "microform": "film-roll",
    "rare-book": "scroll",
    "manuscript": "scroll",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `count` None shows no number, `url` "" shows it as not available."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    hint: str = ""


class Chip(NamedTuple):
    """One chosen facet value, with the link that takes it away."""

    facet: str
    label: str
    remove_url: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FacetLink:
    label: str
    count: int
    url: str
    chosen: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet with its values; the first `shown` stand open, the rest behind "show more"."""

    name: str
    label: str
    values: tuple[FacetLink, ...]
    open: bool = True
    shown: int = 6

    @property
    def first(self) -> tuple[FacetLink, ...]:
        """Return the values that are always seen: the most frequent, and any that is chosen."""
        return self.values[: self.shown] + tuple(value for value in self.values[self.shown :] if value.chosen)

    @property
    def rest(self) -> tuple[FacetLink, ...]:
        """Return the values behind "show more"."""
        return tuple(value for value in self.values[self.shown :] if not value.chosen)


class Option(NamedTuple):
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record means for this reader. `tone` is here, near, far or none; `detail` stands beside the words."""

    tone: str
    words: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultCard:
    number: int
    url: str
    title: Text
    romanized: Text
    responsibility: Text
    imprint: Text
    type: str
    type_label: str
    standing: Standing
    also: str = ""
    """Further standing in smaller print: how many libraries elsewhere."""
    online: str = ""
    """Where it can be read online, "" where nowhere."""

    @property
    def type_icon(self) -> str:
        """Return the name of the picture that stands for the type."""
        return _ICONS.get(self.type, "book")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is. `done` and `whole` in the unit that is measured (bytes); -1 where the whole is unknown."""

    done: int
    whole: int
    label: str
    facts: tuple[tuple[str, str], ...] = ()
    running: bool = True

    @property
    def percent(self) -> int:
        """Return how much is done, never 100 while it runs."""
        if self.whole <= 0:
            return 0 if self.running else 100
        share = self.done * 100 // self.whole
        return min(99, share) if self.running else min(100, share)


class Column(NamedTuple):
    """A head of a table; with a `url` it sorts. `sorted` is ascending, descending or ""."""

    label: str
    url: str = ""
    sorted: str = ""
    numeric: bool = False


class Segment(NamedTuple):
    """A run of text in a comparison; `only` where the other side does not have it."""

    text: str
    only: bool = False


class Compared(NamedTuple):
    """One labelled row of two records side by side."""

    label: str
    mine: tuple[Segment, ...]
    theirs: tuple[Segment, ...]
    same: bool
    lang: str = ""


class Alert(NamedTuple):
    """`tone` is good, note, warn or bad; `action_url` is posted to (undo)."""

    tone: str
    text: str
    action_url: str = ""
    action_label: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where nothing is: what that means, and what to do next as links."""

    title: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form with everything around it.

    `kind` is text, textarea, select, radio, checkboxes, or a type of HTML's input (password, file, email, date …).
    A select may have `groups` of options under a label each, after its `options`.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    kind: str = "text"
    options: Sequence[Option] = ()
    autocomplete: str = ""
    accept: str = ""
    keyboard: str = ""
    """The keyboard of a phone (`inputmode`): numeric, email, tel; "" for the usual one."""
    required: bool = True
    groups: Sequence[tuple[str, Sequence[Option]]] = ()
    rows: int = 4
    lang: str = ""

    @property
    def described_by(self) -> str:
        """Return the ids of the hint and the error for `aria-describedby`."""
        parts = [f"{self.name}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.name}-error"] if self.error else parts)


class HeldAt(NamedTuple):
    """One library's copies at one place, as a row of the holdings."""

    library: str
    place: str
    call_number: str
    location: str
    copies: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoldingsTier:
    """The holdings of one tier that the tiers before it do not have."""

    name: str
    label: str
    libraries: int
    groups: tuple[tuple[str, tuple[HeldAt, ...]], ...]
    """(place, rows); the place is "" where the tier is one place."""
    open: bool = True


class Row(NamedTuple):
    """A labelled row of the record page."""

    label: str
    values: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A value that may lead to a search or away; `after` follows it unlinked, `other` is its other script."""

    text: str
    lang: str = ""
    url: str = ""
    after: str = ""
    other: Text = field(default_factory=lambda: Text(""))
    outside: bool = False
