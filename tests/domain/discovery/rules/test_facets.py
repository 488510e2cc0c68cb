from __future__ import annotations

import pytest

from tongwen.core.search import nodes
from tongwen.core.search.port import Value
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import facets, schema


class TestChosen:
    def test_takes_values_of_one_facet_together(self) -> None:
        filters = (("type", "book"), ("year", "1980s"), ("type", "map"), ("type", "book"))
        assert facets.chosen(filters) == {"type": ("book", "map"), "year": ("1980s",)}

    def test_refuses_a_facet_that_there_is_not(self) -> None:
        with pytest.raises(types.SearchProblem) as caught:
            facets.chosen((("colour", "red"),))
        assert caught.value.code == "unknown-facet"


class TestCondition:
    def test_takes_decades_and_years(self) -> None:
        node = facets.condition("year", ("1980s", "1999"))
        assert node == nodes.Some((nodes.Range("year", 1980, 1989), nodes.OneOf("year", (1999,))))

    @pytest.mark.parametrize(
        ("facet", "value"), [("library", "x"), ("year", "old"), ("year", "s"), ("library", "9" * 30)]
    )
    def test_holds_nowhere_for_an_ill_formed_value(self, facet: str, value: str) -> None:
        assert "()" in repr(facets.condition(facet, (value,)))


class TestShown:
    def test_adds_years_up_to_decades_latest_first(self) -> None:
        counted = [Value(1985, 3), Value(1981, 2), Value(2001, 1)]
        assert facets.shown("year", counted, ()) == (("2000s", 1, False), ("1980s", 5, False))

    def test_opens_a_chosen_decade(self) -> None:
        counted = [Value(1985, 3), Value(1981, 2), Value(2001, 1)]
        shown = facets.shown("year", counted, ("1980s",))
        assert shown == (("2000s", 1, False), ("1980s", 5, True), ("1985", 3, False), ("1981", 2, False))

    def test_never_leaves_out_a_chosen_value(self) -> None:
        assert facets.shown("library", [Value(3, 9)], ("5",)) == (("3", 9, False), ("5", 0, True))

    def test_covers_every_facet_of_the_page(self) -> None:
        assert tuple(schema.FACET_FIELDS) == types.FACETS
        for facet in types.FACETS:
            assert schema.SCHEMA.kind(facets.asked(facet, ()).field)
