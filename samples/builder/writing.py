"""Turns records into bytes: ISO 2709 in UTF-8, GB18030 or MARC-8, and MARCXML."""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pymarc import marc8_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from builder.parts import Record

SUBFIELD, FIELD_END, RECORD_END = b"\x1f", b"\x1e", b"\x1d"
ANSEL, CYRILLIC, CYRILLIC_MORE = 0x45, 0x4E, 0x51
TO_ASCII = b"\x1b(B"


def iso2709(record: Record, encode: Callable[[str], bytes]) -> bytes:
    """Write a record as ISO 2709 with the lengths and the base address that are right."""
    directory, data = b"", b""
    for each in record.fields:
        if each.subfields:
            body = each.indicators.encode("ascii")
            body += b"".join(SUBFIELD + code.encode("ascii") + encode(value) for code, value in each.subfields)
        else:
            body = each.text.encode("ascii")
        body += FIELD_END
        directory += each.tag.encode("ascii") + b"%04d%05d" % (len(body), len(data))
        data += body
    base = 24 + len(directory) + 1
    leader = record.leader.encode("ascii")
    if len(leader) != 24:
        raise ValueError(f"a leader of {len(leader)} characters: {record.leader}")
    head = b"%05d%b%05d%b" % (base + len(data) + 1, leader[5:12], base, leader[17:])
    return head + directory + FIELD_END + data + RECORD_END


def encoder(charset: str) -> Callable[[str], bytes]:
    """Return what turns text into bytes of a character set; a character outside it stops the build."""
    if charset == "MARC-8":
        return marc8
    return lambda text: unicodedata.normalize("NFC", text).encode(charset)


@functools.cache
def _marc8_tables() -> dict[str, tuple[int, int]]:
    """Return set and byte for each character of Extended Latin and the two Cyrillic sets."""
    tables: dict[str, tuple[int, int]] = {}
    for name in (CYRILLIC_MORE, CYRILLIC, ANSEL):
        for byte, (code, _) in marc8_mapping.CODESETS[name].items():
            char = chr(code)
            if byte > 0x9F or (name != ANSEL and 0x400 <= code < 0x500):
                tables[char] = (name, byte & 0x7F if name != ANSEL else byte)
    return tables


def marc8(text: str) -> bytes:
    """Write Latin and Cyrillic text in MARC-8 (MARC 21 Specifications for Character Sets); marks precede letters."""
    out, active = bytearray(), 0x42
    for cluster in _clusters(text):
        for char in cluster:
            if ord(char) < 0x80:
                wanted, byte = 0x42, ord(char)
            else:
                wanted, byte = _marc8_tables()[char]
            neutral = wanted == ANSEL or char == " "
            if not neutral and wanted != active:
                out += b"\x1b(" + (b"B" if wanted == 0x42 else bytes([wanted]))
                active = wanted
            out.append(byte)
    if active != 0x42:
        out += TO_ASCII
    return bytes(out)


def _clusters(text: str) -> Iterable[list[str]]:
    """Yield each character taken apart, its marks before it."""
    tables = _marc8_tables()
    pending: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        apart = [char] if char in tables or ord(char) < 0x80 else list(unicodedata.normalize("NFD", char))
        if unicodedata.combining(char):
            pending[:-1] = [*pending[:-1], char]
            continue
        if pending:
            yield pending
        pending = [*apart[1:], apart[0]]
    if pending:
        yield pending


def marcxml(records: Iterable[Record]) -> bytes:
    """Write a MARCXML collection (MARC 21 XML Schema, "slim"), one field a line."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<collection xmlns="http://www.loc.gov/MARC21/slim">']
    for record in records:
        lines += ["<record>", f"<leader>{record.leader}</leader>"]
        for each in record.fields:
            if not each.subfields:
                lines.append(f'<controlfield tag="{each.tag}">{escape(each.text)}</controlfield>')
                continue
            inner = "".join(
                f"<subfield code={quoteattr(code)}>{escape(text)}</subfield>" for code, text in each.subfields
            )
            first, second = each.indicators
            lines.append(f'<datafield tag="{each.tag}" ind1="{first}" ind2="{second}">{inner}</datafield>')
        lines.append("</record>")
    lines.append("</collection>\n")
    return unicodedata.normalize("NFC", "\n".join(lines)).encode("utf-8")
