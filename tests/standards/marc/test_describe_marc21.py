from __future__ import annotations

import functools
import unicodedata

import pytest

from marc_lines import record
from shared_data import shared
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc.types import (
    Carrier,
    Classification,
    DisplayView,
    Format,
    Level,
    Link,
    MatchView,
    Material,
    Name,
    Record,
    Related,
    Subject,
    Text,
)


def match(*lines: str, leader: str = "00000nam a2200000 a 4500") -> MatchView:
    return views.match_view(record(*lines, leader=leader), Format.MARC21)


def display(*lines: str, leader: str = "00000nam a2200000 a 4500") -> DisplayView:
    return views.display_view(record(*lines, leader=leader), Format.MARC21)


def coded(*, form: str = " ", dates: str = "s1999    ", language: str = "eng") -> str:
    """Return an 008 line with date type and dates, form of item and language."""
    return "008    " + f"000921{dates}xxu     {form}".ljust(35) + f"{language}  "


@functools.cache
def library_of_congress() -> dict[str, Record]:
    raws = shared("marc21/loc_D.mrc").read_bytes().split(b"\x1d")
    records = [iso2709.decode(raw + b"\x1d").record for raw in raws if b"880" in raw[:600]]
    return {record.control("001").strip(): record for record in records}


def both(control_number: str) -> tuple[MatchView, DisplayView]:
    return views.both(library_of_congress()[control_number], Format.MARC21)


def composed(values: tuple[str, ...]) -> list[str]:
    """Return texts with their marks composed: the file has them decomposed, the view keeps them as they are."""
    return [unicodedata.normalize("NFC", value) for value in values]


class TestPairsOf880:
    def test_show_the_original_script_first_and_keep_the_romanised_form(self):
        view = display(
            coded(language="rus"),
            "245 10 $6880-01$aĖkonomika Irkutskoĭ oblasti /$cM.A. Vinokurov.",
            "260    $6880-02$aIrkutsk :$bIzd-vo IGĖA,$c1998.",
            "700 1  $6880-03$aVinokurov, M. A.$q(Mikhail),$d1950-$etranslator.",
            "880 10 $6245-01/(N$aЭкономика Иркутской области /$cМ.А. Винокуров.",
            "880    $6260-02/(N$aИркутск :$bИзд-во ИГЭА,$c1998.",
            "880 1  $6700-03/(N$aВинокуров, М. А.",
        )
        assert view.title == Text("Экономика Иркутской области", "ru")
        assert view.romanized_title == Text("Ėkonomika Irkutskoĭ oblasti", "ru-Latn")
        assert view.responsibility == Text("М.А. Винокуров", "ru")
        assert view.places == (Text("Иркутск", "ru"),)
        assert view.names == (
            Name(Text("Винокуров, М. А.", "ru"), "", "1950-", "person", Text("Vinokurov, M. A. (Mikhail)", "ru-Latn")),
        )

    def test_give_both_forms_to_matching(self):
        view = match(
            coded(language="rus"),
            "245 10 $6880-01$aĖkonomika /$cVinokurov.",
            "260    $6880-02$aIrkutsk :$bIzd-vo IGĖA,$c1998.",
            "880 10 $6245-01/(N$aЭкономика /$cВинокуров.",
            "880    $6260-02/(N$aИркутск :$bИзд-во ИГЭА,$c1998.",
        )
        assert view.title == "Экономика"
        assert view.other_titles == ("Ėkonomika",)
        assert view.publishers == ("Изд-во ИГЭА", "Izd-vo IGĖA")

    def test_know_which_of_the_two_is_original(self):
        view = display(
            coded(language="heb"),
            "245 00 $6880-01$a[חלק ב: סדר נזיקין]",
            "880 00 $6245-01/(N$a[Хелек бет: седер Незикин]",
            "880 00 $6245-01/(B$a[Chelek bet: seder Nezikin]",
        )
        assert view.title == Text("[חלק ב: סדר נזיקין]", "he")
        assert view.romanized_title == Text("[Chelek bet: seder Nezikin]", "he-Latn")
        assert [title.value for title in view.variant_titles] == ["[Хелек бет: седер Незикин]"]

    def test_are_read_alone_where_nothing_stands_beside_them(self):
        view = display(
            coded(language="chi"), "245 00 $aZhongguo shi.", "880  3 $6246-00/(B$a中国史", "880  0 $6650-00$a历史"
        )
        assert view.variant_titles == (Text("中国史"),)
        assert view.subjects[0].parts == ("历史",)

    def test_mark_a_romanised_title_without_880(self):
        assert display(coded(language="chi"), "245 00 $aZhongguo shi.").title == Text("Zhongguo shi", "zh-Latn")


class TestRealRecords:
    def test_reads_a_chinese_book_of_the_republic(self):
        matched, shown = both("00050614")
        assert matched.title == "電影辭典"
        assert matched.other_titles == ("Dian ying ci dian",)
        assert matched.authors == ("徐立功", "Xu, Ligong")
        assert matched.years == (1999,)
        assert matched.isbns == ("9789579904803",)
        assert matched.edition == "初版"
        assert shown.date == "民國88 [1999]"
        assert shown.extent.value == "312 p. : ill. ; 25 cm"
        assert shown.subjects[0] == Subject(("Motion pictures", "Dictionaries"), "topic", "en", "lcsh")

    def test_reads_a_hebrew_set_with_marks_of_direction(self):
        matched, shown = both("00271692")
        assert matched.level is Level.SET
        assert matched.title == "ספר מעשה איש"
        assert matched.publishers[0] == "צ. בן מ. יברוב"
        assert shown.date == "759-<767> [1998 or 1999-<2006>]"
        assert shown.year == 1998
        assert shown.uniform_title == Text("מעשה איש", "he")

    def test_reads_a_persian_set(self):
        matched, shown = both("00281793")
        assert matched.title == "هاشمى رفسنجانى"
        assert composed(matched.publishers) == ["دفتر نشر معارف انقلاب", "Daftar-i Nashr-i Maʻārif-i Inqilāb"]
        assert matched.years == (1999, 2003)
        assert matched.isbns == ("9789649154367", "9789647193023", "9789647193061")
        assert shown.names[1].dates == "1961 or 1962-"

    def test_reads_a_yiddish_translation_from_german(self):
        matched, _ = both("00377722")
        assert matched.is_translation
        assert matched.languages == ("yid",)
        assert matched.original_languages == ("ger",)
        assert composed(matched.places) == ["ווארשע", "ניו־יארק", "Ṿarshe", "Nyu-Yorḳ"]

    def test_reads_russian_sets_counted_in_volumes(self):
        matched, shown = both("00299607")
        assert matched.level is Level.SET
        assert matched.years == (1998, 2009)
        assert matched.publishers[1] == 'Изд-во ОАО НПО "Облмашининформ"'
        assert shown.languages == ("rus",)


class TestTitle:
    def test_takes_apart_title_subtitle_parts_and_parallel_title(self):
        view = display(
            coded(),
            "245 10 $aAnnals =$bAnnalen.$nPart 2,$pAsia :$bhistory /$cby A. Smith ... [et al.].",
        )
        assert view.title.value == "Annals"
        assert view.parallel_titles == (Text("Annalen"),)
        assert [part.value for part in view.parts] == ["Part 2", "Asia"]
        assert view.subtitle.value == "history"
        assert view.responsibility.value == "by A. Smith ... [et al.]"

    def test_keeps_uniform_titles_out_of_matching(self):
        view = match(coded(), "240 10 $aWorks.", "245 10 $aPoems.", "246 3  $aAll poems")
        assert view.other_titles == ("All poems",)

    def test_takes_a_language_in_the_uniform_title_for_a_translation(self):
        assert match(coded(), "240 10 $aFaust.$lEnglish", "245 10 $aFaust.").is_translation
        assert not match(coded(), "041 0  $aeng", "240 10 $aFaust.$lEnglish", "245 10 $aFaust.").is_translation


class TestCarrier:
    @pytest.mark.parametrize(
        ("lines", "carrier"),
        [
            ((coded(), "300    $axii, 312 p. ;$c25 cm."), Carrier.PRINT),
            ((coded(form="o"), "300    $a1 online resource"), Carrier.ONLINE),
            ((coded(form="q"), "300    $a1 CD-ROM"), Carrier.DISC),
            ((coded(form="b"), "300    $a138 p. ;$c18 cm."), Carrier.MICROFORM),
            ((coded(form="d"), "300    $a312 p. (large print)"), Carrier.LARGE_PRINT),
            ((coded(form="f"), "300    $a2 v. of braille"), Carrier.BRAILLE),
            ((coded(form="r"), "300    $a312 p."), Carrier.PRINT),
            ((coded(form="s"), "300    $a1 computer optical disc"), Carrier.DISC),
            ((coded(form="s"), "007    cr |||", "245 00 $aX$h[electronic resource]"), Carrier.ONLINE),
            ((coded(form="s"), "245 00 $aX$h[electronic resource]"), Carrier.UNKNOWN),
            ((coded(), "245 00 $aX$h[microform]", "300    $a8 reels"), Carrier.MICROFORM),
            ((coded(), "300    $a1 online resource (312 pages)", "338    $bcr"), Carrier.ONLINE),
            ((coded(), "338    $bcr"), Carrier.ONLINE),
            ((coded(), "856 40 $uhttps://example.org/1"), Carrier.ONLINE),
            ((coded(), "300    $a312 p.", "856 41 $uhttps://example.org/1"), Carrier.PRINT),
            ((coded(), "007    cr |||", "300    $a78 p.$c20 cm."), Carrier.PRINT),
            ((coded(), "300    $a431 p. +$e1 sound disc"), Carrier.PRINT),
        ],
    )
    def test_is_print_unless_evidence_speaks(self, lines: tuple[str, ...], carrier: Carrier):
        assert match(*lines).carrier is carrier


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "address"),
        [
            ("https://www.gutenberg.org/ebooks/1260", "gutenberg.org/ebooks/1260"),
            ("http://Gutenberg.org/ebooks/1260/", "gutenberg.org/ebooks/1260"),
            ("https://example.org/a?id=7#page2", "example.org/a?id=7"),
        ],
    )
    def test_have_one_form_whatever_the_scheme(self, url: str, address: str):
        assert match(coded(form="o"), f"856 40 $u{url}").addresses == (address,)

    @pytest.mark.parametrize("url", ["https://www.gutenberg.org/", "https://example.org", "ebooks/1260", "x://a/b"])
    def test_of_a_whole_site_and_what_is_no_address_are_left_out(self, url: str):
        assert match(coded(form="o"), f"856 40 $u{url}").addresses == ()

    def test_are_those_of_the_resource_itself(self):
        assert match(coded(form="o"), "856 42 $uhttps://example.org/toc/1").addresses == ()
        assert match(coded(), "300    $a312 p.", "856 41 $uhttps://example.org/scan/1").addresses == ()


class TestLevel:
    @pytest.mark.parametrize(
        ("extent", "level"),
        [
            ("3 v. :", Level.SET),
            ("v. <1-3> :", Level.SET),
            ("v. ;", Level.SET),
            ("2 volumes", Level.SET),
            ("xv, 1200 p. in 2 v.", Level.SET),
            ("1 v. (unpaged) ;", Level.MONOGRAPH),
            ("1 v. (loose-leaf)", Level.MONOGRAPH),
            ("xii, 312 p. ;", Level.MONOGRAPH),
            ("295 p. (large print)", Level.MONOGRAPH),
        ],
    )
    def test_is_a_set_when_volumes_are_counted(self, extent: str, level: Level):
        assert match(coded(), f"300    $a{extent}").level is level

    def test_is_no_set_when_the_title_names_the_part(self):
        assert match(coded(), "245 10 $aAnnals.$nPart 2", "300    $a3 v.").level is Level.MONOGRAPH

    def test_follows_the_leader_for_serials_and_components(self):
        assert match(coded(), leader="00000nas a2200000 a 4500").level is Level.SERIAL
        assert match(coded(), "773 0  $tScience$w(DE)12", leader="00000naa a2200000 a 4500").level is Level.COMPONENT


class TestAge:
    @pytest.mark.parametrize(
        ("lines", "ancient"),
        [
            ((coded(dates="s1877    "),), True),
            ((coded(dates="s18uu    "),), True),
            ((coded(dates="s1912    "),), False),
            ((coded(dates="r19851877"), "250    $a影印清光緒三年刻本"), False),
            ((coded(dates="nuuuuuuuu"), "250    $a刻本"), True),
        ],
    )
    def test_is_ancient_before_the_republic(self, lines: tuple[str, ...], ancient: bool):
        assert match(*lines).is_ancient is ancient


class TestYears:
    def test_put_the_fixed_field_before_the_imprint(self):
        assert match(coded(dates="t20001998"), "260    $aBoston :$bX,$c2000, c1998.").years == (2000, 1998)

    def test_do_not_take_the_original_of_a_reprint(self):
        assert match(coded(dates="r19991954"), "260    $c1999.").years == (1999,)

    def test_do_not_take_persian_years_for_gregorian_ones(self):
        assert match(coded(dates="nuuuuuuuu", language="per"), "260    $c1377").years == ()

    def test_read_the_publication_and_not_the_printing(self):
        view = display(coded(), "264  3 $aX :$bPrinter,$c2001", "264  1 $aBoston :$bKnopf,$c2000", "264  4 $c©1998")
        assert (view.date, [p.value for p in view.publishers]) == ("2000", ["Knopf"])

    def test_read_a_distributor_where_there_is_no_publisher(self):
        assert match(coded(), "264  2 $aBoston :$bKnopf,$c2000").publishers == ("Knopf",)


class TestNumbers:
    def test_are_normal(self):
        view = match(
            "010    $a   98-12345 ",
            "015    $aGBA012345$2bnb",
            "016 7  $a012345678$2DE-101",
            "020    $a0-8143-2976-5 (pbk.)$zbad",
            "020    $a978-7-5064-2595-7",
            "020    $z0814329766",
            "022    $a1002-1027",
            "035    $a(OCoLC)ocm00012345",
        )
        assert view.isbns == ("9787506425957",)
        assert view.wrong_isbns == ("0814329765", "0814329766")
        assert view.issns == ("1002-1027",)
        assert view.lccns == ("98012345",)
        assert view.oclc_numbers == ("12345",)
        assert view.national_numbers == ("bnb:GBA012345", "de-101:012345678")

    def test_leave_nameless_publishers_out_of_matching(self):
        lines = ("260    $a[S.l. :$bs.n.],$c1999", "264  1 $a[Place of publication not identified] :$b[出版者不详]")
        assert match(*lines).publishers == ()
        assert match(*lines).places == ()
        assert len(display(*lines).places) == 2


class TestLanguages:
    def test_read_codes_written_together(self):
        view = match(coded(language="eng"), "041 1  $aengfre$hgerzho")
        assert view.languages == ("eng", "fre")
        assert view.original_languages == ("ger", "chi")

    def test_leave_out_codes_of_another_source(self):
        assert match(coded(language="eng"), "041  7 $aen$2iso639-1").languages == ("eng",)


class TestDisplay:
    def test_reads_subjects_with_their_thesaurus(self):
        view = display(
            "600 10 $aLi, Bai,$d701-762$xCriticism and interpretation.",
            "650  7 $a数字图书馆$2cct",
            "651  4 $aChina$xHistory",
            "655  7 $aFiction.$2lcgft",
            "653    $afoo$abar",
        )
        assert view.subjects == (
            Subject(("Li, Bai, 701-762", "Criticism and interpretation"), "name", "en", "lcsh"),
            Subject(("数字图书馆",), "topic", "zh", "cct"),
            Subject(("China", "History"), "place", "", ""),
            Subject(("Fiction",), "genre", "en", "lcgft"),
            Subject(("foo",), "keyword"),
            Subject(("bar",), "keyword"),
        )

    def test_reads_class_numbers(self):
        view = display("082 04 $a895.1/34$222", "084    $aTP391.1$2clc", "084    $a007.1$2njb/09", "093    $aI247.5")
        assert view.classifications == (
            Classification("ddc", "895.134", "22"),
            Classification("clc", "TP391.1", "clc"),
            Classification("ndc", "007.1", "njb/09"),
            Classification("clc", "I247.5"),
        )

    def test_reads_links_and_relations(self):
        view = display(
            "773 0  $tScience.$w(DE)12$x1002-1027",
            "785 00 $tNew science",
            "856 42 $3Publisher description$uhttps://example.org/1",
            "700 12 $aLi, Bai.$tPoems.",
        )
        assert view.related == (
            Related("host", "Science", "(DE)12", "", "1002-1027"),
            Related("succeeding", "New science"),
            Related("contains", "Poems"),
        )
        assert view.links == (Link("https://example.org/1", "Publisher description", "related"),)

    def test_shows_traced_series_only_without_a_series_statement(self):
        assert [s.value for s in display("830  0 $aSeries B ;$v2.").series] == ["Series B ; 2"]
        assert [s.value for s in display("490 1  $aSeries A ;$v1", "830  0 $aSeries B").series] == ["Series A ; 1"]

    def test_reads_kinds_of_notes(self):
        notes = display("500    $aIncludes index.", "505 00 $tOne /$rLi --$tTwo.", "520    $aOn $books.").notes
        assert [(note.kind, note.text.value) for note in notes] == [
            ("general", "Includes index."),
            ("contents", "One / Li -- Two."),
            ("abstract", "On  ooks."),
        ]

    def test_tells_material_from_the_leader(self):
        assert display(leader="00000nem a2200000 a 4500").material is Material.MAP
        assert display(leader="00000nzm a2200000 a 4500").material is Material.UNKNOWN
