"""ISBN and ISSN: from what stands in records and search boxes to one normal form.

The check digits are computed here because the loader does so several times a record;
python-stdnum supplies the ranges for hyphens and is the oracle of the tests.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from stdnum import isbn as stdnum_isbn

_DASHES: Final = "-‐‑‒–—―−－﹣"
_FOLD: Final = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), "\u3000": " ", "\u00a0": " ", "x": "X", "Ｘ": "X", "ｘ": "X"}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)
_LABEL: Final = re.compile(r"^\W*I?SBN(?:[- ]?1[03](?=[:\s]))?[\s:：]*", re.IGNORECASE)
_ISBN: Final = re.compile(r"(?<![0-9])(?<![0-9][- ])(97[89](?:[- ]?[0-9]){10}|(?:[0-9][- ]?){9}[0-9X])(?![0-9])")
_SBN: Final = re.compile(r"(?:[0-9][- ]?){8}[0-9X](?![0-9X])")
_ISSN: Final = re.compile(r"(?<![0-9-])([0-9]{4})[- ]{0,3}([0-9]{3}[0-9X])(?![0-9X-])")
_NO_SEPARATORS: Final = str.maketrans("", "", "- ")
_TEN_FOR_X: Final = str.maketrans("X", ":")
_PREFIXES: Final = ("978", *(f"979{digit}" for digit in range(1, 10)))
_TEN_WEIGHTS: Final = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def _check_13(digits: str) -> bool:
    if not digits.startswith(_PREFIXES):
        return False
    # Character codes serve as digits: the weights sum to 25, and 25 * ord("0") is a multiple of 10.
    codes = digits.encode()
    return not (sum(codes[::2]) + 3 * sum(codes[1::2])) % 10


def _check_10(digits: str) -> bool:
    # As above with weights that sum to 55, a multiple of 11; ":" follows "9" and so stands for ten.
    a, b, c, d, e, f, g, h, i, check = digits.translate(_TEN_FOR_X).encode()
    total = 10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i + check
    return not total % 11 and digits != "0000000000"


def _thirteen(nine: str) -> str:
    """Return the ISBN-13 of the first nine digits of an ISBN-10."""
    stem = "978" + nine
    codes = stem.encode()
    # ord("0") counts 24 times here (6 + 3 * 6), which is 2 modulo 10.
    return stem + str((2 - sum(codes[::2]) - 3 * sum(codes[1::2])) % 10)


# Asked twice in a row of each number of a record that is loaded: by who validates and by who reads it.
@lru_cache(maxsize=64)
def isbn13(text: str) -> str | None:
    """Return the ISBN-13, digits only, of the first ISBN in a text.

    Hyphens, spaces, full-width digits, a label (`ISBN`, `ISBN-13:`) and what follows the number are taken:
    a binding (`(pbk.)`), or the class and serial of the China Standard Book Number of 1987
    (`7-144-00316-X/TP·340`). A nine-digit SBN is taken where a label or hyphens show it to be one.
    None where the check digit or the prefix is wrong (979-0 is music, ISMN), or all ten digits are zero
    (ISO 2108:2017, 4 and Annex C).
    """
    size = len(text)
    if text.isascii() and text.isdigit():
        if size == 13:
            return text if _check_13(text) else None
        if size == 10:
            return _thirteen(text[:9]) if _check_10(text) else None
        return None
    return _isbn_in(text)


def _isbn_in(text: str) -> str | None:
    folded = text.replace("x", "X") if text.isascii() else text.translate(_FOLD)
    bare = folded if folded[:1].isdigit() else _LABEL.sub("", folded)
    found = _ISBN.search(bare)
    if found is None:
        return _sbn(bare, labelled=bare != folded)
    digits = found[1].translate(_NO_SEPARATORS)
    if len(digits) == 13:
        return digits if _check_13(digits) else None
    return _thirteen(digits[:9]) if _check_10(digits) else None


def _sbn(bare: str, *, labelled: bool) -> str | None:
    found = _SBN.match(bare.strip())
    if found is None or not (labelled or found[0].count("-") == 2):
        return None
    digits = "0" + found[0].translate(_NO_SEPARATORS)
    return _thirteen(digits[:9]) if _check_10(digits) else None


def isbn10(isbn: str) -> str | None:
    """Return the ISBN-10 of a normal ISBN-13, None where there is none (prefix 979)."""
    if len(isbn) != 13 or not isbn.startswith("978"):
        return None
    nine = isbn[3:12]
    check = -sum(weight * int(digit) for weight, digit in zip(_TEN_WEIGHTS, nine, strict=False)) % 11
    return nine + ("X" if check == 10 else str(check))


def isbn_hyphenated(isbn: str) -> str:
    """Return a normal ISBN with its hyphens by the agency's published ranges.

    Where the range is not known the number comes back as it was.
    """
    parts: list[str] = [part for part in stdnum_isbn.split(isbn) if part]
    return "-".join(parts) if len(parts) >= 4 else isbn


def issn(text: str) -> str | None:
    """Return an ISSN as `NNNN-NNNX`, None where the check digit is wrong (ISO 3297:2022, 4.2).

    The hyphen may be missing, a space or any dash; a label or a qualifier may stand around it.
    """
    found = _ISSN.search(text.translate(_FOLD))
    if found is None:
        return None
    number = found[1] + found[2]
    if number == "00000000":
        return None
    total = sum(
        weight * (10 if digit == "X" else int(digit)) for weight, digit in zip(range(8, 0, -1), number, strict=True)
    )
    return None if total % 11 else f"{number[:4]}-{number[4:]}"
