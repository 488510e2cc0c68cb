from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards.marc import marc8
from tongwen.standards.marc.types import Severity

HELD = "abc XYZ 0123456789 łøđþæœ äöü éèê ñç ǎ ạ Москва שלום مكتبة αβγ ₁² 中國圖書館 ひらがな カタカナ 한글 ℓ℗©♯¿¡ß€"


class TestDecode:
    @pytest.mark.parametrize(
        ("data", "text"),
        [
            (b"plain", "plain"),
            (b"M\xe8unchen", "Mu\u0308nchen"),
            (b"\xe1\xe3a", "a\u0300\u0302"),
            (b"\xebi\xecu\xf2\xebt\xecs", "i\ufe20u\ufe21t\u0323\ufe20s\ufe21"),
            (b"\x1b(NmOSKWA\x1b(B, 1917", "Москва, 1917"),
            (b"\x1b$1!04'U<\x1b(B /", "中华 /"),
            (b"H\x1bb2\x1bsO", "H₂O"),
            (b"\x1bga\x1bs-rays", "α-rays"),
            (b"&#x4E66;", "书"),
            (b"&#x41; stays", "&#x41; stays"),
        ],
    )
    def test_reads(self, data: bytes, text: str) -> None:
        assert marc8.decode(data) == (text, ())

    def test_reads_the_samples_of_the_library_of_congress(self) -> None:
        coded = shared("marc_edge/pymarc/test_marc8.txt").read_bytes().split(b"\n")
        plain = shared("marc_edge/pymarc/test_utf8.txt").read_bytes().decode().split("\n")
        assert len(coded) == len(plain) > 1500
        for data, expected in zip(coded, plain, strict=True):
            text, problems = marc8.decode(data)
            assert problems == ()
            assert unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", expected)

    @pytest.mark.parametrize(
        ("data", "offset"),
        [(b"ab\xffc", 2), (b"ab\x1b(Zc", 2), (b"abc\xe8", 3), (b"\x1b$1!0", 3), (b"\x1b$1~~~", 3), (b"end\x1b", 3)],
    )
    def test_names_the_place_of_what_has_no_meaning(self, data: bytes, offset: int) -> None:
        _, problems = marc8.decode(data)
        assert problems[0].offset == offset
        assert problems[0].severity is Severity.MENDED

    @given(st.binary(max_size=80))
    def test_takes_any_bytes(self, data: bytes) -> None:
        text, problems = marc8.decode(data)
        if b"\x1b" not in data and not problems and b"&#x" not in data:
            assert marc8.decode(marc8.encode(text)[0])[0] == text


class TestEncode:
    def test_round_trips_every_set(self) -> None:
        data, problems = marc8.encode(HELD)
        assert problems == ()
        text, findings = marc8.decode(data)
        assert findings == ()
        assert unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", HELD)

    def test_writes_one_ligature_as_two_halves(self) -> None:
        assert marc8.encode("i\u0361u") == (b"\xebi\xecu", ())

    def test_writes_a_reference_for_what_marc8_does_not_hold(self) -> None:
        data, problems = marc8.encode("a𠀀b")
        assert data == b"a&#x20000;b"
        assert problems[0].detail == "U+20000"

    @given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40))
    def test_says_the_same_after_reading_again(self, text: str) -> None:
        data, _ = marc8.encode(text)
        again, problems = marc8.decode(data)
        assert marc8.encode(again)[0] == data or problems

    def test_writes_most_samples_of_the_library_of_congress_byte_for_byte(self) -> None:
        lines = shared("marc_edge/pymarc/test_marc8.txt").read_bytes().split(b"\n")
        same = sum(1 for line in lines if marc8.encode(marc8.decode(line)[0])[0] == line)
        assert same > 0.9 * len(lines)


class TestPlausible:
    def test_accepts_ansel_and_refuses_other_sets(self) -> None:
        assert marc8.plausible(b"M\xe8unchen, \xa1\xe2od\xe2z, \xb2re")
        assert not marc8.plausible(b"a mark before a stop: \xe8.")
        assert not marc8.plausible("Москва и Ленинград".encode("cp1251"))
        assert not marc8.plausible("中国图书馆分类法".encode("gb18030"))
