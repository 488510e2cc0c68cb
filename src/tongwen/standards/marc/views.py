"""The two neutral views of a record, the same for MARC21 and CNMARC: for matching, and for showing and searching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tongwen.standards.marc import describe_cnmarc, describe_marc21
from tongwen.standards.marc.types import Carrier, DisplayView, Format, MatchView, Record, Text

if TYPE_CHECKING:
    from tongwen.standards.marc.description import Description

_NAMELESS: Final = re.compile(
    r"^\W*(?:s\.? ?[ln]\.?|sine (?:loco|nomine)|(?:place|publisher|distributor).* not identified|б\. ?[ми]\.?"
    r"|出版[地者]不[详詳明]|出版社不[详詳明]|[发發]行[地者]不[详詳明]|不[详詳明]|無出版者|发行地不详)\W*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?|ftp)://(?:www\.)?([^/?#\s]+)/([^#\s]*[^#\s/])/?(?:#\S*)?$", re.IGNORECASE)


def match_view(record: Record, format: Format) -> MatchView:  # noqa: A002 - the field's word
    """Return what of a record decides whether another describes the same manifestation."""
    return _match(_describe(record, format))


def display_view(record: Record, format: Format) -> DisplayView:  # noqa: A002 - the field's word
    """Return what of a record is shown and searched."""
    return _display(_describe(record, format))


def both(record: Record, format: Format) -> tuple[MatchView, DisplayView]:  # noqa: A002 - the field's word
    """Return both views and read the record's fields only once; for loading."""
    description = _describe(record, format)
    return _match(description), _display(description)


def _describe(record: Record, record_format: Format) -> Description:
    if record_format is Format.CNMARC:
        return describe_cnmarc.describe(record)
    return describe_marc21.describe(record)


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values)) if len(values) > 1 else tuple(values)


def _named(texts: list[Text], others: list[str]) -> tuple[str, ...]:
    """Return names of places or publishers without repetition and without `[s.n.]` and its like."""
    values = [text[0] for text in texts]
    if others:
        values += others
    if len(values) == 1:
        return tuple(values) if values[0][:1] not in "[(sSб出发不" or not _NAMELESS.match(values[0]) else ()
    return _once([value for value in values if value and not _NAMELESS.match(value)])


def _match(d: Description) -> MatchView:
    """Copy what is compared, in the order of MatchView: a call that names its values takes six times as long."""
    return MatchView(
        d.format,
        d.control_number,
        d.agency,
        d.material,
        d.carrier,
        d.level,
        d.title[0],
        d.subtitle[0],
        tuple([text[0] for text in d.parts]),
        _once(d.other_titles),
        d.responsibility[0],
        _once(d.authors),
        d.edition[0],
        _named(d.publishers, d.publishers_other),
        _named(d.places, d.places_other),
        tuple(dict.fromkeys(d.years + d.imprint_years)),
        d.extent,
        tuple(d.languages),
        tuple(d.original_languages) if d.is_translation else (),
        d.is_translation,
        d.is_ancient,
        _once(d.isbns) if d.isbns else (),
        _once(d.wrong_isbns) if d.wrong_isbns else (),
        _once(d.issns) if d.issns else (),
        _once(d.lccns),
        _once(d.oclc_numbers) if d.oclc_numbers else (),
        _once(d.national_numbers) if d.national_numbers else (),
        _once(d.book_numbers) if d.book_numbers else (),
        _once([text[0] for text in d.series or d.traced_series]),
        _once(d.host) if d.host else (),
        d.encoding_level,
        _addresses(d) if d.links and d.carrier is Carrier.ONLINE else (),
    )


def _addresses(d: Description) -> tuple[str, ...]:
    """Return the addresses of the resource, one form for http and https; that of a whole site tells nothing."""
    found = [_ADDRESS.match(link.url) for link in d.links if link.kind == "resource"]
    return _once([f"{match[1].lower()}/{match[2]}" for match in found if match])


def _display(d: Description) -> DisplayView:
    """Copy what is shown, in the order of DisplayView (see `_match`)."""
    years = d.years or d.imprint_years
    return DisplayView(
        d.format,
        d.control_number,
        d.title,
        d.subtitle,
        tuple(d.parts),
        d.romanized_title,
        tuple(d.parallel_titles),
        tuple(d.variant_titles),
        d.uniform_title,
        d.responsibility,
        tuple(d.names),
        d.edition,
        tuple(d.places),
        tuple(d.publishers),
        d.date,
        years[0] if years else None,
        d.full_extent,
        tuple(d.series or d.traced_series),
        tuple(d.languages),
        tuple(d.original_languages),
        d.material,
        d.carrier,
        d.level,
        tuple(d.subjects),
        tuple(d.classifications),
        tuple(d.notes),
        tuple(d.links),
        tuple(d.related),
        _once(d.isbns) if d.isbns else (),
        _once(d.wrong_isbns) if d.wrong_isbns else (),
        _once(d.issns) if d.issns else (),
        tuple(d.other_numbers),
        tuple(d.pinyin),
    )
