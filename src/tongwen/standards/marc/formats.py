"""Tell CNMARC (and its UNIMARC relatives) from MARC21 by what the fields hold, for the leader does not say."""

from __future__ import annotations

from tongwen.standards.marc.types import Field, Format, Record

_LENGTH_OF_100 = 36
_MARC21_ONLY = frozenset(("008", "040", "245", "260", "264", "050", "082", "650", "651", "655"))
_CNMARC_ONLY = frozenset(("101", "102", "105", "106", "200", "210", "215", "225", "606", "690", "801"))


def detect(record: Record) -> tuple[Format, str]:
    """Return the format of a record and the reason as a stable word.

    Reasons, the strongest first: `title-field` (only one of 200 $a and 245 is there), `coded-field`
    (100 of 36 characters or 801, against an 008), `tags` (more fields that only one format has),
    `nothing` (no evidence: MARC21 is returned, and `validation.check` will find that there is no title).
    """
    by_tag: dict[str, Field] = {}
    for field in record.fields:
        by_tag.setdefault(field.tag, field)
    marc21_title = "245" in by_tag and _is_data(by_tag["245"])
    cnmarc_title = "200" in by_tag and bool(by_tag["200"].first("a"))
    if marc21_title != cnmarc_title:
        return (Format.MARC21 if marc21_title else Format.CNMARC), "title-field"
    marc21_coded = len(by_tag["008"].data) >= _LENGTH_OF_100 if "008" in by_tag else False
    cnmarc_coded = "801" in by_tag or ("100" in by_tag and _is_general_data(by_tag["100"]))
    if marc21_coded != cnmarc_coded:
        return (Format.MARC21 if marc21_coded else Format.CNMARC), "coded-field"
    marc21 = len(_MARC21_ONLY & by_tag.keys())
    cnmarc = len(_CNMARC_ONLY & by_tag.keys())
    if marc21 == cnmarc:
        return Format.MARC21, "nothing" if not marc21 else "tags"
    return (Format.MARC21 if marc21 > cnmarc else Format.CNMARC), "tags"


def _is_data(field: Field) -> bool:
    return any(value.strip() for _, value in field.subfields)


def _is_general_data(field: Field) -> bool:
    """Tell a CNMARC 100 (one $a that starts with a date) from a MARC21 100 (a name)."""
    value = field.first("a")
    return len(value) >= _LENGTH_OF_100 - 2 and value[:8].isdigit()
