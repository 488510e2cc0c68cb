"""RIS (Research Information Systems), the tagged format that reference managers import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tongwen.standards.citation import source
from tongwen.standards.citation.source import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tongwen.standards.marc.types import DisplayView

_TYPES = {
    Kind.BOOK: "BOOK",
    Kind.PROCEEDINGS: "CONF",
    Kind.THESIS: "THES",
    Kind.SERIAL: "JFULL",
    Kind.STANDARD: "STAND",
    Kind.MAP: "MAP",
    Kind.SCORE: "MUSIC",
    Kind.SOFTWARE: "COMP",
    Kind.VIDEO: "VIDEO",
    Kind.SOUND: "SOUND",
    Kind.ARCHIVE: "MANSCPT",
    Kind.OTHER: "GEN",
}
_YEAR = re.compile(r"\d{4}")
_LINE_END = "\r\n"


def ris(view: DisplayView, url: str) -> str:
    """Return the record in RIS, UTF-8 text with CR LF at every line end, ending with the line `ER`.

    Titles are given whole with their subtitle; editors are A2, translators A4, the series T2; `url` is the permalink,
    after the link of an online resource.
    """
    kind = source.kind(view)
    tag = "EBOOK" if kind is Kind.BOOK and source.is_online(view) else _TYPES[kind]
    lines = [("TY", tag), *_lines(view), ("UR", url)]
    written = (f"{name}  - {text}" for name, value in lines if (text := source.plain(value)))
    return _LINE_END.join([*written, "ER  - "]) + _LINE_END


def _lines(view: DisplayView) -> Iterator[tuple[str, str]]:
    yield "TI", ": ".join(source.title(view))
    yield from (("AU", source.heading(name, view)) for name in source.creators(view))
    yield from (("A2", source.heading(name, view)) for name in source.editors(view))
    yield from (("A4", source.heading(name, view)) for name in source.translators(view))
    yield "PY", str(view.year) if view.year is not None else next(iter(_YEAR.findall(view.date)), "")
    yield "CY", view.places[0].value if view.places else ""
    yield "PB", view.publishers[0].value if view.publishers else ""
    yield "ET", view.edition.value
    yield from (("T2", series.value) for series in view.series)
    yield "SP", view.extent.value
    yield from (("SN", number) for number in (*view.isbns, *view.issns))
    yield "DO", source.doi(view)
    yield from (("LA", language) for language in view.languages)
    yield from (("KW", " -- ".join(subject.parts)) for subject in view.subjects)
    yield from (("AB" if note.kind == "abstract" else "N1", note.text.value) for note in view.notes)
    if source.is_online(view):
        yield "UR", source.address(view, None)
