"""From bibs to index documents."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from tongwen.core import processes
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types as catalogue_types
from tongwen.domain.discovery.rules import derivation, document
from tongwen.domain.members import queries as members

_WORTH_SENDING = 100
_PIECE = 200


def holding_fields(institution_ids: Sequence[int], call_numbers: Sequence[str]) -> document.Fields:
    """Return the holdings' part of the document."""
    held_by = [members.institution(number) for number in institution_ids]
    return document.holding_fields(
        institution_ids=institution_ids,
        cities=[one.city for one in held_by],
        provinces=[one.province for one in held_by],
        call_numbers=call_numbers,
    )


def of_made_bib(bib_id: int, made: catalogue_types.MadeBib, institution_id: int) -> str:
    """Return the document of a bib that has just been made."""
    fields = orjson.loads(made.derived[derivation.NAME])
    return document.document(bib_id, fields, holding_fields([institution_id], made.call_numbers))


def of_rows(rows: Sequence[catalogue.IndexRow]) -> list[tuple[int, str]]:
    """Return (bib, document) of bibs read from the catalogue; worker processes help where there are some."""
    records = [(row.format, row.charset, row.record) for row in rows]
    helpers = processes.standing() if len(rows) >= _WORTH_SENDING else None
    if helpers is None:
        return joined(rows, derivation.stored_fields(records))
    pieces = [records[start : start + _PIECE] for start in range(0, len(records), _PIECE)]
    parts = [fields for piece in helpers.map(derivation.stored_fields, pieces) for fields in piece]
    return joined(rows, parts)


def joined(rows: Sequence[catalogue.IndexRow], parts: Sequence[document.Fields]) -> list[tuple[int, str]]:
    """Return (bib, document) from the bibs and the records' parts of their documents."""
    return [
        (row.bib_id, document.document(row.bib_id, part, holding_fields(row.institution_ids, row.call_numbers)))
        for row, part in zip(rows, parts, strict=True)
    ]
