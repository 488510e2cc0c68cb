"""Files of MARC records, written from a few words."""

from __future__ import annotations

import io

from marc_lines import cnmarc, record
from tongwen.standards.marc import iso2709
from tongwen.standards.marc import types as marc

FIXED = "000101s{year}    nyu           000 0 {language} d"


def book(
    number: str,
    title: str,
    *,
    author: str = "Woolf, Virginia",
    isbn: str = "",
    year: str = "1999",
    publisher: str = "Hogarth Press",
    extent: str = "200 p.",
    call_number: str = "PR6045",
    language: str = "eng",
    more: tuple[str, ...] = (),
) -> marc.Record:
    """A MARC21 book with one copy in the library's holdings."""
    lines = [
        f"001    {number}",
        f"008    {FIXED.format(year=year, language=language)}",
        *([f"020    $a{isbn}"] if isbn else []),
        f"100 1  $a{author}",
        f"245 10 $a{title} /$c{author}.",
        f"260    $aLondon :$b{publisher},$c{year}.",
        f"300    $a{extent} ;$c22 cm.",
        *more,
        f"852 0  $bStacks$h{call_number}$pB{number}",
    ]
    return record(*lines)


def chinese_book(number: str, title: str, *, isbn: str = "", year: str = "2008", author: str = "曹雪芹") -> marc.Record:
    """A CNMARC book."""
    return cnmarc(
        f"001    {number}",
        *([f"010    $a{isbn}$dCNY59.70"] if isbn else []),
        f"100    $a20080101d{year}    em y0chiy50      ea",
        "101 0  $achi",
        "102    $aCN$b110000",
        "105    $aa   z   000ay",
        "106    $ar",
        f"200 1  $a{title}$f{author}著",
        f"210    $a北京$c人民文学出版社$d{year}",
        "215    $a3册$d21cm",
        "690    $aI242.4$v5",
        f"701  0 $a{author}$4著",
        "801  0 $aCN$bDEMO$c20080101",
        f"905    $aDEMO$b{number}$dI242.4$e1",
    )


def marc_file(*records: marc.Record, charset: marc.Charset = marc.Charset.UTF_8) -> io.BytesIO:
    """The records as an ISO 2709 file."""
    return io.BytesIO(b"".join(iso2709.encode(each, charset=charset) for each in records))
