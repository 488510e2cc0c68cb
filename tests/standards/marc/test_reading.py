from __future__ import annotations

import io

import pytest

from tongwen.standards.marc import iso2709, marcjson, marcxml, reading, sniff
from tongwen.standards.marc.types import Charset, Field, Record, Serialization, Unreadable

RECORDS = [Record("00000nam a2200000   4500", (Field("245", "10", (("a", f"同文 {number}"),)),)) for number in range(4)]
FILES = {
    Serialization.ISO2709: b"".join(map(iso2709.encode, RECORDS)),
    Serialization.MARCXML: b"".join(marcxml.document(RECORDS)),
    Serialization.JSON: b"\n".join(map(marcjson.encode, RECORDS)),
}


class TestReading:
    @pytest.mark.parametrize("serialization", list(Serialization))
    def test_reads_every_serialization_alike(self, serialization: Serialization) -> None:
        data = FILES[serialization]
        assert sniff.sniff(data).serialization is serialization
        found = list(reading.open_records(io.BytesIO(data), serialization))
        assert [reading.decode(frame, serialization).record.fields for frame in found] == [
            record.fields for record in RECORDS
        ]

    @pytest.mark.parametrize("serialization", list(Serialization))
    def test_resumes_where_it_stopped(self, serialization: Serialization) -> None:
        data = FILES[serialization]
        whole = list(reading.open_records(io.BytesIO(data), serialization))
        place = whole[1].offset + len(whole[1].raw)
        source = io.BytesIO(data)
        source.seek(place)
        assert list(reading.open_records(source, serialization, start=place, ordinal=2)) == whole[2:]

    def test_raises_the_finding_of_a_damaged_frame(self) -> None:
        data = FILES[Serialization.ISO2709]
        *_, last = reading.open_records(io.BytesIO(data[:-20]), Serialization.ISO2709)
        with pytest.raises(Unreadable) as caught:
            reading.decode(last, Serialization.ISO2709)
        assert caught.value.problem.code == "truncated"

    def test_reports_each_finding_once(self) -> None:
        data = b"00999" + FILES[Serialization.ISO2709][5:]
        first = next(reading.open_records(io.BytesIO(data), Serialization.ISO2709))
        codes = [problem.code for problem in reading.decode(first, Serialization.ISO2709).problems]
        assert codes == ["leader-length"]

    def test_uses_the_declared_character_set(self) -> None:
        raw = iso2709.encode(RECORDS[0], charset=Charset.GB18030)
        frame = next(reading.open_records(io.BytesIO(raw), Serialization.ISO2709))
        decoded = reading.decode(frame, Serialization.ISO2709, charset=Charset.GB18030)
        assert decoded.record.fields == RECORDS[0].fields
        assert decoded.charset.reason == "declared"
