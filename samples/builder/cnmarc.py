"""Writes a copy as CNMARC (WH/T 0503-1996 and its successors), in the practice of CALIS or of the NLC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder import codes, scripts
from builder.parts import Record

if TYPE_CHECKING:
    from builder.facts import Name
    from builder.parts import Copy


def write(copy: Copy) -> Record:
    """Return the CNMARC record of a library's copy."""
    facts = copy.facts
    hierarchy = "2" if facts.get("Set") else "1" if facts.type == "set" else "0"
    level = "3" if copy.is_brief else " "
    record = Record(f"00000n{codes.LEADERS[facts.type]}{hierarchy} 2200000{level}  450 ")
    record.control("001", copy.control_number)
    record.control("005", copy.stamp)
    _numbers(record, copy)
    _coded(record, copy)
    _description(record, copy)
    if not copy.is_brief:
        _notes(record, copy)
        _links(record, copy)
        _subjects(record, copy)
        for position, name in enumerate(facts.names):
            _name(record, copy, name, first=position == 0)
    _local(record, copy)
    record.sort()
    return record


def _numbers(record: Record, copy: Copy) -> None:
    facts = copy.facts
    if "no-isbn" not in copy.flags:
        for isbn in facts.isbns:
            printed = facts.year if copy.file.style == "nlc" else ""
            binding = isbn.qualifier or (printed and f"{printed}年版")
            record.add("010", "  ", ("a", copy.isbn(isbn.number)), ("b", binding), ("d", isbn.price))
        if facts.set_isbn:
            record.add("010", "  ", ("a", copy.isbn(facts.set_isbn.number)), ("b", facts.set_isbn.qualifier or "全套"))
        record.add("010", "  ", ("a", facts.get("MisprintedISBN")))
        record.add("010", "  ", ("z", facts.get("WrongISBN")))
    record.add("011", "  ", ("a", facts.get("ISSN")))
    record.add("091", "  ", ("a", facts.get("BookNo") or facts.get("CN")))
    if copy.file.shared:
        record.add("099", "  ", ("a", f"DEM 01{copy.common_number:08d}"))
    elif copy.file.style == "nlc":
        record.add("035", "  ", ("a", f"({copy.file.library}){copy.serial:09d}"))


def _coded(record: Record, copy: Copy) -> None:
    facts = copy.facts
    charset = "50  " if copy.file.charset == "UTF-8" else "0110" if copy.file.style == "nlc" else "0120"
    general = f"{copy.stamp[:8]}{_dates(copy)}em y0chiy{charset}    ea"
    record.add("100", "  ", ("a", general))
    indicator = "1 " if facts.originals else "0 "
    languages = [("a", each) for each in facts.languages] + [("c", each) for each in facts.originals]
    record.add("101", indicator, *languages)
    country = facts.get("Country") or codes.HOME_OF_LANGUAGE[facts.language]
    province = codes.PROVINCES.get(facts.imprint.place.split(" ; ")[0].removesuffix("市"), "")
    country = "CN" if country in ("TW", "HK") else "RU" if country == "SU" else country
    record.add("102", "  ", ("a", country), ("b", province if country == "CN" else ""))
    if copy.is_brief:
        return
    if facts.type in codes.SERIAL:
        frequency = codes.CNMARC_FREQUENCIES.get(facts.get("Frequency"), "u")
        record.add("110", "  ", ("a", f"a{frequency}az   0xx0"))
    elif codes.LEADERS[facts.type][0] == "a":
        conference = "1" if facts.type == "proceedings" else "0"
        literature = "a" if facts.get("Class").startswith(("I24", "I3", "I4", "I5", "I7")) else "y"
        thesis = "m" if facts.type == "thesis" else "z"
        record.add(
            "105", "  ", ("a", f"{'a' if facts.extent.illustrations else 'y'}   {thesis}   {conference}00{literature}y")
        )
    if facts.type == "dvd":
        record.add("115", "  ", ("a", "c" + "|" * 19))
    if facts.type in codes.ONLINE:
        record.add("135", "  ", ("a", "dr" + "|" * 11))
    form = {"microform": "t"}.get(facts.type) or ("s" if facts.type in codes.ONLINE else "r")
    if codes.LEADERS[facts.type][0] == "a":
        record.add("106", "  ", ("a", form))


def _dates(copy: Copy) -> str:
    """Return positions 8-16 of 100 $a: type of date and two years."""
    facts = copy.facts
    year = facts.year or "    "
    if facts.type in codes.SERIAL:
        return f"b{year}{facts.end_year}" if facts.end_year else f"a{year}9999"
    if facts.end_year:
        return f"g{year}{facts.end_year}"
    return f"d{year}    " if facts.year else "u        "


def _description(record: Record, copy: Copy) -> None:
    facts, title, write = copy.facts, copy.facts.title, copy.write
    number, name = part(copy)
    pinyin = scripts.pinyin(scripts.simplified(title.proper)) if facts.language == "chi" else facts.roman.proper.lower()
    if copy.is_brief:
        pinyin = ""
    medium = {"dvd": "录像资料", "cd": "录音资料", "map": "地图", "score": "乐谱", "microform": "缩微品"}.get(
        facts.type, "专著"
    )
    medium = "电子资源" if facts.type in codes.ONLINE else "期刊" if facts.type == "serial" else medium
    statements = list(title.by[:1]) if copy.is_brief else list(title.by)
    record.add(
        "200",
        "1 ",
        ("a", write(title.proper)),
        ("A" if copy.file.style == "calis" else "9", pinyin),
        (
            "b",
            medium if copy.file.style == "nlc" or facts.type not in ("book", "set", "ancient", "proceedings") else "",
        ),
        ("h", write(number)),
        ("i", write(name)),
        ("d", title.parallel),
        ("e", "" if copy.is_brief else write(title.other)),
        *[("f" if at == 0 else "g", write(each)) for at, each in enumerate(statements)],
        ("z", "eng" if title.parallel and facts.language != "eng" and scripts.is_latin(title.parallel) else ""),
    )
    if not (copy.is_brief or "no-edition" in copy.flags):
        record.add("205", "  ", ("a", write(facts.get("Edition"))))
    record.add("206", "  ", ("a", facts.get("Scale")))
    if facts.type in codes.SERIAL:
        record.add("207", " 0", ("a", facts.get("Numbering")))
    imprint = facts.imprint
    places, publisher = imprint.place.split(" ; "), imprint.publisher
    record.add(
        "210", "  ", *[("a", write(each)) for each in places], ("c", write(publisher)), ("d", write(imprint.date))
    )
    extent = facts.extent
    record.add("215", "  ", ("a", write(extent.pages)), ("c", extent.illustrations), ("d", extent.size))
    if not copy.is_brief:
        for series in facts.all("Series"):
            series_title, _, volume = series.partition(" ; ")
            record.add("225", "2 ", ("a", write(series_title)), ("v", volume))
            record.add("410", " 0", ("1", "2001 "), ("a", write(series_title)), ("v", volume))


def part(copy: Copy) -> tuple[str, str]:
    """Return number and name of the part."""
    number, _, name = copy.facts.get("Part").partition(" | ")
    return (number, name) if copy.facts.get("Part") else ("", "")


def _notes(record: Record, copy: Copy) -> None:
    facts, write = copy.facts, copy.write
    for note in facts.all("Note"):
        record.add("300", "  ", ("a", write(note)))
    record.add("320", "  ", ("a", write(facts.get("Bibliography"))))
    record.add("326", "  ", ("a", facts.get("Frequency")))
    contents = facts.get("Contents") or " -- ".join(facts.all("Parts"))
    record.add("327", "1 ", *[("a", write(each)) for each in contents.split(" -- ")])
    record.add("328", "  ", ("a", facts.get("Thesis")))
    record.add("330", "  ", ("a", write(facts.get("Abstract"))))
    record.add("856", "4 ", ("u", facts.get("Link")))


def _links(record: Record, copy: Copy) -> None:
    facts = copy.facts
    for key, tag in (("Continues", "430"), ("ContinuedBy", "440")):
        title, _, issn = facts.get(key).partition(" | ")
        if title:
            record.add(
                tag, " 0", *([("1", "011  "), ("a", issn)] if issn else []), ("1", "2001 "), ("a", copy.write(title))
            )
    if facts.get("Print") or facts.get("Online"):
        record.add("452", " 0", ("1", "2001 "), ("a", copy.write(facts.title.proper)))
    if facts.originals and facts.get("Original"):
        record.add("454", " 0", ("1", "2001 "), ("a", facts.get("Original")))
    if facts.get("Set"):
        number = [("1", "001" + copy.set_number)] if copy.set_number else []
        record.add("461", " 0", *number, ("1", "2001 "), ("a", copy.write(facts.title.proper)))
    for each in facts.all("Parts") if facts.type == "set" else ():
        record.add("463", " 0", ("1", "2001 "), ("a", copy.write(each)))
    for variant in facts.all("Variant"):
        pinyin = (
            scripts.pinyin(scripts.simplified(variant)) if scripts.is_han(variant) and facts.language == "chi" else ""
        )
        record.add("517", "1 ", ("a", copy.write(variant)), ("A" if copy.file.style == "calis" else "9", pinyin))
    if facts.title.parallel:
        record.add(
            "510", "1 ", ("a", facts.title.parallel), ("z", "eng" if scripts.is_latin(facts.title.parallel) else "")
        )


def _subjects(record: Record, copy: Copy) -> None:
    facts, calis = copy.facts, copy.file.style == "calis"
    for subject in facts.all("Subject"):
        if not scripts.is_han(subject):
            continue
        head, *subdivisions = subject.split(" -- ")
        pinyin = ("A", scripts.pinyin(head)) if calis else ("A", "")
        record.add("606", "0 ", ("a", copy.write(head)), pinyin, *[("x", copy.write(each)) for each in subdivisions])
    for keyword in facts.all("Keyword"):
        record.add("610", "0 ", ("a", copy.write(keyword)))
    record.add("690", "  ", ("a", facts.get("Class")), ("v", "5" if facts.get("Class") else ""))
    if facts.get("Sibu"):
        record.add("696", "  ", ("a", facts.get("Sibu")), ("2", "四部分类法"))


def _name(record: Record, copy: Copy, name: Name, *, first: bool) -> None:
    role = ("4", copy.write(name.role))
    pinyin_code = "A" if copy.file.style == "calis" else "9"
    main = first or name.role in codes.MAIN_ROLES
    if name.corporate:
        pinyin = scripts.pinyin(name.heading) if scripts.is_han(name.heading) and copy.facts.language == "chi" else ""
        record.add("711" if main else "712", "02", ("a", copy.write(name.heading)), (pinyin_code, pinyin), role)
        return
    tag = "701" if main else "702"
    if copy.facts.language == "chi" and name.latin:
        # CALIS: the translated family name, the initials, and the original form with its family name first.
        family, _, given = name.latin.partition(", ")
        initials = " ".join(f"{each[0]}." for each in given.split() if each[0].isupper())
        record.add(
            tag, " 1", ("a", copy.write(name.heading)), (pinyin_code, scripts.pinyin(name.heading)), ("b", initials),
            ("g", f"({family}, {given})" if given else f"({family})"), ("f", name.dates), role,
        )  # fmt: skip
    elif ", " in name.heading:
        family, _, given = name.heading.partition(", ")
        record.add(tag, " 1", ("a", family), ("b", given), ("f", name.dates), role)
    else:
        chinese = scripts.is_han(name.heading) and copy.facts.language == "chi"
        pinyin = (
            scripts.personal(name.heading).lower().replace(",", "") if chinese else name.latin.lower().replace(",", "")
        )
        record.add(tag, " 0", ("a", copy.write(name.heading)), (pinyin_code, pinyin), ("f", name.dates), role)


def _local(record: Record, copy: Copy) -> None:
    library = copy.file.library
    record.add("801", " 0", ("a", "CN"), ("b", f"DEMO{library}"), ("c", copy.stamp[:8]))
    barcodes = [("b", each) for each in copy.barcodes]
    call_number = (("d", copy.class_number), ("e", str(copy.item_number)))
    record.add("905", "  ", ("a", library), *barcodes, ("c", copy.location), *call_number)
