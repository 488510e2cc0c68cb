"""Writes a copy as MARC 21 Bibliographic, original scripts in 880 beside their romanised pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import codes, scripts
from builder.cnmarc import part
from builder.parts import Field, Record

if TYPE_CHECKING:
    from builder.facts import Name
    from builder.parts import Copy

SCRIPTS = {"chi": "$1", "jpn": "$1", "kor": "$1", "ara": "(3/r", "rus": "(N"}
MAIN_ENTRY_ROLES = frozenset(("author", "composer", "compiler"))


class Pairs:
    """Adds fields to a record, in pairs where the original is not in Latin letters."""

    def __init__(self, record: Record, language: str) -> None:
        self.record = record
        self.script = SCRIPTS.get(language, "$1")
        self.count = 0

    def add(self, tag: str, indicators: str, *subfields: tuple[str, str, str]) -> None:
        """Add a field of (code, original, romanised); without anything romanised the original stands alone."""
        original = tuple((code, text) for code, text, _ in subfields if text)
        romanised = tuple((code, roman) for code, _, roman in subfields if roman)
        if all(scripts.is_latin(text) for _, text in original) or not romanised:
            self.record.add(tag, indicators, *original)
            return
        self.count += 1
        self.record.add(tag, indicators, ("6", f"880-{self.count:02d}"), *romanised)
        self.record.add("880", indicators, ("6", f"{tag}-{self.count:02d}/{self.script}"), *original)


def write(copy: Copy) -> Record:
    """Return the MARC 21 record of a library's copy."""
    facts = copy.facts
    charset = " " if copy.file.charset == "MARC-8" else "a"
    level = "3" if copy.is_brief else " "
    record = Record(f"00000n{codes.LEADERS[facts.type]} {charset}2200000{level}a 4500")
    pairs = Pairs(record, facts.language)
    record.control("001", copy.control_number)
    record.control("003", f"DEMO-{copy.file.library}")
    record.control("005", copy.stamp)
    _coded(record, copy)
    _numbers(record, copy)
    names = () if copy.is_brief else facts.names
    main = next((name for name in names if codes.ROLES.get(name.role) in MAIN_ENTRY_ROLES and not name.corporate), None)
    if main:
        _name(pairs, "100", copy, main)
    _title(pairs, copy, added=main is not None)
    _imprint(pairs, copy)
    if not copy.is_brief:
        _series(pairs, copy)
        _notes(record, copy)
        _subjects(record, copy)
        for name in names:
            if name is not main:
                _name(pairs, "710" if name.corporate else "700", copy, name)
        _links(record, copy)
    for barcode in copy.barcodes:
        record.add(
            "852", "8 ", ("a", copy.file.library), ("b", copy.location),
            ("h", f"{copy.class_number}/{copy.item_number}"), ("p", barcode),
        )  # fmt: skip
    if copy.file.charset == "MARC-8":
        _say_script(record)
        _spell_places(record)
    record.sort()
    return record


def _coded(record: Record, copy: Copy) -> None:
    facts = copy.facts
    country = codes.MARC21_COUNTRIES[facts.get("Country") or codes.HOME_OF_LANGUAGE[facts.language]]
    year = facts.year or "uuuu"
    if facts.type in codes.SERIAL:
        dates = f"d{year}{facts.end_year}" if facts.end_year else f"c{year}9999"
        form = "o" if facts.type in codes.ONLINE else " "
        rest = (
            codes.MARC21_FREQUENCIES.get(facts.get("Frequency"), " ")
            + "r p"
            + " "
            + form
            + " " * 5
            + "0"
            + "   "
            + "b"
            + "0"
        )
    else:
        dates = f"m{year}{facts.end_year}" if facts.end_year else f"s{year}    " if facts.year else "nuuuuuuuu"
        rest = _positions(copy)
    record.control("008", f"{copy.stamp[2:8]}{dates}{country}{rest}{facts.language} d")
    if facts.type in codes.ONLINE:
        record.control("006", "m     o  d" + " " * 8)
        record.control("007", "cr |||||||||||")
    elif facts.type == "dvd":
        record.control("007", "vd cvaizq")
    elif facts.type == "cd":
        record.control("007", "sd fsngnnmmned")
    elif facts.type == "microform":
        record.control("007", "hd afu---buca")
    record.add("040", "  ", ("a", f"DEMO-{copy.file.library}"), ("b", "chi"), ("c", f"DEMO-{copy.file.library}"))
    if facts.originals:
        record.add("041", "1 ", *[("a", each) for each in facts.languages], *[("h", each) for each in facts.originals])
    elif len(facts.languages) > 1:
        record.add("041", "0 ", *[("a", each) for each in facts.languages])


def _positions(copy: Copy) -> str:
    """Return positions 18-34 of 008 for the kind of material."""
    facts = copy.facts
    material = codes.LEADERS[facts.type][0]
    if material == "e":
        return " " * 7 + "a" + " " * 5 + "0" + " " * 3
    if material in "cj":
        return ("uun" if material == "j" else "uua") + " " * 14
    if material == "g":
        return "---" + " " * 12 + "vl"
    illustrations = "a   " if facts.extent.illustrations else "    "
    form = {"microform": "b"}.get(facts.type) or ("o" if facts.type in codes.ONLINE else " ")
    contents = "m   " if facts.type == "thesis" else "    "
    conference = "1" if facts.type == "proceedings" else "0"
    fiction = "1" if facts.get("Class").startswith(("I24", "I3", "I4", "I5", "I7")) else "0"
    return f"{illustrations} {form}{contents} {conference}00 {fiction} "


def _numbers(record: Record, copy: Copy) -> None:
    facts = copy.facts
    record.add("010", "  ", ("a", facts.get("LCCN") if not copy.is_brief else ""))
    if "no-isbn" not in copy.flags:
        for isbn in facts.isbns:
            record.add("020", "  ", ("a", copy.isbn(isbn.number)), ("q", isbn.qualifier and f"({isbn.qualifier})"))
        if facts.set_isbn:
            qualifier = f"({facts.set_isbn.qualifier or 'set'})"
            record.add("020", "  ", ("a", copy.isbn(facts.set_isbn.number)), ("q", qualifier))
        record.add("020", "  ", ("a", facts.get("MisprintedISBN").replace("-", "")))
        record.add("020", "  ", ("z", facts.get("WrongISBN").replace("-", "")))
    record.add("022", "  ", ("a", facts.get("ISSN")))
    record.add("024", "8 ", ("a", facts.get("BookNo")))
    record.add("082", "04", ("a", facts.get("Dewey")), ("2", "23" if facts.get("Dewey") else ""))
    record.add("084", "  ", ("a", facts.get("Class")), ("2", "clc" if facts.get("Class") else ""))


def _title(pairs: Pairs, copy: Copy, *, added: bool) -> None:
    facts, title = copy.facts, copy.facts.title
    number, name = part(copy)
    roman_number, _, roman_name = facts.get("RomanPart").partition(" | ")
    proper, other, by = _romanised(copy)
    if number and facts.language == "chi":
        roman_number = scripts.sentence(scripts.pinyin(number))
    if name and facts.language == "chi":
        roman_name = scripts.sentence(scripts.pinyin(name))
    statement = " ; ".join(title.by[:1] if copy.is_brief else title.by)
    tail = [("n", copy.write(number), roman_number), ("p", copy.write(name), roman_name)]
    if title.other and not copy.is_brief:
        tail.append(("b", copy.write(title.other), other))
    if title.parallel:
        tail.append(("b", title.parallel, title.parallel))
    tail.append(("c", copy.write(statement), by))
    filled = [each for each in [("a", copy.write(title.proper), proper), *tail] if each[1]]
    pairs.add("245", f"{int(added)}{_skip(title.proper, facts.language)}", *_with_isbd(filled))
    if facts.originals and facts.get("Original") and not copy.is_brief and scripts.is_latin(facts.get("Original")):
        language = codes.LANGUAGE_NAMES.get(facts.language, "")
        pairs.record.add("240", "10", ("a", facts.get("Original") + "."), ("l", language))
    for variant in facts.all("Variant") if not copy.is_brief else ():
        roman = scripts.sentence(scripts.pinyin(variant)) if facts.language == "chi" and scripts.is_han(variant) else ""
        pairs.add("246", "3 ", ("a", copy.write(variant), roman))
    if not (copy.is_brief or "no-edition" in copy.flags):
        edition = facts.get("Edition")
        pairs.add(
            "250", "  ", ("a", edition and f"{copy.write(edition)}.", _roman(copy, edition, "RomanEdition", dot=True))
        )
    pairs.record.add("255", "  ", ("a", facts.get("Scale")))


def _with_isbd(filled: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Put the marks of ISBD at the end of each subfield, for what follows it."""
    marks = {"b": " :", "c": " /", "n": ".", "p": ","}
    out = []
    for at, (code, original, roman) in enumerate(filled):
        following = filled[at + 1][0] if at + 1 < len(filled) else ""
        mark = marks.get(following, ".") if following != "p" or code == "n" else "."
        mark = " =" if following == "b" and filled[at + 1][1] == filled[at + 1][2] else mark
        out.append((code, original + mark, roman and roman + mark))
    return out


def _skip(title: str, language: str) -> int:
    """Return the second indicator of 245: the letters of an initial article."""
    articles = {
        "eng": ("The ", "A ", "An "),
        "fre": ("Le ", "La ", "Les ", "L'", "Un ", "Une "),
        "ger": ("Der ", "Die ", "Das ", "Ein "),
    }
    articles["spa"] = ("El ", "La ", "Los ", "Las ")
    return next((len(each) for each in articles.get(language, ()) if title.startswith(each)), 0)


def _romanised(copy: Copy) -> tuple[str, str, str]:
    """Return title proper, other title information and statement of responsibility in Latin letters."""
    facts, title = copy.facts, copy.facts.title
    if facts.roman.proper:
        return facts.roman.proper, facts.roman.other, " ; ".join(facts.roman.by)
    by = " ; ".join(title.by[:1] if copy.is_brief else title.by)
    if facts.language == "rus":
        return scripts.russian(title.proper), scripts.russian(title.other), scripts.russian(by)
    if facts.language != "chi":
        return "", "", ""
    plain = scripts.simplified
    for name in facts.names:
        if not (name.latin or name.corporate):
            by = by.replace(name.heading, f" {scripts.personal(name.heading).replace(',', '')} ")
    return (
        scripts.sentence(scripts.pinyin(plain(title.proper))),
        scripts.pinyin(plain(title.other)),
        scripts.sentence(scripts.pinyin(plain(by))),
    )


def _roman(copy: Copy, text: str, key: str, *, dot: bool = False) -> str:
    """Return the romanised form that the source gives under a key, or the one that follows from the script."""
    given = copy.facts.get(key)
    if not given and text:
        language = copy.facts.language
        given = scripts.russian(text) if language == "rus" else scripts.capitals(text) if language == "chi" else ""
    return f"{given}." if given and dot else given


def _imprint(pairs: Pairs, copy: Copy) -> None:
    facts, imprint, roman = copy.facts, copy.facts.imprint, copy.facts.roman_imprint
    places, publisher = roman.place, roman.publisher
    if facts.language == "chi":
        places = " ; ".join(scripts.place(each) for each in imprint.place.split(" ; ") if each)
        publisher = scripts.capitals(scripts.simplified(imprint.publisher))
    elif facts.language == "rus":
        places, publisher = scripts.russian(imprint.place), scripts.russian(imprint.publisher)
    date = imprint.date
    date_roman = scripts.pinyin(scripts.simplified(date)) if facts.language == "chi" else roman.date or date
    pairs.add(
        "260",
        "  ",
        ("a", imprint.place and f"{copy.write(imprint.place)} :", places and f"{places} :"),
        ("b", imprint.publisher and f"{copy.write(imprint.publisher)},", publisher and f"{publisher},"),
        ("c", date and f"{copy.write(date)}.", date_roman and f"{date_roman}."),
    )
    extent = facts.extent
    pages = _pages(extent.pages)
    illustrations = extent.illustrations.replace("图", "ill.").replace("地ill.", "maps")
    pairs.record.add(
        "300",
        "  ",
        ("a", pages and pages + (" :" if illustrations else " ;" if extent.size else "")),
        ("b", illustrations and illustrations + (" ;" if extent.size else "")),
        ("c", extent.size.replace("cm", " cm").replace("  ", " ")),
    )


def _pages(pages: str) -> str:
    for chinese, english in (
        ("页", " p."),
        ("叶", " leaves"),
        ("册", " v."),
        ("函", " cases"),
        ("张", " sheet"),
        ("冊", " v."),
    ):
        pages = pages.replace(chinese, english)
    return pages


def _series(pairs: Pairs, copy: Copy) -> None:
    romans = copy.facts.all("RomanSeries")
    for at, series in enumerate(copy.facts.all("Series")):
        title, _, volume = series.partition(" ; ")
        roman = romans[at] if at < len(romans) else _roman(copy, title, "")
        mark = " ;" if volume else ""
        pairs.add("490", "1 ", ("a", copy.write(title) + mark, roman and roman + mark), ("v", volume, volume))
        pairs.add("830", " 0", ("a", copy.write(title) + mark, roman and roman + mark), ("v", volume, volume))


def _notes(record: Record, copy: Copy) -> None:
    facts = copy.facts
    record.add("310", "  ", ("a", codes.FREQUENCIES_IN_ENGLISH.get(facts.get("Frequency"), "")))
    record.add("362", "0 ", ("a", facts.get("Numbering")))
    for note in facts.all("Note"):
        record.add("500", "  ", ("a", copy.write(note)))
    record.add("502", "  ", ("a", facts.get("Thesis")))
    record.add("504", "  ", ("a", facts.get("Bibliography")))
    record.add("505", "0 ", ("a", copy.write(facts.get("Contents") or " -- ".join(facts.all("Parts")))))
    record.add("520", "  ", ("a", copy.write(facts.get("Abstract"))))
    record.add("856", "40", ("u", facts.get("Link")))


def _subjects(record: Record, copy: Copy) -> None:
    for subject in copy.facts.all("Subject"):
        head, *subdivisions = subject.split(" -- ")
        chinese = scripts.is_han(subject)
        divided = [("x", copy.write(each)) for each in subdivisions]
        if chinese and copy.file.charset == "MARC-8":
            continue
        scheme = ("2", "cct" if chinese else "")
        record.add("650", " 7" if chinese else " 0", ("a", copy.write(head)), *divided, scheme)
    for keyword in copy.facts.all("Keyword"):
        record.add("653", "  ", ("a", copy.write(keyword)))


def _name(pairs: Pairs, tag: str, copy: Copy, name: Name) -> None:
    language = copy.facts.language
    role = codes.ROLES[name.role]
    heading, roman = copy.write(name.heading), name.latin
    if name.corporate:
        if not roman and language == "chi" and scripts.is_han(heading):
            roman = scripts.capitals(scripts.simplified(name.heading))
        pairs.add(
            tag, "2 ", ("a", f"{heading}," if role else heading, roman and f"{roman},"), ("e", f"{role}.", f"{role}.")
        )
        return
    if language == "chi" and roman and not scripts.is_han(roman):
        heading = roman
    elif language == "chi" and scripts.is_han(heading):
        roman = scripts.personal(scripts.simplified(name.heading))
    elif language == "rus" and not roman:
        roman = scripts.russian(name.heading)
    indicator = "1 " if ", " in (roman or heading) else "0 "
    dates = name.dates if name.dates[:1].isdigit() else ""
    pairs.add(
        tag, indicator, ("a", f"{heading},", roman and f"{roman},"),
        ("d", dates and f"{dates},", dates and f"{dates},"), ("e", f"{role}.", f"{role}."),
    )  # fmt: skip


def _links(record: Record, copy: Copy) -> None:
    facts = copy.facts
    if facts.get("Print") or facts.get("Online"):
        label = "Print version:" if facts.get("Print") else "Online version:"
        record.add("776", "08", ("i", label), ("t", copy.write(facts.title.proper)))
    for key, tag in (("Continues", "780"), ("ContinuedBy", "785")):
        title, _, issn = facts.get(key).partition(" | ")
        record.add(tag, "00", ("t", copy.write(title)), ("x", issn))


def _say_script(record: Record) -> None:
    if any(each.tag == "880" for each in record.fields):
        record.add("066", "  ", ("c", "(N"))


def _spell_places(record: Record) -> None:
    """Write the Chinese rooms and notes of a MARC-8 record in pinyin, for the file has Latin and Cyrillic only."""
    for at, each in enumerate(record.fields):
        spelled = tuple((code, scripts.pinyin(text) if scripts.is_han(text) else text) for code, text in each.subfields)
        record.fields[at] = Field(each.tag, each.indicators, spelled, each.text)
