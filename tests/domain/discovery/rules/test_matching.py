"""What the search box finds: the golden behaviours, asked of a real index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongwen.core.search import port
from tongwen.core.search.tantivy_engine import TantivyEngine
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import document, matching, question, schema
from tongwen.domain.discovery.types import SearchField
from tongwen.standards import cql
from tongwen.standards.marc.types import Classification, DisplayView, Format, Name, Subject, Text


def view(
    title: str, *authors: str, subtitle: str = "", lang: str = "chi", subjects: str = "", **rest: object
) -> DisplayView:
    return DisplayView(
        Format.MARC21,
        title=Text(title),
        subtitle=Text(subtitle),
        names=tuple(Name(Text(author)) for author in authors),
        languages=(lang,),
        subjects=tuple(Subject((part,)) for part in subjects.split("|") if part),
        **rest,  # type: ignore[arg-type]
    )


LONG = "中华人民共和国最高人民法院关于审理涉及农村土地承包纠纷案件适用法律问题的解释理解与适用"
BOOKS = {
    1: view("红楼梦", "曹雪芹", isbns=("9787020002207",), publishers=(Text("人民文学出版社"),)),
    2: view("紅樓夢", "曹雪芹", "高鶚"),
    3: view("红楼梦研究", "俞平伯", subjects="红楼梦|古典小说"),
    4: view("Honglou meng", "Cao, Xueqin"),
    5: view("中国历史", "范文澜", classifications=(Classification("clc", "K20/F25"),)),
    6: view("日本の歴史", "網野善彦", lang="jpn"),
    7: view("茶", "陈宗懋"),
    8: view("中国茶文化", "王玲"),
    9: view("妇女婚姻与法律", "张三"),
    10: view("妇女婚姻法", "李四"),
    11: view(LONG),
    12: view("The history of the decline and fall of the Roman Empire", "Gibbon, Edward", lang="eng"),
    13: view("Roman history", "Smith, John", "Doe, Jane", lang="eng"),
    14: view("History", "Voltaire", lang="eng", subtitle="a philosophical view"),
    15: view("论语", "孔子", publishers=(Text("中华书局"),)),
    16: view("我们", "欧阳文"),
    17: view("L'Étranger", "Camus, Albert", lang="fre"),
    18: view("Война и мир", "Толстой, Лев", lang="rus"),
    19: view("Chemistry", "Li, Wei", lang="eng", issns=("1234-5679",), wrong_isbns=("7020002208",)),
    20: view("事物的秩序", "福柯"),
    21: view("石头记会真", "周汝昌", subjects="红楼梦"),
    22: view(
        "Competing discourses",
        "Epstein, Maram",
        lang="eng",
        subjects="Cao, Xueqin, approximately 1717-1763. Hong lou meng",
    ),
    23: view("Valencia", "Tea, Michelle", lang="eng"),
    24: view("The story of Ceylon tea", "Fernando, Maxwell", lang="eng"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    folder: Path = tmp_path_factory.mktemp("index")
    engine = TantivyEngine(folder, schema.SCHEMA)
    engine.create()
    with engine.writer() as writer:
        for number, book in BOOKS.items():
            held = document.holding_fields(institution_ids=(1,), call_numbers=("TP312PY/12",) if number == 19 else ())
            packed = document.pack(document.bib_fields(book))
            writer.add(document.document(number, packed, document.held(held)))
        writer.commit()
    return TantivyEngine(folder, schema.SCHEMA)


def found(engine: TantivyEngine, text: str, field: SearchField = SearchField.ANY) -> list[int]:
    query = matching.compiled(question.understand(text, field).query)
    answer = engine.search(port.Request(query=query, limit=100))
    assert answer.total == len(answer.hits)
    return [hit.id for hit in answer.hits]


class TestScripts:
    @pytest.mark.parametrize(
        "text", ["红楼梦", "紅樓夢", "honglou meng", "hong lou meng", "Hongloumeng", "hóng lóu mèng"]
    )
    def test_find_the_same_title_in_every_writing(self, engine: TantivyEngine, text: str) -> None:
        assert set(found(engine, text, SearchField.TITLE)) == {1, 2, 3, 4}

    @pytest.mark.parametrize("text", ["红楼梦", "紅樓夢", "honglou meng", "hong lou meng"])
    def test_find_romanised_subjects_as_well(self, engine: TantivyEngine, text: str) -> None:
        assert set(found(engine, text)) - {21} == {1, 2, 3, 4, 22}

    @pytest.mark.parametrize("text", ["歴史", "历史", "歷史"])
    def test_join_japanese_simplified_and_traditional_forms(self, engine: TantivyEngine, text: str) -> None:
        assert {5, 6} <= set(found(engine, text))

    @pytest.mark.parametrize("text", ["etranger", "L'étranger", "ÉTRANGER"])
    def test_find_latin_words_without_their_marks(self, engine: TantivyEngine, text: str) -> None:
        assert found(engine, text) == [17]

    def test_find_cyrillic(self, engine: TantivyEngine) -> None:
        assert found(engine, "ВОЙНА мир толстой") == [18]


class TestPinyin:
    @pytest.mark.parametrize("text", ["hlm", "HLM"])
    def test_finds_by_initials(self, engine: TantivyEngine, text: str) -> None:
        assert {1, 2} <= set(found(engine, text))

    @pytest.mark.parametrize("text", ["ouyang wen", "Ouyang, Wen", "Wen Ouyang", "oyw", "ouyangwen", "ou yang wen"])
    def test_finds_a_name_in_any_order(self, engine: TantivyEngine, text: str) -> None:
        assert found(engine, text, SearchField.AUTHOR) == [16]

    def test_finds_a_han_title_with_a_romanised_name(self, engine: TantivyEngine) -> None:
        assert {1, 2} <= set(found(engine, "红楼梦 cao xueqin"))

    def test_ranks_below_the_word_itself(self, engine: TantivyEngine) -> None:
        assert found(engine, "honglou meng")[0] == 4

    def test_takes_one_syllable_for_a_word_of_another_language(self, engine: TantivyEngine) -> None:
        assert found(engine, "li") == [19]


class TestHan:
    def test_finds_one_character_in_any_place(self, engine: TantivyEngine) -> None:
        assert found(engine, "茶")[0] == 7
        assert set(found(engine, "茶")) == {7, 8}

    def test_finds_a_run_of_more_than_fourteen(self, engine: TantivyEngine) -> None:
        assert found(engine, LONG) == [11]
        assert found(engine, LONG[:-3] + "研究") == [11]

    def test_finds_more_than_a_dictionary_would(self, engine: TantivyEngine) -> None:
        assert found(engine, "妇女婚姻法") == [10, 9]

    def test_finds_title_and_author_together(self, engine: TantivyEngine) -> None:
        assert found(engine, "红楼梦 俞平伯") == [3]
        assert found(engine, "论语 中华书局") == [15]

    def test_wants_all_of_a_short_question(self, engine: TantivyEngine) -> None:
        assert found(engine, "红楼茶") == []


class TestOrder:
    def test_puts_the_whole_title_first(self, engine: TantivyEngine) -> None:
        assert found(engine, "红楼梦")[:2] in ([1, 2], [2, 1])
        assert found(engine, "history")[0] == 14

    def test_puts_the_beginning_of_a_title_before_its_middle(self, engine: TantivyEngine) -> None:
        assert found(engine, "roman history")[0] == 13

    def test_puts_a_word_of_the_title_before_a_rare_surname(self, engine: TantivyEngine) -> None:
        assert found(engine, "tea") == [24, 23]

    def test_puts_subject_hits_last(self, engine: TantivyEngine) -> None:
        assert found(engine, "红楼梦").index(21) >= 3


class TestSyntax:
    def test_takes_a_phrase_at_its_word(self, engine: TantivyEngine) -> None:
        assert found(engine, '"roman empire"') == [12]
        assert found(engine, '"empire roman"') == []
        assert found(engine, '"john doe"') == []

    def test_excludes(self, engine: TantivyEngine) -> None:
        assert set(found(engine, "history -empire")) == {13, 14}
        assert set(found(engine, "红楼梦 NOT 研究")) == {1, 2, 4, 21, 22}

    def test_takes_alternatives(self, engine: TantivyEngine) -> None:
        assert set(found(engine, "茶 OR 论语")) == {7, 8, 15}

    def test_completes_a_word_with_an_asterisk(self, engine: TantivyEngine) -> None:
        assert set(found(engine, "hist*")) == {12, 13, 14}
        assert found(engine, "hist* roma* gibb*") == [12]

    def test_narrows_to_a_field(self, engine: TantivyEngine) -> None:
        assert 21 not in found(engine, "红楼梦", SearchField.TITLE)
        assert set(found(engine, "红楼梦", SearchField.SUBJECT)) == {3, 21, 22}
        assert found(engine, "中华书局", SearchField.PUBLISHER) == [15]
        assert found(engine, "gibbon", SearchField.TITLE) == []


class TestNumbers:
    @pytest.mark.parametrize(
        "text", ["978-7-02-000220-7", "9787020002207", "7-02-000220-X", "702000220x", "ISBN 7 02 000220 X"]
    )
    def test_finds_an_isbn_in_every_form(self, engine: TantivyEngine, text: str) -> None:
        assert found(engine, text) == [1]
        assert found(engine, text.removeprefix("ISBN "), SearchField.ISBN) == [1]

    @pytest.mark.parametrize("text", ["1234-5679", "12345679", "7020002208", "7-02-000220-8"])
    def test_finds_other_and_wrong_numbers(self, engine: TantivyEngine, text: str) -> None:
        assert found(engine, text) == [19]

    @pytest.mark.parametrize(("text", "number"), [("TP312", 19), ("tp 312py/12", 19), ("K20", 5), ("K20*", 5)])
    def test_finds_call_numbers_by_their_beginning(self, engine: TantivyEngine, text: str, number: int) -> None:
        assert found(engine, text, SearchField.CALL_NUMBER) == [number]


class TestCompiled:
    def found(self, engine: TantivyEngine, index: str, relation: str, term: str) -> set[int]:
        query = matching.compiled(cql.Clause(index, cql.Relation(relation), term))
        return {hit.id for hit in engine.search(port.Request(query=query, limit=100)).hits}

    def test_serves_the_relations_of_cql(self, engine: TantivyEngine) -> None:
        assert self.found(engine, "dc.title", "any", "empire voltaire history") == {12, 13, 14}
        assert self.found(engine, "dc.title", "all", "empire history") == {12}
        assert self.found(engine, "dc.title", "==", "History") == {14}
        assert self.found(engine, "DC.Title", "adj", "roman history") == {13}
        assert self.found(engine, "cql.allRecords", "=", "1") == set(BOOKS)
        assert self.found(engine, "rec.identifier", "=", "7") == {7}
        assert self.found(engine, "dc.language", "=", "rus") == {18}

    @pytest.mark.parametrize(
        ("clause", "code"),
        [
            (cql.Clause("dc.colour", cql.Relation(), "red"), "unsupported-index"),
            (cql.Clause("dc.title", cql.Relation("encloses"), "red"), "unsupported-relation"),
            (cql.Boolean("prox", *[cql.Clause("dc.title", cql.Relation(), "red")] * 2), "unsupported-boolean"),
        ],
    )
    def test_names_what_it_does_not_support(self, clause: cql.Node, code: str) -> None:
        with pytest.raises(types.SearchProblem) as caught:
            matching.compiled(clause)
        assert caught.value.code == code
