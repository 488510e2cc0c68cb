"""Sentences for the stable codes of loading: what was found in a record, and what a file is."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongwen.domain.catalogue.types import Deletions, Overlay, Priority, WithoutItems
from tongwen.web.shared import terms
from tongwen.web.shared.terms import Word

PROBLEMS: Mapping[str, Word] = {
    # Framing: where a record begins and ends.
    "terminator-missing": _("The end-of-record sign is missing; the record was cut where the next one begins."),
    "terminator-in-data": _("An end-of-record sign stands inside a field; the record was kept whole."),
    "bytes-between": _("There are bytes between this record and the one before it."),
    "bytes-after": _("There are bytes behind the last record."),
    "leader-length": _("The length stated in the leader is wrong; the real length was used."),
    "truncated": _("The record is cut off: the file ends before the record does."),
    "no-record": _("These bytes are not a MARC record."),
    "record-too-long": _("The record is too long to be read."),
    "record-too-short": _("The record is too short to be one."),
    "record-empty": _("The record has no fields."),
    # The leader, the directory and the fields.
    "leader-unusable": _("The leader cannot be used."),
    "leader-characters": _("The leader contains characters that are not allowed there."),
    "leader-type": _("The leader names a type of record that does not exist."),
    "leader-level": _("The leader names a bibliographic level that does not exist."),
    "base-address": _("The leader says wrongly where the fields begin; the right place was found."),
    "directory-length": _("The length of the directory is not a multiple of 12."),
    "directory-entry": _("An entry of the directory is damaged."),
    "directory-empty": _("The directory has no entries."),
    "directory-end-missing": _("The end of the directory cannot be found."),
    "directory-mismatch": _("The directory does not fit the fields; the fields were cut at their end signs."),
    "directory-order": _("The fields stand in another order than the directory lists them."),
    "bytes-unclaimed": _("There are bytes between the fields that belong to no entry of the directory."),
    "data-missing": _("Nothing follows the directory: the record has no fields."),
    "field-terminator": _("The end-of-field sign is missing or stands in the wrong place."),
    "field-unreadable": _("A field could not be read and was left out."),
    "field-empty": _("The field is empty."),
    "subfield-delimiter-missing": _("The field has text before its first subfield."),
    "subfield-empty": _("A subfield has no code or no text."),
    "subfield-code": _("A subfield code is not one character."),
    "control-field-subfields": _("A control field contains subfields."),
    "indicators": _("The indicators are wrong."),
    "indicator": _("An indicator has a value that the field does not allow."),
    "tag": _("The tag is not three characters."),
    "unwritable": _("The record cannot be stored: it is too long or its fields cannot be written as MARC."),
    "rewritten": _("The record can be read, but it will not be written back byte for byte."),
    # Character sets.
    "charset-bytes": _("Some bytes are not text in the character set of the record."),
    "charset-contradicts-leader": _("The leader names another character set than the text is in; the text decided."),
    "charset-uncertain": _("The character set could not be told for certain."),
    "marc8-bytes": _("Some bytes are not valid MARC-8."),
    "not-in-marc8": _("A character does not exist in MARC-8."),
    "control-character": _("The field contains an invisible control character."),
    # XML and JSON.
    "xml-not-well-formed": _("The XML is not well-formed; nothing behind this place could be read."),
    "xml-element": _("An XML element that is no part of MARCXML was left out."),
    "json-not-well-formed": _("The JSON is not well-formed."),
    "text-outside": _("Text outside the subfields was left out."),
    # Rules of the formats.
    "title-missing": _("The record has no title field."),
    "title-empty": _("The title field has no title."),
    "main-entry-repeated": _("The record has more than one main entry."),
    "field-missing": _("A mandatory field is missing."),
    "field-repeated": _("A field that may stand only once is repeated."),
    "subfield-missing": _("A mandatory subfield is missing."),
    "fixed-length": _("A field of fixed length has another length."),
    "language-code": _("The language code is not known."),
    "isbn": _("The ISBN is wrong: its check digit or its form does not fit."),
    "issn": _("The ISSN is wrong: its check digit or its form does not fit."),
    "class-number": _("The class number does not have the shape of the Chinese Library Classification."),
    "role-missing": _("A name has no code for its role ($4)."),
    "translation-without-original": _(
        "The record is marked as a translation, but the original language is missing (101 $c)."
    ),
    "original-but-translated": _("An original title is given (454), but the record is not marked as a translation."),
    "series-without-410": _("A series is stated (225) without its linking field (410)."),
    "link-without-001-200": _("The link to the set (461) names no record."),
    # Loading.
    "items-missing": _("The record speaks of no copy, and the profile rejects such records."),
    "deletion": _("The record says that it is deleted: what we hold under its number goes."),
    "deletion-unknown": _("The record says that it is deleted, but we hold nothing under its number."),
    "deletion-without-number": _("The record says that it is deleted, but it has no number (001)."),
    "too-many-candidates": _(
        "Too many records share an identifier with this one; it was compared with some of them only."
    ),
}
"""Problem codes to sentences; a code without one is shown with its English detail."""

FILES: Mapping[str, Word] = {
    "empty": _("The file is empty."),
    "blank": _("The file holds only spaces, line ends or zero bytes."),
    "jpeg": _("This is a JPEG picture, not a file of records."),
    "png": _("This is a PNG picture, not a file of records."),
    "gif": _("This is a GIF picture, not a file of records."),
    "tiff": _("This is a TIFF picture, not a file of records."),
    "pdf": _("This is a PDF document, not a file of records."),
    "zip": _("This is a ZIP archive. Unpack it and load the file inside."),
    "gzip": _("This is a compressed file (gzip). Unpack it and load the file inside."),
    "bzip2": _("This is a compressed file (bzip2). Unpack it and load the file inside."),
    "xz": _("This is a compressed file (xz). Unpack it and load the file inside."),
    "zstd": _("This is a compressed file (zstd). Unpack it and load the file inside."),
    "rar": _("This is a RAR archive. Unpack it and load the file inside."),
    "7z": _("This is a 7z archive. Unpack it and load the file inside."),
    "ms-office": _("This is an office document. Export the records as MARC from your library system."),
    "sqlite": _("This is an SQLite database. Export the records as MARC from your library system."),
    "program": _("This is a program, not a file of records."),
    "html": _("This is a web page, not a file of records."),
    "xml": _("This is XML, but not MARCXML."),
    "json": _("This is JSON, but not MARC-in-JSON."),
    "text": _("This is a text file, not a file of MARC records."),
    "mrk": _("These are records as lines of text. Save them as ISO 2709 (.mrc) or MARCXML first."),
    "marc-lines": _("These are records as lines of text. Save them as ISO 2709 (.mrc) or MARCXML first."),
    "binary": _("These bytes are of no kind that can be loaded."),
    "no-record": _("No record could be read from this file."),
}
"""What a file is that holds no records, by the words of `standards.marc.sniff`."""

FORMAT_REASONS: Mapping[str, Word] = {
    "declared": _("as declared with the file"),
    "title-field": _("told from the title field"),
    "coded-field": _("told from the coded fields"),
    "tags": _("told from the tags"),
}


OVERLAYS: Mapping[str, Word] = {
    Overlay.ATTACH: _("Only the holding joins it."),
    Overlay.FILL: _("What the union record lacks is taken from ours."),
    Overlay.UPGRADE: _("As before, and where our record is the better one it becomes the base."),
}

WITHOUT_ITEMS: Mapping[str, Word] = {
    WithoutItems.HOLD: _("We hold it, without copies."),
    WithoutItems.REJECT: _("It is rejected and listed."),
}

DELETIONS: Mapping[str, Word] = {
    Deletions.OBEY: _("What we hold under its number goes."),
    Deletions.IGNORE: _("It is taken like any other record."),
}

PRIORITIES: Mapping[int, Word] = {
    Priority.FIRST: pgettext_lazy("priority", "Before those of all libraries"),
    Priority.SOONER: pgettext_lazy("priority", "Before our other files"),
    Priority.NORMAL: pgettext_lazy("priority", "In turn"),
    Priority.LATER: pgettext_lazy("priority", "After the others"),
}

PROFILE_FAULTS: Mapping[str, Word] = {
    "name": _("Give the profile a name of letters, digits, hyphens and underscores, at most 40."),
    "tag": _("A tag has three characters and is not below 010: %(detail)s"),
    "nothing-mapped": _("Say where location, call number or barcode stand in field %(detail)s."),
    "codes": _("Subfield codes are small letters and digits; alternatives stand apart by |: field %(detail)s"),
    "between": _("At most five characters may stand between the parts: field %(detail)s"),
    "taken": _("There is a profile of this name already."),
}


def problem_sentence(code: str) -> str:
    """Return what a problem code says; "" for a code that has no sentence."""
    return str(PROBLEMS.get(code, ""))


def format_line(evidence: Mapping[str, object]) -> str:
    """Return the format that was found, with its reason; "" before the file has been looked at."""
    name = terms.FORMATS.get(str(evidence.get("format", "")), "")
    reason = terms.word(FORMAT_REASONS, str(evidence.get("format_reason", "")))
    return f"{name}: {reason}" if name and reason else name


def charset_line(found: Mapping[str, object]) -> str:
    """Return one line about a character set that was found, with its evidence."""
    reason = terms.word(terms.CHARSET_REASONS, str(found.get("reason", "")))
    certain = "" if found.get("certain", True) else translate("(not certain)")
    return " ".join(filter(None, (f"{found.get('charset', '')}:", reason, certain)))
