"""From bibs to index documents; the costly part is pure and runs in worker processes where there are many."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types as catalogue_types
from tongwen.domain.discovery.rules import derivation, document
from tongwen.domain.members import queries as members

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


def record_parts(rows: Sequence[catalogue.IndexRow]) -> list[document.Fields]:
    """Return the records' parts of the documents; needs no database."""
    return [document.bib_fields(catalogue.index_view(row)) for row in rows]


def of_rows(rows: Sequence[catalogue.IndexRow], parts: Sequence[document.Fields]) -> list[tuple[int, str]]:
    """Return (bib, document) of bibs read from the catalogue and their parts."""
    return [
        (row.bib_id, document.document(row.bib_id, part, holding_fields(row.institution_ids, row.call_numbers)))
        for row, part in zip(rows, parts, strict=True)
    ]
