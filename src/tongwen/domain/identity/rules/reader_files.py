"""Files of readers (CSV, RFC 4180): which columns they have, what their lines say, and what is wrong with a line."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tongwen.domain.identity.rules import addresses
from tongwen.domain.identity.types import BadAddress, LineFault, ReaderProblem, UnreadableReaders

MOST_LINES = 1_000_000
_MOST_COLUMNS = 100
_LONGEST = {"number": 64, "display_name": 150, "category": 60, "department": 100, "email": 254, "expires_on": 40}
REQUIRED = ("number", "display_name")

_HEADINGS = {
    "number": (
        "读者证号 读者号 读者编号 读者条码 借书证号 证号 证件号 学号 学工号 工号 一卡通号 卡号 条码号 条码",
        "readernumber readerid number cardnumber card librarycard patronid patronnumber barcode borrowernumber",
        "studentid id",
    ),
    "display_name": ("姓名 读者姓名 名字", "name fullname displayname readername patronname"),
    "category": ("类型 读者类型 读者类别 类别 身份", "category type readertype patrontype patroncategory"),
    "department": ("院系 院系部门 学院 系别 部门 单位 院系名称", "department dept faculty unit school"),
    "email": ("邮箱 电子邮箱 电子邮件 电邮 邮件 邮件地址", "email emailaddress mail"),
    "expires_on": (
        "有效期 有效期至 有效期限 有效日期 失效日期 到期日 到期日期 截止日期 终止日期",
        "expires expireson expiry expirydate expirationdate validuntil enddate",
    ),
}
_TRADITIONAL = str.maketrans(
    "讀證號編條碼學書類別單門電郵終廳齡級間簽發號圖館", "读证号编条码学书类别单门电邮终厅龄级间签发号图馆"
)
_COLUMNS = {word: column for column, lists in _HEADINGS.items() for words in lists for word in words.split()}
_NEVER = frozenset(("长期", "長期", "永久", "无", "無", "none", "never", "-"))
_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Heading(NamedTuple):
    """Which column of the file holds what; what is ignored is not stored."""

    columns: dict[str, int]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A reader as a line of the file names her."""

    line: int
    number: str
    display_name: str
    category: str = ""
    department: str = ""
    email: str = ""
    expires_on: dt.date | None = None


def charset_of(blocks: Iterable[bytes]) -> str:
    """Return in which character set a whole file can be read: by its mark, as UTF-8, else as GB18030.

    Raises:
        UnreadableReaders: in none of them.
    """
    utf8, gb = codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("gb18030")()
    possible: dict[str, codecs.IncrementalDecoder] = {"utf-8-sig": utf8, "gb18030": gb}
    is_first = True
    for block in blocks:
        if is_first and block[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        is_first = False
        possible = {name: decoder for name, decoder in possible.items() if _takes(decoder, block)}
    for name, decoder in possible.items():
        if _takes(decoder, b"", final=True):
            return name
    raise UnreadableReaders(LineFault.UNDECODABLE)


def _takes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which it begins, cells) of every row that is not empty; the separator is told from the first.

    Raises:
        UnreadableReaders: quotation marks that do not close, a cell longer than 128 KB.
    """
    text = iter(lines)
    first = next((line for line in text if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(_and_then(first, text), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            begins, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield begins, cells
    except (csv.Error, UnicodeDecodeError) as error:
        fault = LineFault.UNDECODABLE if isinstance(error, UnicodeDecodeError) else LineFault.BROKEN_QUOTES
        raise UnreadableReaders(fault, line=before + 1) from None


def _and_then(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def heading(cells: Sequence[str]) -> Heading:
    """Understand the first row, in Chinese (either script) or English, in any order.

    Raises:
        UnreadableReaders: no number or name, a column twice, or more than 100 columns.
    """
    if len(cells) > _MOST_COLUMNS:
        raise UnreadableReaders(LineFault.TOO_MANY_CELLS, line=1)
    columns: dict[str, int] = {}
    ignored = []
    for position, cell in enumerate(cells):
        column = _COLUMNS.get(_plain_heading(cell))
        if column is None:
            ignored.append(cell.strip()[:60])
        elif column in columns:
            raise UnreadableReaders(LineFault.COLUMN_TWICE, line=1, what=cell.strip())
        else:
            columns[column] = position
    for column in REQUIRED:
        if column not in columns:
            raise UnreadableReaders(LineFault.COLUMN_MISSING, line=1, what=column)
    return Heading(columns, tuple(one for one in ignored if one))


def _plain_heading(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell).strip("\ufeff").lower()
    return "".join(filter(str.isalnum, text)).translate(_TRADITIONAL)


def read(line: int, cells: Sequence[str], head: Heading) -> tuple[Line | None, list[ReaderProblem]]:
    """Return the reader on a line, or None and all that is wrong with it."""
    problems: list[ReaderProblem] = []
    width = max(head.columns.values()) + 1
    if len(cells) < width:
        return None, [ReaderProblem(line, "", LineFault.TOO_FEW_CELLS, str(len(cells)))]
    values = {column: _cell(line, column, cells[position], problems) for column, position in head.columns.items()}
    values["number"] = values["number"].upper()
    missing = (column for column in REQUIRED if not values[column])
    problems += [ReaderProblem(line, column, LineFault.EMPTY, "") for column in missing]
    email = _email(line, values.pop("email", ""), problems)
    expires_on = _expiry(line, values.pop("expires_on", ""), problems)
    if problems:
        return None, problems
    return Line(line, email=email, expires_on=expires_on, **values), []


def _cell(line: int, column: str, written: str, problems: list[ReaderProblem]) -> str:
    text = written if written.isascii() else unicodedata.normalize("NFKC", written)
    text = " ".join(text.split())
    if not text.isprintable():
        problems.append(ReaderProblem(line, column, LineFault.INVISIBLE, _shown(text)))
    elif len(text) > _LONGEST[column]:
        problems.append(ReaderProblem(line, column, LineFault.TOO_LONG, _shown(text)))
    return text


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text[:60])


def _email(line: int, written: str, problems: list[ReaderProblem]) -> str:
    if not written:
        return ""
    try:
        return addresses.folded(written)
    except BadAddress:
        problems.append(ReaderProblem(line, "email", LineFault.BAD_EMAIL, _shown(written)))
        return ""


def _expiry(line: int, written: str, problems: list[ReaderProblem]) -> dt.date | None:
    """Return the first day on which the reader is none any more: the file names the last on which she is one."""
    if not written or written.lower() in _NEVER:
        return None
    found = _DATE.fullmatch(written) or _COMPACT.fullmatch(written)
    try:
        last = dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        last = None
    if last is None:
        problems.append(ReaderProblem(line, "expires_on", LineFault.BAD_DATE, _shown(written)))
        return None
    return None if last >= dt.date(9999, 12, 1) else last + dt.timedelta(days=1)


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (a leading `=`, `+`, `-`, `@`, tab or return)."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
