from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards.marc import iso2709, marcjson, marcxml, sniff
from tongwen.standards.marc.types import Charset, Field, Record, Serialization

RECORD = Record("00000nam a2200000   4500", (Field("001", data="1"), Field("245", "10", (("a", "T"),))))
XML = b"".join(marcxml.document([RECORD])).decode()
ISO = iso2709.encode(RECORD)


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("books.mrc", ISO)
    return target.getvalue()


class TestSniff:
    @pytest.mark.parametrize(
        ("head", "serialization", "offset"),
        [
            (ISO, Serialization.ISO2709, 0),
            (b"\xef\xbb\xbf" + ISO, Serialization.ISO2709, 3),
            (b"\r\n\r\n" + ISO, Serialization.ISO2709, 4),
            (b"junk of a mail program\n" + ISO, Serialization.ISO2709, 23),
            (iso2709.encode(RECORD, charset=Charset.UTF_16LE), Serialization.ISO2709, 0),
            (b"\xff\xfe" + iso2709.encode(RECORD, charset=Charset.UTF_16LE), Serialization.ISO2709, 2),
            (XML.encode(), Serialization.MARCXML, XML.index("<record")),
            ("\ufeff".encode() + marcxml.encode(RECORD), Serialization.MARCXML, 3),
            (XML.encode("utf-16"), Serialization.MARCXML, 2 + 2 * XML.index("<record")),
            (marcjson.encode(RECORD), Serialization.JSON, 0),
            (b"[\n" + marcjson.encode(RECORD) + b"]", Serialization.JSON, 0),
        ],
    )
    def test_recognises_marc(self, head: bytes, serialization: Serialization, offset: int) -> None:
        found = sniff.sniff(head)
        assert (found.serialization, found.offset) == (serialization, offset)

    @pytest.mark.parametrize(
        ("head", "what"),
        [
            (b"", "empty"),
            (b"\r\n  \x00", "blank"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
            (b"\x89PNG\r\n\x1a\n\x00", "png"),
            (b"%PDF-1.7", "pdf"),
            (zipped(), "zip"),
            (gzip.compress(ISO, mtime=0), "gzip"),
            (b"Rar!\x1a\x07\x01\x00", "rar"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ms-office"),
            (b"PK\x03\x04\x14\x00[Content_Types].xml", "ms-office"),
            (b"<!DOCTYPE html><html>", "html"),
            (b"<?xml version='1.0'?><rss/>", "xml"),
            (b'{"name": "nobody"}', "json"),
            (b"=LDR  00000nam\n=001  1\n", "mrk"),
            (b"001 12345\n245 10 $a Title\n", "marc-lines"),
            (b"Dear colleague,\nplease find", "text"),
            (b"\x01\x02\x03\x04", "binary"),
        ],
    )
    def test_names_what_is_not_marc(self, head: bytes, what: str) -> None:
        found = sniff.sniff(head)
        assert (found.serialization, found.what) == (None, what)
        assert found.detail.endswith(".")

    @pytest.mark.parametrize("name", ["princeton", "trln", "uva_solrmarc"])
    def test_recognises_real_files(self, name: str) -> None:
        expected = {".mrc": Serialization.ISO2709, ".mrx": Serialization.MARCXML}
        seen = 0
        for path in shared(f"marc21/{name}").iterdir():
            if path.suffix in expected:
                assert sniff.sniff(path.read_bytes()[: sniff.HEAD]).serialization is expected[path.suffix]
                seen += 1
        assert seen > 5

    @given(st.binary(max_size=200))
    def test_takes_any_bytes(self, head: bytes) -> None:
        assert sniff.sniff(head).detail


class TestPlainText:
    def test_is_quoted_in_its_own_characters(self) -> None:
        for charset in ("utf-8", "gb18030"):
            assert "各位同仁" in sniff.sniff("各位同仁:附件是书目数据。\n".encode(charset)).detail
