"""The short description of a record, wherever it is named: title, imprint, where its copies stand."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tongwen.domain.catalogue.types import Item
from tongwen.domain.members.types import Institution
from tongwen.standards.marc.types import DisplayView, Text


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


def online(view: DisplayView) -> str:
    """Return the first address at which the work itself can be read; a table of contents or a cover is none."""
    addresses = (link.url for link in view.links if link.kind == "resource")
    return next((url for url in addresses if url.lower().startswith(("http://", "https://"))), "")


def shelved(items: Iterable[Item], library: Institution) -> list[Item]:
    """Return items less a location that only repeats the library's own code (905 $a, 852 $b)."""
    own_codes = (library.code, library.isil)
    return [item._replace(location="") if item.location in own_codes else item for item in items]
