"""One record in the formats that other programs take."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tongwen.domain.catalogue.types import Bib
from tongwen.standards import citation
from tongwen.standards.marc import holdings as local
from tongwen.standards.marc import iso2709, marcjson, marcxml
from tongwen.standards.marc.types import Charset, Format, Record


class Export(NamedTuple):
    """How a format is named, typed and written. `write` gets the bib and its address."""

    label: str
    content_type: str
    suffix: str
    write: Callable[[Bib, str], bytes]


class NotExportable(ValueError):
    """The record does not fit into this format: it is too long, or has characters the format cannot carry."""


def union_record(bib: Bib) -> Record:
    """Return a bib's record as it is handed out: in UTF-8, and without fields that belong to one library only."""
    record = local.without_local(bib.record, bib.format)
    if bib.format is not Format.MARC21:
        return record
    return record._replace(leader=iso2709.leader_for(record.leader, Charset.UTF_8))


def written(export: Export, bib: Bib, url: str) -> bytes:
    """Return a bib in a format.

    Raises:
        NotExportable: the format cannot carry it.
    """
    try:
        return export.write(bib, url)
    except (iso2709.Unwritable, marcxml.Unwritable, marcjson.Unwritable) as refused:
        raise NotExportable(str(refused)) from refused


def _ris(bib: Bib, url: str) -> bytes:
    return citation.ris(bib.view, url).encode()


def _bibtex(bib: Bib, url: str) -> bytes:
    return citation.bibtex(bib.view, f"tongwen{bib.id}", url).encode()


def _gbt7714(edition: citation.Edition) -> Export:
    def write(bib: Bib, _url: str) -> bytes:
        return (citation.gbt7714(bib.view, edition=edition) + "\n").encode()

    return Export(f"GB/T 7714—{edition}", "text/plain; charset=utf-8", "txt", write)


_NEWEST, *_OLDER = citation.EDITIONS


EXPORTS = {
    "mrc": Export("ISO 2709", "application/marc", "mrc", lambda bib, _url: iso2709.encode(union_record(bib))),
    "marcxml": Export("MARCXML", "application/marcxml+xml", "xml", lambda bib, _url: marcxml.encode(union_record(bib))),
    "json": Export(
        "MARC-in-JSON", "application/marc-in-json", "json", lambda bib, _url: marcjson.encode(union_record(bib))
    ),
    "ris": Export("RIS", "application/x-research-info-systems; charset=utf-8", "ris", _ris),
    "bibtex": Export("BibTeX", "application/x-bibtex; charset=utf-8", "bib", _bibtex),
    "gbt7714": _gbt7714(_NEWEST),
    **{f"gbt7714-{edition}": _gbt7714(edition) for edition in _OLDER},
}
"""The formats in the order of the page; the key stands in the address."""
