"""The record's part of index documents, made in worker processes: while a record is loaded (core.derivations),
or from the record as it lies in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tongwen.core import compression
from tongwen.domain.discovery.rules import document
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc

NAME: Final = "discovery"


def derived_fields(view: marc.DisplayView) -> bytes:
    """Return the record's part of the index document, packed."""
    return document.pack(document.bib_fields(view))


def stored_fields(records: Sequence[tuple[str, str, bytes]]) -> list[bytes]:
    """Return the same of stored records, each given as (format, charset, packed ISO 2709)."""
    return [derived_fields(_view(*record)) for record in records]


def _view(format_: str, charset: str, packed: bytes) -> marc.DisplayView:
    told = marc.Format(format_)
    decoded = iso2709.decode(compression.decompress(packed), charset=marc.Charset(charset), format=told)
    return views.display_view(decoded.record, told)
