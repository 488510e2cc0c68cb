"""Control numbers that agencies give to records (LCCN, OCLC) and the ISIL of the agencies themselves."""

from __future__ import annotations

import re
from typing import Final

_LCCN: Final = re.compile(r"(?:[a-z]{0,3}[0-9]{8}|[a-z]{0,2}[0-9]{10})")
_OCLC: Final = re.compile(r"(?:\(OCoLC\)\s*(?:ocm|ocn|on)?|ocm|ocn|on|ocl7)\s*0*([1-9][0-9]*)", re.IGNORECASE)
_ISIL: Final = re.compile(r"([A-Za-z]{1,4}|[0-9]{4})-([A-Za-z0-9/:-]{1,11})")
_ISIL_LENGTH: Final = 16


def lccn(text: str) -> str:
    """Return an LCCN in the normal form of the Library of Congress, "" where the text is none.

    Blanks go, what follows a slash goes (suffixes and revision dates such as `//r85`), and the part
    after a hyphen is padded to six digits: `n  78-890351` gives `n78890351`, `85-2 ` gives `85000002`.
    Source: info:lccn namespace, normalization.
    """
    number = "".join(text.split()).partition("/")[0].lower()
    if "-" in number:
        year, _, serial = number.partition("-")
        number = year + serial.rjust(6, "0")
    return number if _LCCN.fullmatch(number) else ""


def oclc(text: str) -> str | None:
    """Return the digits of an OCLC number without leading zeros.

    The text must say that it is one, by `(OCoLC)` or by `ocm`, `ocn`, `on` (OCLC control number formats):
    bare digits in a 035 are somebody else's. Where 003 is OCoLC, put `(OCoLC)` before the 001.
    """
    found = _OCLC.fullmatch(text.strip())
    return found[1] if found else None


def isil(text: str) -> str | None:
    """Return an ISIL with a two-letter country prefix in capitals, None where the shape is wrong.

    Prefix, hyphen, 1 to 11 of `A-Z a-z 0-9 / : -`, 16 characters at most (ISO 15511:2019, 4).
    Two ISILs that differ in case only are the same: compare with `casefold`.
    """
    number = text.strip()
    found = _ISIL.fullmatch(number)
    if found is None or len(number) > _ISIL_LENGTH:
        return None
    prefix = found[1].upper() if len(found[1]) == 2 else found[1]
    return f"{prefix}-{found[2]}"
