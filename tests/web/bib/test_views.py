from __future__ import annotations

import html
import io
import json
import re

import pymarc
import pytest
from django.test import Client
from lxml import etree

from factories.files import book, marc_file
from tongwen.domain.catalogue import queries

pytestmark = pytest.mark.django_db


class TestRecordPage:
    def test_shows_the_nearest_copies_first(self, reader: Client, union: dict[str, int]) -> None:
        reader.get("/library?code=L1")
        page = reader.get(f"/bib/{union['红楼梦']}").text
        places = [
            page.index(words)
            for words in ("My library: Demo L1", "Elsewhere in my province", "Elsewhere in the nation")
        ]
        assert places == sorted(places)
        assert page.index("Where it is held") < page.index("<dl") < page.index("Cite")

    def test_offers_to_read_online_above_the_copies(self, reader: Client, lending_library: int, load) -> None:
        links = (
            "856 41 $3Table of contents$uhttps://toc.example/1",
            "856 41 $uhttps://www.scans.example/1",
            "856 40 $uhttps://books.example/1",
            "856 42 $3Publisher description$uhttps://firm.example/1",
            "856 40 $ujavascript:alert(1)",
            "856 41 $uhttp://[broken/1",
        )
        load(lending_library, marc_file(book("o1", "The waves", more=links)))
        number = next(iter(queries.bibs(list(range(1, 100_000)))))
        page = reader.get(f"/bib/{number}").text
        above = page[page.index("</header>", page.index("title-block")) : page.index("Where it is held")]
        assert re.findall(r'<a class="btn[^>]* href="([^"]+)"', above) == [
            "https://books.example/1", "https://www.scans.example/1", "http://[broken/1",
        ]  # fmt: skip
        assert above.count("Read online") == 3
        assert "scans.example</span>" in above
        assert "https://toc.example/1" in page
        assert "javascript:" not in page

    def test_offers_nothing_where_nothing_can_be_read(self, reader: Client, union: dict[str, int]) -> None:
        assert "Read online" not in reader.get(f"/bib/{union['Orlando']}").text

    def test_leads_from_headings_to_searches_that_find_it(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get(f"/bib/{union['红楼梦']}").text
        assert 'href="/search?author=%E6%9B%B9%E9%9B%AA%E8%8A%B9"' in page
        found = reader.get("/search?author=%E6%9B%B9%E9%9B%AA%E8%8A%B9").text
        assert f"/bib/{union['红楼梦']}" in found

    def test_marks_titles_with_their_language(self, reader: Client, union: dict[str, int]) -> None:
        assert '<span lang="zh' in reader.get(f"/bib/{union['红楼梦']}").text

    def test_names_its_other_forms_to_machines(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get(f"/bib/{union['Orlando']}").text
        assert (
            f'<link rel="alternate" type="application/marc" title="ISO 2709" href="/bib/{union["Orlando"]}/export/mrc">'
            in page
        )
        assert f'<link rel="canonical" href="http://testserver/bib/{union["Orlando"]}">' in page

    def test_is_missing_where_no_bib_is(self, reader: Client, union: dict[str, int]) -> None:
        assert reader.get("/bib/99999999").status_code == 404
        assert reader.get(f"/bib/{10**30}").status_code == 404


class TestMARCView:
    def test_shows_fields_without_the_local_ones(self, reader: Client, union: dict[str, int]) -> None:
        page = reader.get(f"/bib/{union['Orlando']}?view=marc").text
        assert '<th scope="row">245</th><td class="ind">10</td>' in page
        assert '<th scope="row">852</th>' not in page


class TestExports:
    def get(self, reader: Client, union: dict[str, int], form: str, title: str = "Orlando"):
        answer = reader.get(f"/bib/{union[title]}/export/{form}")
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        return answer

    def test_iso_2709_is_read_by_the_fields_own_library(self, reader: Client, union: dict[str, int]) -> None:
        answer = self.get(reader, union, "mrc")
        assert answer["Content-Type"] == "application/marc"
        record = next(pymarc.MARCReader(io.BytesIO(answer.content)))
        assert record is not None
        assert record["245"]["a"] == "Orlando /"
        assert record.get_fields("852") == []

    def test_marcxml_is_well_formed(self, reader: Client, union: dict[str, int]) -> None:
        root = etree.fromstring(self.get(reader, union, "marcxml").content)
        assert root.tag == "{http://www.loc.gov/MARC21/slim}record"
        assert root.xpath("//*[@tag='852']") == []

    def test_json_is_marc_in_json(self, reader: Client, union: dict[str, int]) -> None:
        record = json.loads(self.get(reader, union, "json").content)
        assert {"leader", "fields"} == set(record)
        assert not any("852" in field for field in record["fields"])

    @pytest.mark.parametrize(
        ("form", "words"), [("ris", "TI  - 红楼梦"), ("bibtex", "title"), ("gbt7714", "红楼梦[M]")]
    )
    def test_citations_name_the_title(self, reader: Client, union: dict[str, int], form: str, words: str) -> None:
        answer = self.get(reader, union, form, "红楼梦")
        assert words in answer.text
        assert "charset=utf-8" in answer["Content-Type"]

    @pytest.mark.parametrize(("form", "edition"), [("gbt7714", "2025"), ("gbt7714-2015", "2015")])
    def test_cite_as_the_page_does(self, reader: Client, union: dict[str, int], form: str, edition: str) -> None:
        cited = self.get(reader, union, form, "红楼梦").text.strip()
        page = reader.get(f"/bib/{union['红楼梦']}").text
        shown = re.search(rf'id="cite-{edition}" dir="auto">([^<]+)<', page)
        assert shown is not None
        assert html.unescape(shown[1]) == cited
        assert ("，" in cited) is (edition == "2025")
        assert page.index("GB/T 7714—2025") < page.index("GB/T 7714—2015")

    def test_of_an_unknown_kind_are_missing(self, reader: Client, union: dict[str, int]) -> None:
        assert reader.get(f"/bib/{union['Orlando']}/export/docx").status_code == 404
