"""References by GB/T 7714."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.views import replace

from tongwen.standards import citation
from tongwen.standards.marc.types import Carrier, DisplayView, Format, Level, Link, Material, Name, Note, Text

numbered_2015 = partial(citation.gbt7714, edition="2015")
by_year_2015 = partial(citation.gbt7714_author_year, edition="2015")


def person(heading: str, role: str = "aut", other: str = "") -> Name:
    return Name(Text(heading), role=role, other_script=Text(other))


def book(title: str, *names: Name, place: str = "", publisher: str = "", date: str = "", **more) -> DisplayView:
    return DisplayView(
        format=Format.CNMARC,
        title=Text(title),
        names=names,
        places=(Text(place),) if place else (),
        publishers=(Text(publisher),) if publisher else (),
        date=date,
        material=more.pop("material", Material.TEXT),
        **more,
    )


OLD_TALES = book("国史旧闻", person("陈登原"), place="北京", publisher="中华书局", date="2000", parts=(Text("第1卷"),))
TRANSLATED = book(
    "经济数学与金融数学",
    person("哈里森·沃尔德伦"),
    person("谢远涛", "trl"),
    place="北京",
    publisher="中国人民大学出版社",
    date="2012",
)
SONG = book(
    "宋论", person("王夫之"), place="金陵", publisher="湘乡曾国荃", date="清同治四年 [1865]", edition=Text("刻本")
)
THESIS = book(
    "生物质材料热解失重动力学及其分析方法研究",
    person("刘乃安"),
    place="安徽",
    publisher="中国科学技术大学",
    date="2000",
    carrier=Carrier.ONLINE,
    notes=(Note("thesis", Text("学位论文(博士)")),),
    links=(Link("http://example.org/y35106"),),
    other_numbers=(("doi", "10.7666/d.y35106"),),
)
LIBRARY = book("电子图书馆理论与实践研究", person("汪冰"), place="北京", publisher="北京图书馆出版社", date="1997")
BANKING = book(
    "AI and the future of banking",
    person("Boobier, Tony"),
    place="Chichester",
    publisher="John Wiley & Sons",
    date="2020",
)


class TestExamplesOfTheStandard:
    """Expected strings of the standard's own appendix."""

    def test_volume_of_a_set(self):
        assert numbered_2015(OLD_TALES, pages="29") == "陈登原. 国史旧闻: 第1卷[M]. 北京: 中华书局, 2000: 29."

    def test_translation(self):
        assert (
            numbered_2015(TRANSLATED, pages="235-236")
            == "哈里森·沃尔德伦. 经济数学与金融数学[M]. 谢远涛, 译. 北京: 中国人民大学出版社, 2012: 235-236."
        )

    def test_old_print_with_the_year_of_an_era(self):
        assert numbered_2015(SONG) == "王夫之. 宋论[M]. 刻本. 金陵: 湘乡曾国荃, 1865(清同治四年)."

    def test_thesis_online(self):
        assert numbered_2015(THESIS, pages="17-18", accessed=dt.date(2014, 8, 29)) == (
            "刘乃安. 生物质材料热解失重动力学及其分析方法研究[D/OL]. 安徽: 中国科学技术大学, 2000: 17-18[2014-08-29]. "
            "http://example.org/y35106. DOI: 10.7666/d.y35106."
        )

    def test_author_and_year(self):
        assert (
            by_year_2015(LIBRARY, pages="16") == "汪冰, 1997. 电子图书馆理论与实践研究[M]. 北京: 北京图书馆出版社: 16."
        )

    def test_standard(self):
        standard = book(
            "信息与文献 都柏林核心元数据元素集",
            Name(Text("全国信息与文献标准化技术委员会"), "aut", kind="body"),
            place="北京",
            publisher="中国标准出版社",
            date="2010",
            other_numbers=(("standard", "GB/T 25100—2010"),),
        )
        assert numbered_2015(standard, pages="2-3") == (
            "全国信息与文献标准化技术委员会. 信息与文献 都柏林核心元数据元素集: GB/T 25100—2010[S]. "
            "北京: 中国标准出版社, 2010: 2-3."
        )


class TestEditionOf2025:
    def test_has_full_width_punctuation_in_chinese(self):
        assert (
            citation.gbt7714(TRANSLATED, edition="2025", pages="235-236")
            == "哈里森·沃尔德伦. 经济数学与金融数学[M]. 谢远涛，译. 北京：中国人民大学出版社，2012：235-236."
        )
        assert citation.gbt7714(SONG, edition="2025").endswith("湘乡曾国荃，1865（清同治四年）.")

    def test_keeps_surnames_in_small_letters(self):
        assert (
            citation.gbt7714(BANKING, edition="2025", pages="35")
            == "Boobier T. AI and the future of banking[M]. Chichester: John Wiley & Sons, 2020: 35."
        )

    def test_has_a_comma_before_the_role_of_others(self):
        translators = [person(name, "trl") for name in ("杨斌", "王忠玉", "陈彦斌", "谁")]
        macro = book("递归宏观经济理论", person("扬奎斯特"), person("萨金特"), *translators, date="2010")
        assert "杨斌，王忠玉，陈彦斌，等，译." in citation.gbt7714(macro, edition="2025")
        assert "杨斌, 王忠玉, 陈彦斌, 等译." in citation.gbt7714(macro, edition="2015")

    def test_is_one_of_those_offered(self):
        with pytest.raises(ValueError, match="2015, 2025"):
            citation.gbt7714(SONG, edition="1987")


class TestNames:
    @pytest.mark.parametrize(
        ("heading", "in_2015", "in_2025"),
        [
            ("Frese, Karen S.", "FRESE K S", "Frese K S"),
            ("Einstein, Albert", "EINSTEIN A", "Einstein A"),
            ("Williams-Ellis, Amabel", "WILLIAMS-ELLIS A", "Williams-Ellis A"),
            ("De Morgan, Augustus", "DE MORGAN A", "De Morgan A"),
            ("Godard, Jean-Luc", "GODARD J L", "Godard J-L"),
            ("Li, Jiangning", "LI J N", "Li Jiangning"),
            ("King, Martin Luther, Jr.", "KING M L Jr", "King M L Jr"),
            ("Eliot, T. S. (Thomas Stearns)", "ELIOT T S", "Eliot T S"),
            ("Homer", "HOMER", "Homer"),
        ],
    )
    def test_are_surname_and_initials(self, heading, in_2015, in_2025):
        view = book("A title", person(heading), date="2000")
        assert citation.gbt7714(view, edition="2015").startswith(f"{in_2015}. A title[M]. ")
        assert citation.gbt7714(view, edition="2025").startswith(f"{in_2025}. A title[M]. ")

    def test_past_three_are_others(self):
        names = [person(name) for name in ("袁训来", "陈哲", "肖书海", "万斌")]
        assert numbered_2015(book("蓝田生物群", *names)).startswith("袁训来, 陈哲, 肖书海, 等. 蓝田生物群")
        names = [person(name) for name in ("A, B", "C, D", "E, F", "G, H")]
        assert numbered_2015(book("Biota", *names)).startswith("A B, C D, E F, et al. Biota")
        assert numbered_2015(book("Биота", *names)).startswith("A B, C D, E F, и др. Биота")

    def test_are_in_the_script_of_the_title(self):
        name = person("Cao, Xueqin", other="曹雪芹")
        assert numbered_2015(book("红楼梦", name)).startswith("曹雪芹. ")
        assert numbered_2015(book("The story of the stone", name)).startswith("CAO X Q. ")

    def test_lose_the_country_in_front(self):
        assert numbered_2015(book("老人与海", person("(美)海明威"))).startswith("海明威. ")

    def test_of_bodies_stay_whole(self):
        body = Name(Text("American Library Association. Committee"), "aut", kind="body")
        assert numbered_2015(book("Rules", body)).startswith("American Library Association. Committee. Rules[M]")

    def test_of_editors_come_first_where_there_are_no_authors(self):
        assert numbered_2015(book("词典", person("王力", "edt"))).startswith("王力. 词典[M]")
        assert "王力, 编." in numbered_2015(book("文集", person("朱自清"), person("王力", "edt")))


class TestTitle:
    def test_has_one_kind_of_colon(self):
        view = book("日出箴言", subtitle=Text("第貳書 : 附錄"))
        assert numbered_2015(view).startswith("日出箴言: 第貳書: 附錄[M]")
        assert citation.gbt7714(view, edition="2025").startswith("日出箴言：第貳書：附錄[M]")


class TestTypes:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({}, "[M]"),
            ({"carrier": Carrier.ONLINE}, "[M/OL]"),
            ({"carrier": Carrier.DISC}, "[M/CD]"),
            ({"level": Level.SERIAL}, "[J]"),
            ({"level": Level.COLLECTION}, "[A]"),
            ({"material": Material.MAP}, "[CM]"),
            ({"material": Material.SOFTWARE, "carrier": Carrier.DISC}, "[CP/CD]"),
            ({"material": Material.MOVING_IMAGE}, "[Z]"),
            ({"notes": (Note("thesis", Text("硕士")),)}, "[D]"),
        ],
    )
    def test_have_their_codes(self, more, code):
        assert numbered_2015(book("题名", **more)).startswith(f"题名{code}.")

    def test_of_meetings(self):
        meeting = Name(Text("综合湿地管理国际研讨会"), kind="meeting", main=True)
        assert numbered_2015(book("论文集", meeting)).startswith("论文集[C]. ")


class TestImprint:
    def test_names_what_is_not_known(self):
        assert numbered_2015(book("题名", date="1990")) == "题名[M]. [出版地不详]: [出版者不详], 1990."
        assert numbered_2015(book("A title", date="1990")) == "A title[M]. [S.l.]: [s.n.], 1990."
        assert numbered_2015(book("A title", date="1990", carrier=Carrier.ONLINE)) == "A title[M/OL]. 1990."

    @pytest.mark.parametrize(
        ("date", "year", "written"),
        [
            ("c1997", None, "c1997"),
            ("©2015", 2015, "c2015"),
            ("1998, c1997", 1998, "1998"),
            ("[1936?]", 1936, "[1936]"),
            ("2012.", None, "2012"),
            ("1984-", 1984, "1984-"),
            ("民國二十五年", 1936, "1936(民國二十五年)"),
            ("", 1999, "1999"),
            ("清光緒三年 [1877]", 1877, "1877(清光緒三年)"),
            ("昭和 10 [1935]", 1935, "1935(昭和10)"),
        ],
    )
    def test_writes_the_year(self, date, year, written):
        view = replace(book("题名", place="北京", publisher="社", date=date), year=year)
        assert numbered_2015(view) == f"题名[M]. 北京: 社, {written}."

    def test_has_a_dash_for_what_goes_on_in_2025(self):
        view = book("题名", place="北京", publisher="社", date="1984-", level=Level.SERIAL)
        assert citation.gbt7714(view, edition="2025") == "题名[J]. 北京：社，1984—."

    @pytest.mark.parametrize(
        ("edition", "written"),
        [
            ("第4版", " 4版."),
            ("第四版", " 4版."),
            ("2nd ed.", " 2nd ed."),
            ("第1版", ""),
            ("1st ed.", ""),
            ("明刻本", " 明刻本."),
        ],
    )
    def test_names_the_edition_unless_it_is_the_first(self, edition, written):
        view = book("题名", place="北京", publisher="社", date="1990", edition=Text(edition))
        assert numbered_2015(view) == f"题名[M].{written} 北京: 社, 1990."

    def test_gives_an_address_only_for_what_is_online(self):
        view = book("题名", place="北京", publisher="社", date="1990")
        today = dt.date(2026, 1, 2)
        assert numbered_2015(view, url="https://c.example/bib/1", accessed=today) == "题名[M]. 北京: 社, 1990."
        online = replace(view, carrier=Carrier.ONLINE)
        assert (
            numbered_2015(online, url="https://c.example/bib/1", accessed=today)
            == "题名[M/OL]. 北京: 社, 1990[2026-01-02]. https://c.example/bib/1."
        )


texts = st.text(max_size=20)


class TestAnyView:
    @given(texts, texts, texts, st.lists(st.tuples(texts, texts), max_size=5), st.sampled_from(["2015", "2025"]))
    def test_gives_one_line(self, title, date, place, names, edition):
        view = book(title, *(person(heading, role) for heading, role in names), place=place, date=date)
        for cite in (citation.gbt7714, citation.gbt7714_author_year):
            assert len(cite(view, edition=edition).splitlines()) == 1


class TestNoEdition:
    def test_is_the_newest(self):
        assert citation.gbt7714(SONG) == citation.gbt7714(SONG, edition="2025") != numbered_2015(SONG)
        assert citation.gbt7714_author_year(SONG) == citation.gbt7714_author_year(SONG, edition="2025")


class TestForeignNamesInChinese:
    @pytest.mark.parametrize("edition", citation.EDITIONS)
    @pytest.mark.parametrize(
        ("heading", "written"), [("昂温, G.", "昂温 G"), ("(英)赫胥黎, T. H.", "赫胥黎 T H"), ("沃尔德伦", "沃尔德伦")]
    )
    def test_have_initials_without_dots(self, heading, written, edition):
        assert citation.gbt7714(book("题名", person(heading)), edition=edition).startswith(f"{written}. 题名[M]")
