"""A CNMARC record of a book that stands in MARC 21: as a Chinese library describes it, in its own script only.

Only what both formats can say is carried over (title, names, edition, imprint, extent, series, ISBN, language).
"""

from __future__ import annotations

import re

from bench.match import edits, han
from tongwen.standards.marc.types import Field, Record

_TRAILING = re.compile(r"[\s/:;,.=\]]+$")
_ROLE = re.compile(r"(主编|主編|编著|編著|编译|編譯|选编|選編|译注|校注|著|编|編|译|譯|撰|注|主撰)$")
_YEAR = re.compile(r"\d{4}")


def written(record: Record, seed: str, *, with_isbn: bool) -> Record | None:
    """Return the CNMARC record in simplified Han, or None where the source has no title in Han."""
    own = _own_script(record)
    title = own.get("245")
    if title is None or record.control("008")[35:38] != "chi":
        return None
    year = record.control("008")[7:11]
    if not year.isdigit() or record.control("008")[6:7] != "s":
        return None
    general = f"{20050101 + edits.draw(seed, 20) * 10000}d{year}    em y0chiy50      ea"
    fields = [edits.control("001", f"0120{edits.draw(seed, 10_000_000):08d}")]
    if with_isbn:
        fields += [edits.data_field("010", "  ", ("a", _isbn(field))) for field in record.tagged("020") if _isbn(field)]
    fields += [
        edits.data_field("100", "  ", ("a", general[:36].ljust(36))),
        edits.data_field("101", "0 ", ("a", "chi")),
        edits.data_field("102", "  ", ("a", "CN"), ("b", "110000")),
        edits.data_field("106", "  ", ("a", "r")),
    ]
    fields += _description(record, own, title, year)
    fields += _names(own, title)
    fields.append(edits.data_field("801", " 0", ("a", "CN"), ("b", "BENCH"), ("c", "20050101")))
    return Record("00000nam0 2200000   450 ", tuple(sorted(fields, key=lambda field: field.tag)))


def _own_script(record: Record) -> dict[str, Field]:
    """Return the first 880 field of each tag in simplified Han."""
    found: dict[str, Field] = {}
    for field in record.fields:
        tag = edits.linked_tag(field)
        if tag and tag not in found:
            pairs = tuple((code, han.simplified(value)) for code, value in field.subfields)
            found[tag] = field._replace(subfields=pairs)
    return found


def _plain(text: str) -> str:
    return _TRAILING.sub("", text).strip(" [")


def _isbn(field: Field) -> str:
    number = re.sub(r"[^0-9Xx]", "", field.first("a").split(" ")[0])
    return number if len(number) in {10, 13} else ""


def _description(record: Record, own: dict[str, Field], title: Field, year: str) -> list[Field]:
    imprint = own.get("260") or own.get("264")
    edition = own.get("250")
    series = own.get("440") or own.get("490")
    extent = _extent(edits.first(record, "300", "a"))
    found = [
        edits.data_field(
            "200", "1 ",
            ("a", _plain(title.first("a"))), ("e", _plain(title.first("b"))), ("f", _plain(title.first("c"))),
            ("h", _plain(title.first("n"))), ("i", _plain(title.first("p"))),
        ),
        edits.data_field("215", "  ", ("a", extent), ("d", "21cm")),
    ]  # fmt: skip
    if edition is not None and not re.search(r"第?[1一]版|初版", edition.first("a").replace(" ", "")):
        found.append(edits.data_field("205", "  ", ("a", _plain(edition.first("a")))))
    if imprint is not None:
        place, house = _plain(imprint.first("a")), _plain(imprint.first("b"))
        found.append(edits.data_field("210", "  ", ("a", place), ("c", house), ("d", year)))
    if series is not None:
        found.append(edits.data_field("225", "2 ", ("a", _plain(series.first("a")))))
    return [field for field in found if field.subfields]


def _extent(extent: str) -> str:
    """Return the longest count of pages and the number of volumes as Chinese libraries write them."""
    volumes = re.search(r"(\d+)\s*v\b", extent)
    rest = extent.replace(volumes[0], "") if volumes else extent
    pages = max((int(number) for number in re.findall(r"\d+", rest)), default=0) if re.search(r"\bp\b", rest) else 0
    if volumes and int(volumes[1]) > 1:
        return f"{volumes[1]}册({pages}页)" if pages else f"{volumes[1]}册"
    return f"{pages}页" if pages else ""


def _names(own: dict[str, Field], title: Field) -> list[Field]:
    role = _ROLE.search(_plain(title.first("c")))
    found = []
    for tag, ours in (("100", "701"), ("700", "702")):
        if tag in own:
            name = _plain(own[tag].first("a"))
            found.append(edits.data_field(ours, " 0", ("a", name), ("4", role[1] if role else "著")))
    return found
