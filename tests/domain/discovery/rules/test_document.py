from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tongwen.core.search import headings
from tongwen.domain.discovery.rules import document, schema
from tongwen.standards.marc.types import Classification, DisplayView, Format, Name, Subject, Text

DREAM = DisplayView(
    Format.CNMARC,
    control_number="012000001",
    title=Text("红楼梦"),
    subtitle=Text("校注本"),
    names=(Name(Text("曹雪芹")), Name(Text("高鹗"))),
    publishers=(Text("人民文学出版社"),),
    year=1982,
    languages=("chi",),
    subjects=(Subject(("章回小说", "中国", "清代")),),
    classifications=(Classification("clc", "I242.4"), Classification("ddc", "895.134")),
    isbns=("9787020002207",),
    other_numbers=(("book-number", "10019·1978"),),
)


def made(view: DisplayView, number: int = 7, **held: Any) -> dict[str, Any]:
    held.setdefault("institution_ids", (1,))
    packed = document.pack(document.bib_fields(view))
    text = document.document(number, packed, document.held(document.holding_fields(**held)))
    result: dict[str, Any] = json.loads(text)
    return result


def labels(fields: dict[str, Any], name: str) -> list[str | None]:
    """The words that are stored under each number of a heading field."""
    stored = base64.b64decode(fields[headings.label_field(name)])
    return [headings.words_of(number, stored) for number in fields[name]]


class TestDocument:
    def test_fills_only_fields_that_the_index_has(self) -> None:
        for field in made(
            DREAM, institution_ids=(2, 1), cities=("320100",), provinces=("320000",), call_numbers=("I 1",)
        ):
            if not field.endswith("_label"):
                schema.SCHEMA.kind(field)

    def test_holds_pairs_single_characters_and_whole_titles(self) -> None:
        fields = made(DREAM)
        assert fields["title_b"] == ["红楼 楼梦 校注 注本"]
        assert set(fields["title_u"].split()) == set("红楼梦校注本")
        assert fields["title_x"] == ["红楼梦", "红楼梦校注本"]
        assert {"hong lou meng", "hlm"} <= set(fields["title_p"])
        assert {"cao xueqin", "xueqin cao", "cxq", "gao e"} <= set(fields["author_p"])

    def test_holds_numbers_as_they_are_compared(self) -> None:
        assert made(DREAM)["number_x"] == ["9787020002207", "10019·1978", "012000001"]

    def test_holds_facets(self) -> None:
        fields = made(DREAM, institution_ids=(5, 2, 5), cities=("320100", "320100"), provinces=("320000",))
        assert fields["library"] == [2, 5]
        assert fields["city"] == [320100]
        assert fields["class"] == ["clc:I", "ddc:800"]
        assert fields["year"] == 1982
        assert labels(fields, "author") == ["曹雪芹", "高鹗"]
        assert labels(fields, "subject") == ["章回小说 -- 中国 -- 清代", "章回小说"]

    def test_skips_pinyin_where_there_is_no_han(self) -> None:
        fields = made(DisplayView(Format.MARC21, title=Text("The tea house"), languages=("eng",)))
        assert not {"title_p", "author_p", "title_u", "roman"} & fields.keys()

    def test_keeps_the_romanised_title_of_a_chinese_record(self) -> None:
        assert made(DisplayView(Format.MARC21, title=Text("Honglou meng"), languages=("chi",)))["roman"] == [
            "hong lou meng"
        ]

    def test_survives_a_record_that_says_nothing(self) -> None:
        assert made(DisplayView(Format.MARC21))["id"] == 7

    def test_cuts_values_that_are_too_long_for_an_index(self) -> None:
        fields = made(DisplayView(Format.MARC21, title=Text("x" * 90_000), names=(Name(Text("y" * 90_000)),)))
        assert max(map(len, fields["title_x"] + labels(fields, "author"))) < 300

    def test_refuses_a_number_that_does_not_fit_the_sort_keys(self) -> None:
        with pytest.raises(ValueError, match="2\\^40"):
            made(DREAM, number=1 << 40)


class TestSortKeys:
    def test_put_the_latest_year_and_then_the_lower_number_first(self) -> None:
        views = [(2000, 2), (2000, 1), (1850, 3), (None, 4), (-300, 5), (12_000, 6)]
        made_ = {number: made(DisplayView(Format.MARC21, year=year), number) for year, number in views}
        assert sorted(made_, key=lambda number: -made_[number]["newest"]) == [6, 1, 2, 3, 5, 4]
        assert sorted(made_, key=lambda number: made_[number]["oldest"]) == [5, 3, 1, 2, 6, 4]

    @pytest.mark.parametrize(
        ("title", "language", "key"),
        [
            ("The tea house", "eng", "tea house"),
            ("L'étranger", "fre", "etranger"),
            ("Die Leiden", "ger", "leiden"),
            ("Die hard", "eng", "die hard"),
            ("A", "eng", "a"),
            ("红楼梦", "chi", "hong lou meng"),
            ("《红楼梦》研究", "chi", "hong lou meng yan jiu"),
        ],
    )
    def test_file_titles_by_their_first_word_that_counts(self, title: str, language: str, key: str) -> None:
        fields = made(DisplayView(Format.MARC21, title=Text(title), languages=(language,)))
        assert fields["title_s"].split("\x01")[0] == key

    def test_put_records_without_a_title_last(self) -> None:
        none, last = made(DisplayView(Format.MARC21)), made(DisplayView(Format.MARC21, title=Text("𪚥")))
        assert none["title_s"] > last["title_s"]
