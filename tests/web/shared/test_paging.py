from __future__ import annotations

import pytest

from tongwen.web.shared.paging import page_number, pager


def made(total: int, page: int, size: int = 20):
    return pager(total=total, page=page, size=size, url=lambda number: f"?page={number}")


class TestPager:
    def test_offers_first_near_and_last_pages(self) -> None:
        assert [link.number for link in made(4321, 100).links] == [1, 0, 98, 99, 100, 101, 102, 0, 217]

    def test_shows_a_single_page_instead_of_a_gap(self) -> None:
        assert [link.number for link in made(200, 5).links] == [1, 2, 3, 4, 5, 6, 7, 0, 10]

    def test_has_no_next_on_the_last_page(self) -> None:
        last = made(45, 3)
        assert (last.previous, last.next, last.first, last.last) == ("?page=2", "", 41, 45)

    def test_offers_nothing_beyond_the_reach(self) -> None:
        assert made(1_000_000, 1).pages == 500

    def test_counts_from_nothing_when_there_is_nothing(self) -> None:
        assert (made(0, 1).first, made(0, 1).last, made(0, 1).pages) == (0, 0, 1)


class TestPageNumber:
    @pytest.mark.parametrize(
        ("text", "number"), [("3", 3), ("", 1), ("-1", 1), ("0", 1), ("x", 1), ("٣", 1), ("9" * 30, 1)]
    )
    def test_reads_anything_else_as_the_first_page(self, text: str, number: int) -> None:
        assert page_number(text) == number
