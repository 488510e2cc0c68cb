"""How another library would have described the same book: each practice makes a record of one that exists.

A practice returns None where it would change nothing of what it is named after. The label of such a pair is
"identity by construction": both records describe the book that one real record describes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

from bench.match import edits, han
from tongwen.standards.marc.types import Field, Record

Practice = Callable[[Record, str], Record | None]

_ABBREVIATED = (
    (r"\bUniversity\b", "Univ."), (r"\bPublishing\b", "Pub."), (r"\bPublishers?\b", "Pub."), (r"\bCompany\b", "Co."),
    (r"\bPublications\b", "Pubs."), (r"\bInstitute\b", "Inst."), (r"\bAssociation\b", "Assoc."),
)  # fmt: skip
_RDA_EXTENT = ((r"\bp\.(?=\W*$)", "pages"), (r"\bv\.(?=\W*$)", "volumes"), (r"\bill\.", "illustrations"))
_RDA_EDITION = (
    (r"\b1st ed\b\.?", "First edition"), (r"\b2nd ed\b\.?", "Second edition"), (r"\b2d ed\b\.?", "Second edition"),
    (r"\b3rd ed\b\.?", "Third edition"), (r"\b3d ed\b\.?", "Third edition"), (r"\brev\. ed\b\.?", "Revised edition"),
    (r"\bRev\. ed\b\.?", "Revised edition"), (r"\bed\.(?=\W*$)", "edition"),
)  # fmt: skip
_BRIEF = ("001", "003", "008", "020", "040", "100", "245", "250", "260", "264", "300", "700", "852")
_THINNEST = ("001", "003", "008", "020", "245", "260", "264", "300")
_YEAR = re.compile(r"\d{4}")


def replaced(text: str, table: tuple[tuple[str, str], ...]) -> str:
    """Return the text with every pattern of the table replaced."""
    for pattern, words in table:
        text = re.sub(pattern, words, text)
    return text


def copied(record: Record, seed: str) -> Record:
    """Return the description as a library keeps it that copied it: its own number, a note and a shelf mark."""
    number = f"b{edits.draw(seed, 10_000_000):08d}"
    local = edits.data_field("852", "  ", ("a", "BENCH"), ("b", "main"), ("p", number))
    return edits.with_fields(edits.renumbered(record, "XX-Bench", number), local)


def abbreviating(record: Record, seed: str) -> Record | None:
    """Return the description in another house style: fewer notes, shorter words, one place, `xii, 320 p.` as `320 p.`.

    Numbered series, subjects, added entries for bodies and the statement's tail go their own ways in practice.
    """
    one = edits.text(copied(record, seed), ["260", "264"], "b", lambda value: replaced(value, _ABBREVIATED))
    one = edits.each(one, ["260", "264"], _one_place)
    one = edits.text(one, ["300"], "a", lambda value: re.sub(r"^[ivxlc]+, (?=\d)", "", value))
    one = edits.text(one, ["300"], "bc", lambda _: "")
    one = edits.without(one, ["500", "504", "505", "520", "650", "651", "710", "711"])
    if edits.draw(seed + "series", 2):
        one = edits.without(one, ["440", "490", "830"])
    return edits.text(one, ["245"], "c", lambda value: re.split(r"\s?;\s", value)[0])


def _one_place(field: Field) -> Field:
    seen: set[str] = set()
    kept = []
    for subfield in field.subfields:
        if subfield[0] in "ab" and subfield[0] in seen:
            continue
        seen.add(subfield[0])
        kept.append(subfield)
    return field._replace(subfields=tuple(kept))


def by_rda(record: Record, seed: str) -> Record | None:
    """Return the description by RDA where it was AACR2: words written out, 264, no GMD, no bracketed abbreviations."""
    if not edits.first(record, "260", "a"):
        return None
    one = edits.text(copied(record, seed), ["300"], "ab", lambda value: replaced(value, _RDA_EXTENT))
    one = edits.text(one, ["250"], "a", lambda value: replaced(value, _RDA_EDITION))
    one = edits.text(one, ["260"], "c", lambda value: re.sub(r"\b[cp](?=\d{4})", "©", value))
    one = edits.text(one, ["260"], "a", lambda value: value.replace("S.l.", "Place of publication not identified"))
    one = edits.each(one, ["260"], lambda field: field._replace(tag="264", indicators=" 1"))
    return edits.text(one, ["880"], "6", lambda value: re.sub(r"^260(?=-)", "264", value))


def brief(record: Record, seed: str) -> Record | None:
    """Return a brief record (encoding level 7): main entry, title, edition, imprint, pages, ISBN."""
    one = edits.only(copied(record, seed), _BRIEF)
    one = edits.text(one, ["300"], "bc", lambda _: "")
    return one._replace(leader=one.leader[:17] + "7" + one.leader[18:])


def thinnest(record: Record, seed: str) -> Record | None:
    """Return what an order system makes: title, imprint and pages."""
    one = edits.only(copied(record, seed), _THINNEST)
    one = edits.text(one, ["245"], "bch", lambda _: "")
    one = edits.text(one, ["300"], "bc", lambda _: "")
    return one._replace(leader=one.leader[:17] + "3" + one.leader[18:])


def without_identifiers(make: Practice) -> Practice:
    """Return the practice for libraries that never recorded an ISBN."""

    def made(record: Record, seed: str) -> Record | None:
        one = make(record, seed)
        return None if one is None else edits.unidentified(one)

    return made


def with_wrong_isbn(record: Record, seed: str) -> Record | None:
    """Return the description with one digit of each ISBN mistyped."""
    if not edits.first(record, "020", "a"):
        return None
    at = 3 + edits.draw(seed, 5)

    def mistyped(value: str) -> str:
        digits = value.replace("-", "")
        return (
            digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :] if digits[at : at + 1].isdigit() else value
        )

    return edits.text(abbreviating(record, seed) or record, ["020"], "a", mistyped)


def with_other_binding(record: Record, seed: str) -> tuple[Record, Record] | None:
    """Return two descriptions, of which one has the first ISBN of the book and the other the second."""
    numbers = record.tagged("020")
    if len(numbers) != 2 or not all(field.first("a") for field in numbers):
        return None
    sides = []
    for kept in numbers:
        bare = edits.without(record, ["020"])
        sides.append(edits.with_fields(bare, kept))
    return edits.renumbered(sides[0], "XX-Other", f"c{edits.draw(seed, 10_000_000)}"), copied(sides[1], seed)


def off_by_a_year(record: Record, seed: str) -> Record | None:
    """Return the description with the year of copyright instead of that of printing: one year earlier."""
    year = record.control("008")[7:11]
    if not year.isdigit() or not edits.first(record, "020", "a"):
        return None
    earlier = str(int(year) - 1)
    one = edits.position(copied(record, seed), "008", 7, earlier)
    return edits.text(one, ["260", "264"], "c", lambda value: value.replace(year, earlier))


def mistyped_title(record: Record, seed: str) -> Record | None:
    """Return the description with two letters swapped in a long word of the title."""
    title = edits.first(record, "245", "a")
    words = list(re.finditer(r"[a-z]{7,}", title))
    if not words or len(title.split()) < 3:
        return None
    start = words[edits.draw(seed, len(words))].start() + 2
    wrong = title[:start] + title[start + 1] + title[start] + title[start + 2 :]
    if wrong == title:
        return None
    return edits.text(copied(record, seed), ["245"], "a", lambda value: wrong if value == title else value)


def entered_under_title(record: Record, seed: str) -> Record | None:
    """Return the description without access points for persons, which stand in the statement of responsibility only."""
    if not edits.first(record, "100", "a") or not edits.first(record, "245", "c"):
        return None
    return edits.without(copied(record, seed), ["100", "700", "110", "710"])


def without_subtitle(record: Record, seed: str) -> Record | None:
    """Return the description without other title information."""
    if not edits.first(record, "245", "b"):
        return None
    return edits.text(abbreviating(record, seed) or record, ["245"], "b", lambda _: "")


def romanised_only(record: Record, seed: str) -> Record | None:
    """Return an East Asian book's description without its original script, as systems before Unicode kept it."""
    if not any(edits.linked_tag(field) == "245" for field in record.fields):
        return None
    bare = edits.without(copied(record, seed), ["880", "066"])
    tags = {field.tag for field in bare.fields}
    return edits.text(bare, tags, "6", lambda _: "")


def in_traditional(record: Record, seed: str) -> Record | None:
    """Return a Chinese book's description with its original script in traditional characters, or in simplified ones."""
    if record.control("008")[35:38] != "chi" or not any(edits.linked_tag(field) == "245" for field in record.fields):
        return None
    title = next(field.first("a") for field in record.fields if edits.linked_tag(field) == "245")
    change = han.simplified if han.simplified(title) != title else han.traditional
    if change(title) == title:
        return None
    return edits.text(copied(record, seed), ["880"], "abcnp", change)


def copy_of_set(record: Record, seed: str) -> Record | None:
    """Return another library's description of a numbered volume, the number written otherwise."""
    number = edits.first(record, "245", "n")
    found = re.search(r"\d+", number)
    if not found:
        return None
    words = ("Volume", "v.", "Vol.", "Bd.", "No.")[edits.draw(seed, 5)]

    def again(field: Field) -> Field:
        pairs = [(c, v.replace(number, f"{words} {found[0]}.")) if c == "n" else (c, v) for c, v in field.subfields]
        return field._replace(subfields=tuple(pairs))

    return edits.each(abbreviating(record, seed) or record, ["245"], again)


PRACTICES: MappingProxyType[str, Practice] = MappingProxyType(
    {
        "copied record": copied,
        "house style, ISBN": abbreviating,
        "house style, no identifier": without_identifiers(abbreviating),
        "RDA beside AACR2, ISBN": by_rda,
        "RDA beside AACR2, no identifier": without_identifiers(by_rda),
        "brief, ISBN": brief,
        "brief, no identifier": without_identifiers(brief),
        "thinnest, ISBN": thinnest,
        "thinnest, no identifier": without_identifiers(thinnest),
        "mistyped ISBN": with_wrong_isbn,
        "year off by one, ISBN": off_by_a_year,
        "mistyped title, ISBN or none": mistyped_title,
        "no access points": entered_under_title,
        "no access points, no identifier": without_identifiers(entered_under_title),
        "no subtitle, no identifier": without_identifiers(without_subtitle),
        "volume, numbered otherwise": copy_of_set,
        "romanised beside original script": romanised_only,
        "romanised beside original script, no identifier": without_identifiers(romanised_only),
        "traditional beside simplified": in_traditional,
        "traditional beside simplified, no identifier": without_identifiers(in_traditional),
    }
)
