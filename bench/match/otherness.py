"""What makes another publication of a real record: the negatives that are made, and how natural ones are told.

`CHANGES` make a publication that a library could really hold beside the first. `difference` reads two real records'
own statements, by plain patterns over their fields and without the rules that are measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

from bench.match import edits
from bench.match.practices import Practice, abbreviating, copied
from tongwen.standards.marc.types import Field, Record

Both = Callable[[Record, str], "tuple[Record, Record] | None"]
"""Makes two publications of one real record."""

_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_WORD = re.compile(r"\w{4,}")
_PAGES = re.compile(r"(\d+)\s*(?:p\b|pages|页|頁)")
_ARABIC = MappingProxyType({"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"})


def _year(record: Record) -> int:
    year = record.control("008")[7:11]
    return int(year) if year.isdigit() else 0


def _with_year(record: Record, year: int) -> Record:
    before = record.control("008")[7:11]
    one = edits.position(record, "008", 7, str(year))
    return edits.text(one, ["260", "264"], "c", lambda value: value.replace(before, str(year)))


def other_volume(record: Record, seed: str) -> Record | None:
    """Return the next volume: the number in $n raised by one, everything else the same, ISBN included."""
    number = _NUMBER.search(edits.first(record, "245", "n"))
    if not number:
        return None
    following = str(int(number[0]) + 1)
    return edits.text(copied(record, seed), ["245"], "n", lambda value: value.replace(number[0], following, 1))


def volume_of_set(record: Record, seed: str) -> Record | None:
    """Return a volume of a book in several volumes, with the set's ISBN, as libraries describe each volume."""
    found = re.match(r"\W*([2-9])\s*v\.", edits.first(record, "300", "a"))
    if not found:
        return None
    at = 1 + edits.draw(seed, int(found[1]))
    pages = 180 + edits.draw(seed + "pages", 400)
    one = edits.text(copied(record, seed), ["300"], "a", lambda _: f"{pages} p. ;")

    def of_volume(field: Field) -> Field:
        title = field.first("a").rstrip(" /:") + "."
        return edits.data_field("245", field.indicators, ("a", title), ("n", f"Vol. {at} /"), ("c", field.first("c")))

    return edits.each(one, ["245"], of_volume)


def later_edition(record: Record, seed: str) -> Record | None:
    """Return the next edition, three years on, with more pages; the ISBN goes, as in a record copied and changed."""
    year = _year(record)
    stated = _NUMBER.search(edits.first(record, "250", "a"))
    if not year or not edits.first(record, "245", "c"):
        return None
    number = int(stated[0]) + 1 if stated else 2
    one = edits.without(_with_year(copied(record, seed), year + 3), ["250", "020"])
    one = edits.with_fields(
        one, edits.data_field("250", "  ", ("a", f"{number}th ed." if number > 3 else f"{number}nd ed."))
    )
    return edits.text(one, ["300"], "a", lambda value: _more_pages(value, 16 + edits.draw(seed, 60)))


def later_edition_same_isbn(record: Record, seed: str) -> Record | None:
    """Return a later edition that a publisher brought out under the old ISBN."""
    made = later_edition(record, seed)
    return edits.with_fields(made, *record.tagged("020")) if made is not None and record.tagged("020") else None


def _more_pages(extent: str, more: int) -> str:
    return re.sub(r"(\d+)(?=\s*p\b)", lambda found: str(int(found[1]) + more), extent, count=1)


def reprint(record: Record, seed: str) -> Record | None:
    """Return a reprint by another house some years later, otherwise the same book, without identifiers."""
    year = _year(record)
    if not year or not edits.first(record, "260", "b"):
        return None
    houses = ("Dover Publications", "AMS Press", "Kessinger Pub.", "中国书店", "Greenwood Press", "Nabu Press")
    house = houses[edits.draw(seed, len(houses))]
    one = edits.unidentified(_with_year(copied(record, seed), year + 2 + edits.draw(seed + "y", 30)))
    return edits.text(one, ["260"], "b", lambda _: f"{house},")


def reprint_by_the_same(record: Record, seed: str) -> Record | None:
    """Return a new issue by the same publisher years later, same pages, without identifiers on either."""
    year = _year(record)
    return edits.unidentified(_with_year(copied(record, seed), year + 3 + edits.draw(seed, 9))) if year else None


def at_another_place(record: Record, seed: str) -> Record | None:
    """Return the edition for another country of the same year: other place, other publisher, other pages, no ISBN."""
    if not edits.first(record, "260", "b"):
        return None
    places = (("New Delhi :", "Viva Books,"), ("London :", "Routledge,"), ("台北 :", "五南图书出版公司,"))
    place, house = places[edits.draw(seed, 3)]
    one = edits.text(edits.unidentified(copied(record, seed)), ["260"], "a", lambda _: place)
    return edits.text(one, ["260"], "b", lambda _: house)


def translated(record: Record, seed: str) -> Record | None:
    """Return a translation that keeps the title (names, poems, classics) and shares the ISBN: 008, 041 and the note."""
    if record.control("008")[35:38] != "eng" or record.tagged("041"):
        return None
    one = edits.position(copied(record, seed), "008", 35, "spa")
    return edits.with_fields(one, edits.data_field("041", "1 ", ("a", "spa"), ("h", "eng")))


def microform(record: Record, seed: str) -> Record | None:
    """Return the microfilm of the book as it was catalogued for forty years: the print's description and a 533."""
    if record.tagged("533") or record.control("007")[:1] == "h" or record.control("008")[23:24] != " ":
        return None
    one = edits.position(copied(record, seed), "008", 23, "a")
    film = edits.data_field(
        "533", "  ", ("a", "Microfilm."), ("b", "Ann Arbor, Mich. :"), ("c", "UMI."), ("e", "1 reel")
    )
    return edits.with_fields(one, edits.control("007", "hd afu---buca"), film)


def online(record: Record, seed: str) -> Record | None:
    """Return the electronic twin: the print's description with 007, 338 and the print's ISBN, as vendors deliver it."""
    one = edits.position(copied(record, seed), "008", 23, "o")
    one = edits.text(one, ["300"], "a", lambda value: f"1 online resource ({value.rstrip(' ;:')})")
    carrier = edits.data_field("338", "  ", ("a", "online resource"), ("b", "cr"), ("2", "rdacarrier"))
    return edits.with_fields(one, edits.control("007", "cr cnu---unuuu"), carrier)


def online_without_coding(record: Record, seed: str) -> Record | None:
    """Return an electronic twin that says so only in 245 $h."""
    if "print" in edits.first(record, "300", "a"):
        return None

    def electronic(field: Field) -> Field:
        before, after = field.subfields[:1], field.subfields[1:]
        return field._replace(subfields=(*before, ("h", "[electronic resource]"), *after))

    return edits.each(copied(record, seed), ["245"], electronic)


def next_year(record: Record, seed: str) -> Record | None:
    """Return the next year's issue of a yearbook, report or conference: the year in the title and the imprint go on."""
    title = edits.first(record, "245", "a")
    found, year = _YEAR.search(title), _year(record)
    if not found or not year:
        return None
    following = str(int(found[0]) + 1)
    one = _with_year(edits.without(copied(record, seed), ["020"]), year + 1)
    return edits.text(one, ["245"], "a", lambda value: value.replace(found[0], following, 1))


def next_conference(record: Record, seed: str) -> Record | None:
    """Return the next conference of a series whose number and year stand only in its heading (111)."""
    heading = record.tagged("111")
    year = _year(record)
    if not heading or not year or not _YEAR.search(heading[0].first("d")):
        return None
    one = _with_year(edits.unidentified(copied(record, seed)), year + 1)
    return edits.text(one, ["111", "711"], "d", lambda value: _YEAR.sub(lambda found: str(int(found[0]) + 1), value))


def other_part_title(record: Record, seed: str) -> Record | None:
    """Return the part beside: the same main title and number, another name of the part."""
    if not edits.first(record, "245", "p"):
        return None
    return edits.text(
        copied(record, seed), ["245"], "p", lambda _: ("Index", "Commentary", "Atlas")[edits.draw(seed, 3)]
    )


def chinese_volume(record: Record, seed: str) -> tuple[Record, Record] | None:
    """Return two volumes of one Chinese book, numbered as Chinese libraries do, without identifiers."""
    if record.tagged("010") or edits.first(record, "200", "h"):
        return None
    marks = (
        ("上册", "下册"),
        ("第一卷", "第二卷"),
        ("第1辑", "第2辑"),
        ("卷上", "卷下"),
        ("一", "二"),
        ("甲编", "乙编"),
    )
    sides = marks[edits.draw(seed, len(marks))]
    one, two = (_with_designation(record, mark) for mark in sides)
    return one, _numbered(two, seed)


def _with_designation(record: Record, mark: str) -> Record:
    return edits.each(record, ["200"], lambda field: field._replace(subfields=(*field.subfields, ("h", mark))))


def _numbered(record: Record, seed: str) -> Record:
    return edits.each(record, ["001"], lambda field: field._replace(data=f"X{edits.draw(seed, 10_000_000):08d}"))


def chinese_edition(record: Record, seed: str) -> tuple[Record, Record] | None:
    """Return a Chinese book and its second edition two years on, with more pages, without identifiers."""
    year = edits.first(record, "210", "d")
    if record.tagged("010") or not year.isdigit() or record.tagged("205"):
        return None
    later = str(int(year) + 2)
    two = edits.with_fields(_numbered(record, seed), edits.data_field("205", "  ", ("a", "第2版")))
    two = edits.text(two, ["210"], "d", lambda _: later)
    two = edits.text(two, ["100"], "a", lambda value: value[:9] + later + value[13:])
    more = 10 + edits.draw(seed, 90)
    return record, edits.text(two, ["215"], "a", lambda value: _more_sheets(value, more))


def _more_sheets(extent: str, more: int) -> str:
    return re.sub(r"(\d+)(?=页)", lambda found: str(int(found[1]) + more), extent)


def chinese_house(record: Record, seed: str) -> tuple[Record, Record] | None:
    """Return a classic and the same text from another house in the same year, with other pages, without identifiers."""
    if record.tagged("010") or not edits.first(record, "210", "c"):
        return None
    houses = (("北京", "中华书局"), ("上海", "上海古籍出版社"), ("长沙", "岳麓书社"), ("台北", "三民书局"))
    place, house = houses[edits.draw(seed, len(houses))]
    if house == edits.first(record, "210", "c"):
        return None
    two = edits.text(_numbered(record, seed), ["210"], "a", lambda _: place)
    two = edits.text(two, ["210"], "c", lambda _: house)
    return record, edits.text(two, ["215"], "a", lambda value: _more_sheets(value, 7 + edits.draw(seed, 80)))


CHINESE: MappingProxyType[str, Both] = MappingProxyType(
    {
        "CNMARC: two volumes": chinese_volume,
        "CNMARC: later edition": chinese_edition,
        "CNMARC: another house, same year": chinese_house,
    }
)


CHANGES: MappingProxyType[str, Practice] = MappingProxyType(
    {
        "next volume": other_volume,
        "set beside one volume": volume_of_set,
        "part of another name": other_part_title,
        "later edition": later_edition,
        "later edition, same ISBN": later_edition_same_isbn,
        "reprint by another house": reprint,
        "new issue by the same house": reprint_by_the_same,
        "edition for another country": at_another_place,
        "translation with the same title and ISBN": translated,
        "microfilm": microform,
        "online twin, same ISBN": online,
        "online twin, told by 245 $h only": online_without_coding,
        "yearbook or report of the next year": next_year,
        "conference of the next year": next_conference,
    }
)


def difference(one: Record, two: Record) -> str:
    """Name the statement in which two records with distinct LCCN contradict each other, "" where none is plain.

    What is said must be said on both sides; the first of the list that holds names the kind.
    """
    if _statement(one, "245", "n") and _statement(two, "245", "n"):
        numbers = [_numbers(_statement(record, "245", "np")) for record in (one, two)]
        if all(numbers) and numbers[0].isdisjoint(numbers[1]):
            return "volume"
    titles = [edits.first(record, "245", "a") for record in (one, two)]
    figures = [set(_NUMBER.findall(title)) for title in titles]
    if all(figures) and figures[0].isdisjoint(figures[1]):
        return "number or year in the title"
    if not _words(one) & _words(two) and len(_words(one)) > 0 < len(_words(two)):
        return "another title"
    editions = [_NUMBER.search(edits.first(record, "250", "a")) for record in (one, two)]
    if editions[0] and editions[1] and editions[0][0] != editions[1][0]:
        return "edition"
    if _language(one) and _language(two) and _language(one) != _language(two):
        return "language"
    return _imprint_difference(one, two)


def _imprint_difference(one: Record, two: Record) -> str:
    gap = abs(_year(one) - _year(two)) if _year(one) and _year(two) else 0
    shared = _isbns(one) & _isbns(two)
    pages = _pages_of(one), _pages_of(two)
    unlike = min(pages) > 0 and abs(pages[0] - pages[1]) > max(12, max(pages) // 8)
    houses = [set(_WORD.findall(_statement(record, "260", "b").lower())) for record in (one, two)]
    other_house = all(houses) and houses[0].isdisjoint(houses[1])
    if gap >= 2 and not shared and (unlike or other_house):
        return "year, with extent or publisher"
    if gap >= 3 and not shared:
        return "year"
    if unlike and other_house and not shared:
        return "extent and publisher"
    names = [_WORD.findall(_statement(record, "100", "a").lower())[:1] for record in (one, two)]
    if all(names) and names[0] != names[1] and unlike:
        return "author and extent"
    return ""


def _statement(record: Record, tag: str, codes: str) -> str:
    return " ".join(value for field in record.tagged(tag) for code, value in field.subfields if code in codes)


def _numbers(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {number for word in words for number in (_ARABIC.get(word, ""), *_NUMBER.findall(word)) if number}


def _words(record: Record) -> set[str]:
    return set(_WORD.findall(_statement(record, "245", "ab").lower()))


def _language(record: Record) -> str:
    return record.control("008")[35:38].strip(" |")


def _isbns(record: Record) -> set[str]:
    return {number[:9] if len(number) == 10 else number[3:12] for number in _plain_isbns(record)}


def _plain_isbns(record: Record) -> list[str]:
    found = [re.sub(r"[^0-9Xx]", "", value.split(" ")[0]) for field in record.tagged("020") for value in field.all("a")]
    return [number for number in found if len(number) in {10, 13}]


def _pages_of(record: Record) -> int:
    return max((int(number) for number in _PAGES.findall(edits.first(record, "300", "a"))), default=0)


def full(record: Record, seed: str) -> Record:
    """Return the other record of a natural pair as another library would have copied it."""
    return copied(record, seed)


def styled(record: Record, seed: str) -> Record:
    """Return it in another house style besides."""
    return abbreviating(record, seed) or copied(record, seed)
