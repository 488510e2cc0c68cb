"""Read the numbers of a MARC21 record: ISBN, ISSN, LCCN, OCLC, national bibliographies, and the rest as they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tongwen.standards import identifiers
from tongwen.standards.marc import fields_marc21 as fm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tongwen.standards.marc.description import Description
    from tongwen.standards.marc.types import Field

    Reader = Callable[[Description, Field, Field | None, Any], None]

_FIRST_NUMBER: Final = re.compile(r"[0-9][0-9Xx\- ]*")


def _isbn(description: Description, field: Field, _: Field | None, __: None) -> None:
    for code, value in field[2]:
        if code == "a":
            if isbn := identifiers.isbn13(value):
                description.isbns.append(isbn)
            elif number := identifiers.book_number(value):
                description.book_numbers.append(number)
            else:
                _wrong_isbn(description, value)
        elif code == "z":
            _wrong_isbn(description, value)


def _wrong_isbn(description: Description, value: str) -> None:
    if found := _FIRST_NUMBER.search(value):
        number = found[0].replace("-", "").replace(" ", "").upper()
        if len(number) > 5:
            description.wrong_isbns.append(number)


def _issn(description: Description, field: Field, _: Field | None, __: None) -> None:
    for code, value in field[2]:
        if code == "a" and (issn := identifiers.issn(value)):
            description.issns.append(issn)


def _lccn(description: Description, field: Field, _: Field | None, __: None) -> None:
    if number := identifiers.lccn(field.first("a")):
        description.lccns.append(number)
        description.other_numbers.append(("lccn", number))


def _system_number(description: Description, field: Field, _: Field | None, __: None) -> None:
    for value in field.all("a"):
        if number := identifiers.oclc(value):
            description.oclc_numbers.append(number)
            description.other_numbers.append(("oclc", number))
        elif value:
            description.other_numbers.append(("system", value.strip()))


def _former_oclc(description: Description, field: Field, _: Field | None, __: None) -> None:
    for value in field.all("a"):
        if number := identifiers.oclc(f"(OCoLC){value.strip()}"):
            description.oclc_numbers.append(number)


def _national_number(description: Description, field: Field, _: Field | None, __: None) -> None:
    source = field.first("2").lower()
    if field[0] == "016" and field[1][:1] != "7":
        source = "lac"
    source = fm.NATIONAL_BIBLIOGRAPHIES.get(source, source) or "nb"
    for value in field.all("a"):
        if number := value.partition("(")[0].replace(" ", ""):
            description.national_numbers.append(f"{source}:{number}")
            description.other_numbers.append((source, number))


def _other_number(description: Description, field: Field, _: Field | None, scheme: str) -> None:
    if field[0] == "024":
        scheme = field.first("2") if field[1][:1] == "7" else fm.NUMBER_KINDS.get(field[1][:1], "number")
    for value in field.all("a"):
        if value.strip():
            description.other_numbers.append((scheme or "number", value.strip()))


READERS: Final[dict[str, tuple[Reader, Any]]] = {
    "010": (_lccn, None),
    "015": (_national_number, None),
    "016": (_national_number, None),
    "019": (_former_oclc, None),
    "020": (_isbn, None),
    "022": (_issn, None),
    "035": (_system_number, None),
    **{tag: (_other_number, scheme) for tag, scheme in fm.NUMBERS.items()},
}
