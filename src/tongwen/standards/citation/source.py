"""What a citation of any style takes out of a display view."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from tongwen.standards import hanzi
from tongwen.standards.marc.types import Carrier, DisplayView, Level, Material

if TYPE_CHECKING:
    from tongwen.standards.marc.types import Name


class Kind(enum.StrEnum):
    """The kinds of documents that citation styles tell apart."""

    BOOK = "book"
    PROCEEDINGS = "proceedings"
    THESIS = "thesis"
    SERIAL = "serial"
    STANDARD = "standard"
    MAP = "map"
    SCORE = "score"
    SOFTWARE = "software"
    VIDEO = "video"
    SOUND = "sound"
    ARCHIVE = "archive"
    OTHER = "other"


_BY_MATERIAL = {
    Material.MAP: Kind.MAP,
    Material.NOTATED_MUSIC: Kind.SCORE,
    Material.SOFTWARE: Kind.SOFTWARE,
    Material.MOVING_IMAGE: Kind.VIDEO,
    Material.SPOKEN: Kind.SOUND,
    Material.MUSIC: Kind.SOUND,
    Material.MIXED: Kind.ARCHIVE,
    Material.IMAGE: Kind.OTHER,
    Material.KIT: Kind.OTHER,
    Material.OBJECT: Kind.OTHER,
}
_CJK = frozenset({"Han", "Kana", "Hangul"})
_CREATORS = frozenset({"aut", "cre", "art", "cmp", "ctg", "pht", "drt", "dis", "070"})
_EDITORS = frozenset({"edt", "com", "edc", "340", "220"})
_TRANSLATORS = frozenset({"trl", "730"})
_COUNTRY = re.compile(r"^[(\[（〔【][^()\[\]（）〔〕【】]{1,6}[)\]）〕】]\s*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_SPACES = re.compile(r"\s+")


def kind(view: DisplayView) -> Kind:
    """Return what kind of document a record describes."""
    if any(note.kind == "thesis" for note in view.notes):
        return Kind.THESIS
    if view.level in {Level.SERIAL, Level.INTEGRATING}:
        return Kind.SERIAL
    if view.level is Level.COLLECTION:
        return Kind.ARCHIVE
    if any(scheme == "standard" for scheme, _ in view.other_numbers):
        return Kind.STANDARD
    if any(name.kind == "meeting" and name.main for name in view.names):
        return Kind.PROCEEDINGS
    return _BY_MATERIAL.get(view.material, Kind.BOOK)


def is_online(view: DisplayView) -> bool:
    """Tell whether what is cited is an electronic resource on a network."""
    return view.carrier is Carrier.ONLINE


def is_cjk(view: DisplayView) -> bool:
    """Tell whether the title is in Chinese, Japanese or Korean script, which decides punctuation and words."""
    return hanzi.script(view.title.value) in _CJK


def plain(text: str) -> str:
    """Return text in one line, without line breaks and control characters."""
    return _SPACES.sub(" ", "".join(c if c.isprintable() else " " for c in text)).strip()


def title(view: DisplayView) -> tuple[str, ...]:
    """Return title proper, subtitle and parts, those that there are."""
    pieces = (view.title.value, view.subtitle.value, *(part.value for part in view.parts))
    return tuple(piece for piece in map(plain, pieces) if piece)


def heading(name: Name, view: DisplayView) -> str:
    """Return a name in the script of the title where the record has it so, without a country in front.

    A name in Han, kana or Hangul is one piece (曹雪芹), as reference managers keep it; one with Latin initials behind
    it keeps its comma (`赫胥黎, T. H.`), without which they take the last initial for the surname.
    """
    form = name.heading.value
    if name.other_script.value and (hanzi.script(form) in _CJK) is not is_cjk(view):
        form = name.other_script.value
    form = _COUNTRY.sub("", plain(form)).rstrip(" ,;")
    surname, comma, given = form.partition(",")
    if hanzi.script(surname) not in _CJK or (comma and hanzi.script(given) not in _CJK):
        return form
    return form.replace(", ", "").replace(",", "")


def creators(view: DisplayView) -> tuple[Name, ...]:
    """Return the names responsible for the work: authors and the like, else its editors."""
    found = tuple(name for name in view.names if name.role in _CREATORS or (not name.role and _is_author(name)))
    return found or tuple(name for name in view.names if name.role in _EDITORS)


def _is_author(name: Name) -> bool:
    return name.kind != "meeting"


def editors(view: DisplayView) -> tuple[Name, ...]:
    """Return the editors of a work that has authors besides; () where they are the creators."""
    first = creators(view)
    return tuple(name for name in view.names if name.role in _EDITORS and name not in first)


def translators(view: DisplayView) -> tuple[Name, ...]:
    return tuple(name for name in view.names if name.role in _TRANSLATORS)


def doi(view: DisplayView) -> str:
    """Return the DOI without any resolver in front, "" where there is none."""
    for scheme, number in view.other_numbers:
        if scheme == "doi" and (found := _DOI.search(number)):
            return found[0]
    return ""


def address(view: DisplayView, url: str | None) -> str:
    """Return where an online resource is read: its own link, else the address given."""
    own = next((link.url for link in view.links if link.kind == "resource" and link.url), "")
    return plain(own or url or "")
