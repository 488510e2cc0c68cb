"""What a record is checked against, as data to be read and corrected by a cataloguer.

Sources: MARC 21 Format for Bibliographic Data; 中国机读目录格式 (WH/T 0503-1996);
the rules of the CALIS union catalogue.
"""

from __future__ import annotations

from tongwen.standards.marc.types import Format

TITLE_TAG = {Format.MARC21: "245", Format.CNMARC: "200"}
TITLE_SUBFIELDS = {Format.MARC21: "abknps", Format.CNMARC: "acdehi"}

FIXED_LENGTHS = {
    Format.MARC21: {"006": (18, 18), "008": (40, 40)},
    Format.CNMARC: {"100": (36, 36), "105": (13, 13)},
}
"""Shortest and longest allowed: of the data of a control field, of $a of a data field."""

OBLIGATORY = {
    Format.MARC21: ("008",),
    Format.CNMARC: ("001", "100", "101", "801"),
}

NOT_REPEATABLE = {
    Format.MARC21: frozenset(
        ("001", "003", "005", "008", "010", "018", "036", "038", "040", "042", "043", "044", "045", "066", "100",
        "110", "111",
         "130", "240", "243", "245", "254", "256", "263", "306", "357", "507", "514", "841", "842", "844", "882")
    ),
    Format.CNMARC: frozenset(("001", "005", "100", "101", "105", "200", "230", "304", "500", "700", "710", "720")),
}  # fmt: skip
ONE_OF = {Format.MARC21: frozenset(("100", "110", "111", "130")), Format.CNMARC: frozenset(("700", "710", "720"))}
"""Only one field of these may stand in a record."""

_YES_NO = "01"
_ANY_DIGIT = "0123456789"
_BLANK = " "

INDICATORS: dict[Format, dict[str, tuple[str, str]]] = {
    Format.MARC21: {
        "010": (_BLANK, _BLANK), "020": (_BLANK, _BLANK), "022": (" 01", _BLANK), "040": (_BLANK, _BLANK),
        "041": (" 01", " 7"),
        "050": (" 01", "04"), "082": ("017", " 04"), "100": ("013", _BLANK), "110": ("012", _BLANK),
        "111": ("012", _BLANK),
        "130": (_ANY_DIGIT, _BLANK), "240": (_YES_NO, _ANY_DIGIT), "245": (_YES_NO, _ANY_DIGIT),
        "246": ("0123", " 012345678"),
        "250": (_BLANK, _BLANK), "260": (" 23", " "), "264": (" 23", "01234"), "300": (_BLANK, _BLANK),
        "490": (_YES_NO, _BLANK),
        "600": ("013", "01234567"), "610": ("012", "01234567"), "611": ("012", "01234567"),
        "630": (_ANY_DIGIT, "01234567"),
        "650": (" 012", "01234567"), "651": (_BLANK, "01234567"), "653": (" 012", " 0123456"),
        "655": (" 0", "01234567"),
        "700": ("013", " 2"), "710": ("012", " 2"), "711": ("012", " 2"), "730": (_ANY_DIGIT, " 2"),
        "773": (_YES_NO, " 8"),
        "776": (_YES_NO, " 8"), "780": (_YES_NO, "01234567"), "785": (_YES_NO, "012345678"), "800": ("013", _BLANK),
        "830": (" ", _ANY_DIGIT), "856": (" 012347", " 012 8"),
    },
    Format.CNMARC: {
        "101": ("012", _BLANK), "200": (_YES_NO, _BLANK), "225": ("012", _BLANK), "500": (_YES_NO, _YES_NO),
        "510": (_YES_NO, _BLANK),
        "512": (_YES_NO, _BLANK), "517": (_YES_NO, _BLANK), "600": (_BLANK, _YES_NO), "606": (" 012", _BLANK),
        "701": (_BLANK, _YES_NO),
        "702": (_BLANK, _YES_NO), "700": (_BLANK, _YES_NO), "711": (_YES_NO, "012"), "712": (_YES_NO, "012"),
        "801": (_BLANK, "0123"),
    },
}  # fmt: skip
"""Allowed values of the first and the second indicator; fields that are not listed are not checked."""

NAMES_THAT_NEED_A_ROLE = frozenset(("701", "702", "711", "712"))
"""CNMARC names that must have $4."""

LEADER_TYPES = {Format.MARC21: frozenset("acdefgijkmoprt"), Format.CNMARC: frozenset("abcdefgijklmr")}
LEADER_LEVELS = {Format.MARC21: frozenset("abcdims"), Format.CNMARC: frozenset("acims")}
