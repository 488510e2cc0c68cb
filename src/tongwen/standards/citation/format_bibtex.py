"""BibTeX entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tongwen.standards.citation import source
from tongwen.standards.citation.source import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tongwen.standards.marc.types import DisplayView, Name

_TYPES = {Kind.BOOK: "book", Kind.PROCEEDINGS: "proceedings", Kind.THESIS: "phdthesis", Kind.STANDARD: "techreport"}
# Braces are counted by BibTeX even after a backslash, so they are written as commands.
_ESCAPES = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
    }
)
_IN_ADDRESSES = str.maketrans({"{": "%7B", "}": "%7D", " ": "%20", "\\": "%5C"})
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9:_./+-]+")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_MASTER = re.compile(r"硕士|master|\bM\.?\s?[AS]c?\b", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")


def bibtex(view: DisplayView, key: str, url: str) -> str:
    """Return the record as one BibTeX entry in UTF-8 text, special characters of TeX escaped.

    `key` loses what a key may not hold; `url` is the permalink, which an online resource's own link replaces.
    Names of bodies, and names that hold the word `and`, stand in braces of their own.
    """
    fields = ((name, value) for name, value in _fields(view, url) if value)
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return f"@{_type(view)}{{{_NOT_IN_KEYS.sub('', key) or 'record'},\n{body}}}\n"


def _type(view: DisplayView) -> str:
    kind = source.kind(view)
    if kind is Kind.THESIS and _degree_is_master(view):
        return "mastersthesis"
    return _TYPES.get(kind, "misc")


def _degree_is_master(view: DisplayView) -> bool:
    return any(note.kind == "thesis" and _MASTER.search(note.text.value) for note in view.notes)


def _fields(view: DisplayView, url: str) -> Iterator[tuple[str, str]]:
    kind = source.kind(view)
    house = {Kind.THESIS: "school", Kind.STANDARD: "institution"}.get(kind, "publisher")
    doi = source.doi(view)
    if kind is Kind.PROCEEDINGS:
        yield "editor", _names((*source.creators(view), *source.editors(view)), view)
    else:
        yield "author", _names(source.creators(view), view)
        yield "editor", _names(source.editors(view), view)
    yield "title", _escaped(": ".join(source.title(view)))
    yield "translator", _names(source.translators(view), view)
    yield house, _escaped(view.publishers[0].value if view.publishers else "")
    yield "address", _escaped(view.places[0].value if view.places else "")
    yield "year", str(view.year) if view.year is not None else next(iter(_YEAR.findall(view.date)), "")
    yield "edition", _escaped(view.edition.value)
    yield "series", _escaped(view.series[0].value if view.series else "")
    yield "isbn", ", ".join(view.isbns)
    yield "issn", ", ".join(view.issns)
    yield "language", ", ".join(view.languages)
    yield "doi", doi.translate(_IN_ADDRESSES)
    yield "url", source.address(view, url).translate(_IN_ADDRESSES) if source.is_online(view) else _address(url)


def _address(url: str) -> str:
    return source.plain(url).translate(_IN_ADDRESSES)


def _escaped(text: str) -> str:
    return source.plain(text).translate(_ESCAPES)


def _names(names: Sequence[Name], view: DisplayView) -> str:
    return " and ".join(_name(name, view) for name in names)


def _name(name: Name, view: DisplayView) -> str:
    form = source.heading(name, view)
    whole = name.kind not in {"person", ""} or _AND.search(form)
    return f"{{{_escaped(form)}}}" if whole else _escaped(form)
