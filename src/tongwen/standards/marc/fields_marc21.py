"""Where MARC21 keeps what the views show: one line per field, to be read and corrected by a cataloguer.

Source: MARC 21 Format for Bibliographic Data. Subfield codes are given as a string in no particular order;
the text is put together in the order of the record.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class NameField(NamedTuple):
    """A 1XX or 7XX name: the subfields of the heading, of the dates, and whether it is the main entry."""

    kind: str
    heading: str
    dates: str = ""
    main: bool = False


NAMES: Final = {
    "100": NameField("person", "abcq", "d", main=True),
    "110": NameField("body", "abcdn", main=True),
    "111": NameField("meeting", "acdenq", main=True),
    "700": NameField("person", "abcq", "d"),
    "710": NameField("body", "abcdn"),
    "711": NameField("meeting", "acdenq"),
    "720": NameField("person", "a"),
}
"""In 111 and 711 $e is a subordinate unit; everywhere else it is the role in words ($4 is the code)."""

VARIANT_TITLES: Final = {
    "210": "ab",
    "222": "ab",
    "242": "abnp",
    "246": "abnp",
    "247": "abnp",
    "730": "adfklmnoprs",
    "740": "anp",
}
PARALLEL_TITLE_INDICATORS: Final = frozenset("1")
"""Second indicator of 246 that says parallel title."""

UNIFORM_TITLES: Final = {
    "130": "adfgklmnoprs",
    "240": "adfgklmnoprs",
    "243": "adfgklmnoprs",
}

SERIES: Final = {"440": "anpv", "490": "av"}
TRACED_SERIES: Final = {
    "800": "abcdfklmnopqrstv",
    "810": "abcdfgklmnoprstv",
    "811": "acdefgklnpqstv",
    "830": "adfgklmnoprstv",
}
"""Shown only where the record has no 440 or 490."""


class SubjectField(NamedTuple):
    kind: str
    heading: str


SUBJECTS: Final = {
    "600": SubjectField("name", "abcdfghjklmnopqrstu"),
    "610": SubjectField("name", "abcdfghklmnoprstu"),
    "611": SubjectField("name", "acdefghklnpqstu"),
    "630": SubjectField("title", "adfghklmnoprst"),
    "647": SubjectField("topic", "acdg"),
    "648": SubjectField("topic", "a"),
    "650": SubjectField("topic", "abcdg"),
    "651": SubjectField("place", "ag"),
    "655": SubjectField("genre", "abc"),
}
SUBDIVISIONS: Final = frozenset("vxyz")
KEYWORDS: Final = {"653": "a"}
SUBJECT_SCHEMES: Final = {
    "0": ("lcsh", "en"),
    "1": ("lcshac", "en"),
    "2": ("mesh", "en"),
    "3": ("nal", "en"),
    "5": ("cash", "en"),
    "6": ("rvm", "fr"),
}
"""Second indicator of 600-655: the thesaurus and its language; 7 says that $2 names it."""
SCHEME_LANGUAGES: Final = {
    "fast": "en", "aat": "en", "lcgft": "en", "gsafd": "en", "rbgenr": "en", "gnd": "de", "gnd-content": "de",
    "ram": "fr",
    "rvm": "fr", "rvmgf": "fr", "bidex": "es", "nsbncf": "it", "cct": "zh", "ndlsh": "ja", "bsh": "ja", "sao": "sv",
    "yso/fin": "fi", "yso/swe": "sv", "yso/eng": "en", "ysa": "fi", "kauno/fin": "fi", "slm/fin": "fi", "rubbk": "ru",
}  # fmt: skip

NOTES: Final = {
    "500": "general",
    "501": "with",
    "502": "thesis",
    "504": "bibliography",
    "505": "contents",
    "506": "access",
    "507": "scale",
    "508": "responsibility",
    "510": "citation",
    "511": "responsibility",
    "513": "report",
    "515": "numbering",
    "516": "file-type",
    "518": "event",
    "520": "abstract",
    "521": "audience",
    "522": "geography",
    "524": "citation",
    "525": "supplement",
    "526": "audience",
    "530": "other-form",
    "533": "reproduction",
    "534": "edition-history",
    "535": "other-form",
    "536": "funding",
    "538": "system",
    "540": "access",
    "545": "biography",
    "546": "language",
    "547": "title",
    "550": "responsibility",
    "555": "index",
    "556": "index",
    "561": "provenance",
    "562": "edition-history",
    "563": "binding",
    "580": "relation",
    "581": "citation",
    "585": "exhibition",
    "586": "award",
}
NOTE_SUBFIELDS_LEFT_OUT: Final = frozenset("0123456789uw")
"""Codes, control numbers and addresses inside a note; everything else is read as it stands."""
NOTES_IN_SCRIPT_OF_TEXT: Final = frozenset(("505", "520"))
"""Notes that may be in the language of the book; the others are in the cataloguer's language."""

RELATED: Final = {
    "760": "series",
    "762": "subseries",
    "765": "translation-of",
    "767": "translated-as",
    "770": "supplement",
    "772": "supplement-to",
    "773": "host",
    "774": "part",
    "775": "other-edition",
    "776": "other-form",
    "777": "issued-with",
    "780": "preceding",
    "785": "succeeding",
    "786": "data-source",
    "787": "related",
}
LINK_KINDS: Final = {"0": "resource", "1": "version", "2": "related"}
"""Second indicator of 856."""

CLASSIFICATIONS: Final = {
    "050": "lcc",
    "055": "lcc",
    "060": "nlm",
    "070": "nal",
    "080": "udc",
    "082": "ddc",
    "083": "ddc",
    "086": "sudoc",
}
CLASSIFICATION_SOURCES: Final = {
    "clc": "clc", "ddc": "ddc", "lcc": "lcc", "ndc": "ndc", "njb": "ndc", "kdc": "kdc", "las": "las", "sibu": "sibu",
    "sklc": "sibu", "udc": "udc",
}  # fmt: skip
"""$2 of 084 up to its slash (`njb/09` is the ninth NDC, which stays as the edition)."""
CHINESE_CLASSIFICATIONS: Final = {"093": "clc", "094": "las"}
"""Local to Chinese libraries that catalogue in MARC21; taken only where the number has the scheme's shape."""

NUMBERS: Final[dict[str, str]] = {
    "024": "",
    "027": "report-number",
    "028": "publisher-number",
    "030": "coden",
    "074": "gpo-item",
    "088": "report-number",
}
NUMBER_KINDS: Final = {"0": "isrc", "1": "upc", "2": "ismn", "3": "ean", "4": "sici"}
"""First indicator of 024; 7 says that $2 names the scheme."""
NATIONAL_BIBLIOGRAPHIES: Final = {
    "jnb": "jp",
    "jp": "jp",
    "cnb": "cnb",
    "bnb": "bnb",
    "dnb": "dnb",
    "skb": "skb",
    "fnb": "fnb",
}

MATERIALS: Final = {
    "a": "text", "t": "manuscript", "c": "notated-music", "d": "notated-music", "e": "map", "f": "map",
    "g": "moving-image", "i": "spoken", "j": "music", "k": "image", "m": "software", "o": "kit", "p": "mixed",
    "r": "object",
}  # fmt: skip
"""LDR/06."""
LEVELS: Final = {
    "a": "component",
    "b": "component",
    "c": "collection",
    "d": "component",
    "i": "integrating",
    "m": "monograph",
    "s": "serial",
}
"""LDR/07."""

FORMS_OF_ITEM: Final = {
    "a": "microform", "b": "microform", "c": "microform", "d": "large-print", "f": "braille", "o": "online",
    "q": "disc",
    "r": "print", "s": "electronic",
}  # fmt: skip
"""008/23 (books, serials, music, mixed) and 008/29 (maps, visual materials); `electronic` needs other evidence."""
CARRIER_TYPES: Final = {
    "cr": "online", "cd": "disc", "ce": "disc", "cf": "disc", "ck": "disc", "cb": "disc", "cz": "electronic",
    "ha": "microform", "hb": "microform", "hc": "microform", "hd": "microform", "he": "microform", "hf": "microform",
    "hg": "microform", "hh": "microform", "hj": "microform", "hz": "microform", "nc": "print", "nb": "print",
    "sd": "disc", "vd": "disc",
}  # fmt: skip
"""338 $b."""
PHYSICAL_FORMS: Final = {
    "cr": "online", "co": "disc", "cj": "disc", "cb": "disc", "ck": "disc", "cz": "electronic", "ta": "print",
    "tb": "large-print",
    "tc": "braille", "td": "print", "sd": "disc", "vd": "disc",
}  # fmt: skip
"""007/00-01; 007/00 `h` is a microform whatever follows."""
MATERIALS_AT_29: Final = frozenset("efgkor")
