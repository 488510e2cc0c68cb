from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards.marc import framing, iso2709
from tongwen.standards.marc.types import Charset, Field, Frame, Record, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

LEADER = "00000nam a2200000   4500"


def record(number: int) -> bytes:
    title = Field("245", "10", (("a", f"Book number {number} :"), ("b", "一本书" * (number % 7))))
    note = Field("500", "  ", (("a", "Includes index. " * (number % 5 + 1)),))
    return iso2709.encode(Record(LEADER, (Field("001", data=f"id{number:06d}"), title, note)))


GOOD = [record(number) for number in range(9)]


def with_length(raw: bytes, length: int) -> bytes:
    return b"%05d" % length + raw[5:]


def middle(raw: bytes) -> int:
    return int(raw[12:17]) + 18


def with_inner_terminator(raw: bytes) -> bytes:
    return raw[: middle(raw)] + b"\x1d" + raw[middle(raw) + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "length too small": lambda raw: with_length(raw, len(raw) - 7),
    "length too large": lambda raw: with_length(raw, len(raw) + 300),
    "length to the end of the next": lambda raw: with_length(raw, len(raw) + len(GOOD[5])),
    "length of letters": lambda raw: b"12x45" + raw[5:],
    "length zero": lambda raw: with_length(raw, 0),
    "length 99999": lambda raw: with_length(raw, 99_999),
    "length blank": lambda raw: b"     " + raw[5:],
    "byte inserted": lambda raw: raw[: middle(raw)] + b"X" + raw[middle(raw) :],
    "byte lost": lambda raw: raw[: middle(raw)] + raw[middle(raw) + 1 :],
    "recoded without new lengths": lambda raw: raw.replace(b"n", b"\xc3\xb1"),
    "terminator lost": lambda raw: raw[:-1],
    "both terminators lost": lambda raw: raw[:-2],
    "cut in the data": lambda raw: raw[: middle(raw)],
    "cut in the directory": lambda raw: raw[:41],
    "cut in the leader": lambda raw: raw[:13],
    "gone": lambda _: b"",
    "leader lost": lambda raw: raw[24:],
    "line feed before": lambda raw: b"\n" + raw,
    "line end behind": lambda raw: raw + b"\r\n",
    "zero bytes before": lambda raw: b"\x00" * 100 + raw,
    "byte order mark before": lambda raw: b"\xef\xbb\xbf" + raw,
    "junk before": lambda raw: b"<html><body>502 Bad Gateway</body></html>" + raw,
    "terminator twice": lambda raw: raw + b"\x1d",
    "terminator in a field": with_inner_terminator,
    "field terminator in a field": lambda raw: raw[: middle(raw)] + b"\x1e" + raw[middle(raw) + 1 :],
    "base address wrong": lambda raw: raw[:12] + b"00030" + raw[17:],
    "directory one byte short": lambda raw: raw[:40] + raw[41:],
}


def frames(data: bytes, chunk_size: int = framing.CHUNK) -> list[Frame]:
    return list(framing.frames(io.BytesIO(data), chunk_size=chunk_size))


def sound(found: list[Frame]) -> list[bytes]:
    return [frame.raw for frame in found if all(item.severity is not Severity.ERROR for item in frame.problems)]


class TestFraming:
    def test_gives_every_record_its_place(self) -> None:
        found = frames(b"".join(GOOD))
        assert [frame.raw for frame in found] == GOOD
        assert [frame.ordinal for frame in found] == list(range(9))
        assert found[3].offset == sum(map(len, GOOD[:3]))
        assert not any(frame.problems for frame in found)

    @pytest.mark.parametrize("chunk_size", [7, 300, 1 << 20])
    @pytest.mark.parametrize("place", [0, 4, 8])
    @pytest.mark.parametrize("name", DAMAGE)
    def test_saves_the_records_beside_a_damaged_one(self, name: str, place: int, chunk_size: int) -> None:
        parts = [*GOOD[:place], DAMAGE[name](GOOD[place]), *GOOD[place + 1 :]]
        data = b"".join(parts)
        found = frames(data, chunk_size)
        kept = sound(found)
        assert [raw for raw in kept if raw in GOOD and raw != GOOD[place]] == [*GOOD[:place], *GOOD[place + 1 :]]
        for frame in found:
            assert data[frame.offset : frame.offset + len(frame.raw)] == frame.raw

    @pytest.mark.parametrize(
        ("name", "code", "severity"),
        [
            ("length too small", "leader-length", Severity.MENDED),
            ("length of letters", "leader-length", Severity.MENDED),
            ("terminator lost", "terminator-missing", Severity.MENDED),
            ("cut in the data", "truncated", Severity.ERROR),
            ("cut in the directory", "truncated", Severity.ERROR),
            ("line feed before", "bytes-between", Severity.WARNING),
            ("line end behind", "bytes-between", Severity.WARNING),
            ("junk before", "no-record", Severity.ERROR),
            ("terminator in a field", "terminator-in-data", Severity.WARNING),
        ],
    )
    def test_says_what_was_wrong(self, name: str, code: str, severity: Severity) -> None:
        found = frames(b"".join([*GOOD[:4], DAMAGE[name](GOOD[4]), *GOOD[5:]]))
        assert [(item.code, item.severity) for frame in found for item in frame.problems] == [(code, severity)]

    def test_reads_a_record_with_its_terminator_inside_a_field_whole(self) -> None:
        damaged = with_inner_terminator(GOOD[4])
        found = frames(b"".join([*GOOD[:4], damaged, *GOOD[5:]]))
        assert found[4].raw == damaged
        assert len(found) == 9
        assert iso2709.decode(damaged).lossless

    def test_names_a_file_cut_at_its_end(self) -> None:
        data = b"".join(GOOD)
        found = frames(data[:-40])
        assert [frame.raw for frame in found[:8]] == GOOD[:8]
        assert found[8].problems[0].code == "truncated"
        assert found[8].offset == len(data) - len(GOOD[8])

    def test_reads_records_past_99999_bytes_by_their_terminator(self) -> None:
        long = b"99999" + GOOD[1][5:-2] + b"x" * 200_000 + b"\x1e\x1d"
        found = frames(b"".join([GOOD[0], long, GOOD[2]]), 4096)
        assert [frame.raw for frame in found] == [GOOD[0], long, GOOD[2]]
        assert found[1].problems[0].severity is Severity.MENDED

    def test_bounds_what_waits_for_a_terminator(self) -> None:
        found = list(framing.frames(io.BytesIO(b"x" * 100_000 + GOOD[0]), chunk_size=1000, longest=10_000))
        assert max(len(frame.raw) for frame in found) <= 11_000
        assert found[-1].raw == GOOD[0]

    @given(st.binary(max_size=400), st.integers(1, 500))
    def test_takes_any_bytes(self, data: bytes, chunk_size: int) -> None:
        for frame in frames(data, chunk_size):
            assert data[frame.offset : frame.offset + len(frame.raw)] == frame.raw


class TestResuming:
    def test_goes_on_at_any_record(self) -> None:
        data = b"".join(GOOD)
        whole = frames(data)
        place = whole[5].offset
        source = io.BytesIO(data)
        source.seek(place)
        assert list(framing.frames(source, start=place, ordinal=5)) == whole[5:]


class TestChunks:
    @pytest.mark.parametrize("chunk_size", [100, 1000, 5000])
    def test_frames_chunk_by_chunk_as_in_one_go(self, chunk_size: int) -> None:
        chance = random.Random(1)
        parts = [DAMAGE[chance.choice(list(DAMAGE))](raw) if chance.random() < 0.3 else raw for raw in GOOD * 10]
        data = b"".join(parts)
        chunks = list(framing.chunks(io.BytesIO(data), chunk_size=chunk_size))
        assert b"".join(chunk.data for chunk in chunks) == data
        apart: list[Frame] = []
        for chunk in chunks:
            apart += framing.frames_of(chunk.data, chunk.offset, chunk.first_ordinal)
        assert apart == frames(data, chunk_size)
        assert [frame.ordinal for frame in apart] == list(range(len(apart)))


class TestWideCharacters:
    @pytest.mark.parametrize("charset", [Charset.UTF_16LE, Charset.UTF_16BE])
    def test_frames_utf16_with_the_offsets_of_the_file(self, charset: Charset) -> None:
        raws = [iso2709.encode(iso2709.decode(raw).record, charset=charset) for raw in GOOD]
        mark = "\ufeff".encode(iso2709.charsets.CODECS[charset])
        found = frames(mark + b"".join(raws), 1000)
        assert [frame.raw for frame in found] == raws
        assert found[2].offset == 2 + len(raws[0]) + len(raws[1])
        decoded = iso2709.decode(found[7].raw)
        assert decoded.charset.charset is charset
        assert decoded.lossless
        assert decoded.record.fields == iso2709.decode(GOOD[7]).record.fields


class TestRealFiles:
    def test_counts_the_sample_of_the_library_of_congress(self) -> None:
        with shared("marc21/loc_D.mrc").open("rb") as source:
            assert sum(1 for _ in framing.frames(source)) == 12_471

    def test_finds_the_records_among_the_broken_ones_of_pymarc(self) -> None:
        found = frames(shared("marc_edge/pymarc/bad_records.mrc").read_bytes())
        assert len(found) == 9
