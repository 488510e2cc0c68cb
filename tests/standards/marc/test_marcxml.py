from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shared_data import shared
from tongwen.standards.marc import marcxml
from tongwen.standards.marc.types import Decoded, Field, Frame, Problem, Record, Severity, Unreadable

LEADER = "00000nam a2200000   4500"
RECORD = Record(
    LEADER,
    (Field("001", data="1 < 2"), Field("245", '1"', (("a", "同文 & <others>"), ("<", "]]>")))),
)
_text = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=30)
_field = st.builds(
    Field,
    st.integers(10, 999).map(lambda number: f"{number:03d}"),
    st.text("0123456789 ", min_size=2, max_size=2),
    st.lists(st.tuples(st.sampled_from("abc019"), _text), min_size=1, max_size=4).map(tuple),
    st.just(""),
)


def frames(data: bytes, chunk_size: int = marcxml.CHUNK) -> list[Frame]:
    return list(marcxml.frames(io.BytesIO(data), chunk_size=chunk_size))


def document(*records: Record) -> bytes:
    return b"".join(marcxml.document(records))


class TestRoundTrip:
    @given(st.lists(_field, min_size=1, max_size=6))
    def test_gives_back_what_was_written(self, fields: list[Field]) -> None:
        record = Record(LEADER, tuple(fields))
        decoded = marcxml.decode(marcxml.encode(record))
        assert decoded.record == record
        assert decoded.lossless

    def test_escapes_what_xml_reserves(self) -> None:
        assert marcxml.decode(marcxml.encode(RECORD)).record == RECORD

    def test_refuses_a_character_outside_xml(self) -> None:
        with pytest.raises(marcxml.Unwritable, match=r"500.*U\+0008"):
            marcxml.encode(Record(LEADER, (Field("500", "  ", (("a", "back\bspace"),)),)))

    def test_writes_a_document_that_a_parser_reads(self) -> None:
        root = etree.fromstring(document(RECORD, RECORD))
        assert [child.tag for child in root] == [f"{{{marcxml.NAMESPACE}}}record"] * 2


class TestFrames:
    @pytest.mark.parametrize("chunk_size", [1, 13, 100, 1 << 20])
    def test_cuts_records_out_at_their_place(self, chunk_size: int) -> None:
        data = document(RECORD, RECORD, RECORD)
        found = frames(data, chunk_size)
        assert [frame.ordinal for frame in found] == [0, 1, 2]
        for frame in found:
            assert data[frame.offset : frame.offset + len(frame.raw)] == frame.raw
            assert marcxml.decode(frame.raw).record == RECORD

    def test_loses_only_the_record_that_is_not_well_formed(self) -> None:
        data = document(RECORD, RECORD, RECORD).split(b"<record>")
        data[2] = data[2].replace(b"&amp;", b"&", 1)
        found = list(marcxml.read(io.BytesIO(b"<record>".join(data))))
        assert [type(outcome) for _, outcome in found] == [Decoded, Problem, Decoded]
        frame, problem = found[1]
        assert isinstance(problem, Problem)
        assert problem.code == "xml-not-well-formed"
        assert abs(problem.offset - frame.raw.index(b"& ")) <= 2

    def test_keeps_the_records_before_a_cut_end(self) -> None:
        data = document(RECORD, RECORD, RECORD)
        found = list(marcxml.read(io.BytesIO(data[:-60])))
        assert [type(outcome) for _, outcome in found] == [Decoded, Decoded, Problem]
        assert found[2][0].problems[0].code == "truncated"

    def test_finds_the_inner_records_of_an_answer(self) -> None:
        inner = (
            marcxml.encode(RECORD)
            .replace(b"<record xmlns", b"<marc:record x='' xmlns:marc")
            .replace(b"</record>", b"</marc:record>")
        )
        for name in (b"leader", b"controlfield", b"datafield", b"subfield"):
            inner = inner.replace(b"<" + name, b"<marc:" + name).replace(b"</" + name, b"</marc:" + name)
        outer = b"<OAI><ListRecords><record><header/><metadata>%s</metadata></record></ListRecords></OAI>" % inner
        found = frames(outer * 2)
        assert [marcxml.decode(frame.raw).record for frame in found] == [RECORD, RECORD]

    def test_knows_prefixes_that_were_declared_outside(self) -> None:
        data = (
            b'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:xsi="urn:x"><m:record xsi:type="B">'
            b"<m:leader>00000nam a2200000   4500</m:leader></m:record></m:collection>"
        )
        assert marcxml.decode(frames(data)[0].raw).record.leader == LEADER

    def test_passes_over_comments(self) -> None:
        data = b"<collection><!-- <record> not one --></collection>" + document(RECORD)
        assert len(frames(data)) == 1

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "windows-1251"])
    def test_reads_other_encodings_with_the_offsets_of_the_file(self, encoding: str) -> None:
        title = "Москва" if encoding == "windows-1251" else "同文 😀"
        record = Record(LEADER, (Field("245", "10", (("a", title),)),))
        text = document(record, record).decode().replace('"UTF-8"', f'"{encoding}"')
        data = text.encode(encoding)
        found = frames(data, 64)
        assert [marcxml.decode(frame.raw).record for frame in found] == [record, record]
        second = text.index("<record>", text.index("</record>"))
        assert found[1].offset == len(text[:second].encode(encoding))


class TestDecode:
    def test_never_expands_entities(self) -> None:
        bomb = b'<!DOCTYPE r [<!ENTITY a "boom">]>'
        with pytest.raises(Unreadable):
            marcxml.decode(bomb + b"<record><leader>&a;</leader></record>")
        with pytest.raises(Unreadable):
            marcxml.decode(b"<record><leader>&a;</leader></record>")

    def test_reads_records_without_a_namespace(self) -> None:
        raw = marcxml.encode(RECORD).replace(b' xmlns="http://www.loc.gov/MARC21/slim"', b"")
        assert marcxml.decode(raw).record == RECORD

    def test_mends_and_says_so(self) -> None:
        raw = (
            b'<record><leader>short</leader><controlfield tag="1">x</controlfield>'
            b'<datafield tag="245" ind1="" ind2="10"><subfield code="ab">T\xff</subfield></datafield><other/></record>'
        )
        decoded = marcxml.decode(raw)
        codes = {problem.code for problem in decoded.problems}
        assert codes == {"charset-bytes", "tag", "indicators", "subfield-code", "xml-element", "leader-length"}
        assert all(problem.severity is Severity.MENDED for problem in decoded.problems)
        assert not decoded.lossless
        assert len(decoded.record.leader) == 24

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_answers_any_mutation_with_a_record_or_a_diagnostic(self, data: st.DataObject) -> None:
        raw = bytearray(marcxml.encode(RECORD))
        for _ in range(data.draw(st.integers(1, 5))):
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
        try:
            marcxml.decode(bytes(raw))
        except Unreadable as error:
            assert error.problem.severity is Severity.ERROR  # noqa: PT017 - a record is as good an answer
            assert 0 <= error.problem.offset <= len(raw)  # noqa: PT017 - see above

    def test_reads_chinese_records_from_an_sru_answer(self) -> None:
        with shared("unimarc_cnmarc/dp2Catalog__SRU__sample_cnmarcxml.xml").open("rb") as source:
            found = [outcome for _, outcome in marcxml.read(source)]
        assert len(found) == 10
        assert all(isinstance(outcome, Decoded) and outcome.record.tagged("200") for outcome in found)

    def test_reads_a_dump_with_one_bad_record(self) -> None:
        path = "marc21/princeton/spec__fixtures__files__alma__full_dump__three_records_one_bad_utf8.xml"
        with shared(path).open("rb") as source:
            assert sum(isinstance(outcome, Decoded) for _, outcome in marcxml.read(source)) == 3
