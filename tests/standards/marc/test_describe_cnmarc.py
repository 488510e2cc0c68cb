from __future__ import annotations

import json

import pytest

from marc_lines import CNMARC_LEADER, cnmarc
from shared_data import shared
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc.types import (
    Carrier,
    Charset,
    Classification,
    DisplayView,
    Format,
    Level,
    MatchView,
    Material,
    Name,
    Record,
    Related,
    Subject,
    Text,
)

CALIS = (
    "001    CAL 0120130001",
    "010    $a978-7-5064-2595-7$dCNY79.00",
    "100    $a20130312d2012    em y0chiy50      ea",
    "101 0  $achi",
    "102    $aCN$b110000",
    "106    $ar",
    "200 1  $a数字图书馆联盟导论$Ashu zi tu shu guan lian meng dao lun$e理论与实践$f张三 ... [等]著",
    "205    $a第2版",
    "210    $a北京$c某出版社$d2012",
    "215    $a312页$c图$d26cm",
    "330    $a论述高校图书馆资源共享。",
    "606 0  $a高校图书馆$Agao xiao tu shu guan$x资源共享",
    "690    $aG258.6；TP391$v5",
    "701  0 $a张三$Azhang san$4著",
    "801  0 $aCN$bPUL$c20130312",
    "905    $aPUL$dG258.6$eZ123",
)


def match(*lines: str, leader: str = CNMARC_LEADER) -> MatchView:
    return views.match_view(cnmarc(*lines, leader=leader), Format.CNMARC)


def display(*lines: str, leader: str = CNMARC_LEADER) -> DisplayView:
    return views.display_view(cnmarc(*lines, leader=leader), Format.CNMARC)


def beijing_normal_university(charset: str = "utf-8") -> dict[str, Record]:
    declared = Charset.UTF_8 if charset == "utf-8" else Charset.GB18030
    raws = shared(f"unimarc_cnmarc/bnu_cnmarc_10.{charset}.iso").read_bytes().split(b"\x1d")
    records = [iso2709.decode(raw + b"\x1d", charset=declared).record for raw in raws if len(raw) > 24]
    return {record.control("001"): record for record in records}


class TestCALISRecord:
    def test_gives_matching_what_decides(self):
        view = match(*CALIS)
        assert view.title == "数字图书馆联盟导论"
        assert view.subtitle == "理论与实践"
        assert view.responsibility == "张三 ... [等]著"
        assert view.authors == ("张三",)
        assert view.edition == "第2版"
        assert (view.places, view.publishers, view.years) == (("北京",), ("某出版社",), (2012,))
        assert (view.material, view.carrier, view.level) == (Material.TEXT, Carrier.PRINT, Level.MONOGRAPH)
        assert (view.languages, view.is_translation) == (("chi",), False)
        assert view.isbns == ("9787506425957",)
        assert view.national_numbers == ("calis:CAL0120130001",)
        assert (view.control_number, view.control_agency) == ("CAL 0120130001", "CAL")

    def test_shows_the_record_in_its_own_words(self):
        view = display(*CALIS)
        assert view.title == Text("数字图书馆联盟导论", "zh")
        assert view.romanized_title == Text("shu zi tu shu guan lian meng dao lun", "zh-Latn")
        assert view.names == (Name(Text("张三", "zh"), "aut", "", "person", Text("zhang san", "zh-Latn"), main=True),)
        assert view.extent.value == "312页 : 图 ; 26cm"
        assert view.subjects == (Subject(("高校图书馆", "资源共享"), "topic", "zh"),)
        assert view.classifications == (Classification("clc", "G258.6", "5"), Classification("clc", "TP391", "5"))
        assert view.notes[0].kind == "abstract"
        assert view.pinyin == ("shu zi tu shu guan lian meng dao lun", "zhang san")

    def test_reads_the_sample_of_the_vectors(self):
        vectors = shared("../vectors/domain.json")
        view = match(*json.loads(vectors.read_text("utf-8"))["cnmarc_sample"])
        assert view.title == "数字图书馆联盟导论"
        assert view.isbns == ("9787000000001",)
        assert view.years == (2012,)


class TestNationalLibraryRecord:
    LINES = (
        "001    003456789",
        "010    $a7-144-00316-X/TP·340$b精装",
        "100    $a19990312d1999    em y0chiy0110    ea",
        "101 1  $achi$ceng",
        "200 1  $a经济数学$9jing ji shu xue$b专著$f(美)哈里森[等]著$g谢远涛译",
        "454  1 $1200 1 $aMathematics for economics",
        "701  1 $a沃尔德伦,$9wo er de lun$bH.$g(Waldron, Harrison)$f(1950-)$4著",
        "702  0 $a谢远涛$9xie yuan tao$4译",
    )

    def test_takes_pinyin_from_9(self):
        view = display(*self.LINES)
        assert view.romanized_title.value == "jing ji shu xue"
        assert view.pinyin == ("jing ji shu xue", "wo er de lun", "xie yuan tao")

    def test_reads_western_names_by_both_forms(self):
        first, second = display(*self.LINES).names
        assert first == Name(
            Text("沃尔德伦, H.", "zh"), "aut", "1950-", "person", Text("Waldron, Harrison", ""), main=True
        )
        assert (second.heading.value, second.role, second.main) == ("谢远涛", "trl", False)
        assert "Waldron, Harrison" in match(*self.LINES).authors

    def test_knows_a_translation_and_its_original(self):
        view = match(*self.LINES)
        assert view.is_translation
        assert view.original_languages == ("eng",)

    def test_reads_an_isbn_before_a_class_number(self):
        assert match(*self.LINES).isbns == ("9787144003166",)

    def test_takes_a_number_in_9_for_an_authority(self):
        assert display("200 1  $a红楼梦", "701  0 $a曹雪芹$912345$4著").pinyin == ()


class TestTitle:
    def test_separates_parallel_title_parts_and_further_works(self):
        view = display("101 0  $achi", "200 1  $a甲编$h第1卷$i上古$d= Part one$eof three$f张三著$g李四译$a乙编")
        assert view.title.value == "甲编"
        assert [part.value for part in view.parts] == ["第1卷", "上古"]
        assert view.parallel_titles == (Text("Part one"),)
        assert view.responsibility.value == "张三著 ; 李四译"
        assert view.variant_titles == (Text("乙编", "zh"),)

    def test_knows_variants_of_this_book_from_other_works(self):
        view = match(
            "200 1  $a中国发展报告",
            "500 10 $a统一题名",
            "510 1  $aChina development report$zeng",
            "517 1  $a发展报告",
            "541 1  $aCataloguer's translation$zeng",
        )
        assert view.other_titles == ("China development report", "发展报告")


class TestLinks:
    def test_read_embedded_fields(self):
        view = display("225 2  $a丛书$v3", "410  0 $12001 $a丛书$v3", "461  0 $1001CAL012345$12001 $a中国通史$v第2卷")
        assert view.series == (Text("丛书 ; 3"),)
        assert Related("host", "中国通史", "CAL012345") in view.related

    def test_read_plain_subfields(self):
        assert display("454    $tMathematics$x1002-1027").related == (
            Related("translation-of", "Mathematics", "", "", "1002-1027"),
        )

    def test_give_the_host_to_matching(self):
        view = match("200 1  $a中国通史$h第2卷", "215    $a312页", "461  0 $1001012345$12001 $a中国通史")
        assert view.host == ("012345", "中国通史")
        assert view.level is Level.MONOGRAPH
        assert view.parts == ("第2卷",)

    def test_take_the_series_from_410_where_225_is_missing(self):
        assert match("410  0 $12001 $a丛书$v3").series == ("丛书 ; 3",)


class TestLevel:
    @pytest.mark.parametrize(
        ("lines", "leader", "level"),
        [
            (("200 1  $a资治通鉴", "215    $a5册"), CNMARC_LEADER, Level.SET),
            (("200 1  $a资治通鉴$h第1册", "215    $a5册"), CNMARC_LEADER, Level.MONOGRAPH),
            (("200 1  $a资治通鉴", "215    $a1册"), CNMARC_LEADER, Level.MONOGRAPH),
            (("200 1  $a资治通鉴", "463  0 $1001123"), CNMARC_LEADER, Level.SET),
            (("200 1  $a资治通鉴",), "00000nam1 2200000   450 ", Level.SET),
            (("200 1  $a学报",), "00000nas0 2200000   450 ", Level.SERIAL),
            (("200 1  $a论文", "463  0 $1001123$12001 $a学报"), "00000naa2 2200000   450 ", Level.COMPONENT),
        ],
    )
    def test_finds_sets_by_count_links_or_leader(self, lines: tuple[str, ...], leader: str, level: Level):
        assert match(*lines, leader=leader).level is level

    def test_reads_463_of_a_component_as_its_host(self):
        view = match("463  0 $1001123$12001 $a学报", leader="00000naa2 2200000   450 ")
        assert view.host == ("123", "学报")


class TestCarrier:
    @pytest.mark.parametrize(
        ("lines", "carrier"),
        [
            (("106    $ar", "215    $a312页"), Carrier.PRINT),
            (("215    $a312页$e+1CD-ROM",), Carrier.PRINT),
            (("106    $af",), Carrier.BRAILLE),
            (("135    $adrbn#---auaua", "215    $a在线资源(393页)"), Carrier.ONLINE),
            (("135    $aboa", "215    $a1光盘"), Carrier.DISC),
            (("130    $ab", "215    $a1盘"), Carrier.MICROFORM),
            (("200 1  $a某书$b缩微品",), Carrier.MICROFORM),
            (("200 1  $a某书$b电子资源", "856 4  $uhttps://example.org/1"), Carrier.ONLINE),
            (("200 1  $a某书$b电子资源",), Carrier.UNKNOWN),
        ],
    )
    def test_is_print_unless_evidence_speaks(self, lines: tuple[str, ...], carrier: Carrier):
        assert match(*lines).carrier is carrier


class TestAge:
    @pytest.mark.parametrize(
        ("lines", "ancient"),
        [
            (("205    $a刻本", "210    $d清光緒三年"), True),
            (("205    $a刻本",), True),
            (("140    $a0000",), True),
            (("100    $a20130312e19851877em y0chiy50      ea", "205    $a影印本"), False),
            (("100    $a20130312d1935    em y0chiy50      ea", "205    $a鉛印本"), False),
        ],
    )
    def test_is_ancient_before_the_republic_or_when_described_so(self, lines: tuple[str, ...], ancient: bool):
        assert match(*lines).is_ancient is ancient


class TestNumbers:
    def test_reads_a_unified_book_number_and_a_cn_number(self):
        assert match("091    $a10019·1978").book_numbers == ("10019·1978",)
        assert match("091    $aCN 11-2952/G2").national_numbers == ("cn:11-2952",)

    def test_names_no_agency_when_several_worked_on_the_record(self):
        assert match("001    123", "801  0 $bTL", "801  2 $bBNU").control_agency == ""
        assert match("001    123", "801  0 $bTL", "801  2 $bTL").control_agency == ""
        assert match("001    123", "801  0 $bTL", "801  3 $bBNU").control_agency == "BNU"

    def test_puts_four_branches_beside_other_schemes(self):
        view = display("696    $a史部.正史类", "696    $a25.4$2kmc", "676    $a895.1$v22")
        assert [(c.scheme, c.number) for c in view.classifications] == [
            ("sibu", "史部.正史类"),
            ("other", "25.4"),
            ("ddc", "895.1"),
        ]


class TestRealRecords:
    def test_reads_a_report_of_beijing_normal_university(self):
        matched, shown = views.both(beijing_normal_university()["990004545720203961"], Format.CNMARC)
        assert matched.title == "1999 年中国发展状况与趋势"
        assert matched.responsibility == "主编季野, 张西明, 张弢...[等]"
        assert matched.authors == ("季野", "张西明", "曲克敏")
        assert matched.series == ("中国发展报告书",)
        assert matched.national_numbers == ("calis:CAL012003173736",)
        assert [name.role for name in shown.names] == ["edt", "edt", "edt"]
        assert shown.uniform_title == Text("中国发展状况与趋势", "zh")

    def test_tells_the_two_records_of_one_isbn_apart_by_carrier(self):
        records = beijing_normal_university()
        online, printed = (match_of(records[number]) for number in ("9910637057203961", "990001379280203961"))
        assert online.isbns == printed.isbns == ("9787503726231",)
        assert (online.carrier, printed.carrier) == (Carrier.ONLINE, Carrier.PRINT)

    def test_gives_the_same_views_in_both_charsets(self):
        utf_8, gb18030 = beijing_normal_university(), beijing_normal_university("gb18030")
        assert {key: match_of(value) for key, value in utf_8.items()} == {
            key: match_of(value) for key, value in gb18030.items()
        }

    def test_reads_rusmarc_with_its_volumes(self):
        name = "marc21/ndlrf_ru/src____tests____data__history_xvii__RuMoRGB__01002988236_rusmarc.iso"
        view = match_of(iso2709.decode(shared(name).read_bytes()).record)
        assert view.years == (1804, 1807)
        assert view.level is Level.SET
        assert view.is_ancient
        assert view.authors[0] == "Озеров, П. П."


def match_of(record: Record) -> MatchView:
    return views.match_view(record, Format.CNMARC)
