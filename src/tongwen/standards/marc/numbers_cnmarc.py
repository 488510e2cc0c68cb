"""Read the numbers of a CNMARC record: ISBN, ISSN, 统一书号, CN, CALIS and national bibliography numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tongwen.standards import identifiers
from tongwen.standards.marc import fields_cnmarc as fc

if TYPE_CHECKING:
    from collections.abc import Callable

    from tongwen.standards.marc.description import Description
    from tongwen.standards.marc.types import Field

    Reader = Callable[[Description, Field, Any], None]

_FIRST_NUMBER: Final = re.compile(r"[0-9][0-9Xx\- ]*")


def _isbn(description: Description, field: Field, _: None) -> None:
    """Read 010; before 1993 a class and serial number followed the ISBN after a slash."""
    for code, value in field[2]:
        if code not in "az":
            continue
        head = value.partition("/")[0]
        if code == "a" and (isbn := identifiers.isbn13(head)):
            description.isbns.append(isbn)
        elif number := identifiers.book_number(value):
            _keep_book_number(description, number)
        elif found := _FIRST_NUMBER.search(head):
            wrong = found[0].replace("-", "").replace(" ", "").upper()
            if len(wrong) > 5:
                description.wrong_isbns.append(wrong)


def _keep_book_number(description: Description, number: str) -> None:
    description.book_numbers.append(number)
    description.other_numbers.append(("book-number", number))


def _issn(description: Description, field: Field, _: None) -> None:
    for value in field.all("a"):
        if issn := identifiers.issn(value):
            description.issns.append(issn)


def _unified_number(description: Description, field: Field, _: None) -> None:
    """Read 091: a 统一书号 of a book, or the CN number of a serial."""
    for value in field.all("a"):
        if number := identifiers.book_number(value):
            _keep_book_number(description, number)
        elif number := identifiers.cn(value):
            description.national_numbers.append("cn:" + number.partition("/")[0].removeprefix("CN").replace(" ", ""))
            description.other_numbers.append(("cn", number))


def _national_number(description: Description, field: Field, _: None) -> None:
    country = field.first("a").strip().lower()
    if number := field.first("b").replace(" ", ""):
        source = "cnb" if country == "cn" else country or "nb"
        description.national_numbers.append(f"{source}:{number}")
        description.other_numbers.append((source, number))


def _union_number(description: Description, field: Field, _: None) -> None:
    """Read 099, the number of the record in the CALIS union catalogue."""
    number = field.first("a").replace(" ", "")
    if number:
        description.national_numbers.append(f"calis:{number}")
        description.other_numbers.append(("calis", number))


def _system_number(description: Description, field: Field, _: None) -> None:
    for value in field.all("a"):
        if number := identifiers.oclc(value):
            description.oclc_numbers.append(number)
            description.other_numbers.append(("oclc", number))
        elif value.strip():
            description.other_numbers.append(("system", value.strip()))


def _other_number(description: Description, field: Field, scheme: str) -> None:
    for value in field.all("a"):
        if value.strip():
            description.other_numbers.append((scheme or field.first("2") or "number", value.strip()))


READERS: Final[dict[str, tuple[Reader, Any]]] = {
    "010": (_isbn, None),
    "011": (_issn, None),
    "020": (_national_number, None),
    "035": (_system_number, None),
    "091": (_unified_number, None),
    "099": (_union_number, None),
    **{tag: (_other_number, scheme) for tag, scheme in fc.NUMBERS.items()},
}
