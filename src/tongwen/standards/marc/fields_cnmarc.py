"""Where CNMARC keeps what the views show: one line per field, to be read and corrected by a cataloguer.

Source: 中国机读目录格式 (WH/T 0503-1996) with the practice of CALIS (pinyin in $A, record number in 099)
and of the National Library (pinyin in $9, 200 $b); the UNIMARC family shares the tags.
"""

from __future__ import annotations

from typing import NamedTuple

PINYIN = frozenset("A9")
"""$A (CALIS) and $9 (National Library) hold the pinyin of $a."""


class NameField(NamedTuple):
    kind: str
    main: bool = False


NAMES = {
    "700": NameField("person", main=True),
    "701": NameField("person", main=True),
    "702": NameField("person"),
    "710": NameField("body", main=True),
    "711": NameField("body", main=True),
    "712": NameField("body"),
    "716": NameField("body"),
    "720": NameField("family", main=True),
    "721": NameField("family", main=True),
    "722": NameField("family"),
    "730": NameField("person"),
}
"""710-712 with first indicator 1 are meetings."""

UNIFORM_TITLES = ("500", "501", "503")
PARALLEL_TITLES = ("510",)
VARIANT_TITLES = ("512", "513", "514", "515", "516", "517", "518", "530", "531", "532", "540", "545")
OTHER_TITLES_NOT_OF_THIS_BOOK = ("520", "541")
"""A serial's former title and a title translated by the cataloguer: shown, but they say nothing about sameness."""
TITLE_SUBFIELDS = "aehi"


class SubjectField(NamedTuple):
    kind: str
    heading: str


SUBJECTS = {
    "600": SubjectField("name", "abcdt"),
    "601": SubjectField("name", "abct"),
    "602": SubjectField("name", "at"),
    "605": SubjectField("title", "ahikln"),
    "606": SubjectField("topic", "a"),
    "607": SubjectField("place", "a"),
    "608": SubjectField("genre", "a"),
}
SUBDIVISIONS = frozenset("jxyz")
KEYWORDS = ("610",)

NOTES = {
    "300": "general",
    "301": "number",
    "302": "language",
    "303": "general",
    "304": "title",
    "305": "edition-history",
    "306": "publication",
    "307": "extent",
    "308": "series",
    "310": "binding",
    "311": "relation",
    "312": "title",
    "313": "general",
    "314": "responsibility",
    "315": "general",
    "320": "bibliography",
    "321": "citation",
    "322": "responsibility",
    "323": "responsibility",
    "324": "edition-history",
    "325": "reproduction",
    "326": "frequency",
    "327": "contents",
    "328": "thesis",
    "330": "abstract",
    "332": "citation",
    "333": "audience",
    "336": "file-type",
    "337": "system",
    "371": "access",
}

RELATED = {
    "410": "series", "411": "subseries", "421": "supplement", "422": "supplement-to", "423": "issued-with",
    "430": "preceding", "431": "preceding", "432": "preceding", "433": "preceding", "434": "preceding",
    "435": "preceding",
    "436": "preceding", "437": "preceding", "440": "succeeding", "441": "succeeding", "442": "succeeding",
    "443": "succeeding",
    "444": "succeeding", "445": "succeeding", "446": "succeeding", "447": "succeeding", "448": "succeeding",
    "451": "other-edition", "452": "other-form", "453": "translated-as", "454": "translation-of",
    "455": "reproduction-of",
    "456": "reproduced-as", "461": "host", "462": "host", "463": "part", "464": "contains", "470": "review-of",
    "481": "issued-with", "482": "issued-with", "488": "related",
}  # fmt: skip
"""463 is the host in the record of a component, 462 a part in the record of a whole set (LDR/08 is 1)."""

CLASSIFICATIONS = {"675": "udc", "676": "ddc", "680": "lcc", "690": "clc", "692": "las"}
FOUR_BRANCHES = frozenset("经經史子集丛叢类類")
"""A 696 that starts with one of these is a number of the 四部."""

NUMBERS = {
    "013": "ismn",
    "015": "isrn",
    "016": "isrc",
    "017": "",
    "040": "coden",
    "071": "publisher-number",
    "092": "order-number",
    "094": "standard-number",
}

MATERIALS = {
    "a": "text", "b": "manuscript", "c": "notated-music", "d": "notated-music", "e": "map", "f": "map",
    "g": "moving-image",
    "i": "spoken", "j": "music", "k": "image", "l": "software", "m": "kit", "r": "object",
}  # fmt: skip
"""LDR/06."""
ELECTRONIC_CONTENTS = {"a": "software", "b": "software", "c": "image", "d": "text", "e": "text", "h": "spoken"}
"""135 $a/0: what an electronic resource (LDR/06 `l`) holds."""
LEVELS = {"a": "component", "i": "integrating", "m": "monograph", "s": "serial", "c": "collection"}
"""LDR/07."""
PHYSICAL_MEDIA = {"r": "print", "d": "large-print", "e": "print", "f": "braille", "g": "microform", "h": "print"}
"""106 $a."""
ELECTRONIC_CARRIERS = {"r": "online", "o": "disc", "j": "disc", "c": "disc", "b": "disc", "a": "disc", "h": "disc"}
"""135 $a/1."""
