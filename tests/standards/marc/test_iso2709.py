from __future__ import annotations

import pickle
import random

import pymarc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_data import shared
from tongwen.standards.marc import framing, iso2709
from tongwen.standards.marc.types import Charset, Field, Record, Severity, Unreadable

LEADER = "00000nam a2200000   4500"
SHORT = Record(
    LEADER,
    (
        Field("001", data="42"),
        Field("245", "10", (("a", "同文 :"), ("b", "Καλημέρα /"), ("c", "Żółć."))),
        Field("650", " 0", (("a", "Libraries."),)),
    ),
)

_text = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)
_value = st.tuples(st.sampled_from("abcdefxyz0123456789"), _text)
_data = st.builds(
    Field,
    st.integers(10, 999).map(lambda number: f"{number:03d}"),
    st.text("0123456789 ", min_size=2, max_size=2),
    st.lists(_value, min_size=1, max_size=5).map(tuple),
    st.just(""),
)
_control = st.builds(
    lambda tag, data: Field(tag, data=data), st.integers(1, 9).map(lambda number: f"00{number}"), _text.filter(bool)
)
records = st.builds(
    lambda fields, nine: Record(LEADER[:9] + nine + LEADER[10:], tuple(fields)),
    st.lists(st.one_of(_control, _data), min_size=1, max_size=12),
    st.sampled_from(" a"),
)


def healthy() -> bytes:
    return iso2709.encode(SHORT)


def bodies(record: Record) -> tuple[Field, ...]:
    return record.fields


def raws(name: str, limit: int | None = None) -> list[bytes]:
    with shared(name).open("rb") as source:
        found = [frame.raw for frame in framing.frames(source)]
    return found[:limit]


class TestRoundTrip:
    @given(records)
    def test_gives_back_what_was_written(self, record: Record) -> None:
        raw = iso2709.encode(record)
        decoded = iso2709.decode(raw, charset=Charset.UTF_8)
        assert decoded.record.fields == record.fields
        assert decoded.lossless
        assert iso2709.encode(decoded.record) == raw

    @given(records, st.sampled_from([Charset.GB18030, Charset.UTF_16LE, Charset.UTF_16BE]))
    def test_gives_back_what_was_written_in_other_sets(self, record: Record, charset: Charset) -> None:
        raw = iso2709.encode(record, charset=charset)
        decoded = iso2709.decode(raw, charset=charset)
        assert decoded.record.fields == record.fields
        assert decoded.lossless

    @pytest.mark.parametrize("name", ["marc21/loc_D.mrc", "marc21/gpo_D.mrc"])
    def test_writes_every_real_record_back_byte_for_byte(self, name: str) -> None:
        count = 0
        for raw in raws(name):
            decoded = iso2709.decode(raw)
            assert decoded.lossless
            assert iso2709.encode(decoded.record) == raw
            count += 1
        assert count > 5000

    @pytest.mark.parametrize("name", ["bnu_cnmarc_10.gb18030.iso", "bnu_cnmarc_10.utf-8.iso"])
    def test_writes_chinese_records_back_byte_for_byte(self, name: str) -> None:
        for raw in raws(f"unimarc_cnmarc/{name}"):
            decoded = iso2709.decode(raw)
            assert decoded.lossless
            assert iso2709.encode(decoded.record, charset=decoded.charset.charset) == raw

    def test_lossless_tells_the_truth_on_marc8(self) -> None:
        seen = set()
        for raw in raws("marc21/uva_solrmarc/test__data__records__specTestRecs.mrc"):
            decoded = iso2709.decode(raw)
            again = iso2709.encode(decoded.record, charset=decoded.charset.charset)
            assert decoded.lossless == (again == raw)
            assert decoded.lossless == all(problem.severity is not Severity.MENDED for problem in decoded.problems)
            seen.add(decoded.lossless)
        assert True in seen


class TestAgainstPymarc:
    def test_reads_the_same_tags_and_subfields(self) -> None:
        for raw in raws("marc21/loc_D.mrc", 3000):
            ours = iso2709.decode(raw).record
            theirs = pymarc.Record(raw, to_unicode=True, force_utf8=True)
            expected = [
                (field.tag, field.data if field.control_field else [tuple(part) for part in field.subfields])
                for field in theirs.fields
            ]
            found = [
                (field.tag, field.data if field.tag < "010" else [tuple(part) for part in field.subfields])
                for field in ours.fields
            ]
            assert found == expected


class TestDamage:
    def test_mends_a_wrong_record_length(self) -> None:
        decoded = iso2709.decode(b"00999" + healthy()[5:])
        assert bodies(decoded.record) == SHORT.fields
        assert not decoded.lossless
        assert [(problem.code, problem.severity) for problem in decoded.problems] == [
            ("leader-length", Severity.MENDED)
        ]

    def test_mends_a_wrong_base_address(self) -> None:
        raw = healthy()
        decoded = iso2709.decode(raw[:12] + b"00031" + raw[17:])
        assert bodies(decoded.record) == SHORT.fields
        assert decoded.problems[0].code == "base-address"
        assert decoded.problems[0].offset == 12

    def test_joins_tags_and_fields_when_lengths_were_not_recomputed(self) -> None:
        raw = healthy().replace("Żółć".encode(), b"Zolc")
        decoded = iso2709.decode(raw)
        assert [field.tag for field in decoded.record.fields] == ["001", "245", "650"]
        assert decoded.record.tagged("650")[0].first("a") == "Libraries."
        mismatch = next(problem for problem in decoded.problems if problem.code == "directory-mismatch")
        assert mismatch.tag == "245"

    def test_restores_an_entry_with_a_letter_in_it(self) -> None:
        raw = bytearray(healthy())
        raw[24 + 12 + 5] = ord("x")
        decoded = iso2709.decode(bytes(raw))
        assert bodies(decoded.record) == SHORT.fields
        assert decoded.problems[-1].code == "directory-entry"

    def test_restores_an_entry_that_lost_a_digit(self) -> None:
        raw = healthy()
        decoded = iso2709.decode(raw[:41] + raw[42:])
        assert bodies(decoded.record) == SHORT.fields
        assert "directory-length" in {problem.code for problem in decoded.problems}

    def test_keeps_the_directory_order_when_data_stand_otherwise(self) -> None:
        raw = healthy()
        swapped = raw[:24] + raw[36:48] + raw[24:36] + raw[48:]
        decoded = iso2709.decode(swapped)
        assert [field.tag for field in decoded.record.fields] == ["245", "001", "650"]
        assert decoded.record.control("001") == "42"
        assert any(problem.code == "directory-order" for problem in decoded.problems)

    def test_keeps_a_field_with_bad_utf8_and_says_where(self) -> None:
        raw = healthy().replace("Ż".encode(), b"\xff\xfe")
        decoded = iso2709.decode(raw)
        assert "\ufffd" in decoded.record.fields[1].first("c")
        problem = next(problem for problem in decoded.problems if problem.code == "charset-bytes")
        assert problem.tag == "245"
        assert raw[problem.offset] == 0xFF
        assert not decoded.lossless

    def test_mends_a_missing_terminator(self) -> None:
        decoded = iso2709.decode(healthy()[:-1])
        assert bodies(decoded.record) == SHORT.fields
        assert {"terminator-missing", "leader-length"} == {problem.code for problem in decoded.problems}

    def test_keeps_odd_shapes_as_they_are(self) -> None:
        odd = Record(
            LEADER,
            (
                Field("245", data="no delimiter at all"),
                Field("246", "1", (("a", "one indicator"),)),
                Field("500", "  ", (("", ""), ("a", "after an empty subfield"))),
                Field("999", ""),
            ),
        )
        decoded = iso2709.decode(iso2709.encode(odd))
        assert decoded.lossless
        assert bodies(decoded.record) == odd.fields
        assert [(problem.tag, problem.code) for problem in decoded.problems] == [
            ("245", "subfield-delimiter-missing"),
            ("246", "indicators"),
            ("500", "subfield-empty"),
            ("999", "field-empty"),
        ]

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "record-too-short"),
            (b"00026nam a2200025   4500\x1d", "record-too-short"),
            (b"00027nam a2200025   4500\x1e\x1d", "data-missing"),
            (b"x" * 60, "directory-end-missing"),
            (b"x" * 60 + b"\x1eabc\x1e\x1d", "leader-unusable"),
            (b"00060nam a2200037   4500245zz0400000\x1e10\x1faT\x1e10\x1fbU\x1e\x1d", "directory-entry"),
        ],
    )
    def test_refuses_what_cannot_be_read(self, raw: bytes, code: str) -> None:
        with pytest.raises(Unreadable) as caught:
            iso2709.decode(raw)
        assert caught.value.problem.code == code
        assert pickle.loads(pickle.dumps(caught.value)).problem == caught.value.problem  # noqa: S301 - our own object

    def test_refuses_a_record_whose_fields_are_cut_off(self) -> None:
        raw = healthy()
        with pytest.raises(Unreadable) as caught:
            iso2709.decode(raw[: raw.index(b"\x1f")] + b"\x1e\x1d")
        assert caught.value.problem.tag == "650"

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_answers_any_mutation_with_a_record_or_a_diagnostic(self, data: st.DataObject) -> None:
        raw = bytearray(healthy())
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(raw) - 1))
            kind = data.draw(st.sampled_from("rid"))
            byte = data.draw(st.sampled_from([0, 0x1B, 0x1D, 0x1E, 0x1F, 0x20, 0x30, 0x39, 0x41, 0x80, 0xC3, 0xFF]))
            if kind == "r":
                raw[place] = byte
            elif kind == "i":
                raw.insert(place, byte)
            elif len(raw) > 1:
                del raw[place]
        self.check(bytes(raw))

    def test_answers_mutations_of_real_records(self) -> None:
        chance = random.Random(2709)
        for raw in raws("marc21/loc_D.mrc", 1500):
            broken = bytearray(raw)
            for _ in range(chance.randint(1, 8)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            self.check(bytes(broken))

    @given(st.binary(max_size=300))
    def test_answers_any_bytes(self, raw: bytes) -> None:
        self.check(raw)

    @staticmethod
    def check(raw: bytes) -> None:
        try:
            decoded = iso2709.decode(raw)
        except Unreadable as error:
            assert error.problem.severity is Severity.ERROR  # noqa: PT017 - a record is as good an answer
            return
        mended = any(problem.severity is Severity.MENDED for problem in decoded.problems)
        assert decoded.lossless != mended
        if decoded.lossless:
            assert iso2709.encode(decoded.record, charset=decoded.charset.charset) == raw


class TestEncode:
    def test_refuses_a_field_past_9999_bytes(self) -> None:
        with pytest.raises(iso2709.TooLong, match="520"):
            iso2709.encode(Record(LEADER, (Field("520", "  ", (("a", "x" * 10_000),)),)))

    def test_refuses_a_record_past_99999_bytes(self) -> None:
        long = Field("500", "  ", (("a", "x" * 9_000),))
        with pytest.raises(iso2709.TooLong, match="99999"):
            iso2709.encode(Record(LEADER, (long,) * 12))

    def test_names_the_character_that_does_not_exist(self) -> None:
        with pytest.raises(iso2709.Unencodable, match=r"245.*U\+540C"):
            iso2709.encode(SHORT, charset=Charset.LATIN_1)

    def test_refuses_a_leader_of_another_length(self) -> None:
        with pytest.raises(iso2709.Unwritable, match="24"):
            iso2709.encode(Record("too short", SHORT.fields))

    def test_leaves_the_charset_position_alone_unless_asked(self) -> None:
        blank = SHORT._replace(leader=iso2709.leader_for(LEADER, Charset.MARC_8))
        assert iso2709.encode(blank)[9:10] == b" "
        assert iso2709.leader_for(blank.leader, Charset.UTF_8)[9] == "a"
