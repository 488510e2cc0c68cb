from __future__ import annotations

from io import BytesIO

from marc_lines import cnmarc, record
from shared_data import shared
from tongwen.standards.marc import holdings, iso2709, marcxml
from tongwen.standards.marc.holdings import HeldItem
from tongwen.standards.marc.types import Format


class TestOwnLayouts:
    LAYOUTS = {"980": holdings.Layout("l", "c|d", "b", "n", "z", "/"), "905": holdings.Layout("a", "d")}

    def test_say_where_a_library_keeps_its_copies(self) -> None:
        one = record("980    $lHall$dPR$d12$n3$zworn", "852 0  $bStacks$hA1")
        (item,) = holdings.items(one, Format.MARC21, self.LAYOUTS)
        assert item == holdings.HeldItem("Hall", "PR/12", "", 3, "worn")

    def test_let_the_first_field_that_is_there_count(self) -> None:
        one = record("905    $aOther$dZ1", "980    $lHall$cPR")
        assert [item.location for item in holdings.items(one, Format.MARC21, self.LAYOUTS)] == ["Hall"]

    def test_replace_the_usual_fields(self) -> None:
        assert holdings.items(record("852 0  $bStacks$hA1"), Format.MARC21, self.LAYOUTS) == ()
        assert holdings.items(record("852 0  $bStacks$hA1"), Format.MARC21, {}) != ()


class TestMARC21Items:
    def test_reads_852_with_barcode_and_note(self):
        one = record("852 0  $aPUL$bMain$cStacks$hPN1993.45$i.D52 1999$p32101$zSigned")
        assert holdings.items(one, Format.MARC21) == (
            HeldItem("Main Stacks", "PN1993.45 .D52 1999", "32101", 1, "Signed"),
        )

    def test_names_the_library_where_there_is_no_location(self):
        assert holdings.items(record("852    $aPUL$jA-12"), Format.MARC21) == (HeldItem("PUL", "A-12"),)

    def test_joins_item_fields_by_their_link(self):
        one = record(
            "852 0  $81$bMain$hA1",
            "852 0  $82$bLaw$hB2",
            "876    $82.1$p222",
            "876    $81.1$p111",
            "876    $81.2$p112",
        )
        assert holdings.items(one, Format.MARC21) == (
            HeldItem("Law", "B2", "222"),
            HeldItem("Main", "A1", "111"),
            HeldItem("Main", "A1", "112"),
        )

    def test_keeps_a_place_without_items(self):
        one = record("852 0  $81$bMain$hA1", "852 0  $82$bLaw$hB2", "876    $81.1$p111")
        assert holdings.items(one, Format.MARC21) == (HeldItem("Main", "A1", "111"), HeldItem("Law", "B2"))

    def test_reads_the_copies_of_koha(self):
        one = record("952    $aCPL$bCPL$cREF$oPN1 .A2$p3000", "952    $aCPL$bCPL$oPN1 .A2$p3001")
        assert [item.barcode for item in holdings.items(one, Format.MARC21)] == ["3000", "3001"]
        assert holdings.items(one, Format.MARC21)[0].location == "CPL REF"

    def test_reads_real_records_with_linked_items(self):
        raw = shared("marc21/princeton/spec__fixtures__marc_to_solr__99120519033506421.mrx").read_bytes()
        (frame,) = list(marcxml.frames(BytesIO(raw)))
        items = holdings.items(marcxml.decode(frame.raw).record, Format.MARC21)
        assert items == (HeldItem("lewis stacks", "QK98.4.G7 W55 2020", "32101110926803"),)


class TestCNMARCItems:
    def test_gives_one_item_for_each_barcode(self):
        one = cnmarc("905    $aBNU$b1683011$b1683012$dF124$e26$f2")
        assert holdings.items(one, Format.CNMARC) == (
            HeldItem("BNU", "F124/26", "1683011"),
            HeldItem("BNU", "F124/26", "1683012"),
        )

    def test_counts_copies_where_there_are_no_barcodes(self):
        assert holdings.items(cnmarc("905    $aPUL$dG258.6$eZ123$f3"), Format.CNMARC) == (
            HeldItem("PUL", "G258.6/Z123", "", 3),
        )

    def test_prefers_the_written_call_number(self):
        assert holdings.items(cnmarc("905    $aPUL$dG258.6$eZ123$sG258.6/Z123=2"), Format.CNMARC)[0].call_number == (
            "G258.6/Z123=2"
        )

    def test_leaves_fields_aside_that_repeat_the_holding(self):
        one = cnmarc("905    $aBNU$dF124$e26", "920    $a211260$z1")
        assert len(holdings.items(one, Format.CNMARC)) == 1

    def test_falls_back_to_the_library_code_of_the_union_catalogue(self):
        assert holdings.items(cnmarc("920    $a211260$z1"), Format.CNMARC) == (HeldItem("211260"),)

    def test_reads_real_records(self):
        raws = shared("unimarc_cnmarc/bnu_cnmarc_10.utf-8.iso").read_bytes().split(b"\x1d")
        records = [iso2709.decode(raw + b"\x1d").record for raw in raws if len(raw) > 24]
        found = [holdings.items(one, Format.CNMARC) for one in records]
        assert [len(items) for items in found].count(1) == 9
        assert found[0] == (HeldItem("BNU", "F124/26"),)


class TestLocalFields:
    def test_are_taken_out_of_the_union_record(self):
        one = record("245 10 $aX", "500    $aY", "590    $aOur copy", "852    $bMain", "900    $a1", "650  0 $aZ")
        assert [field.tag for field in holdings.without_local(one, Format.MARC21).fields] == ["245", "500", "650"]
        assert [field.tag for field in holdings.local_fields(one, Format.MARC21)] == ["590", "852", "900"]

    def test_leave_class_numbers_and_union_numbers_of_cnmarc(self):
        one = cnmarc("099    $aCAL 1", "690    $aF124", "905    $aPUL", "AVA    $0990")
        assert [field.tag for field in holdings.without_local(one, Format.CNMARC).fields] == ["099", "690"]
