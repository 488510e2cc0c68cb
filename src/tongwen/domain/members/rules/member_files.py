"""CSV files of members: reading what a spreadsheet wrote, in Chinese or English, and writing the register.

The format is RFC 4180; heads of columns may stand in any order. See docs/reference/members-csv.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tongwen.domain.members.rules import addresses, divisions, facts
from tongwen.domain.members.types import (
    BadFacts,
    Institution,
    InstitutionStatus,
    InstitutionType,
    MemberTier,
    Network,
    Place,
    Problem,
)
from tongwen.standards import hanzi

LARGEST = 5 << 20
"""Bytes of the largest file."""

MOST_ROWS = 20_000
_LONGEST_CELL = 20_000
_MOST_PROBLEMS = 500
COLUMNS = {
    "code": ("code", "代码", "代碼", "馆代码", "館代碼", "机构代码", "機構代碼"),
    "isil": ("isil",),
    "name_zh": ("name_zh", "name", "名称", "名稱", "中文名称", "简体名称", "馆名"),
    "name_zh_hant": ("name_zh_hant", "繁体名称", "繁體名稱", "館名"),
    "name_en": ("name_en", "英文名称", "英文名稱", "英文馆名", "英文館名"),
    "type": ("type", "类型", "類型"),
    "tier": ("tier", "层级", "層級", "级别", "級別"),
    "province": ("province", "省份", "省"),
    "city": ("city", "城市", "市"),
    "homepage": ("homepage", "主页", "首頁", "网址", "網址"),
    "contact_mail": ("contact_mail", "mail", "email", "邮箱", "電子郵件", "联系邮箱"),
    "contact_phone": ("contact_phone", "phone", "电话", "電話", "联系电话"),
    "status": ("status", "状态", "狀態"),
    "addresses": ("addresses", "ip", "ip地址", "ip范围", "ip範圍"),
    "domains": ("domains", "共享域"),
}
_FIELDS = {word: field for field, words in COLUMNS.items() for word in words}
_TYPES = {
    **{one.value: one for one in InstitutionType},
    "大学": InstitutionType.UNIVERSITY,
    "本科": InstitutionType.UNIVERSITY,
    "高校": InstitutionType.UNIVERSITY,
    "学院": InstitutionType.COLLEGE,
    "高职": InstitutionType.VOCATIONAL,
    "职业院校": InstitutionType.VOCATIONAL,
    "公共": InstitutionType.PUBLIC,
    "公共图书馆": InstitutionType.PUBLIC,
    "专业": InstitutionType.SPECIAL,
    "专业图书馆": InstitutionType.SPECIAL,
    "科研": InstitutionType.RESEARCH,
    "科研院所": InstitutionType.RESEARCH,
    "中小学": InstitutionType.SCHOOL,
}
_TIERS = {
    **{one.value: one for one in MemberTier},
    "全国中心": MemberTier.NATIONAL_CENTRE,
    "地区中心": MemberTier.REGIONAL_CENTRE,
    "省中心": MemberTier.PROVINCIAL_CENTRE,
    "成员馆": MemberTier.MEMBER,
}
_STATUSES = {
    **{one.value: one for one in InstitutionStatus},
    "正常": InstitutionStatus.ACTIVE,
    "暂停": InstitutionStatus.SUSPENDED,
    "关闭": InstitutionStatus.CLOSED,
}


class MemberRow(NamedTuple):
    """One row, checked. `facts` has the columns that the file has; networks and domains are None without theirs."""

    row: int
    code: str
    facts: dict[str, str]
    networks: tuple[Network, ...] | None = None
    domains: tuple[str, ...] | None = None


class MemberFile(NamedTuple):
    rows: tuple[MemberRow, ...]
    problems: tuple[Problem, ...]
    charset: str


def read(content: bytes) -> MemberFile:
    """Read and check a file; a problem names the line of the file and the column.

    UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030. Comma, semicolon or tab divide.
    """
    try:
        text, charset = _decoded(content)
        heads, lines = _divided(text)
    except BadFacts as wrong:
        return MemberFile((), wrong.problems, "")
    rows: list[MemberRow] = []
    problems: list[Problem] = []
    for number, cells in lines:
        try:
            rows.append(_row(number, heads, cells))
        except BadFacts as wrong:
            problems += [one._replace(row=number) for one in wrong.problems]
    problems += _twice(rows)
    if not rows and not problems:
        problems.append(Problem("file", "no_rows"))
    return MemberFile(tuple(rows), tuple(sorted(problems, key=lambda one: one.row)[:_MOST_PROBLEMS]), charset)


def _decoded(content: bytes) -> tuple[str, str]:
    if len(content) > LARGEST:
        raise BadFacts(Problem("file", "file_too_large", str(LARGEST >> 20)))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), "utf-16"
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(charset), charset.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise BadFacts(Problem("file", "bad_encoding"))


def _divided(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the fields of the columns ("" for none of ours is refused) and the rows with their lines."""
    if "\0" in text:
        raise BadFacts(Problem("file", "no_text"))
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        heads = next(reader, [])
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, cells))
            begins = reader.line_num + 1
            if len(lines) > MOST_ROWS:
                raise BadFacts(Problem("file", "too_many_rows", str(MOST_ROWS)))
    except csv.Error as error:
        raise BadFacts(Problem("file", "no_csv", str(error)[:100], reader.line_num)) from None
    return _heads(heads), lines


def _heads(written: list[str]) -> list[str]:
    folded = ["".join(one.casefold().split()) for one in written]
    unknown = [
        Problem("file", "unknown_column", one[:40], 1)
        for one, head in zip(written, folded, strict=True)
        if head not in _FIELDS
    ]
    fields = [_FIELDS.get(one, "") for one in folded]
    twice = {field for field in fields if field and fields.count(field) > 1}
    missing = [
        Problem("file", "missing_column", one, 1) for one in ("code", "name_zh", "type", "city") if one not in fields
    ]
    problems = [*unknown, *missing, *(Problem("file", "column_twice", one, 1) for one in sorted(twice))]
    if problems:
        raise BadFacts(*problems)
    return fields


def _row(number: int, heads: list[str], cells: list[str]) -> MemberRow:
    if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
        raise BadFacts(Problem("file", "too_many_cells", str(len(cells))))
    cells = [*cells, *[""] * (len(heads) - len(cells))]
    if any(len(cell) > _LONGEST_CELL for cell in cells):
        raise BadFacts(Problem("file", "too_long", str(_LONGEST_CELL)))
    given = {head: _cell(cell) for head, cell in zip(heads, cells, strict=False)}
    gathered = facts.Gathered(number)
    found: dict[str, str] = {}
    for field, check in _CHECKS.items():
        if field in given:
            found[field] = gathered.of(check, given[field])
    for field, words in (("type", _TYPES), ("tier", _TIERS), ("status", _STATUSES)):
        if field in given:
            with gathered.gathering():
                found[field] = _word(field, given[field], words)
    with gathered.gathering():
        found["city"], found["province"] = _place(given["city"], given.get("province", ""))
    networks = None
    if "addresses" in given:
        networks, wrong = addresses.read(given["addresses"].replace(" ", "\n"))
        gathered.problems += wrong
    gathered.raise_any()
    for field, otherwise in (("name_zh_hant", hanzi.traditional(found["name_zh"])), ("name_en", found["name_zh"])):
        if field in found:
            found[field] = found[field] or otherwise
    domains = (
        tuple(sorted(set(given["domains"].replace(";", " ").replace(",", " ").split()))) if "domains" in given else None
    )
    return MemberRow(number, found.pop("code"), found, networks, domains)


def _cell(text: str) -> str:
    """Return what a cell says; the apostrophe that keeps a spreadsheet from calculating is taken off."""
    found = text.strip().strip("\ufeff")
    return found[1:] if len(found) > 1 and found[0] == "'" and found[1] in "=+-@" else found


_CHECKS = {
    "code": facts.code,
    "isil": facts.isil,
    "name_zh": lambda text: facts.name("name_zh", text),
    "name_zh_hant": lambda text: facts.line("name_zh_hant", text, facts.LONGEST_NAME),
    "name_en": lambda text: facts.line("name_en", text, facts.LONGEST_NAME),
    "homepage": facts.homepage,
    "contact_mail": facts.mail,
    "contact_phone": facts.phone,
}


def _word(field: str, given: str, words: Mapping[str, str]) -> str:
    found = words.get(given.casefold()) or words.get(hanzi.normalize(given))
    if found is None and (given or field == "type"):
        raise BadFacts(Problem(field, f"unknown_{field}" if given else "missing", given[:40]))
    return str(found or {"tier": MemberTier.MEMBER, "status": InstitutionStatus.ACTIVE}[field])


def _place(city: str, province: str) -> tuple[str, str]:
    around = divisions.find_province(province) if province else None
    if province and around is None:
        raise BadFacts(Problem("province", "unknown_province", province[:40]))
    if not city:
        raise BadFacts(Problem("city", "missing"))
    found = divisions.find_city(city, around.code if around else "")
    if found is None:
        elsewhere = around is not None and divisions.find_city(city) is not None
        raise BadFacts(Problem("city", "city_not_in_province" if elsewhere else "unknown_city", city[:40]))
    return found.code, divisions.province_of(found.code)


def _twice(rows: Sequence[MemberRow]) -> list[Problem]:
    """Return problems of codes, ISILs and networks that stand in two rows."""
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for one in rows:
        keys = [("code", one.code.casefold())]
        keys += [("isil", one.facts["isil"].casefold())] if one.facts.get("isil") else []
        keys += [("addresses", str(network)) for network in one.networks or ()]
        for key in keys:
            if key in seen:
                problems.append(Problem(key[0], "in_another_row", f"{key[1]} · {seen[key]}", one.row))
            seen.setdefault(key, one.row)
    return problems


def write(
    members: Iterable[Institution],
    places: Mapping[str, Place],
    ranges: Mapping[int, Sequence[Network]],
    domains: Mapping[int, Sequence[str]],
) -> str:
    """Write members as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sorted(members, key=lambda member: member.code):
        names = places[one.province].name_zh, places[one.city].name_zh
        cells = (
            *(one.code, one.isil, one.name_zh, one.name_zh_hant, one.name_en, one.type, one.tier, names[0]),
            *(one.city, one.homepage, one.contact_mail, one.contact_phone, one.status),
            *(" ".join(str(network) for network in ranges.get(one.id, ())), " ".join(domains.get(one.id, ()))),
        )
        writer.writerow(_safe(str(cell)) for cell in cells)
    return "\ufeff" + file.getvalue()


def _safe(cell: str) -> str:
    """Keep a spreadsheet from calculating what a cell says."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
