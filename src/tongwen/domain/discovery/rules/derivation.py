"""What discovery wants of every record while it is being loaded (core.derivations): its index fields, ready-made."""

from __future__ import annotations

import orjson

from tongwen.domain.discovery.rules import document
from tongwen.standards.marc import types as marc

NAME = "discovery"


def derived_fields(view: marc.DisplayView) -> bytes:
    """Return the record's part of the index document as JSON."""
    return orjson.dumps(document.bib_fields(view))
