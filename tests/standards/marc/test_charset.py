from __future__ import annotations

import pytest

from shared_data import shared
from tongwen.standards.marc import charset, framing, iso2709
from tongwen.standards.marc.types import Charset, Field, Format, Record, Severity


def record(title: str, *, nine: str = " ", tag: str = "245", coded: str = "") -> Record:
    fields = [Field(tag, "10", (("a", title),))]
    if coded:
        fields.insert(0, Field("100", "  ", (("a", f"20040223d2004    em y0chiy{coded}    ea"),)))
    return Record(f"00000nam{' '}{nine}2200000   4500", tuple(fields))


def raw(title: str, written: Charset, **how: str) -> bytes:
    return iso2709.encode(record(title, **how), charset=written)


CHINESE = "联合目录的理论与实践研究"
RUSSIAN = "Труды Российской государственной библиотеки: сборник статей"


class TestEvidence:
    @pytest.mark.parametrize(
        ("data", "expected", "reason", "certain"),
        [
            (raw("plain", Charset.UTF_8), Charset.UTF_8, "ascii", True),
            (raw("plain", Charset.UTF_8, nine="a"), Charset.UTF_8, "leader", True),
            (raw("Καλημέρα", Charset.UTF_8, nine="a"), Charset.UTF_8, "leader", True),
            (raw(CHINESE, Charset.UTF_8), Charset.UTF_8, "valid-utf8", True),
            (raw("München, Łódź", Charset.MARC_8), Charset.MARC_8, "leader", True),
            (raw("Москва", Charset.MARC_8), Charset.MARC_8, "escape-sequences", True),
            (raw("Bücher über Bücher", Charset.MARC_8, nine="a"), Charset.MARC_8, "valid-marc8", False),
            (raw(RUSSIAN, Charset.CP1251), Charset.CP1251, "cyrillic-letters", False),
            (raw(CHINESE, Charset.GB18030), Charset.GB18030, "valid-gb18030", False),
            (raw(CHINESE, Charset.GB18030, tag="200", coded="0120"), Charset.GB18030, "field-100", True),
            (raw(CHINESE, Charset.GB18030, tag="200", coded="50  "), Charset.GB18030, "valid-gb18030", False),
            (raw(CHINESE, Charset.UTF_8, tag="200", coded="50  "), Charset.UTF_8, "field-100", True),
            (raw(CHINESE, Charset.UTF_8, tag="200", coded="0120"), Charset.UTF_8, "valid-utf8", True),
            (raw(CHINESE, Charset.UTF_16LE), Charset.UTF_16LE, "nul-bytes", True),
            (raw(CHINESE, Charset.UTF_16BE), Charset.UTF_16BE, "nul-bytes", True),
        ],
    )
    def test_chooses_with_its_reason(self, data: bytes, expected: Charset, reason: str, certain: bool) -> None:
        found = charset.evidence(data)
        assert (found.charset, found.reason, found.certain) == (expected, reason, certain)

    def test_lets_the_coded_field_decide_where_bytes_are_ambiguous(self) -> None:
        # 学习 in GBK has four bytes that are also two Cyrillic letters of UTF-8.
        chinese = charset.evidence(raw("学习", Charset.GB18030, tag="200", coded="0120"))
        assert (chinese.charset, chinese.certain) == (Charset.GB18030, False)
        unicode = charset.evidence(raw("ѧϰ", Charset.UTF_8, tag="200", coded="50  "))
        assert unicode.charset is Charset.UTF_8

    def test_takes_what_was_declared(self) -> None:
        found = charset.evidence(raw("Grüße", Charset.LATIN_1), declared=Charset.LATIN_1)
        assert (found.reason, found.certain) == ("declared", True)

    def test_is_never_certain_of_a_last_resort(self) -> None:
        found = charset.evidence(raw("Gr\xfc\xdfe \xff \xfd \xfc", Charset.LATIN_1), format=Format.MARC21)
        assert (found.charset, found.certain) == (Charset.LATIN_1, False)

    def test_keeps_utf8_for_a_record_with_one_wrong_byte(self) -> None:
        data = raw(CHINESE, Charset.UTF_8, nine="a").replace("目".encode(), b"\xe7\x9b\x20")
        found = charset.evidence(data)
        assert (found.charset, found.certain) == (Charset.UTF_8, False)

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("unimarc_cnmarc/bnu_cnmarc_10.gb18030.iso", Charset.GB18030),
            ("unimarc_cnmarc/bnu_cnmarc_10.utf-8.iso", Charset.UTF_8),
            ("marc_edge/pymarc/1251.dat", Charset.CP1251),
            ("marc_edge/pymarc/marc8.dat", Charset.MARC_8),
        ],
    )
    def test_is_right_about_real_files(self, name: str, expected: Charset) -> None:
        with shared(name).open("rb") as source:
            found = {charset.evidence(frame.raw).charset for frame in framing.frames(source)}
        assert found == {expected}

    def test_reads_the_same_chinese_from_both_sets(self) -> None:
        titles = []
        for name in ("bnu_cnmarc_10.gb18030.iso", "bnu_cnmarc_10.utf-8.iso"):
            with shared(f"unimarc_cnmarc/{name}").open("rb") as source:
                titles.append([iso2709.decode(frame.raw).record.tagged("200") for frame in framing.frames(source)])
        assert titles[0] == titles[1]
        assert len(titles[0]) == 10


class TestDecode:
    @pytest.mark.parametrize("written", list(charset.CODECS))
    def test_reads_what_python_wrote(self, written: Charset) -> None:
        text = "Tongwen"
        assert charset.decode(text.encode(charset.CODECS[written]), written) == (text, ())

    def test_names_the_bytes_that_do_not_belong(self) -> None:
        text, problems = charset.decode("好".encode() + b"\xff!", Charset.UTF_8)
        assert text == "好\ufffd!"
        assert (problems[0].offset, problems[0].severity) == (3, Severity.MENDED)
        assert "ff 21 is not UTF-8" in problems[0].detail
