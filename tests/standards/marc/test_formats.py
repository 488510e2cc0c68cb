from __future__ import annotations

from marc_lines import cnmarc, record
from shared_data import shared
from tongwen.standards.marc import formats, iso2709
from tongwen.standards.marc.types import Format, Record


class TestDetect:
    def test_knows_either_by_the_title_field(self):
        assert formats.detect(record("245 10 $aHearings.")) == (Format.MARC21, "title-field")
        assert formats.detect(cnmarc("200 1  $a红楼梦")) == (Format.CNMARC, "title-field")

    def test_looks_at_coded_fields_where_titles_do_not_decide(self):
        both = ("200 1  $a红楼梦", "245 10 $aHong lou meng")
        assert formats.detect(cnmarc("801  0 $aCN$bPUL", *both)) == (Format.CNMARC, "coded-field")
        assert formats.detect(record("008    " + "x" * 40, *both)) == (Format.MARC21, "coded-field")

    def test_does_not_take_a_name_for_general_data(self):
        name = "100 1  $aA very long name of somebody who wrote thirty-six letters,$d1900-1999."
        assert formats.detect(record(name, "650  0 $aHistory.")) == (Format.MARC21, "tags")

    def test_says_when_there_is_no_evidence(self):
        assert formats.detect(Record(" " * 24, ())) == (Format.MARC21, "nothing")

    def test_is_right_on_real_records(self):
        cases = {
            "unimarc_cnmarc/bnu_cnmarc_10.utf-8.iso": Format.CNMARC,
            "marc21/loc_D.mrc": Format.MARC21,
            "marc21/ndlrf_ru/src____tests____data__history_xvii__RuMoRGB__01002988236_rusmarc.iso": Format.CNMARC,
        }
        for name, expected in cases.items():
            raws = [raw + b"\x1d" for raw in shared(name).read_bytes().split(b"\x1d") if len(raw) > 24][:2000]
            assert raws
            assert {formats.detect(iso2709.decode(raw).record)[0] for raw in raws} == {expected}
