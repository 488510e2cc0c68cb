"""Numbers of Chinese books and periodicals, and the shape of 中图法 class numbers."""

from __future__ import annotations

import re

# The separator of a 统一书号 is a raised dot; keyboards and scanners put all of these in its place.
_DOTS = "·•‧∙⋅・･．.。﹒｡●"
_BOOK_NUMBER = re.compile(rf"\D{{0,8}}?([0-9]{{4,5}})\s*[{_DOTS}]\s*([0-9]{{1,6}})")
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}

_REGIONS = "1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]"
_CN = re.compile(rf"(?:CN\s*)?({_REGIONS})\s*[-‐‑–—]\s*([0-9]{{4}})(?:\s*/\s*([A-Z][A-Z0-9.-]{{0,7}}))?")

_CLASS = r"(?:T[BD-HJ-NPQS-V]|DF|[A-KN-VXZ])"
_DIGITS = r"(?:[0-9]{3}(?:\.[0-9]{3})*\.[0-9]{1,3}|[0-9]{0,3})"
# Programming languages, systems and data bases are told apart by letters after these numbers only.
_LETTERS = r"(?:(?<=TP31[0-9])|(?<=TP311\.138)|(?<=TP311\.1[0-9])|(?<=TP391\.4[0-9]))[A-Z][A-Za-z+#]{0,9}"
_MAIN = rf"{_CLASS}{_DIGITS}(?:{_LETTERS})?"
_AUXILIARY = r"""(?:-[0-9]{1,4}(?:\.[0-9]{1,3})*|=[0-9]{1,4}(?:\.[0-9]{1,3})*|\([0-9]{1,4}(?:\.[0-9]{1,3})*\)"""
_AUXILIARY += r"""|"[0-9]{1,4}(?:\.[0-9]{1,3})*"|<[0-9]{1,4}>|\+[0-9]{1,3})"""
_NUMBER = rf"{_MAIN}{_AUXILIARY}*"
_CLC = re.compile(rf"(?:\[{_NUMBER}\]|{_NUMBER})(?:[:+](?:\[{_NUMBER}\]|{_NUMBER}))*")
_CLC_MAIN = re.compile(_MAIN)
_BETWEEN_NUMBERS = re.compile(r"[;,\s]+")


def book_number(text: str) -> str | None:
    """Return a 统一书号 (used from 1956 to 1987) as `NNNNN·N`: class and publisher, raised dot, serial.

    Dots of all kinds and full-width digits are taken, and a label before them (`统一书号:`).
    """
    found = _BOOK_NUMBER.fullmatch(text.strip().translate(_WIDE))
    return f"{found[1]}·{found[2]}" if found else None


def cn(text: str) -> str | None:
    """Return a CN number of a periodical as `CN RR-NNNN/CLC`, without the class where it has none.

    RR is a region of the press administration (10 to 65 with gaps, GB/T 9999); None where it is not.
    """
    found = _CN.fullmatch(text.strip().translate(_WIDE).upper())
    if found is None:
        return None
    return f"CN {found[1]}-{found[2]}" + (f"/{found[3]}" if found[3] else "")


def clc_numbers(text: str) -> tuple[str, ...]:
    """Split a field that holds several class numbers: `K825.2；E251-53` holds two."""
    return tuple(part for part in _BETWEEN_NUMBERS.split(text.translate(_WIDE)) if part)


def clc_shape(text: str) -> bool:
    """Tell whether every number in the text has a shape that 中图法 (5th edition) allows.

    A class letter that exists (no L, M, W, Y; T with its second letters), a dot after each third digit,
    auxiliaries `-43`, `(712)`, `=`, `"…"`, `<…>`, `+`, numbers joined by `:` and `+`, and alternatives in `[ ]`.
    The shape only: it does not look the number up.
    """
    numbers = clc_numbers(text)
    return bool(numbers) and all(_CLC.fullmatch(number) for number in numbers)


def clc_main(text: str) -> str | None:
    """Return the first class number without auxiliaries (`TP391.1-43` gives `TP391.1`), None where it has no shape."""
    for number in clc_numbers(text):
        found = _CLC_MAIN.match(number.lstrip("["))
        if found and _CLC.fullmatch(number):
            return found[0]
    return None
