"""What a file is, from its first bytes: one of the three serialisations of MARC, or something else by name."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tongwen.standards.marc import charset as charsets
from tongwen.standards.marc.types import Serialization

HEAD = 65_536
"""How many bytes of the beginning make a safe verdict; fewer will do."""


class Sniffed(NamedTuple):
    """The verdict. `what` is a stable word (`iso2709`, `jpeg`, `empty` …), `detail` an English sentence for people,
    `offset` the byte where the first record begins or the evidence stands.
    """

    serialization: Serialization | None
    what: str
    detail: str
    offset: int = 0


_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "jpeg", "This is a JPEG image, not a file of MARC records."),
    (b"\x89PNG\r\n\x1a\n", "png", "This is a PNG image, not a file of MARC records."),
    (b"GIF8", "gif", "This is a GIF image, not a file of MARC records."),
    (b"II*\x00", "tiff", "This is a TIFF image, not a file of MARC records."),
    (b"MM\x00*", "tiff", "This is a TIFF image, not a file of MARC records."),
    (b"%PDF-", "pdf", "This is a PDF document, not a file of MARC records."),
    (b"\x1f\x8b", "gzip", "This file is compressed with gzip. Unpack it and load the file inside."),
    (b"BZh", "bzip2", "This file is compressed with bzip2. Unpack it and load the file inside."),
    (b"\xfd7zXZ\x00", "xz", "This file is compressed with xz. Unpack it and load the file inside."),
    (b"\x28\xb5\x2f\xfd", "zstd", "This file is compressed with zstd. Unpack it and load the file inside."),
    (b"Rar!\x1a\x07", "rar", "This is a RAR archive. Unpack it and load the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "7z", "This is a 7z archive. Unpack it and load the file inside."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ms-office", "This is an Office document (97-2003), not a MARC file."),
    (b"SQLite format 3\x00", "sqlite", "This is an SQLite database, not a file of MARC records."),
    (b"\x7fELF", "program", "This is a program, not a file of MARC records."),
    (b"MZ\x90\x00", "program", "This is a program, not a file of MARC records."),
)
_OFFICE_PARTS = re.compile(rb"(?:word|xl|ppt)/|\[Content_Types\]\.xml|mimetypeapplication/vnd\.oasis")
_LEADER = re.compile(r"[0-9 ]{5}[\x20-\x7e]{7}[0-9 ]{5}[\x20-\x7e]{7}")
_ANY_LEADER = re.compile(rb"[0-9]{5}[\x20-\x7e]{7}[0-9]{5}[\x20-\x7e]{7}[0-9A-Za-z]{3}[0-9]{9}")
_XML = re.compile(r"\s*<(?:\?xml|!--|!DOCTYPE|[A-Za-z_])")
_HTML = re.compile(r"\s*(?:<!DOCTYPE\s+html|<html\b|<head\b|<body\b)", re.IGNORECASE)
_RECORD = re.compile(r"<(?:[\w.-]+:)?record[\s>]")
_MARC_SIGNS = re.compile(r"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>]|MARC21/slim")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_MARC_JSON = re.compile(r'"(?:leader|fields)"\s*:')
_LINE_MARC = re.compile(r"\s*=(?:LDR|[0-9A-Z]{3})  \S", re.MULTILINE)
_TAGGED_LINES = re.compile(r"(?:^|\n)\s*(?:LDR|[0-9]{3})[ \t|][^\n]{2,}\n\s*[0-9]{3}[ \t|]")


def sniff(head: bytes) -> Sniffed:
    """Recognise what the beginning of a file is; whatever is not MARC is named in words."""
    if not head:
        return Sniffed(None, "empty", "The file is empty: it has no bytes at all.")
    magic = _by_magic(head)
    if magic is not None:
        return magic
    place = len(head) - len(head.lstrip(b"\xef\xbb\xbf\r\n\t \x00\x1a"))
    if place == len(head):
        return Sniffed(None, "blank", "The file holds only spaces, line ends or zero bytes.")
    text, unit = _as_text(head)
    return (
        _iso2709(text, unit)
        or _markup(text, unit)
        or _json(text, unit)
        or _hidden_record(head)
        or _lines(text)
        or _unknown(head)
    )


def _by_magic(head: bytes) -> Sniffed | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if _OFFICE_PARTS.search(head[:4096]):
            return Sniffed(None, "ms-office", "This is an Office document (Word, Excel or the like), not a MARC file.")
        return Sniffed(None, "zip", "This is a ZIP archive. Unpack it and load the file inside.")
    for mark, what, detail in _MAGIC:
        if head.startswith(mark):
            return Sniffed(None, what, detail)
    return None


def _as_text(head: bytes) -> tuple[str, int]:
    """Return the beginning as characters of one byte each, or of two for UTF-16; and how many bytes that is."""
    wide = charsets.wide_charset(head[: len(head) - len(head) % 2])
    if wide is not None:
        codec = charsets.CODECS[wide.charset]
        return head[: len(head) - len(head) % 2].decode(codec, "replace"), 2
    return head.decode("latin-1"), 1


def _begin(text: str) -> int:
    for mark in ("\ufeff", "\xef\xbb\xbf"):
        if text.startswith(mark):
            return len(mark) + _begin(text[len(mark) :])
    return len(text) - len(text.lstrip("\r\n\t\x00\x1a "))


def _iso2709(text: str, unit: int) -> Sniffed | None:
    begin = _begin(text)
    # A leader may begin with blanks for its length, so the spaces before are tried as part of it too.
    for place in (begin, max(begin - 5, 0), 0):
        leader = _LEADER.match(text, place)
        follows = text[place + 24 : place + 27]
        if leader is None or not follows.isalnum():
            continue
        if "\x1e" in text[place:] or re.match(r"(?:[0-9A-Za-z]{3}[0-9]{9}){2}", text[place + 24 :]):
            width = " in UTF-16" if unit == 2 else ""
            return Sniffed(Serialization.ISO2709, "iso2709", f"MARC records in ISO 2709{width}.", place * unit)
    return None


def _markup(text: str, unit: int) -> Sniffed | None:
    begin = _begin(text)
    if _HTML.match(text, begin):
        return Sniffed(None, "html", "This is a web page (HTML), not a file of MARC records.", begin * unit)
    if _XML.match(text, begin) is None:
        return None
    if _MARC_SIGNS.search(text) or (_RECORD.search(text) and "<collection" in text):
        record = _RECORD.search(text)
        place = record.start() if record else begin
        return Sniffed(Serialization.MARCXML, "marcxml", "MARC records in MARCXML.", place * unit)
    root = _ROOT.search(text, begin)
    name = root.group(1) if root else "?"
    return Sniffed(None, "xml", f"This is XML with the root element <{name}>, but not MARCXML.", begin * unit)


def _json(text: str, unit: int) -> Sniffed | None:
    begin = _begin(text)
    if text[begin : begin + 1] not in ("[", "{"):
        return None
    if _MARC_JSON.search(text):
        if unit == 2:
            return Sniffed(None, "json", "This is JSON in UTF-16; JSON must be UTF-8 (RFC 8259).", begin * unit)
        return Sniffed(Serialization.JSON, "marc-in-json", "MARC records in MARC-in-JSON.", begin)
    if re.match(r"[\[{]\s*[\]{}\"\[0-9]", text[begin:]):
        return Sniffed(None, "json", "This is JSON, but no MARC-in-JSON: it has neither leader nor fields.", begin)
    return None


def _hidden_record(head: bytes) -> Sniffed | None:
    """Find an ISO 2709 record behind junk; the record's terminator must be there to be believed."""
    found = _ANY_LEADER.search(head)
    if found is None or b"\x1e" not in head[found.start() :]:
        return None
    detail = f"MARC records in ISO 2709 after {found.start()} bytes that are no record."
    return Sniffed(Serialization.ISO2709, "iso2709", detail, found.start())


def _lines(text: str) -> Sniffed | None:
    if _LINE_MARC.match(text, _begin(text)):
        detail = "This is MARC as text lines (mrk, as MarcEdit writes it). Convert it to ISO 2709 or MARCXML first."
        return Sniffed(None, "mrk", detail)
    if _TAGGED_LINES.search(text[:4096]):
        return Sniffed(None, "marc-lines", "This is MARC printed as lines of text. Export ISO 2709 or MARCXML instead.")
    return None


def _unknown(head: bytes) -> Sniffed:
    sample = head[:4096]
    controls = len(sample) - len(sample.translate(None, bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))))
    if controls == 0:
        shown = repr(_readable(head)[:20])
        return Sniffed(None, "text", f"This is plain text, not a file of MARC records. It begins with {shown}.")
    shown = repr(head[:20].decode("latin-1"))
    return Sniffed(None, "binary", f"These bytes are of no kind that can be loaded. The file begins with {shown}.")


def _readable(head: bytes) -> str:
    """Return the first characters of a text in the charset that fits: UTF-8, else GB18030, else Latin-1."""
    for codec in ("utf-8-sig", "gb18030"):
        try:
            # The last character may be cut off by the end of the head.
            return codecs.getincrementaldecoder(codec)().decode(head[:200])
        except UnicodeDecodeError:
            continue
    return head[:200].decode("latin-1")
