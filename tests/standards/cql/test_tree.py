from __future__ import annotations

import pytest

from tongwen.standards.cql import Boolean, Clause, Modifier, Prefixed, Relation, Sorted, SortKey

ANY = "cql.serverChoice"
TEA = Clause(ANY, Relation(), "tea")
CUP = Clause("dc.title", Relation("all"), "cup of")


class TestClause:
    @pytest.mark.parametrize(
        ("clause", "text"),
        [
            (TEA, "tea"),
            (CUP, 'dc.title all "cup of"'),
            (Clause("dc.title", Relation("=="), "茶"), "dc.title == 茶"),
            (Clause(ANY, Relation("adj"), "tea"), "cql.serverChoice adj tea"),
            (Clause(ANY, Relation(), ""), '""'),
            (Clause(ANY, Relation(), "and"), '"and"'),
            (Clause(ANY, Relation(), "SortBy"), '"SortBy"'),
            (Clause(ANY, Relation(), 'a "b" c'), '"a \\"b\\" c"'),
            (Clause(ANY, Relation(), 'a\\"b'), '"a\\"b"'),
            (Clause(ANY, Relation(), "a/b"), '"a/b"'),
            (Clause(ANY, Relation(), "a b\\"), '"a b\\\\"'),
            (
                Clause("dc.title", Relation("any", (Modifier("relevant"), Modifier("cql.distance", "<", "3"))), "x"),
                "dc.title any/relevant/cql.distance<3 x",
            ),
        ],
    )
    def test_is_written_as_cql(self, clause: Clause, text: str) -> None:
        assert str(clause) == text


class TestBoolean:
    def test_needs_no_parentheses_on_the_left(self) -> None:
        assert str(Boolean("or", Boolean("and", TEA, CUP), TEA)) == 'tea and dc.title all "cup of" or tea'

    def test_keeps_the_right_side_together(self) -> None:
        assert str(Boolean("and", TEA, Boolean("or", TEA, TEA))) == "tea and (tea or tea)"

    def test_carries_modifiers(self) -> None:
        near = Boolean("prox", TEA, TEA, (Modifier("distance", "<=", "2"), Modifier("unordered")))
        assert str(near) == "tea prox/distance<=2/unordered tea"


class TestPrefixed:
    def test_names_a_context_set_for_what_follows(self) -> None:
        node = Prefixed("dc", "info:srw/context-set/1/dc-v1.1", CUP)
        assert str(node) == '> dc = "info:srw/context-set/1/dc-v1.1" dc.title all "cup of"'
        assert str(Boolean("and", node, node)).count("(>") == 2

    def test_may_have_no_name(self) -> None:
        assert str(Prefixed("", "urn:x", TEA)) == "> urn:x tea"


class TestSorted:
    def test_ends_with_its_keys(self) -> None:
        keys = (SortKey("dc.date", (Modifier("sort.descending"),)), SortKey("dc.title"))
        assert str(Sorted(TEA, keys)) == "tea sortby dc.date/sort.descending dc.title"
        assert str(Sorted(TEA, ())) == "tea"
