from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tongwen.standards.marc.types import DisplayView, Field, Format, Record, Text
from tongwen.web.bib import differences


def marked(runs) -> list[str]:
    return [run.text for run in runs if run.only]


class TestSegments:
    def test_mark_a_single_character_of_han(self) -> None:
        mine, theirs = differences.segments("数据库系统概论第四版", "数据库系统概论第五版")
        assert (marked(mine), marked(theirs)) == (["四"], ["五"])

    def test_mark_whole_words_of_other_scripts(self) -> None:
        mine, theirs = differences.segments("History of music", "History of medicine")
        assert (marked(mine), marked(theirs)) == (["music"], ["medicine"])

    def test_mark_everything_where_the_other_has_nothing(self) -> None:
        assert differences.segments("abc", "") == ((("abc", True),), ())

    def test_do_not_take_long_for_long_texts(self) -> None:
        mine, _theirs = differences.segments("甲乙" * 50_000, "丙丁" * 50_000)
        assert len(mine) == 1

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_keep_every_character(self, mine: str, theirs: str) -> None:
        left, right = differences.segments(mine, theirs)
        assert "".join(run.text for run in left) == mine
        assert "".join(run.text for run in right) == theirs
        assert [run.text for run in left if not run.only] != [] or mine != theirs or not mine


class TestDescribed:
    def test_puts_what_only_one_has_where_it_belongs(self) -> None:
        thin = DisplayView(Format.MARC21, title=Text("A"), date="1999")
        full = DisplayView(Format.MARC21, title=Text("A"), edition=Text("2nd"), date="1999", isbns=("9787020002207",))
        compared = differences.described(thin, full)
        assert [row.same for row in compared] == [True, False, True, False]
        assert [run.text for run in compared[1].theirs] == ["2nd"]


class TestFields:
    def test_pair_equal_fields_first(self) -> None:
        def subject(word: str) -> Field:
            return Field("650", " 0", (("a", word),))

        mine = Record("x" * 24, (subject("Tea"), subject("Music")))
        theirs = Record("x" * 24, (subject("Music"), subject("Gardens")))
        rows = [row for row in differences.fields(mine, theirs) if row.label == "650"]
        assert [row.same for row in rows] == [True, False]
        assert "".join(run.text for run in rows[1].mine) == "#0 $a Tea"
