"""The short description of a record, wherever it is named: title, imprint, where its copies stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Item
from tongwen.domain.members.types import Institution
from tongwen.standards.marc.types import DisplayView, Link, Text

_ABOUT_IT = re.compile(
    r"contents|description|biograph|review|sample|excerpt|cover|finding aid"
    r"|目[录錄次]|封面|[简簡]介|提要|摘要|[书書][评評]|[样樣]章|[试試][读讀]",
    re.IGNORECASE,
)
"""What links call themselves (856 $3 $y $z) that lead to something about the work or to a piece of it."""


def full_title(view: DisplayView) -> Text:
    """Return title, parts and subtitle as one text in the title's language."""
    parts = [view.title.value, *(part.value for part in view.parts)]
    head = ". ".join(part for part in parts if part) or _("[no title]")
    return Text(f"{head} : {view.subtitle.value}" if view.subtitle.value else head, view.title.lang)


def imprint(view: DisplayView) -> Text:
    """Return edition, place, publisher and date in a line."""
    where = " ; ".join(text.value for text in view.places[:1])
    who = view.publishers[0].value if view.publishers else ""
    source = " : ".join(filter(None, (where, who)))
    line = ", ".join(filter(None, (source, view.date)))
    lang = next((text.lang for text in (*view.publishers, *view.places) if text.lang), "")
    return Text(" — ".join(filter(None, (view.edition.value, line))), lang)


def readable(view: DisplayView) -> list[Link]:
    """Return the web addresses of the work itself and of versions of it, those of the work first.

    Many records mark a table of contents as a version (856 41), so what a link calls itself counts too.
    """
    found = [
        link
        for link in view.links
        if link.kind in ("resource", "version") and is_web_address(link.url) and not _ABOUT_IT.search(link.label)
    ]
    return sorted(found, key=lambda link: link.kind != "resource")


def is_web_address(url: str) -> bool:
    """Return whether an address leads to a page: anything but http and https is shown nowhere as a link."""
    return url.lower().startswith(("http://", "https://"))


def online(view: DisplayView) -> str:
    """Return the first address at which the work itself can be read, "" where there is none."""
    return next((link.url for link in readable(view)), "")


def shelved(items: Iterable[Item], library: Institution) -> list[Item]:
    """Return items less a location that only repeats the library's own code (905 $a, 852 $b)."""
    own_codes = (library.code, library.isil)
    return [item._replace(location="") if item.location in own_codes else item for item in items]
