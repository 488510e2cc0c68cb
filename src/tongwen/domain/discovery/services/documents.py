"""From bibs to index documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tongwen.core import processes
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import types as catalogue_types
from tongwen.domain.discovery.rules import derivation, digest, document
from tongwen.domain.members import queries as members

_WORTH_SENDING = 100
_PIECE = 200


def holding_fields(version: int, institution_ids: Sequence[int], call_numbers: Sequence[str]) -> document.Fields:
    """Return the holdings' part of the document, with the digest of what it shows."""
    held_by = [members.institution(number) for number in institution_ids]
    fields = document.holding_fields(
        institution_ids=institution_ids,
        cities=[one.city for one in held_by],
        provinces=[one.province for one in held_by],
        call_numbers=call_numbers,
    )
    places = {one.id: (one.city, one.province) for one in held_by}
    fields["digest"] = digest.digest(version, institution_ids, call_numbers, places)
    return fields


def of_made_bibs(made: Mapping[int, catalogue_types.MadeBib], institution_id: int) -> list[str]:
    """Return the documents of bibs that have just been made by one library's load."""
    held: dict[tuple[str, ...], bytes] = {}
    found: list[str] = []
    for bib_id, bib in made.items():
        holdings = held.get(bib.call_numbers)
        if holdings is None:
            holdings = document.held(holding_fields(1, [institution_id], bib.call_numbers))
            held[bib.call_numbers] = holdings
        found.append(document.document(bib_id, bib.derived[derivation.NAME], holdings))
    return found


def of_rows(rows: Sequence[catalogue.IndexRow], derived: Mapping[int, dict[str, bytes]]) -> list[tuple[int, str]]:
    """Return (bib, document) of bibs read from the catalogue; `derived` says what was just derived from records."""
    found = {row.bib_id: row.derived for row in rows if row.derived} | dict(derived)
    parts = {bib_id: fields[derivation.NAME] for bib_id, fields in found.items() if derivation.NAME in fields}
    unknown = [row for row in rows if row.bib_id not in parts]
    parts |= zip((row.bib_id for row in unknown), _parts(unknown), strict=True)
    return joined(rows, [parts[row.bib_id] for row in rows])


def _parts(rows: Sequence[catalogue.IndexRow]) -> list[bytes]:
    """Return the records' parts of documents; worker processes help where there are some."""
    records = [(row.format, row.charset, row.record) for row in rows]
    if len(rows) < _WORTH_SENDING or processes.standing() is None:
        return derivation.stored_fields(records)
    pieces = [records[start : start + _PIECE] for start in range(0, len(records), _PIECE)]
    # As a user of the pool, so that it does not end when the load that began it does.
    with processes.pool() as helpers:
        return [part for piece in helpers.map(derivation.stored_fields, pieces) for part in piece]


def joined(rows: Sequence[catalogue.IndexRow], parts: Sequence[bytes]) -> list[tuple[int, str]]:
    """Return (bib, document) from the bibs and the records' parts of their documents."""
    found: list[tuple[int, str]] = []
    for row, part in zip(rows, parts, strict=True):
        holdings = holding_fields(row.version, row.institution_ids, row.call_numbers)
        found.append((row.bib_id, document.document(row.bib_id, part, document.held(holdings))))
    return found
