"""Standard numbers in their normal forms: text in; the normal form out, or None (LCCN: "") where it is not one."""

from tongwen.standards.identifiers.chinese import book_number, clc_main, clc_numbers, clc_shape, cn
from tongwen.standards.identifiers.control import isil, lccn, oclc
from tongwen.standards.identifiers.isxn import isbn10, isbn13, isbn_hyphenated, issn

__all__ = [
    "book_number",
    "clc_main",
    "clc_numbers",
    "clc_shape",
    "cn",
    "isbn10",
    "isbn13",
    "isbn_hyphenated",
    "isil",
    "issn",
    "lccn",
    "oclc",
]
