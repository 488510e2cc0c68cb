"""What else is like a record: other editions, by the same author, on the same subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.core.search.port import IndexUnusable
from tongwen.domain.catalogue.types import Bib
from tongwen.domain.discovery import queries as discovery
from tongwen.domain.discovery.types import Hit, Results, Search, SearchProblem
from tongwen.standards import hanzi
from tongwen.standards.marc.types import DisplayView
from tongwen.web.bib import rows
from tongwen.web.shared import description
from tongwen.web.shared.components import Linked

_SHOWN = 5
_ASKED = 25
_TOO_GENERAL = 2_000
_SUBJECTS_TRIED = 3


class Alike(NamedTuple):
    """A short list under a label; `heading` leads to all `total` of them."""

    label: str
    heading: Linked
    total: int
    hits: tuple[Linked, ...]


def alike(bib: Bib) -> list[Alike]:
    """Return other editions and works of the first author, and records on the first subject that is not too general."""
    found = []
    seen = {bib.id}
    if bib.view.names:
        found += _by_author(bib, seen)
    for subject in bib.view.subjects[:_SUBJECTS_TRIED]:
        answer = _answer("subject", " -- ".join(part for part in subject.parts if part))
        if answer and answer.total <= _TOO_GENERAL:
            others = _other_titles(answer.hits, bib.view, seen)
            found.append(Alike(_("On the same subject"), _bare(rows.subject_link(subject)), answer.total, others))
            if others:
                break
    return [one for one in found if one.hits]


def _by_author(bib: Bib, seen: set[int]) -> list[Alike]:
    name = bib.view.names[0]
    answer = _answer("author", name.heading.value)
    if answer is None:
        return []
    editions = [hit for hit in answer.hits if hit.bib.id != bib.id and _key(hit.bib.view) == _key(bib.view)]
    seen.update(hit.bib.id for hit in editions)
    heading = _bare(rows.name_link(name))
    return [
        Alike(_("Other editions"), heading, answer.total, tuple(_link(hit) for hit in editions[:_SHOWN])),
        Alike(_("By the same author"), heading, answer.total, _other_titles(answer.hits, bib.view, seen)),
    ]


def _other_titles(hits: Iterable[Hit], view: DisplayView, seen: set[int]) -> tuple[Linked, ...]:
    """Return hits with other titles, each title once."""
    by_title: dict[str, Hit] = {}
    for hit in hits:
        if hit.bib.id not in seen and _key(hit.bib.view) != _key(view):
            by_title.setdefault(_key(hit.bib.view), hit)
    chosen = list(by_title.values())[:_SHOWN]
    seen.update(hit.bib.id for hit in chosen)
    return tuple(_link(hit) for hit in chosen)


def _key(view: DisplayView) -> str:
    return hanzi.whole(view.title.value)


def _answer(facet: str, value: str) -> Results | None:
    try:
        return discovery.search(Search(filters=((facet, value),), page_size=_ASKED))
    except (SearchProblem, IndexUnusable):
        return None


def _bare(heading: Linked) -> Linked:
    return Linked(heading.text, heading.lang, heading.url)


def _link(hit: Hit) -> Linked:
    view = hit.bib.view
    title = description.full_title(view)
    facts = (view.edition.value, str(view.year) if view.year else "")
    return Linked(title.value, title.lang, reverse("record", args=[hit.bib.id]), ", ".join(filter(None, facts)))
