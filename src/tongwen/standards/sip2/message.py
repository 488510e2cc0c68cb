"""Messages as bytes: a code of two digits, a part of fixed length, fields of two letters ended by `|`, a check sum."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongwen.standards.sip2.dialects import Dialect

FIXED_LENGTHS = {
    "23": 21,
    "24": 35,
    "35": 18,
    "36": 19,
    "63": 31,
    "64": 59,
    "93": 2,
    "94": 1,
    "96": 0,
    "97": 0,
    "98": 34,
    "99": 8,
}
"""Characters between the code and the first field (3M SIP 2.00, chapter "Message formats")."""

LONGEST = 16_384
"""No message that is answered to a question about one patron is longer."""

_SUMMED = re.compile(rb"AY([0-9])AZ([0-9A-Fa-f]{4})[\r\n\x00 ]*\Z")
_FIELD = re.compile(r"[A-Z][A-Z0-9]")
_FIRST_FIELD = re.compile(r"A[OAE](?=[^|]*\|)")
_BEFORE, _BEHIND = b"\r\n\x00\t ", b"\r\n\x00"
_CONTROL = re.compile(r"[\x00-\x1f\x7f|]")


class Malformed(ValueError):
    """These bytes are no message of the protocol; the words say why, and hold nothing that a patron entered."""


class BadChecksum(Malformed):
    """The check sum is not that of the bytes: something was lost on the way."""


class Unsendable(ValueError):
    """A value cannot be put into a field: it holds the delimiter, a control character, or no such character exists."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message taken apart. `problems` are codes of what was read although the standard says otherwise."""

    code: str
    fixed: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    sequence: int | None = None
    problems: tuple[str, ...] = ()

    def values(self, field: str) -> tuple[str, ...]:
        """Return all values of a field in the order in which they stand."""
        return tuple(value for name, value in self.fields if name == field)

    def first(self, *fields: str) -> str:
        """Return the first value that is not empty, of the first of these fields that has one; "" where none has."""
        return next((value for name in fields for value in self.values(name) if value), "")


def checksum(content: bytes) -> str:
    """Return the four hexadecimal digits that make the sum of all bytes zero; `content` ends with `AZ`."""
    return f"{-sum(content) & 0xFFFF:04X}"


def encode(message: Message, dialect: Dialect) -> bytes:
    """Write a message with its terminator; a sequence number and check sum where the dialect has them.

    Raises:
        Unsendable: a field's value would end the field, or cannot be written in the dialect's charset.
    """
    length = FIXED_LENGTHS.get(message.code)
    if length is None or len(message.fixed) != length:
        raise Unsendable(f"the fixed part of {message.code} must have {length} characters")
    text = message.code + message.fixed + "".join(_field(*field) for field in message.fields)
    try:
        content = text.encode(dialect.charset)
    except UnicodeEncodeError:
        raise Unsendable(f"a value cannot be written in {dialect.charset}") from None
    if dialect.has_checksum:
        content += f"AY{message.sequence or 0}AZ".encode()
        content += checksum(content).encode()
    return content + dialect.terminator


def _field(name: str, value: str) -> str:
    if _CONTROL.search(value):
        raise Unsendable(f"the value of {name} holds a control character or the delimiter |")
    return f"{name}{value}|"


def decode(content: bytes, dialect: Dialect) -> Message:
    """Read a message; what can be understood without guessing at its meaning is read, and noted in `problems`.

    Raises:
        Malformed: this is no message, or its fixed part cannot be told from its fields.
        BadChecksum: it was damaged on the way.
    """
    if len(content) > LONGEST:
        raise Malformed(f"longer than {LONGEST} bytes")
    content, sequence, problems = _without_checksum(content.lstrip(_BEFORE).rstrip(_BEHIND), dialect)
    text = content.decode(dialect.charset, "replace")
    if "\ufffd" in text:
        problems.append("charset")
    code = text[:2]
    if code not in FIXED_LENGTHS:
        raise Malformed("it does not begin with the code of a known message")
    fixed, rest = _parted(code, text[2:], problems)
    return Message(code, fixed, _fields(rest, problems), sequence, tuple(problems))


def _without_checksum(content: bytes, dialect: Dialect) -> tuple[bytes, int | None, list[str]]:
    found = _SUMMED.search(content)
    if found is None:
        return content, None, ["unsummed"] if dialect.has_checksum else []
    if checksum(content[: found.start(2)]) != found[2].decode().upper():
        raise BadChecksum("the check sum (AZ) is not that of the message")
    return content[: found.start()], int(found[1]), []


def _parted(code: str, text: str, problems: list[str]) -> tuple[str, str]:
    """Split at the fixed length; systems that count wrongly (dates without a zone) are split before the first field."""
    length = FIXED_LENGTHS[code]
    fixed, rest = text[:length], text[length:]
    if len(fixed) == length and (not rest or _FIELD.match(rest)):
        return fixed, rest
    found = _FIRST_FIELD.search(text)
    if found is None:
        raise Malformed(f"the fixed part of {code} is not {length} characters long")
    problems.append("fixed-length")
    return text[: found.start()], text[found.start() :]


def _fields(text: str, problems: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    *whole, last = text.split("|")
    if last.strip():
        problems.append("unended-field")
        whole.append(last)
    for part in whole:
        if _FIELD.match(part):
            found.append((part[:2], part[2:]))
        elif part.strip():
            problems.append("unnamed-field")
    return tuple(found)
