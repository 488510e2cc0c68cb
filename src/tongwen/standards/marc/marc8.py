"""MARC-8 to Unicode and back.

Source: MARC 21 Specifications for Record Structure, Character Sets and Exchange Media, part 2 (MARC-8): two working
sets G0 (21-7E) and G1 (A1-FE), changed by escape sequences; combining marks precede their base letter; EACC takes
three bytes a character. The code tables come from pymarc; the walk is ours, because a place is needed for every
byte that cannot be read. Text is left decomposed, as the tables give it: nothing here normalises.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pymarc import marc8_mapping

from tongwen.standards.marc.types import Problem, Severity

_ASCII: Final = 0x42
_ANSEL: Final = 0x45
_EACC: Final = 0x31
_SETS: Final[dict[int, dict[int, tuple[int, int]]]] = marc8_mapping.CODESETS
_TECHNICAL: Final = {b"g": 0x67, b"b": 0x62, b"p": 0x70, b"s": _ASCII}
_REPLACEMENT: Final = "\ufffd"
_ESCAPE: Final = re.compile(rb"\x1b(?:([gbps])|\$([,()-]?)1|([(,)-])!?([234BENQS]))")
_REFERENCE: Final = re.compile(r"&#x([0-9A-Fa-f]{4,6});")
_MARKS_IN_A_ROW: Final = 3
_UNDEFINED: Final = frozenset(set(range(0x80, 0x100)) - set(_SETS[_ANSEL]))
_MARKS: Final = frozenset(code for code, (_, mark) in _SETS[_ANSEL].items() if mark)
_SUSPECT: Final = re.compile(
    b"[" + re.escape(bytes(sorted(_UNDEFINED))) + b"]"
    b"|[" + re.escape(bytes(sorted(_MARKS))) + b"]+(?=[^a-zA-Z\\x80-\\xff ]|$)"
    b"|[" + re.escape(bytes(sorted(_MARKS))) + b"]{" + str(_MARKS_IN_A_ROW + 1).encode() + b",}"
)


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Read the bytes of one subfield (the working sets start as ASCII and ANSEL in each).

    Bytes without a meaning become U+FFFD with a MENDED problem; `offset` counts from the start of `data`.
    """
    if data.isascii() and b"\x1b" not in data and b"&#x" not in data:
        return data.decode("ascii"), ()
    reader = _Reader(data)
    text = reader.read()
    if "&#x" in text:
        text = _REFERENCE.sub(_character, text)
    return text, tuple(reader.problems)


def encode(text: str) -> tuple[bytes, tuple[Problem, ...]]:
    """Write text in MARC-8, back to ASCII at the end.

    Characters that MARC-8 does not hold are written as numeric references (`&#x4E00;`, the Library of Congress's
    lossless way) with a WARNING each; precomposed letters are taken apart first.
    """
    if text.isascii():
        return text.encode("ascii"), ()
    return _Writer().write(text)


def has_escapes(raw: bytes) -> bool:
    """Say whether escape sequences of MARC-8 occur."""
    return _ESCAPE.search(raw) is not None


def plausible(raw: bytes, *, tolerance: float = 0.0) -> bool:
    """Say whether the high bytes make sense as ANSEL: all defined, and marks before letters, at most three in a row.

    `tolerance` is the share of high bytes that may offend.
    """
    high = len(raw) - len(raw.translate(None, bytes(range(0x80, 0x100))))
    wrong = sum(1 for _ in _SUSPECT.finditer(raw))
    return wrong <= tolerance * high


def _character(match: re.Match[str]) -> str:
    number = int(match.group(1), 16)
    readable = number < 0x110000 and not 0xD800 <= number < 0xE000 and number >= 0x80
    return chr(number) if readable else match.group()


class _Reader:
    """One walk over the bytes; keeps the working sets and the marks that wait for their base letter."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.g0 = _ASCII
        self.g1 = _ANSEL
        self.place = 0
        self.out: list[str] = []
        self.marks: list[str] = []
        self.problems: list[Problem] = []

    def read(self) -> str:
        while self.place < len(self.data):
            byte = self.data[self.place]
            if byte == 0x1B:
                self._escape()
            elif (self.g0 == _EACC and 0x20 < byte < 0x80) or (self.g1 == _EACC and byte > 0xA0):
                self._triple()
            else:
                self._single(byte)
        if self.marks:
            self._complain("combining mark at the end, without a letter", self.place - 1)
            self.out.extend(self.marks)
        return "".join(self.out)

    def _escape(self) -> None:
        """Take one escape sequence; an unknown one is kept as it stands and reported."""
        found = _ESCAPE.match(self.data, self.place)
        if found is None:
            self._complain("escape of no known set " + self.data[self.place : self.place + 4].hex(" "), self.place)
            self.out.append("\x1b")
            self.place += 1
            return
        technical, wide_half, half, final = found.groups()
        if technical:
            self.g0 = _TECHNICAL[technical]
        elif (wide_half or half) and (wide_half or half) in b")-":
            self.g1 = final[0] if half else _EACC
        else:
            self.g0 = final[0] if half else _EACC
        self.place = found.end()

    def _triple(self) -> None:
        code = bytes(byte & 0x7F for byte in self.data[self.place : self.place + 3])
        found = _SETS[_EACC].get(int.from_bytes(code)) if len(code) == 3 else None
        if found is None and len(code) == 3:
            odd = marc8_mapping.ODD_MAP.get(int.from_bytes(code))
            found = (odd, 0) if odd else None
        if found is not None:
            self._put(*found)
            self.place += 3
            return
        self._complain("no character of EACC " + self.data[self.place : self.place + 3].hex(" "), self.place)
        self.out.append(_REPLACEMENT)
        self.place += 3 if all(0x20 < byte < 0x7F for byte in code) else 1

    def _single(self, byte: int) -> None:
        # Control characters and the space are the same whatever set is at work.
        if byte <= 0x20 or byte == 0x7F:
            self._put(byte, 0)
        else:
            table = self.g0 if byte < 0x80 else self.g1
            found = _SETS[table].get(byte)
            if found is None and table != _EACC:
                # The Cyrillic, Hebrew, Greek and Arabic sets may stand in either half; the tables know one of them.
                found = _SETS[table].get(byte ^ 0x80)
            if found is None:
                self._complain(f"byte {byte:02x} has no meaning in this set", self.place)
                self.out.append(_REPLACEMENT)
            else:
                self._put(*found)
        self.place += 1

    def _put(self, code: int, mark: int) -> None:
        if mark:
            self.marks.append(chr(code))
            return
        self.out.append(chr(code))
        if self.marks:
            self.out.extend(self.marks)
            self.marks.clear()

    def _complain(self, detail: str, place: int) -> None:
        self.problems.append(Problem("marc8-bytes", Severity.MENDED, "", place, detail))


_HALVES: Final = {"\u0361": ("\ufe20", "\ufe21"), "\u0360": ("\ufe22", "\ufe23")}
_TWO_LETTER_MARK: Final = re.compile("([\u0360\u0361])(.)", re.DOTALL)
_LEFT_SETS: Final = (_ASCII, 0x4E, 0x32, 0x33, 0x53, 0x70, 0x62)
_RIGHT_SETS: Final = (_ANSEL, 0x51, 0x34)
_TO_LEFT: Final = {
    _ASCII: b"\x1b(B",
    0x4E: b"\x1b(N",
    0x32: b"\x1b(2",
    0x33: b"\x1b(3",
    0x53: b"\x1b(S",
    0x70: b"\x1bp",
    0x62: b"\x1bb",
    _EACC: b"\x1b$1",
}
_TO_RIGHT: Final = {_ANSEL: b"\x1b)!E", 0x51: b"\x1b)Q", 0x34: b"\x1b)4"}
_TECHNICAL_SETS: Final = (0x70, 0x62)


class _Inverse:
    """From characters to codes for every set; built when the first text outside ASCII is written."""

    def __init__(self) -> None:
        self.codes: dict[int, dict[str, int]] = {}
        self.marks: set[str] = set()

    def table(self, name: int) -> dict[str, int]:
        if name not in self.codes:
            # The lowest code wins where a table gives one character twice; the ideographic space is the exception.
            table: dict[str, int] = {}
            for code, (point, mark) in sorted(_SETS[name].items(), reverse=True):
                table[chr(point)] = code
                if mark:
                    self.marks.add(chr(point))
            if name == _EACC:
                table["\u3000"] = 0x212321
            self.codes[name] = table
        return self.codes[name]


_INVERSE: Final = _Inverse()


class _Writer:
    """One walk over the text; changes the working sets only when a character asks for it."""

    def __init__(self) -> None:
        self.g0 = _ASCII
        self.g1 = _ANSEL
        self.out = bytearray()
        self.problems: list[Problem] = []

    def write(self, text: str) -> tuple[bytes, tuple[Problem, ...]]:
        text = _TWO_LETTER_MARK.sub(lambda pair: _HALVES[pair[1]][0] + pair[2] + _HALVES[pair[1]][1], text)
        for base, marks in _clusters(text):
            for mark in marks:
                self._character(mark)
            if base:
                self._character(base)
        if self.g0 != _ASCII:
            self.out += b"\x1bs" if self.g0 in _TECHNICAL_SETS else _TO_LEFT[_ASCII]
        if self.g1 != _ANSEL:
            self.out += _TO_RIGHT[_ANSEL]
        return bytes(self.out), tuple(self.problems)

    def _character(self, character: str) -> None:
        place = self._place(character)
        if place is None:
            self.problems.append(Problem("not-in-marc8", Severity.WARNING, "", -1, f"U+{ord(character):04X}"))
            self._left(_ASCII)
            self.out += f"&#x{ord(character):04X};".encode()
            return
        name, code = place
        if name == _EACC:
            self._left(name)
            self.out += code.to_bytes(3)
        elif name in _TO_RIGHT:
            self._right(name)
            self.out.append(code)
        else:
            self._left(name)
            self.out.append(code)

    def _place(self, character: str) -> tuple[int, int] | None:
        if character <= " " or character == ".":
            # Alike in several sets; the Library of Congress returns to ASCII before each of them.
            return _ASCII, ord(character)
        for name in (self.g0, self.g1, *_LEFT_SETS[:1], *_RIGHT_SETS, *_LEFT_SETS[1:], _EACC):
            code = _INVERSE.table(name).get(character)
            if code is not None:
                return name, code
        return None

    def _left(self, name: int) -> None:
        if self.g0 != name:
            self.out += b"\x1bs" if name == _ASCII and self.g0 in _TECHNICAL_SETS else _TO_LEFT[name]
            self.g0 = name

    def _right(self, name: int) -> None:
        if self.g1 != name:
            self.out += _TO_RIGHT[name]
            self.g1 = name


def _clusters(text: str) -> list[tuple[str, str]]:
    """Cut text into letters with the marks that follow them, precomposed letters taken apart."""
    for name in (_ANSEL, *_LEFT_SETS, *_RIGHT_SETS):
        _INVERSE.table(name)
    clusters: list[tuple[str, str]] = []
    for character in text:
        for part in _taken_apart(character):
            if part in _INVERSE.marks and clusters and clusters[-1][0]:
                clusters[-1] = (clusters[-1][0], clusters[-1][1] + part)
            elif part in _INVERSE.marks:
                clusters.append(("", part))
            else:
                clusters.append((part, ""))
    return clusters


def _taken_apart(character: str) -> str:
    if character.isascii() or any(character in _INVERSE.table(name) for name in (*_RIGHT_SETS, *_LEFT_SETS)):
        return character
    parts = unicodedata.normalize("NFD", character)
    # A compatibility ideograph has a single other form; it is kept, for EACC may hold both.
    marks = len(parts) > 1 and all(part in _INVERSE.marks for part in parts[1:])
    return parts if marks else character
