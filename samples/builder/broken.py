"""Makes one file of each kind of bad input, from the samples' own records."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def files(utf8: Sequence[bytes], gbk: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content), given records in UTF-8 and in GB18030; what each must give stands in the README."""
    first, second, third = utf8[:3]
    yield "empty.mrc", b""
    yield "truncated.mrc", first + second + third[: len(third) * 2 // 3]
    yield "wrong-directory.mrc", first + _with_wrong_directory(second) + third
    yield "wrong-lengths.mrc", first + _with_length(second, len(second) + 37) + _with_length(third, 99) + utf8[3]
    yield "missing-terminator.mrc", first + second[:-1] + third
    yield "no-title.mrc", first + _without(second, b"200") + third
    yield "mixed-charsets.mrc", first + gbk[1] + second + _with_gbk_field(third)
    yield "over-long.mrc", first + _over_long(second) + third
    yield "junk-between.mrc", first + b"\r\n\x00\x00" + second + b"--- end of part 1 ---\r\n" + third
    yield "jpeg.mrc", jpeg()
    yield "records.zip", zipped("records.mrc", first + second + third)
    yield "zip-named.mrc", zipped("records.mrc", first + second + third)
    yield "text.txt", "这是一封信，不是书目数据。\nThis is a letter and holds no records.\n".encode()
    yield "cut-off.xml", _cut_off_xml()


def take_apart(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Return tag and data (with terminator) of each field."""
    base = int(raw[12:17])
    entries = [raw[at : at + 12] for at in range(24, base - 1, 12)]
    return [(e[:3], raw[base + int(e[7:]) : base + int(e[7:]) + int(e[3:7])]) for e in entries]


def put_together(leader: bytes, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write a record from fields; a length that has too many digits for its place is cut to 9s."""
    directory, data = b"", b""
    for tag, body in fields:
        directory += tag + b"%04d%05d" % (min(len(body), 9999), min(len(data), 99999))
        data += body
    base = 25 + len(directory)
    whole = min(base + len(data) + 1, 99999)
    return b"%05d%b%05d%b" % (whole, leader[5:12], base, leader[17:24]) + directory + b"\x1e" + data + b"\x1d"


def _with_length(raw: bytes, length: int) -> bytes:
    return b"%05d" % length + raw[5:]


def _with_wrong_directory(raw: bytes) -> bytes:
    """Let the third entry point past the end and give the fifth a length that is no number."""
    third, fifth = 24 + 2 * 12, 24 + 4 * 12
    broken = raw[: third + 7] + b"98765" + raw[third + 12 : fifth + 3] + b"12x4" + raw[fifth + 7 :]
    return broken if len(broken) == len(raw) else raw


def _without(raw: bytes, tag: bytes) -> bytes:
    return put_together(raw[:24], [each for each in take_apart(raw) if each[0] != tag])


def _with_gbk_field(raw: bytes) -> bytes:
    note = (b"300", b"  \x1fa" + "本字段用另一种字符集写成".encode("gb18030") + b"\x1e")
    return put_together(raw[:24], sorted([*take_apart(raw), note], key=lambda each: each[0]))


def _over_long(raw: bytes) -> bytes:
    """Add 40 notes of about 2,500 bytes each, so that the record passes the 99,999 bytes that a leader can say."""
    note = b"  \x1fa" + "此附注过长。".encode() * 140 + b"\x1e"
    fields = [*take_apart(raw), *[(b"300", note)] * 40]
    return put_together(raw[:24], sorted(fields, key=lambda each: each[0]))


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip with one file, the same bytes on every run."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0)), content)
    return sink.getvalue()


def jpeg() -> bytes:
    """Return a grey baseline JPEG of one pixel (ITU-T T.81): each Huffman table has the one code it needs."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    header = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    quantisation = segment(0xDB, b"\x00" + b"\x01" * 64)
    frame = segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    one_code = b"\x01" + b"\x00" * 15 + b"\x00"
    tables = segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    return b"\xff\xd8" + header + quantisation + frame + tables + scan + b"\xff\xd9"


def _cut_off_xml() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
        '<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">DEMOXML1</controlfield>'
        '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">天工开物</subfield></datafield></record>\n'
        '<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">DEMOXML2</controlfield>'
        '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">梦溪'
    ).encode()
