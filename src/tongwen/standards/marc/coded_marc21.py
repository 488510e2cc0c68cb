"""Read the fixed positions of MARC21 (leader, 006, 007, 008), and settle what they leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tongwen.standards.marc import evidence
from tongwen.standards.marc import fields_marc21 as fm
from tongwen.standards.marc.dates import EARLIEST, LATEST
from tongwen.standards.marc.types import Carrier, Level, Material

if TYPE_CHECKING:
    from tongwen.standards.marc.description import Description

_MATERIALS: Final = {code: Material(value) for code, value in fm.MATERIALS.items()}
_LEVELS: Final = {code: Level(value) for code, value in fm.LEVELS.items()}
_WITH_TWO_DATES: Final = frozenset("cdikmqtu")
_WITHOUT_DATE: Final = frozenset("nb|")
_ON_PAPER: Final = frozenset((Material.TEXT, Material.MANUSCRIPT, Material.NOTATED_MUSIC, Material.MAP, Material.IMAGE))


def read_fixed(description: Description, leader: str, coded: str) -> None:
    """Read the leader and 008: material, level, encoding level, years."""
    description.material = _MATERIALS.get(leader[6:7], Material.UNKNOWN)
    description.level = _LEVELS.get(leader[7:8], Level.UNKNOWN)
    description.encoding_level = leader[17:18].strip()
    kind = coded[6:7]
    if not kind or kind in _WITHOUT_DATE:
        return
    description.coded_century = coded[7:9]
    description.years += _year(coded[7:11])
    if kind in _WITH_TWO_DATES and kind not in "cdu":
        description.years += _year(coded[11:15])


def _year(digits: str) -> tuple[int, ...]:
    """Return the year of four digits; unknown digits (`19uu`), 9999 and years of other calendars give none."""
    if len(digits) == 4 and digits.isascii() and digits.isdigit() and EARLIEST <= (year := int(digits)) <= LATEST:
        return (year,)
    return ()


def conclude(description: Description, coded: str) -> None:
    """Settle carrier, level, age and translation when all fields have been read."""
    one_volume = evidence.PLAIN_PAGES.match(description.extent) is not None
    if description.level is Level.MONOGRAPH and not one_volume and not description.parts:
        description.level = Level.SET if evidence.is_set(description.extent) else Level.MONOGRAPH
    description.carrier = _carrier(description, coded, one_volume=one_volume)
    said = description.coded
    if "765" in said or ("240l" in said and "041" not in said):
        description.is_translation = True
    evidence.conclude_age(description)


def _carrier(description: Description, coded: str, *, one_volume: bool) -> Carrier:  # noqa: PLR0911 - one line of evidence each
    """Weigh form of item, extent, material designation, carrier type and 007, in this order.

    A 007 or 006 counts only where no extent in pages speaks: libraries add them for a reproduction or a supplement
    of the printed book.
    """
    material = description.material
    form = fm.FORMS_OF_ITEM.get(coded[29:30] if material in (Material.MAP, Material.MOVING_IMAGE) else coded[23:24], "")
    if form and form != "electronic":
        return Carrier(form)
    if form == "electronic":
        return _electronic(description)
    extent, said = description.extent, description.coded
    on_paper = material in _ON_PAPER
    if on_paper and not said:
        return Carrier.PRINT if one_volume else evidence.carrier_in(extent) or Carrier.PRINT
    gmd = said.get("gmd", "")
    if found := evidence.carrier_in(gmd) or evidence.carrier_in(extent):
        return found
    if evidence.ELECTRONIC.search(gmd):
        return _electronic(description)
    if found := _by_type(said.get("338", "")):
        return found
    if extent and evidence.PAGED.search(extent):
        return Carrier.PRINT
    if found := _by_physical_form(said):
        return found
    if not extent and said.get("856", "")[1:2] == "0":
        return Carrier.ONLINE
    return Carrier.PRINT if on_paper else Carrier.UNKNOWN


def _by_type(codes: str) -> Carrier | None:
    carriers = {fm.CARRIER_TYPES.get(code, "") for code in codes.split()}
    for value in ("print", "microform", "online", "disc"):
        if value in carriers:
            return Carrier(value)
    return None


def _by_physical_form(said: dict[str, str]) -> Carrier | None:
    form = said.get("007", "")
    if form[:1] == "h":
        return Carrier.MICROFORM
    value = fm.PHYSICAL_FORMS.get(form[:2], "")
    if not value and said.get("006", "")[:1] == "m":
        value = fm.FORMS_OF_ITEM.get(said["006"][6:7], "")
    return Carrier(value) if value and value != "electronic" else None


def _electronic(description: Description) -> Carrier:
    """Tell online from disc for a record that only says electronic; UNKNOWN where nothing tells."""
    said = description.coded
    words = description.extent + " " + said.get("gmd", "")
    if evidence.DISC.search(words):
        return Carrier.DISC
    by_code = _by_type(said.get("338", "")) or _by_physical_form({"007": said.get("007", "")})
    if by_code in (Carrier.ONLINE, Carrier.DISC):
        return by_code
    if evidence.ONLINE.search(words) or "856" in said:
        return Carrier.ONLINE
    return Carrier.UNKNOWN
