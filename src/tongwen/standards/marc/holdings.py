"""Read what a record says of one library's copies, and tell such local fields from what all libraries share.

MARC21: 852 with 876-878 (MARC 21 Format for Holdings Data), 952 of Koha, 949 of other systems.
CNMARC: 905 and its relatives of Chinese practice, 852 of UNIMARC holdings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from tongwen.standards.marc.types import Field, Format, Record


class HeldItem(NamedTuple):
    """One copy, or a group of copies under one call number at one place. `copies` is at least 1."""

    location: str = ""
    call_number: str = ""
    barcode: str = ""
    copies: int = 1
    note: str = ""


class Layout(NamedTuple):
    """Where a field keeps a copy's data: subfield codes in the order in which their values are put together.

    `location` and `call_number` may have alternatives after `|`: the first that is filled counts.
    `copies` is a count; a copy's own number (852 $t, 905 $z) is not one.
    """

    location: str
    call_number: str
    barcode: str = ""
    copies: str = ""
    note: str = ""
    between: str = " "


LAYOUTS: Final[dict[Format, dict[str, Layout]]] = {
    Format.MARC21: {
        "852": Layout("bc|a", "khijlm", "p", "", "z"),
        "952": Layout("bc|a", "o", "p", "", "z"),
        "949": Layout("lc", "a|h", "ib", "", "z"),
        "999": Layout("ml", "a", "i", "", "o"),
    },
    Format.CNMARC: {
        "905": Layout("a", "s|de", "b", "f", "v", between="/"),
        "852": Layout("bc|a", "khijlm", "p", "", "z"),
        "952": Layout("bc|a", "o", "p", "", "z"),
        "920": Layout("a", "s|de", "b", "", "", between="/"),
        "999": Layout("ml", "a", "i", "", "o"),
    },
}
"""The first of these tags that a record has holds its copies; the others are then left aside (they repeat them)."""

BARCODES: Final = frozenset(("876", "877", "878"))
"""Item fields of MARC21; joined to their 852 by the number in $8 (some systems export $0), else by their order."""

LOCAL_TAGS: Final[dict[Format, frozenset[str]]] = {
    Format.MARC21: frozenset(
        {str(tag) for tag in range(590, 600)}
        | {str(tag) for tag in range(690, 700)}
        | {str(tag) for tag in range(900, 1000)}
        | {
            "090",
            "091",
            "092",
            "096",
            "098",
            "099",
            "541",
            "561",
            "562",
            "563",
            "583",
            "790",
            "791",
            "792",
            "796",
            "797",
            "798",
            "799",
        }
        | {"850", "852", "853", "854", "855", "863", "864", "865", "866", "867", "868", "876", "877", "878", "890"}
    ),
    Format.CNMARC: frozenset(
        {str(tag) for tag in range(900, 1000)} | {"090", "316", "317", "318", "345", "852", "890", "AVA", "AVE", "OWN"}
    ),
}
"""What one library says of its own copy or for its own system; 099 of CNMARC is the union catalogue's and is shared."""

_LETTERS_ARE_LOCAL: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def items(
    record: Record,
    format: Format,  # noqa: A002 - the field's word
    layouts: Mapping[str, Layout] | None = None,
) -> tuple[HeldItem, ...]:
    """Return the copies that a record of one library speaks of, in its order; () where it speaks of none.

    `layouts` says where this library keeps them, by tag, the first that the record has counts; default: LAYOUTS.
    """
    layouts = layouts or LAYOUTS[format]
    tags = {field[0] for field in record[1]}
    tag = next((tag for tag in layouts if tag in tags), None)
    if tag is None:
        return ()
    layout = layouts[tag]
    found: list[HeldItem] = []
    holders: list[Field] = []
    for field in record[1]:
        if field[0] == tag:
            for item in _items_of(field, layout):
                found.append(item)
                holders.append(field)
    if tags & BARCODES and tag == "852":
        return _with_barcodes(found, holders, [field for field in record[1] if field[0] in BARCODES])
    return tuple(found)


def _items_of(field: Field, layout: Layout) -> list[HeldItem]:
    """Return one item for each barcode, or one with the number of copies where there is no barcode."""
    location = _first_filled(field, layout.location, " ")
    number = _first_filled(field, layout.call_number, layout.between)
    note = _values(field, layout.note, " ")
    barcodes = [value.strip() for code, value in field[2] if code in layout.barcode]
    if barcodes := [barcode for barcode in barcodes if barcode]:
        return [HeldItem(location, number, barcode, 1, note) for barcode in barcodes]
    if not (location or number):
        return []
    copies = _values(field, layout.copies, " ")
    return [HeldItem(location, number, "", _count(copies), note)]


def _first_filled(field: Field, alternatives: str, between: str) -> str:
    for codes in alternatives.split("|"):
        if found := _values(field, codes, between):
            return found
    return ""


def _values(field: Field, codes: str, between: str) -> str:
    """Join values in the order of the codes, each code's values in the order of the field."""
    return between.join(value for code in codes for value in (found.strip() for found in field.all(code)) if value)


def _count(text: str) -> int:
    digits = text.strip()
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 1


def _with_barcodes(found: list[HeldItem], holders: list[Field], pieces: list[Field]) -> tuple[HeldItem, ...]:
    """Give each item field (876-878) its 852: by the link number, else by their order."""
    by_link: dict[str, HeldItem] = {}
    for item, holder in zip(found, holders, strict=True):
        if link := holder.first("8").partition(".")[0]:
            by_link.setdefault(link, item)
    given: list[HeldItem] = []
    used: set[HeldItem] = set()
    for order, piece in enumerate(pieces):
        barcode = piece.first("p").strip()
        link = (piece.first("8") or piece.first("0")).partition(".")[0]
        by_order = found[min(order, len(found) - 1)] if found and (not link or len(found) == 1) else HeldItem()
        item = by_link.get(link, by_order)
        used.add(item)
        note = piece.first("z").strip() or item.note
        given.append(item._replace(barcode=barcode or item.barcode, copies=1, note=note))
    return tuple(given + [item for item in found if item not in used])


def is_local(tag: str, format: Format) -> bool:  # noqa: A002 - the field's word
    """Tell whether a field belongs to one library: a local tag, or one with letters such as `AVA`."""
    return tag in LOCAL_TAGS[format] or tag[:1] in _LETTERS_ARE_LOCAL


def local_fields(record: Record, format: Format) -> tuple[Field, ...]:  # noqa: A002 - the field's word
    """Return the fields that belong to the library the record came from, in their order."""
    return tuple([field for field in record[1] if is_local(field[0], format)])


def without_local(record: Record, format: Format) -> Record:  # noqa: A002 - the field's word
    """Return the record as all libraries share it."""
    return Record(record[0], tuple([field for field in record[1] if not is_local(field[0], format)]))
