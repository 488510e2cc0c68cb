"""Small edits of records, out of which the practices of libraries are put together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from tongwen.standards.marc.types import Field, Record


def draw(seed: str, of: int) -> int:
    """Return a number below `of` that follows from the seed alone: the set is the same wherever it is built."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big") % of


def control(tag: str, data: str) -> Field:
    return Field(tag, data=data)


def data_field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """Return a data field of those subfields that have a value."""
    return Field(tag, indicators, tuple((code, value) for code, value in subfields if value))


def first(record: Record, tag: str, code: str) -> str:
    """Return the first value of a subfield in the record, "" where there is none."""
    return next((value for field in record.tagged(tag) for value in field.all(code)[:1]), "")


def without(record: Record, tags: Iterable[str]) -> Record:
    """Return the record less the fields of these tags and the 880 fields that go with them."""
    gone = set(tags)
    kept = [field for field in record.fields if field.tag not in gone and linked_tag(field) not in gone]
    return record._replace(fields=tuple(kept))


def only(record: Record, tags: Iterable[str]) -> Record:
    """Return the record with the fields of these tags only, and the 880 fields that go with them."""
    kept = set(tags)
    fields = [field for field in record.fields if field.tag in kept or linked_tag(field) in kept]
    return record._replace(fields=tuple(fields))


def linked_tag(field: Field) -> str:
    """Return the tag that an 880 field repeats in another script (MARC 21, Appendix A), "" for other fields."""
    return field.first("6")[:3] if field.tag == "880" else ""


def with_fields(record: Record, *fields: Field) -> Record:
    """Return the record with more fields, in the order of the tags."""
    return record._replace(fields=tuple(sorted((*record.fields, *fields), key=lambda field: field.tag)))


def each(record: Record, tags: Iterable[str], change: Callable[[Field], Field | None]) -> Record:
    """Return the record with every field of the tags changed; a field that becomes None goes."""
    wanted = set(tags)
    fields = [change(field) if field.tag in wanted else field for field in record.fields]
    return record._replace(fields=tuple(field for field in fields if field is not None))


def text(record: Record, tags: Iterable[str], codes: str, change: Callable[[str], str]) -> Record:
    """Return the record with the text of some subfields changed; an empty text takes its subfield away."""

    def changed(field: Field) -> Field | None:
        if not field.subfields:
            return field
        pairs = [(code, change(value) if code in codes else value) for code, value in field.subfields]
        kept = tuple((code, value) for code, value in pairs if value)
        return field._replace(subfields=kept) if kept else None

    return each(record, tags, changed)


def position(record: Record, tag: str, at: int, value: str) -> Record:
    """Return the record with characters of a control field replaced."""
    return each(
        record, [tag], lambda field: field._replace(data=field.data[:at] + value + field.data[at + len(value) :])
    )


def renumbered(record: Record, agency: str, number: str) -> Record:
    """Return the record as another agency's: its own number, none of the numbers that would give it away.

    LCCN, OCLC and other system numbers go; ISBN and ISSN stay.
    """
    bare = without(record, ["001", "003", "010", "015", "016", "019", "029", "035", "040", "042"])
    ours = control("001", number), control("003", agency), data_field("040", "  ", ("a", agency), ("c", agency))
    return with_fields(bare, *ours)


def unidentified(record: Record) -> Record:
    """Return the record without ISBN, ISSN and every other standard number."""
    return without(record, ["020", "022", "024", "027", "028", "037", "074", "086", "088"])
