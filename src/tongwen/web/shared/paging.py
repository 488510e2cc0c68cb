"""Which pages a pager offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

_NEAR = 2
SHORTEST_GAP = 2


class PageLink(NamedTuple):
    """One step of a pager; `number` 0 stands for pages left out."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    page: int
    pages: int
    total: int
    first: int
    """Ordinal of the first thing on this page, from 1; 0 when there is nothing."""
    last: int
    links: tuple[PageLink, ...] = ()
    previous: str = ""
    next: str = ""


def pager(*, total: int, page: int, size: int, url: Callable[[int], str], reach: int = 10_000) -> Pager:
    """Describe the pages of `total` things; pages beyond `reach` things are not offered."""
    pages = max(1, -(-min(total, reach) // size))
    page = max(1, min(page, pages))
    near = sorted({1, pages, *range(max(1, page - _NEAR), min(pages, page + _NEAR) + 1)})
    links: list[PageLink] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before == SHORTEST_GAP:
            links.append(PageLink(number - 1, url(number - 1)))
        elif number - before > SHORTEST_GAP:
            links.append(PageLink(0))
        links.append(PageLink(number, url(number), current=number == page))
    return Pager(
        page=page,
        pages=pages,
        total=total,
        first=min(total, (page - 1) * size + 1),
        last=min(total, page * size),
        links=tuple(links),
        previous=url(page - 1) if page > 1 else "",
        next=url(page + 1) if page < pages else "",
    )


def page_number(text: str) -> int:
    """Read a page number from an address; anything that is none is page 1."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
