"""One word for what a reader would call a record: book, journal, map, film …"""

from __future__ import annotations

from typing import Final

from tongwen.standards.marc import types as marc

_OF_MATERIAL: Final = {
    marc.Material.MANUSCRIPT: "manuscript",
    marc.Material.NOTATED_MUSIC: "score",
    marc.Material.MAP: "map",
    marc.Material.MOVING_IMAGE: "video",
    marc.Material.SPOKEN: "audio",
    marc.Material.MUSIC: "audio",
    marc.Material.IMAGE: "image",
    marc.Material.SOFTWARE: "software",
    marc.Material.KIT: "kit",
    marc.Material.OBJECT: "object",
    marc.Material.MIXED: "archive",
}
_OF_CARRIER: Final = {marc.Carrier.MICROFORM: "microform", marc.Carrier.BRAILLE: "braille"}
_CONTINUING: Final = frozenset({marc.Level.SERIAL, marc.Level.INTEGRATING})
_EAST_ASIAN: Final = frozenset({"chi", "jpn", "kor", "mnc", "mon", "tib"})
_RARE_BEFORE: Final = 1801
_RARE_BEFORE_IN_EAST_ASIA: Final = 1912
"""GB/T 31076 draws the line of 古籍 at the end of the Qing; Western rare-book practice at the hand press."""

RECORD_TYPES: Final = (
    "book",
    "ebook",
    "journal",
    "ejournal",
    "rare-book",
    "thesis",
    "article",
    "microform",
    "braille",
    *dict.fromkeys(_OF_MATERIAL.values()),
    "other",
)


def record_type(view: marc.DisplayView) -> str:
    """Return the word for a record from its material, carrier and level; one of `RECORD_TYPES`."""
    word = _OF_MATERIAL.get(view.material) or _OF_CARRIER.get(view.carrier)
    if word:
        return word
    online = view.carrier is marc.Carrier.ONLINE
    if view.level in _CONTINUING:
        return "ejournal" if online else "journal"
    if any(note.kind == "thesis" for note in view.notes):
        return "thesis"
    if view.level is marc.Level.COMPONENT:
        return "article"
    return _kind_of_book(view, online=online)


def _kind_of_book(view: marc.DisplayView, *, online: bool) -> str:
    if online:
        return "ebook"
    if _is_rare(view):
        return "rare-book"
    return "other" if view.material is marc.Material.UNKNOWN and view.level is marc.Level.UNKNOWN else "book"


def _is_rare(view: marc.DisplayView) -> bool:
    if any(classification.scheme == "sibu" for classification in view.classifications):
        return True
    if view.year is None:
        return False
    east_asian = bool(view.languages) and view.languages[0] in _EAST_ASIAN
    return view.year < (_RARE_BEFORE_IN_EAST_ASIA if east_asian else _RARE_BEFORE)
