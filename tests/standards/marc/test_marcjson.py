from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards.marc import marcjson
from tongwen.standards.marc.types import Decoded, Field, Frame, Problem, Record, Severity, Unreadable

LEADER = "00000nam a2200000   4500"
RECORD = Record(
    LEADER,
    (Field("001", data="1"), Field("245", "10", (("a", '{"leader": "同文"}'), ("a", "again")))),
)
LINE = marcjson.encode(RECORD)
PRETTY = json.dumps(json.loads(LINE), indent=2, ensure_ascii=False).encode()
_text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
_field = st.one_of(
    st.builds(lambda data: Field("001", data=data), _text),
    st.builds(lambda tag, value: Field(f"{tag:03d}", " 0", (("a", value),)), st.integers(10, 999), _text),
)


def frames(data: bytes, chunk_size: int = marcjson.CHUNK) -> list[Frame]:
    return list(marcjson.frames(io.BytesIO(data), chunk_size=chunk_size))


class TestRoundTrip:
    @given(st.lists(_field, max_size=6))
    def test_gives_back_what_was_written(self, fields: list[Field]) -> None:
        record = Record(LEADER, tuple(fields))
        decoded = marcjson.decode(marcjson.encode(record))
        assert decoded.record == record
        assert decoded.lossless

    def test_refuses_half_a_surrogate_pair(self) -> None:
        with pytest.raises(marcjson.Unwritable):
            marcjson.encode(Record(LEADER, (Field("001", data="\ud800"),)))


class TestFrames:
    @pytest.mark.parametrize("chunk_size", [1, 50, 1 << 20])
    @pytest.mark.parametrize(
        "data",
        [
            b"\n".join([LINE] * 3),
            b"[" + b",\n".join([LINE] * 3) + b"]\n",
            b"\xef\xbb\xbf[\n" + b" ,\n ".join([PRETTY] * 3) + b"\n]\n",
            b"\r\n".join([LINE, LINE, LINE, b""]),
        ],
    )
    def test_cuts_objects_out_of_arrays_and_lines(self, data: bytes, chunk_size: int) -> None:
        found = frames(data, chunk_size)
        assert [frame.ordinal for frame in found] == [0, 1, 2]
        for frame in found:
            assert data[frame.offset : frame.offset + len(frame.raw)] == frame.raw
            assert marcjson.decode(frame.raw).record == RECORD

    def test_loses_only_the_broken_object(self) -> None:
        found = list(marcjson.read(io.BytesIO(b"\n".join([LINE, LINE[:-9] + b"}", LINE]))))
        assert [type(outcome) for _, outcome in found] == [Decoded, Problem, Decoded]

    def test_names_what_is_no_object(self) -> None:
        assert frames(b"nothing here")[0].problems[0].code == "no-record"


class TestDecode:
    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b'{"leader": "x', "json-not-well-formed"),
            (b'{"leader": "x"}', "record-empty"),
            (b"[]", "record-empty"),
            (b"", "json-not-well-formed"),
        ],
    )
    def test_refuses_what_is_no_record(self, raw: bytes, code: str) -> None:
        with pytest.raises(Unreadable) as caught:
            marcjson.decode(raw)
        assert caught.value.problem.code == code

    def test_mends_and_says_so(self) -> None:
        raw = b'{"leader": "short", "fields": [{"245": {"ind1": "", "subfields": [{"ab": "T"}, "x"]}}, 7, {"1": "y"}]}'
        decoded = marcjson.decode(raw)
        codes = {problem.code for problem in decoded.problems}
        assert codes == {"leader-length", "indicators", "subfield-code", "field-unreadable", "tag"}
        assert all(problem.severity is Severity.MENDED for problem in decoded.problems)
        assert not decoded.lossless

    @settings(max_examples=200)
    @given(st.data())
    def test_answers_any_mutation_with_a_record_or_a_diagnostic(self, data: st.DataObject) -> None:
        raw = bytearray(LINE)
        for _ in range(data.draw(st.integers(1, 5))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        try:
            marcjson.decode(bytes(raw))
        except Unreadable as error:
            assert error.problem.severity is Severity.ERROR  # noqa: PT017 - a record is as good an answer

    @pytest.mark.parametrize("name", ["batch.json", "one.json", "test.json"])
    def test_reads_the_samples_of_pymarc(self, name: str) -> None:
        data = shared(f"marc_edge/pymarc/{name}").read_bytes()
        outcomes = [outcome for _, outcome in marcjson.read(io.BytesIO(data))]
        content = json.loads(data, strict=False)
        assert len(outcomes) == (len(content) if isinstance(content, list) else 1)
        assert all(isinstance(outcome, Decoded) for outcome in outcomes)
