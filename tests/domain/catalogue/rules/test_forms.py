from __future__ import annotations

import pytest

from tongwen.domain.catalogue.rules import forms


class TestTitle:
    @pytest.mark.parametrize(
        ("title", "parts"),
        [
            ("红楼梦", ("第二卷",)),
            ("红楼梦", ("卷二",)),
            ("红楼梦", ("vol. 2",)),
            ("红楼梦", ("II",)),
            ("紅樓夢", ("2",)),
            ("红楼梦 第二卷", ()),
            ("红楼梦（二）", ()),
            ("红楼梦. 第2卷", ()),
        ],
    )
    def test_comes_out_the_same_however_its_volume_is_written(self, title: str, parts: tuple[str, ...]) -> None:
        found = forms.title(title, parts, "chi")

        assert (found.core, found.volume) == ("红楼梦", ("2",))

    @pytest.mark.parametrize(
        ("title", "parts"),
        [
            ("Rodale basics", ("Volume 5",)),
            ("Rodale basics. Volume 5", ()),
            ("The Rodale basics", ("v. V",)),
            ("Rodale basics, fifth volume", ()),
            ("Rodale basics", ("Fifth volume",)),
        ],
    )
    def test_takes_western_designations_out_of_the_title(self, title: str, parts: tuple[str, ...]) -> None:
        found = forms.title(title, parts, "eng")

        assert (found.core, found.volume) == ("rodalebasics", ("5",))

    @pytest.mark.parametrize("title", ["三体", "一千零一夜", "新编英语", "史记三家注", "统一战线"])
    def test_leaves_numbers_that_are_words_alone(self, title: str) -> None:
        found = forms.title(title, (), "chi")

        assert (found.core, found.volume, found.numbers) == (title, (), frozenset())

    @pytest.mark.parametrize(("title", "volume"), [("数学分析 第一至二册", "1-2"), ("数学分析 第1-2册", "1-2")])
    def test_reads_a_range_of_volumes_as_one_designation(self, title: str, volume: str) -> None:
        assert forms.title(title, (), "chi").volume == (volume,)

    def test_keeps_the_upper_volume_apart_from_volume_one(self) -> None:
        assert forms.title("红楼梦", ("上册",)).volume == ("上",)

    def test_tells_programming_languages_apart(self) -> None:
        cores = {forms.title(text, (), "eng").core for text in ("C primer", "C++ primer", "C# primer")}

        assert len(cores) == 3

    def test_collects_the_numbers_of_the_title_in_arabic(self) -> None:
        assert forms.title("World War II in 1944", (), "eng").numbers == {"2", "1944"}
        assert forms.title("第三十届年会", (), "chi").numbers == {"30"}

    def test_drops_the_article_of_the_language_of_the_text_only(self) -> None:
        assert forms.title("Die Zeit", (), "ger").core == "zeit"
        assert forms.title("Die hard", (), "eng").core == "diehard"
        assert forms.title("L'été", (), "fre").core == "ete"

    def test_cuts_a_subtitle_that_stands_in_the_title_proper(self) -> None:
        assert forms.title("Chest medicine : essentials", (), "eng").core == "chestmedicine"

    def test_never_comes_out_empty_for_a_title_that_is_a_designation(self) -> None:
        assert forms.title("Volume 2", (), "eng").core == "volume2"
        assert forms.title("上册", (), "chi").core == "上册"


class TestPerson:
    def test_makes_one_form_of_a_name_with_and_without_dates(self) -> None:
        assert forms.person("Strathern, Paul, 1940-") == forms.person("Strathern, P.") == "strathern|p"

    def test_drops_dynasty_nationality_and_role_around_a_chinese_name(self) -> None:
        assert forms.person("(清)曹雪芹") == forms.person("曹雪芹著") == forms.person("曹雪芹") == "曹雪芹"

    def test_reads_traditional_and_simplified_names_alike(self) -> None:
        assert forms.person("黃仁宇") == forms.person("黄仁宇")

    @pytest.mark.parametrize("name", ["Strathern, Paul, 1940-", "(清)曹雪芹", "国家统计局", "United Nations", "", ","])
    def test_has_the_family_name_that_is_asked_for_alone(self, name: str) -> None:
        assert forms.family(name) == forms.surname(forms.person(name))


class TestPublisher:
    def test_is_the_same_with_and_without_the_word_for_its_trade(self) -> None:
        assert forms.publisher("人民文学出版社") == forms.publisher("人民文學")
        assert forms.publisher("Enslow Publishers") == forms.publisher("Enslow")


class TestExtent:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("xii, 320 p. ; 22 cm", forms.Extent(320)),
            ("10, 374页", forms.Extent(374)),
            ("422,图版[40]页", forms.Extent(422)),
            ("320页 27cm", forms.Extent(320)),
            ("3 v. (1200 p.)", forms.Extent(1200, 3)),
            ("2册", forms.Extent(0, 2)),
            ("v. <1-2 >", forms.Extent(open_set=True)),
            ("v, 138 p.", forms.Extent(138)),
            ("v.", forms.Extent(open_set=True)),
            ("p. cm.", forms.Extent()),
            ("", forms.Extent()),
        ],
    )
    def test_reads_pages_and_volumes(self, text: str, expected: forms.Extent) -> None:
        assert forms.extent(text) == expected


class TestExtentWords:
    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ("1 v. (unpaged)", "1 volume (unpaged)"),
            ("v. <1-2   >", "volumes <1-2>"),
            ("36册", "36 v."),
            ("[4], 374页", "[4], 374 p."),
        ],
    )
    def test_are_the_same_whatever_the_units_are_called(self, one: str, two: str) -> None:
        assert forms.extent_words(one) == forms.extent_words(two) != ""

    def test_keep_what_follows_the_count(self) -> None:
        assert forms.extent_words("105 v.") != forms.extent_words("105 v. in 80")

    @pytest.mark.parametrize("text", ["", "p. cm.", "v."])
    def test_are_none_without_a_number(self, text: str) -> None:
        assert forms.extent_words(text) == ""


class TestAbbreviates:
    @pytest.mark.parametrize(
        ("one", "two", "same"),
        [
            ("American Inst. of Physics", "American Institute of Physics", True),
            ("Assoc. of Research Libraries", "Association of Research Lib.", True),
            ("Inst. of Physics", "Institute of Chemistry", False),
            ("A. of Physics", "Association of Physics", False),
            ("Inst", "Institute", False),
            ("Press of Ohio", "Press of Ohio State", False),
        ],
    )
    def test_takes_words_cut_short_and_no_others(self, one: str, two: str, same: bool) -> None:
        assert forms.abbreviates(one, two) is forms.abbreviates(two, one) is same


class TestEdition:
    @pytest.mark.parametrize("text", ["2nd ed.", "2d ed.", "Second edition", "Zweite Auflage", "第2版", "第二版"])
    def test_reads_the_number_in_any_language(self, text: str) -> None:
        assert forms.edition(text) == forms.Edition("2")

    def test_keeps_the_words_that_tell_editions_apart(self) -> None:
        assert forms.edition("2nd rev. ed.").words == {"rev"}
        assert forms.edition("修订本") == forms.Edition("", frozenset({"修订"}))
