"""Which character set a record is read in, and the reading itself.

Nothing is guessed in silence: every choice carries its reason, and `certain` is false where only likelihood speaks.
Sources: MARC 21 leader position 09; UNIMARC 100 $a 26-29; the MARC-8 specification for what bytes can mean there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tongwen.standards.marc import marc8
from tongwen.standards.marc.types import Charset, CharsetEvidence, Format, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

CODECS = {
    Charset.UTF_8: "utf-8",
    Charset.GB18030: "gb18030",
    Charset.UTF_16LE: "utf-16-le",
    Charset.UTF_16BE: "utf-16-be",
    Charset.LATIN_1: "latin-1",
    Charset.CP1251: "cp1251",
}
"""Python's codec for each character set but MARC-8, which `marc8` reads."""

_ESCAPE = 0x1B
_ASCII = CharsetEvidence(Charset.UTF_8, "ascii", certain=True)
_LEADER = CharsetEvidence(Charset.UTF_8, "leader", certain=True)
_THREE_BYTES = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]")
_CYRILLIC_RUN = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")
_CODED = re.compile(rb"\x1fa([0-9 a-zA-Z|#^-]{22}[^\x1d-\x1f]{4}([0-9| ]{2}))")
_COMMON_SHARE = 0.8
_CYRILLIC_SHARE = 0.6


def evidence(raw: bytes, *, declared: Charset | None = None, format: Format | None = None) -> CharsetEvidence:  # noqa: A002 - the field's word
    """Choose the character set of one ISO 2709 record and say why.

    `raw` is the whole record, leader first. What the loader's user declared is taken as said, except that a record of
    pure ASCII is reported as such and UTF-16 shows itself by its zero bytes.
    """
    if declared is not None:
        return CharsetEvidence(declared, "declared", certain=True)
    wide = wide_charset(raw)
    if wide is not None:
        return wide
    if raw.isascii() and _ESCAPE not in raw:
        return _LEADER if raw[9:10] == b"a" else _ASCII
    if _is_utf8(raw):
        return _for_valid_utf8(raw, format)
    if format is Format.CNMARC or (format is None and looks_like_unimarc(raw)):
        return _for_unimarc(raw)
    return _for_marc21(raw)


def wide_charset(raw: bytes) -> CharsetEvidence | None:
    """Recognise UTF-16 by its byte order mark, or by the zero bytes between the digits of a leader."""
    if raw[:2] == b"\xff\xfe":
        return CharsetEvidence(Charset.UTF_16LE, "bom", certain=True)
    if raw[:2] == b"\xfe\xff":
        return CharsetEvidence(Charset.UTF_16BE, "bom", certain=True)
    head = raw[:48]
    if len(head) < 48 or b"\x00" not in head:
        return None
    if not any(head[1::2]) and all(0 < byte < 0x80 for byte in head[0::2]):
        return CharsetEvidence(Charset.UTF_16LE, "nul-bytes", certain=True)
    if not any(head[0::2]) and all(0 < byte < 0x80 for byte in head[1::2]):
        return CharsetEvidence(Charset.UTF_16BE, "nul-bytes", certain=True)
    return None


def looks_like_unimarc(raw: bytes) -> bool:
    """Tell the UNIMARC family from MARC 21 by the directory alone (200 and 100, no 245 and no 008)."""
    directory = raw[24 : max(raw.find(b"\x1e"), 24)]
    tags = {directory[place : place + 3] for place in range(0, len(directory) - 11, 12)}
    return (b"200" in tags or b"801" in tags) and b"100" in tags and not tags & {b"245", b"008"}


def decode(data: bytes, charset: Charset) -> tuple[str, tuple[Problem, ...]]:
    """Read bytes in a character set; what cannot be read becomes U+FFFD with a problem at its offset in `data`."""
    if charset is Charset.MARC_8:
        return marc8.decode(data)
    codec = CODECS[charset]
    try:
        return data.decode(codec), ()
    except UnicodeDecodeError as error:
        wrong = data[error.start : error.start + 4].hex(" ")
        problem = Problem("charset-bytes", Severity.MENDED, "", error.start, f"{wrong} is not {charset.value}")
        return data.decode(codec, "replace"), (problem,)


def encoder(charset: Charset) -> Callable[[str], bytes]:
    """Return the writer of a character set; it raises UnicodeEncodeError for characters the set does not hold."""
    if charset is Charset.MARC_8:
        return _encode_marc8
    codec = CODECS[charset]
    return lambda text: text.encode(codec)


def _encode_marc8(text: str) -> bytes:
    # A surrogate has no number that a reader could turn back, so it is refused as every other writer does.
    text.encode("utf-8")
    return marc8.encode(text)[0]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _for_valid_utf8(raw: bytes, format: Format | None) -> CharsetEvidence:  # noqa: A002
    if raw[9:10] == b"a":
        return _LEADER
    if raw.isascii():
        return CharsetEvidence(Charset.MARC_8, "escape-sequences", certain=True)
    code = _character_set_code(raw)
    if code == b"50":
        return CharsetEvidence(Charset.UTF_8, "field-100", certain=True)
    if _THREE_BYTES.search(raw) is not None:
        return CharsetEvidence(Charset.UTF_8, "valid-utf8", certain=True)
    # Two-byte sequences alone can also be pairs of GBK: for Chinese records the coded field decides.
    chinese = format is Format.CNMARC or (format is None and looks_like_unimarc(raw))
    if chinese and code and _gb_share(raw) >= _COMMON_SHARE:
        return CharsetEvidence(Charset.GB18030, "field-100", certain=False)
    return CharsetEvidence(Charset.UTF_8, "valid-utf8", certain=not chinese)


def _for_unimarc(raw: bytes) -> CharsetEvidence:
    code = _character_set_code(raw)
    share = _gb_share(raw)
    if code == b"50" and share < _COMMON_SHARE:
        return CharsetEvidence(Charset.UTF_8, "field-100", certain=False)
    if share >= _COMMON_SHARE and not _looks_cyrillic(raw):
        # Coded field and content agree, or the content alone speaks.
        agreed = bool(code) and code != b"50"
        return CharsetEvidence(Charset.GB18030, "field-100" if agreed else "valid-gb18030", certain=agreed)
    if _looks_cyrillic(raw):
        return CharsetEvidence(Charset.CP1251, "cyrillic-letters", certain=False)
    if share > 0:
        return CharsetEvidence(Charset.GB18030, "valid-gb18030", certain=False)
    if _mostly_utf8(raw):
        return CharsetEvidence(Charset.UTF_8, "valid-utf8", certain=False)
    return CharsetEvidence(Charset.LATIN_1, "last-resort", certain=False)


def _for_marc21(raw: bytes) -> CharsetEvidence:  # noqa: PLR0911 - a list of questions, the first yes answers
    """Choose for bytes that are not valid UTF-8: LDR/09 says what was meant, the bytes say what is possible."""
    if raw[9:10] == b"a" and _mostly_utf8(raw):
        return CharsetEvidence(Charset.UTF_8, "leader", certain=False)
    if _ESCAPE in raw and marc8.has_escapes(raw):
        return CharsetEvidence(Charset.MARC_8, "escape-sequences", certain=True)
    if marc8.plausible(raw):
        if raw[9:10] == b"a":
            return CharsetEvidence(Charset.MARC_8, "valid-marc8", certain=False)
        return CharsetEvidence(Charset.MARC_8, "leader", certain=True)
    if _mostly_utf8(raw):
        return CharsetEvidence(Charset.UTF_8, "valid-utf8", certain=False)
    if _looks_cyrillic(raw):
        return CharsetEvidence(Charset.CP1251, "cyrillic-letters", certain=False)
    if _gb_share(raw) >= _COMMON_SHARE:
        return CharsetEvidence(Charset.GB18030, "valid-gb18030", certain=False)
    if raw[9:10] == b"a":
        return CharsetEvidence(Charset.UTF_8, "leader", certain=False)
    if marc8.plausible(raw, tolerance=0.1):
        return CharsetEvidence(Charset.MARC_8, "leader", certain=False)
    return CharsetEvidence(Charset.LATIN_1, "last-resort", certain=False)


def _character_set_code(raw: bytes) -> bytes:
    """Return UNIMARC 100 $a 26-27 (`50` is ISO 10646), b"" where the record has no such field."""
    found = _CODED.search(raw) if looks_like_unimarc(raw) else None
    return found.group(2).strip() if found else b""


def _mostly_utf8(raw: bytes) -> bool:
    """Say whether most high bytes belong to well-formed UTF-8 sequences."""
    high = sum(map(len, _HIGH.findall(raw)))
    good = sum(map(len, _SEQUENCE.findall(raw)))
    return high > 0 and good * 2 > high


def _gb_share(raw: bytes) -> float:
    """Return the share of GBK pairs that are everyday Han or symbols; 0.0 where the bytes are not GB18030 at all."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return 0.0
    pairs = _PAIR.findall(raw)
    common = sum(1 for pair in pairs if _COMMON_PAIR.match(pair))
    return common / len(pairs) if pairs else 0.0


def _looks_cyrillic(raw: bytes) -> bool:
    """Say whether the high bytes stand in runs of windows-1251 letters, as Russian words do."""
    runs = _CYRILLIC_RUN.findall(raw)
    high = sum(map(len, _HIGH.findall(raw)))
    if not runs or sum(map(len, runs)) < _CYRILLIC_SHARE * high:
        return False
    # Pairs of GBK come in even numbers, and capitals (C0-DF) inside a word are rare in Russian.
    odd = sum(1 for run in runs if len(run) % 2)
    lower = sum(1 for run in runs for byte in run[1:] if byte >= 0xE0 or byte == 0xB8)
    letters = sum(len(run) - 1 for run in runs)
    return odd * 5 >= len(runs) and lower * 3 >= letters * 2
