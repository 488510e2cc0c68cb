"""The vocabulary of MARC: records, frames, problems and the two neutral views.

A record is kept as it was read: leader, fields in their order, subfields in their order.
Nothing here normalises; what compares or searches does so with `standards.hanzi`.
"""

from __future__ import annotations

import enum
from typing import Any, Final, NamedTuple


class Format(enum.StrEnum):
    """The two formats that are stored natively."""

    MARC21 = "marc21"
    CNMARC = "cnmarc"


class Charset(enum.StrEnum):
    """The character sets met in the field; the values are shown to people."""

    UTF_8 = "UTF-8"
    MARC_8 = "MARC-8"
    GB18030 = "GB18030"
    UTF_16LE = "UTF-16LE"
    UTF_16BE = "UTF-16BE"
    LATIN_1 = "ISO-8859-1"
    CP1251 = "windows-1251"


class Serialization(enum.StrEnum):
    """What a file of records is written in."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    JSON = "marc-in-json"


class Severity(enum.StrEnum):
    """ERROR: the record cannot be taken. MENDED: read, but it is not written back byte for byte.
    WARNING: taken as it is.
    """

    ERROR = "error"
    MENDED = "mended"
    WARNING = "warning"


class Problem(NamedTuple):
    """One finding about one record.

    `code` is a stable word such as `directory-length`; `detail` is a short English phrase with the values
    (shown after the translated sentence of the code); `offset` counts bytes from the start of the record,
    -1 where it makes no sense; `tag` is "" where no field is meant.
    """

    code: str
    severity: Severity
    tag: str = ""
    offset: int = -1
    detail: str = ""


Subfield = tuple[str, str]
"""Code and value: a plain tuple, for a load makes thirty of them a record."""


class Unreadable(Exception):
    """Nothing sensible can be read from these bytes; `problem` says what and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, problem.detail, problem.offset)
        self.problem = problem

    def __reduce__(self) -> tuple[type[Unreadable], tuple[Problem]]:
        # Worker processes send it through a pipe.
        return (Unreadable, (self.problem,))


class Field(NamedTuple):
    """A control field has `data` and no subfields; a data field has two indicators and subfields."""

    tag: str
    indicators: str = ""
    subfields: tuple[Subfield, ...] = ()
    data: str = ""

    def first(self, code: str) -> str:
        """Return the first value of a subfield, "" where there is none."""
        for subfield in self.subfields:
            if subfield[0] == code:
                return subfield[1]
        return ""

    def all(self, code: str) -> list[str]:
        """Return every value of a subfield in order."""
        return [subfield[1] for subfield in self.subfields if subfield[0] == code]


class Record(NamedTuple):
    """A bibliographic record: the 24 characters of the leader, and the fields in their order."""

    leader: str
    fields: tuple[Field, ...]

    def control(self, tag: str) -> str:
        """Return the data of the first control field with this tag, "" where there is none."""
        for candidate in self.fields:
            if candidate[0] == tag:
                return candidate[3]
        return ""

    def tagged(self, *tags: str) -> list[Field]:
        """Return the fields that have one of these tags, in the record's order."""
        return [candidate for candidate in self.fields if candidate[0] in tags]


class Frame(NamedTuple):
    """The bytes of one record as they stand in a file.

    `offset` counts bytes from the start of the file; `raw` includes the record terminator where there was one.
    `problems` holds what the framing itself found (a wrong leader length, bytes between records, a cut end).
    A frame with an ERROR is damage: its bytes are kept, but it is no record.
    """

    ordinal: int
    offset: int
    raw: bytes
    problems: tuple[Problem, ...] = ()


class CharsetEvidence(NamedTuple):
    """Which character set a record is read in, and why.

    `reason` is one of: declared (by the person who loads), leader (MARC21 LDR/09), field-100 (CNMARC 100 $a 26-29),
    bom, nul-bytes (UTF-16), valid-utf8, valid-gb18030, valid-marc8, cyrillic-letters, escape-sequences, ascii,
    xml, json (the container is Unicode), last-resort. `certain` is false where only likelihood speaks.
    """

    charset: Charset
    reason: str
    certain: bool


class Decoded(NamedTuple):
    """A record read from bytes. `lossless` means that writing it again gives the same bytes."""

    record: Record
    charset: CharsetEvidence
    problems: tuple[Problem, ...]
    lossless: bool


class Material(enum.StrEnum):
    """What kind of content a record describes (MARC21 LDR/06, CNMARC LDR/06)."""

    TEXT = "text"
    MANUSCRIPT = "manuscript"
    NOTATED_MUSIC = "notated-music"
    MAP = "map"
    MOVING_IMAGE = "moving-image"
    SPOKEN = "spoken"
    MUSIC = "music"
    IMAGE = "image"
    SOFTWARE = "software"
    KIT = "kit"
    OBJECT = "object"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Carrier(enum.StrEnum):
    """What the content is carried on; UNKNOWN never vetoes a match."""

    PRINT = "print"
    ONLINE = "online"
    MICROFORM = "microform"
    DISC = "disc"
    BRAILLE = "braille"
    LARGE_PRINT = "large-print"
    OTHER = "other"
    UNKNOWN = "unknown"


class Level(enum.StrEnum):
    """Bibliographic level (LDR/07); SET is a record for a multi-volume set as a whole."""

    MONOGRAPH = "monograph"
    SET = "set"
    SERIAL = "serial"
    INTEGRATING = "integrating"
    COMPONENT = "component"
    COLLECTION = "collection"
    UNKNOWN = "unknown"


class MatchView(NamedTuple):
    """What of a record decides whether two records describe the same manifestation, the same for both formats.

    Text is as it stands in the record less ISBD punctuation at its ends; identifiers are normal
    (ISBN-13 without hyphens, ISSN and LCCN normalised, OCLC digits only).
    """

    format: Format
    control_number: str = ""
    control_agency: str = ""
    material: Material = Material.UNKNOWN
    carrier: Carrier = Carrier.UNKNOWN
    level: Level = Level.UNKNOWN
    title: str = ""
    subtitle: str = ""
    parts: tuple[str, ...] = ()
    """Number and name of the part as written: MARC21 245 $n $p, CNMARC 200 $h $i."""
    other_titles: tuple[str, ...] = ()
    """Variant, parallel and 880 titles; the Han form of a romanised title stands here or in `title`."""
    responsibility: str = ""
    authors: tuple[str, ...] = ()
    edition: str = ""
    publishers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    """Years of publication, the likeliest first (fixed field, then imprint), in the Gregorian calendar."""
    extent: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-2/B codes of the text."""
    original_languages: tuple[str, ...] = ()
    """Codes of the original where the work is a translation; empty otherwise."""
    is_translation: bool = False
    is_ancient: bool = False
    """Printed before 1912, or described as 古籍."""
    isbns: tuple[str, ...] = ()
    wrong_isbns: tuple[str, ...] = ()
    """Cancelled, invalid or structurally wrong numbers as written, without hyphens."""
    issns: tuple[str, ...] = ()
    lccns: tuple[str, ...] = ()
    oclc_numbers: tuple[str, ...] = ()
    national_numbers: tuple[str, ...] = ()
    """National bibliography numbers with their source: `cnb:…`, `jp:20301234`, `bnb:GB…`."""
    book_numbers: tuple[str, ...] = ()
    """统一书号, as digits, dot and digits: `10019·1978`."""
    series: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    """Control numbers and titles of the host of a component (773, 461-463)."""
    encoding_level: str = ""
    """LDR/17 of MARC21, LDR/17 of CNMARC; blank is full."""
    addresses: tuple[str, ...] = ()
    """Where an online resource itself is found (856), without scheme; none for a site as a whole."""


class Text(NamedTuple):
    """A piece of text with its BCP 47 language tag ("" where it is not known)."""

    value: str
    lang: str = ""


NO_TEXT: Final = Text("")


class Name(NamedTuple):
    """A person, family, body or meeting. `role` is a MARC relator code (`aut`, `trl`, `edt` …), "" where unknown;
    `heading` is the form that links (less dates' punctuation); `other_script` is the 880 or romanised counterpart.
    """

    heading: Text
    role: str = ""
    dates: str = ""
    kind: str = "person"
    other_script: Text = Text("")
    main: bool = False


class Subject(NamedTuple):
    """A subject heading: main part and subdivisions. `kind` is topic, name, title, place, genre or keyword."""

    parts: tuple[str, ...]
    kind: str = "topic"
    lang: str = ""
    scheme: str = ""


class Classification(NamedTuple):
    """A class number: `scheme` is clc, ddc, lcc, ndc, kdc, sibu, las or other; `edition` as written."""

    scheme: str
    number: str
    edition: str = ""


class Note(NamedTuple):
    """`kind` is a stable word: general, contents, abstract, thesis, bibliography, audience, language, edition-history,
    access, provenance, responsibility, title, award …
    """

    kind: str
    text: Text


class Link(NamedTuple):
    url: str
    label: str = ""
    kind: str = "resource"


class Related(NamedTuple):
    """A linked record: `kind` is series, host, part, preceding, succeeding, translation-of, other-form …"""

    kind: str
    title: str
    control_number: str = ""
    isbn: str = ""
    issn: str = ""


# A NamedTuple's own constructor is a Python function, also where this module is compiled. Of these, which a record has
# by the dozen, `make_text(value)` is `Text(value)` at half the cost, and so on.
_new: Final[Any] = tuple.__new__


def make_text(value: str, lang: str = "") -> Text:
    """Return a text."""
    text: Text = _new(Text, (value, lang))
    return text


def make_name(
    heading: Text, role: str = "", dates: str = "", kind: str = "person", other_script: Text = NO_TEXT, *, main: bool
) -> Name:
    """Return a name."""
    name: Name = _new(Name, (heading, role, dates, kind, other_script, main))
    return name


def make_subject(parts: tuple[str, ...], kind: str, lang: str, scheme: str) -> Subject:
    """Return a subject."""
    subject: Subject = _new(Subject, (parts, kind, lang, scheme))
    return subject


def make_classification(scheme: str, number: str, edition: str) -> Classification:
    """Return a class number."""
    classification: Classification = _new(Classification, (scheme, number, edition))
    return classification


def make_note(kind: str, text: Text) -> Note:
    """Return a note."""
    note: Note = _new(Note, (kind, text))
    return note


class DisplayView(NamedTuple):
    """What of a record is shown and searched, the same for both formats, in the record's own words."""

    format: Format
    control_number: str = ""
    title: Text = NO_TEXT
    """Title proper, in the original script where the record has it."""
    subtitle: Text = NO_TEXT
    parts: tuple[Text, ...] = ()
    romanized_title: Text = NO_TEXT
    """Romanised form (245 beside an 880, or pinyin 200 $A / $9), "" where there is none."""
    parallel_titles: tuple[Text, ...] = ()
    variant_titles: tuple[Text, ...] = ()
    uniform_title: Text = NO_TEXT
    responsibility: Text = NO_TEXT
    names: tuple[Name, ...] = ()
    edition: Text = NO_TEXT
    places: tuple[Text, ...] = ()
    publishers: tuple[Text, ...] = ()
    date: str = ""
    """Date of publication as written (`c1997`, `清光緒三年 [1877]`)."""
    year: int | None = None
    """Gregorian year for sorting and facets."""
    extent: Text = NO_TEXT
    series: tuple[Text, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639-2/B codes."""
    original_languages: tuple[str, ...] = ()
    material: Material = Material.UNKNOWN
    carrier: Carrier = Carrier.UNKNOWN
    level: Level = Level.UNKNOWN
    subjects: tuple[Subject, ...] = ()
    classifications: tuple[Classification, ...] = ()
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    related: tuple[Related, ...] = ()
    isbns: tuple[str, ...] = ()
    """As ISBN-13 without hyphens where valid."""
    wrong_isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    other_numbers: tuple[tuple[str, str], ...] = ()
    """(scheme, number): lccn, oclc, 统一书号 as `book-number`, cn, doi …"""
    pinyin: tuple[str, ...] = ()
    """Pinyin found in the record for title and names (CNMARC $A / $9)."""
