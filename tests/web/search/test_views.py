from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client

from factories.files import book, chinese_book, marc_file
from tongwen.domain.discovery import services as discovery
from tongwen.domain.discovery.queries import correcting
from tongwen.web.search import parameters

pytestmark = pytest.mark.django_db


def tier_counts(page: str) -> list[int]:
    tabs = re.search(r'<ul class="tiers">(.*?)</ul>', page, re.DOTALL)
    assert tabs is not None
    return [int(number) for number in re.findall(r'<span class="n">(\d+)</span>', tabs.group(1))]


class TestHome:
    def test_says_how_much_can_be_searched(self, reader: Client, union: dict[str, int]) -> None:
        assert "3 records of 3 libraries" in reader.get("/").text

    def test_stands_without_an_index(self, reader: Client, index_folder, lending_library: int) -> None:
        assert "being prepared" in reader.get("/").text


class TestResults:
    def test_say_what_a_hit_means_for_this_reader(self, reader: Client, union: dict[str, int]) -> None:
        reader.get("/library?code=L1")
        page = reader.get("/search?q=红楼梦").text
        assert "Held by my library" in page
        assert "3 libraries nationwide" in page
        assert "I242.4" in page
        assert "At 1 library in my province" in reader.get("/search?q=waves").text
        assert "At 1 library elsewhere" in reader.get("/search?q=orlando").text

    def test_count_all_four_tiers_exactly(self, reader: Client, union: dict[str, int]) -> None:
        reader.get("/library?code=L1")
        assert tier_counts(reader.get("/search?q=").text) == [1, 1, 2, 3]
        assert tier_counts(reader.get("/search?q=orlando&tier=library").text) == [0, 0, 0, 1]

    def test_offer_only_the_nation_without_an_own_library(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search?q=&tier=city").text
        assert tier_counts(page) == [3]
        assert "Choose your library above" in page

    def test_are_the_same_for_who_is_sent_the_link(self, reader: Client, union: dict[str, int]) -> None:
        reader.get("/library?code=L1")
        page = reader.get("/search?q=orlando").text
        link = re.search(r'href="(/search\?q=orlando&amp;tier=province[^"]*)"', page)
        assert link is not None
        elsewhere = Client(headers={"accept-language": "en"})
        assert tier_counts(elsewhere.get(link.group(1).replace("&amp;", "&")).text) == [0, 0, 0, 1]

    def test_facet_counts_equal_the_hits_behind_them(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search?q=").text
        facets = re.findall(
            r'<li><a href="([^"]+)" rel="nofollow"><span[^>]*>[^<]+</span><span class="n">(\d+)</span>', page
        )
        assert len(facets) > 8
        for url, count in facets:
            found = reader.get(url.replace("&amp;", "&")).text
            assert f"{count} result" in found

    def test_show_what_is_chosen_and_how_to_remove_it(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search?q=&language=eng&year_from=1990").text
        assert "2 results" in page
        assert 'class="chip" href="/search?year_from=1990"' in page
        assert 'class="chip" href="/search?language=eng"' in page

    def test_find_a_chinese_title_by_its_pinyin(self, reader: Client, union: dict[str, int]) -> None:
        for text in ("hongloumeng", "hong lou meng", "紅樓夢"):
            assert f'/bib/{union["红楼梦"]}"' in reader.get("/search", {"q": text}).text

    def test_keep_their_number_of_queries_when_hits_grow(
        self, reader: Client, union: dict[str, int], django_assert_max_num_queries
    ) -> None:
        reader.get("/library?code=L1")
        connection.run_on_commit.clear()  # As after the commit: the register is asked anew while it is being changed.
        reader.get("/search?q=")
        with django_assert_max_num_queries(7):
            reader.get("/search?q=")


class TestNothingFound:
    def test_offers_the_wider_tiers_with_their_counts(self, reader: Client, union: dict[str, int]) -> None:
        reader.get("/library?code=L1")
        page = reader.get("/search?q=waves&tier=library").text
        assert "Nothing was found" in page
        assert "Search My province: 1 hit" in page
        assert "pinyin" in page

    def test_says_of_an_isbn_whether_it_is_mistyped_or_unknown(self, reader: Client, union: dict[str, int]) -> None:
        mistyped = reader.get("/search?q=978-7-02-000220-8").text
        assert "no valid ISBN" in mistyped
        assert "pinyin" not in mistyped
        assert "No library has reported this ISBN" in reader.get("/search?q=978-7-101-00304-8").text

    def test_leads_on_to_where_a_call_number_is_found(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search?q=PR6045").text
        link = re.search(r'<a href="([^"]+)">Search in call numbers instead</a>', page)
        assert link is not None
        assert "2 results" in reader.get(link.group(1).replace("&amp;", "&")).text


class TestPageBehindTheLast:
    def test_leads_back(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search?q=&page=7").text
        assert "There are no more results" in page
        assert "Nothing was found" not in page
        assert '<a href="/search">To the last page: 1</a>' in page


class TestOnlineRecords:
    def test_can_be_opened_from_the_results(self, reader: Client, load, index_folder, lending_library: int) -> None:
        online = book("o1", "The waves", more=("856 40 $uhttps://books.example/waves",))
        contents = book("o2", "Orlando", more=("856 42 $3Contents$uhttps://books.example/toc",))
        load(lending_library, marc_file(online, contents))
        discovery.reindex()
        page = reader.get("/search?q=").text
        assert 'href="https://books.example/waves"' in page
        assert "https://books.example/toc" not in page


class TestNamesWithSigns:
    TITLES = ("C++ primer", "C# in depth", "The C programming language", "ASP.NET in action", "The net delusion")

    @pytest.fixture
    def _languages(self, load, index_folder, lending_library: int) -> None:
        books = [book(f"s{number}", title) for number, title in enumerate(self.TITLES)]
        load(lending_library, marc_file(*books))
        load(lending_library, marc_file(chinese_book("s9", "C++程序设计"), chinese_book("s10", "C程序设计")))
        discovery.reindex()

    @pytest.mark.usefixtures("_languages")
    @pytest.mark.parametrize(
        ("text", "titles"),
        [
            ("C++", {"C++ primer", "C++程序设计"}),
            ("Ｃ＋＋", {"C++ primer", "C++程序设计"}),
            ('"c#"', {"C# in depth"}),
            (".net", {"ASP.NET in action"}),
            ("asp net", {"ASP.NET in action"}),
            ("C++程序设计", {"C++程序设计"}),
            ("c", {"C++ primer", "C# in depth", "The C programming language", "C++程序设计", "C程序设计"}),
        ],
    )
    def test_are_told_apart(self, reader: Client, text: str, titles: set[str]) -> None:
        page = reader.get("/search", {"q": text}).text
        found = {html.unescape(title) for title in re.findall(r'<h2><a href="[^"]+">(?:<span[^>]*>)?([^<]+)<', page)}
        assert found == titles

    @pytest.mark.usefixtures("_languages")
    def test_leave_the_whole_title_first(self, reader: Client) -> None:
        page = reader.get("/search", {"q": "C程序设计"}).text
        assert page.index(">C程序设计<") < page.index(">C++程序设计<")


def meant(page: str) -> tuple[str, str] | None:
    """Return the text and the address of the corrected search that a page offers."""
    found = re.search(r'Did you mean: <a href="([^"]+)"[^>]*><strong>([^<]+)<', page)
    return (html.unescape(found[2]), html.unescape(found[1])) if found else None


class TestMisspeltQuestions:
    @pytest.fixture
    def _shelf(self, load, index_folder, lending_library: int, distant_library: int) -> None:
        western = (
            book("m1", "Pride and prejudice", author="Austen, Jane"),
            book("m2", "Introduction to linguistics", author="Shakespeare, William"),
            book("m3", "Prideaux and the press", author="Baker, Ann"),
        )
        load(lending_library, marc_file(*western))
        chinese = (
            chinese_book("h1", "红楼梦"),
            chinese_book("h2", "史记", author="司马迁"),
            chinese_book("h3", "数据库系统概论", author="王珊"),
            chinese_book("h4", "围城", author="钱锺书"),
        )
        load(distant_library, marc_file(*chinese))
        discovery.reindex()

    @pytest.mark.usefixtures("_shelf")
    @pytest.mark.parametrize(
        ("typed", "wanted"),
        [
            ("pride and prejudise", "pride and prejudice"),
            ("prode AND prejudice", None),
            ("Prode and Prejudcie", "pride and prejudice"),
            ("lingustics", "linguistics"),
            ("intrduction to lingustics", "introduction to linguistics"),
            ("shakspeare", "shakespeare"),
            ("linguistcks", "linguistics"),
            ("红楼孟", "红楼梦"),
            ("紅摟夢", "红楼梦"),
            ("红接梦", "红楼梦"),
            ("史纪", "史记"),
            ("数据库系统慨论", "数据库系统概论"),
            ("数据库统概论", None),
            ("司马千", "司马迁"),
            ("honglumeng", "红楼梦"),
            ("hongloumemg", "红楼梦"),
            ("hong lu meng", "红楼梦"),
            ("simaqan", "司马迁"),
            ("xylophones", None),
            ("龟兹乐", None),
            ("zzz", None),
        ],
    )
    def test_are_offered_as_they_may_be_meant(self, reader: Client, typed: str, wanted: str | None) -> None:
        found = meant(reader.get("/search", {"q": typed}).text)
        assert (found[0].lower() if found else None) == wanted

    def test_are_offered_too_where_only_romanised_records_sound_so(
        self, reader: Client, load, index_folder, lending_library: int
    ) -> None:
        romanised = (book(f"r{n}", f"Hong lou meng {n}", language="chi") for n in range(3))
        load(lending_library, marc_file(*romanised))
        load(lending_library, marc_file(chinese_book("h1", "红楼梦")))
        discovery.reindex()
        page = reader.get("/search", {"q": "红楼孟"}).text
        assert page.count('<li class="card-row">') == 3
        assert meant(page) == ("红楼梦", "/search?q=%E7%BA%A2%E6%A5%BC%E6%A2%A6")
        assert meant(reader.get("/search", {"q": "红楼梦"}).text) is None

    @pytest.mark.usefixtures("_shelf")
    def test_lead_to_hits(self, reader: Client) -> None:
        found = meant(reader.get("/search", {"q": "pride and prejudise", "in": "title"}).text)
        assert found is not None
        assert parameters.address([("q", found[0]), ("in", "title")]) == found[1]
        page = reader.get(found[1]).text
        assert "Pride and prejudice" in page
        assert meant(page) is None

    @pytest.mark.usefixtures("_shelf")
    def test_lead_out_of_the_own_library_where_it_has_none(self, reader: Client) -> None:
        reader.get("/library?code=L1")
        found = meant(reader.get("/search", {"q": "红楼孟", "tier": "library"}).text)
        assert found is not None
        assert "tier=" not in found[1]
        found = meant(reader.get("/search", {"q": "prejudise", "tier": "library"}).text)
        assert found is not None
        assert "tier=library" in found[1]

    @pytest.mark.usefixtures("_shelf")
    @pytest.mark.parametrize("more", [{"language": "eng"}, {"year_from": "1990"}, {"in": "isbn"}, {"in": "callnumber"}])
    def test_are_not_guessed_at_when_something_else_narrows_them(self, reader: Client, more: dict[str, str]) -> None:
        assert meant(reader.get("/search", {"q": "prejudise", **more}).text) is None

    @pytest.mark.usefixtures("_shelf")
    def test_cost_nothing_where_there_are_hits(self, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(correcting, "corrected", None)
        assert "红楼梦" in reader.get("/search", {"q": "红楼梦"}).text


class TestBadQuestions:
    @pytest.mark.parametrize("text", ["x" * 10_001, '"!?', "a" * 10_000])
    def test_are_answered_in_words(self, reader: Client, union: dict[str, int], text: str) -> None:
        answer = reader.get("/search", {"q": text})
        assert answer.status_code in (200, 400)
        assert "Search the catalogue" in answer.text

    @pytest.mark.parametrize(
        "query",
        [
            "q=%ff%fe",
            "q=%00%01",
            "q=%ED%A0%80",
            "q=%22abc",
            "page=999999",
            "library=%27",
            "year=x",
            "author=%F0%9F%92%A9",
        ],
    )
    def test_never_break_the_page(self, reader: Client, union: dict[str, int], query: str) -> None:
        assert reader.get(f"/search?{query}").status_code in (200, 400)

    def test_are_shown_as_they_were_typed_and_harmless(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get("/search", {"q": '"><script>alert(1)</script>'}).text
        assert "<script>alert" not in page

    def test_say_that_the_index_is_away(self, reader: Client, index_folder, lending_library: int) -> None:
        assert reader.get("/search?q=x").status_code == 503

    def test_say_how_far_one_can_page(self, reader: Client, union: dict[str, int]) -> None:
        answer = reader.get("/search", {"q": "", "page": 10_000 // parameters.PAGE_SIZE + 1})
        assert answer.status_code == 400
        assert "10,000" in answer.text
        assert '<a href="/search">To the first page</a>' in answer.text
