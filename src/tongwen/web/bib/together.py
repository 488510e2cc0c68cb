"""What belongs together with a record: its set or volumes, host or components, titles before and after, series."""

from __future__ import annotations

from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue.types import LinkedBib
from tongwen.web.bib import words
from tongwen.web.shared import terms
from tongwen.web.shared.components import Linked, Row


def together(bib_id: int) -> list[Row]:
    """Return the linked bibs of the union as labelled rows, volumes in their order."""
    found = catalogue.linked_bibs(bib_id)
    return [
        Row(terms.word(words.RELATIONS, relation), tuple(_link(one) for one in group))
        for relation, group in groupby(found, key=lambda one: one.relation)
    ]


def _link(one: LinkedBib) -> Linked:
    title = ". ".join(filter(None, (one.title.value, *(part.value for part in one.parts)))) or _("[no title]")
    return Linked(title, one.title.lang, reverse("record", args=[one.bib_id]), one.date)
