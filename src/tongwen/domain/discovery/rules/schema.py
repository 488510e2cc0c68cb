"""The fields of the bib index: one document for each record of the union catalogue."""

from __future__ import annotations

from typing import NamedTuple

from tongwen.core.search import port
from tongwen.core.search.port import Field, FieldKind

TEXT_FIELDS = ("title", "author", "subject", "publisher", "rest")
"""Each is indexed twice: `_b` holds the tokens of `hanzi.analyze` with positions, `_u` single Han characters."""

SCHEMA = port.Schema(
    name="bibs",
    fields=(
        *(Field(f"{name}_b", FieldKind.TEXT) for name in TEXT_FIELDS),
        *(Field(f"{name}_u", FieldKind.BAG) for name in TEXT_FIELDS),
        Field("title_p", FieldKind.TEXT),
        Field("author_p", FieldKind.TEXT),
        Field("roman", FieldKind.TEXT),
        Field("title_x", FieldKind.EXACT),
        Field("number_x", FieldKind.EXACT),
        Field("call_x", FieldKind.EXACT),
        Field("class_x", FieldKind.EXACT),
        Field("library", FieldKind.INTEGER),
        Field("city", FieldKind.INTEGER),
        Field("province", FieldKind.INTEGER),
        Field("type", FieldKind.KEYWORD),
        Field("language", FieldKind.KEYWORD),
        Field("year", FieldKind.INTEGER),
        Field("class", FieldKind.KEYWORD),
        Field("author", FieldKind.HEADING),
        Field("subject", FieldKind.HEADING),
        Field("newest", FieldKind.RANK),
        Field("oldest", FieldKind.RANK),
        Field("title_s", FieldKind.ORDER),
        Field("digest", FieldKind.STAMP),
    ),
    tie_break="newest",
    version=2,
)
"""`_p` holds the pinyin forms of Han titles and names; `roman` the syllables of a Chinese title that is given in
pinyin only; `_x` whole values; `newest`, `oldest` and `title_s` are unique sort keys; `digest` says
which version and holdings a document shows (rules.digest)."""


class FacetField(NamedTuple):
    """Where a facet's values lie, and how many of them are asked for."""

    field: str
    size: int


FACET_FIELDS = {
    "library": FacetField("library", 5000),
    "type": FacetField("type", 50),
    "language": FacetField("language", 500),
    "year": FacetField("year", 5000),
    "class": FacetField("class", 100),
    "author": FacetField("author", 20),
    "subject": FacetField("subject", 20),
}
"""Facets with few possible values are given whole, authors and subjects by the most frequent."""
