"""Read the fixed positions of CNMARC (leader, 100, 105, 106, 130, 135, 140), and settle what they leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tongwen.standards.marc import evidence
from tongwen.standards.marc import fields_cnmarc as fc
from tongwen.standards.marc.dates import EARLIEST, LATEST
from tongwen.standards.marc.types import Carrier, Level, Material

if TYPE_CHECKING:
    from tongwen.standards.marc.description import Description

_MATERIALS: Final = {code: Material(value) for code, value in fc.MATERIALS.items()}
_LEVELS: Final = {code: Level(value) for code, value in fc.LEVELS.items()}
_NOT_ON_PAPER: Final = (Material.MOVING_IMAGE, Material.SPOKEN, Material.MUSIC, Material.SOFTWARE, Material.KIT)
_WITH_TWO_YEARS: Final = frozenset("fghi")


def read_leader(description: Description, leader: str) -> None:
    """Read material, level and encoding level."""
    description.material = _MATERIALS.get(leader[6:7], Material.UNKNOWN)
    description.level = _LEVELS.get(leader[7:8], Level.UNKNOWN)
    description.encoding_level = leader[17:18].strip()
    description.coded["hierarchy"] = leader[8:9]


def read_general(description: Description, coded: str) -> None:
    """Read 100 $a: type of date at 8, dates at 9-12 and 13-16."""
    description.coded_century = coded[9:11]
    description.years += _year(coded[9:13])
    if coded[8:9] in _WITH_TWO_YEARS:
        description.years += _year(coded[13:17])


def _year(digits: str) -> tuple[int, ...]:
    if len(digits) == 4 and digits.isascii() and digits.isdigit() and EARLIEST <= (year := int(digits)) <= LATEST:
        return (year,)
    return ()


def conclude(description: Description) -> None:
    """Settle material, carrier, level, age and translation when all fields have been read."""
    said = description.coded
    electronic = said.get("135", "")
    if description.material is Material.SOFTWARE and electronic:
        description.material = Material(fc.ELECTRONIC_CONTENTS.get(electronic[:1], "software"))
    description.carrier = _carrier(description, electronic)
    if description.level is Level.MONOGRAPH and not description.parts and _is_set(description):
        description.level = Level.SET
    if said.get("translated") or "454" in said:
        description.is_translation = True
    if "140" in said:
        description.is_ancient = True
    else:
        evidence.conclude_age(description)


def _is_set(description: Description) -> bool:
    """Tell whether a record is for a whole set.

    It is when it does not link up to a set (461), and its extent counts volumes, it links down to its pieces (463),
    or LDR/08 says that it is the highest level of a hierarchy.
    """
    if "461" in description.coded:
        return False
    linked_down = "463" in description.coded or description.coded.get("hierarchy") == "1"
    return evidence.is_set(description.extent) or linked_down


def _carrier(description: Description, electronic: str) -> Carrier:  # noqa: PLR0911 - one line of evidence after another
    said = description.coded
    if "130" in said:
        return Carrier.MICROFORM
    words = description.extent + " " + said.get("gmd", "")
    medium = fc.PHYSICAL_MEDIA.get(said.get("106", "")[:1], "")
    if medium and medium != "print":
        return Carrier(medium)
    if electronic or said.get("106", "")[:1] == "s" or evidence.ELECTRONIC.search(said.get("gmd", "")):
        return _electronic(description, electronic, words)
    if found := evidence.carrier_in(words):
        return found
    if medium:
        return Carrier.PRINT
    if description.material in _NOT_ON_PAPER:
        return Carrier.UNKNOWN
    if not description.extent and description.links:
        return Carrier.ONLINE
    return Carrier.PRINT


def _electronic(description: Description, coded: str, words: str) -> Carrier:
    """Tell online from disc: 135 $a/1, then the words of 215 and 200 $b, then the presence of an address."""
    if value := fc.ELECTRONIC_CARRIERS.get(coded[1:2]):
        return Carrier(value)
    if found := evidence.carrier_in(words):
        return found
    return Carrier.ONLINE if description.links else Carrier.UNKNOWN
