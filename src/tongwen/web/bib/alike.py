"""What else is like a record: by the same author, on the same subject."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.core.search.port import IndexUnusable
from tongwen.domain.catalogue.types import Bib
from tongwen.domain.discovery import queries as discovery
from tongwen.domain.discovery.types import Hit, Search, SearchProblem
from tongwen.web.bib import rows
from tongwen.web.search import presentation
from tongwen.web.shared.components import Linked

_SHOWN = 5
_TOO_GENERAL = 2_000


class Alike(NamedTuple):
    """A short list under a heading; `url` leads to all of them."""

    label: str
    heading: Linked
    total: int
    hits: tuple[Linked, ...]


def alike(bib: Bib) -> list[Alike]:
    """Return other records by the first author and on the first subject that is not too general."""
    view = bib.view
    found = []
    if view.names:
        name = rows.name_link(view.names[0])
        found.append(_list(_("By the same author"), bib, "author", view.names[0].heading.value, name))
    for subject in view.subjects[:3]:
        whole = " -- ".join(part for part in subject.parts if part)
        listed = _list(_("On the same subject"), bib, "subject", whole, rows.subject_link(subject))
        if listed.hits and listed.total <= _TOO_GENERAL:
            found.append(listed)
            break
    return [one for one in found if one.hits]


def _list(label: str, bib: Bib, facet: str, value: str, heading: Linked) -> Alike:
    try:
        answer = discovery.search(Search(filters=((facet, value),), page_size=_SHOWN + 1))
    except (SearchProblem, IndexUnusable):
        return Alike(label, heading, 0, ())
    others = [hit for hit in answer.hits if hit.bib.id != bib.id][:_SHOWN]
    return Alike(label, Linked(heading.text, heading.lang, heading.url), answer.total, tuple(map(_link, others)))


def _link(hit: Hit) -> Linked:
    view = hit.bib.view
    title = presentation.full_title(view)
    year = str(view.year) if view.year else ""
    return Linked(title.value, title.lang, reverse("record", args=[hit.bib.id]), year)
