"""MARCXML: framing, reading and writing.

Source: the MARC 21 XML schema (MARC21/slim 1.1); CNMARC travels in the same elements under other namespaces or none.
Each <record> is cut out of the file as bytes before anything is parsed: so a record that is not well-formed costs
itself only, its bytes can be kept, and memory stays bounded. Entities are never expanded, nothing is fetched.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from tongwen.standards.marc.types import (
    Charset,
    CharsetEvidence,
    Decoded,
    Field,
    Frame,
    Problem,
    Record,
    Severity,
    Subfield,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMESPACE = "http://www.loc.gov/MARC21/slim"
CHUNK = 1 << 20
LONGEST = 1 << 23
"""Bytes of one record that are kept together before it is given up (8 MiB)."""

_EVIDENCE = CharsetEvidence(Charset.UTF_8, "xml", certain=True)
_EVENT = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(/?)(?:[\w.-]+:)?record(?=[\s/>])", re.DOTALL)
_OPEN_ENDED = re.compile(rb"<!--|<!\[CDATA\[")
_TAG_END = re.compile(rb">")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
_UNDECLARED_PREFIX = etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE
_LONGEST_TAG = 64
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LEADER_LENGTH = 24


class Unwritable(Exception):
    """The record holds a character that XML 1.0 cannot hold; the message says in which field."""


class _Encoding(NamedTuple):
    """How the file is written: Python's codec, and how many bytes its code unit takes."""

    codec: str
    unit: int


def frames(source: BinaryIO, *, start: int = 0, ordinal: int = 0, chunk_size: int = CHUNK) -> Iterator[Frame]:
    """Cut out each innermost <record> element; `offset` is its place in the file, `raw` its text as UTF-8.

    The stream stands at byte `start` of its file: 0, or the end of a record of a UTF-8 file. Elements around the
    records (collection, SRU, OAI-PMH) are passed over. A last record without its end tag comes as an ERROR.
    """
    first = source.read(chunk_size)
    encoding = _encoding(first)
    decoder = None
    if encoding.unit == 2:
        decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    held = b""
    place = start
    data = first
    while data:
        held += decoder.decode(data).encode("utf-8", "replace") if decoder else data
        found, consumed = _cut(held)
        for begin, end in found:
            raw = held[begin:end]
            yield _frame(raw, ordinal, place + _width(held[:begin], encoding), encoding)
            ordinal += 1
        place += _width(held[:consumed], encoding)
        held = held[consumed:]
        if len(held) > LONGEST:
            yield _given_up(held, ordinal, place, "record-too-long")
            ordinal += 1
            place += _width(held, encoding)
            held = b""
        data = source.read(chunk_size)
    if _starts_record(held):
        yield _given_up(held, ordinal, place, "truncated")


def decode(raw: bytes) -> Decoded:
    """Read one <record> element. Raises `types.Unreadable` with the byte offset in `raw` where it is not well-formed.

    `lossless` is true when nothing had to be mended; the spelling of XML itself (spaces, quotes) is not kept.
    """
    problems: list[Problem] = []
    element = _parsed(raw, problems)
    leader = ""
    fields: list[Field] = []
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "leader":
            leader = child.text or ""
        elif name == "controlfield":
            fields.append(Field(_tag(child, problems), data=_content_of(child)))
        elif name == "datafield":
            fields.append(_data_field(child, problems))
        elif name:
            problems.append(Problem("xml-element", Severity.MENDED, "", -1, f"<{name}> is no part of MARCXML"))
    if not leader and not fields:
        raise Unreadable(Problem("record-empty", Severity.ERROR, "", 0, "no leader and no fields"))
    leader = _checked_leader(leader, problems)
    lossless = not any(problem.severity is Severity.MENDED for problem in problems)
    return Decoded(Record(leader, tuple(fields)), _EVIDENCE, tuple(problems), lossless)


def read(source: BinaryIO) -> Iterator[tuple[Frame, Decoded | Problem]]:
    """Read a whole document record by record; what cannot be read comes as its problem."""
    for frame in frames(source):
        bad = next((problem for problem in frame.problems if problem.severity is Severity.ERROR), None)
        if bad is not None:
            yield frame, bad
            continue
        try:
            yield frame, decode(frame.raw)
        except Unreadable as error:
            yield frame, error.problem


def encode(record: Record) -> bytes:
    """Write one <record> in the MARC21/slim namespace. Raises `Unwritable` for characters outside XML 1.0."""
    return f'<record xmlns="{NAMESPACE}">{_content(record)}</record>'.encode()


def document(records: Iterable[Record]) -> Iterator[bytes]:
    """Write a <collection>, piece by piece."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
    for record in records:
        yield f"<record>{_content(record)}</record>\n".encode()
    yield b"</collection>\n"


def _encoding(head: bytes) -> _Encoding:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _Encoding("utf-16-le" if head[0] == 0xFF else "utf-16-be", 2)
    if head[:4] in (b"<\x00?\x00", b"\x00<\x00?"):
        return _Encoding("utf-16-le" if head[0] else "utf-16-be", 2)
    found = _DECLARED.match(head.lstrip(b"\xef\xbb\xbf \r\n\t"))
    name = found.group(1).decode("ascii", "replace").lower() if found else "utf-8"
    if name in ("gb2312", "gbk", "gb18030"):
        return _Encoding("gb18030", 1)
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return _Encoding("utf-8", 1)
    # A file that says UTF-16 and yet shows plain ASCII was re-encoded without changing its first line.
    return _Encoding("utf-8" if codec.startswith("utf-16") else codec, 1)


def _width(text: bytes, encoding: _Encoding) -> int:
    """Return how many bytes of the file a piece of the buffer stands for."""
    if encoding.unit == 1:
        return len(text)
    return len(text.decode("utf-8", "replace").encode("utf-16-le", "replace"))


def _cut(held: bytes) -> tuple[list[tuple[int, int]], int]:
    """Return the spans of whole records, and up to where the buffer is done with."""
    spans: list[tuple[int, int]] = []
    opened = -1
    done = 0
    for event in _EVENT.finditer(held):
        if event.group(1) is None:
            done = max(done, event.end()) if opened < 0 else done
            continue
        tag_end = _TAG_END.search(held, event.end())
        if tag_end is None:
            break
        if not event.group(1):
            opened = -1 if held[tag_end.start() - 1 : tag_end.start()] == b"/" else event.start()
        elif opened >= 0:
            spans.append((opened, tag_end.end()))
            done, opened = tag_end.end(), -1
    if opened >= 0:
        return spans, opened
    return spans, max(done, _safe_end(held, done))


def _safe_end(held: bytes, done: int) -> int:
    """Return up to where nothing can belong to a record that is still to come."""
    pending = [match.start() for match in _OPEN_ENDED.finditer(held, done)]
    if pending:
        return pending[0]
    last = held.rfind(b"<", max(done, len(held) - _LONGEST_TAG))
    return last if last >= 0 else len(held)


def _starts_record(held: bytes) -> bool:
    event = _EVENT.match(held)
    return event is not None and event.group(1) == b""


def _frame(raw: bytes, ordinal: int, offset: int, encoding: _Encoding) -> Frame:
    if encoding.codec in ("utf-8", "ascii") or encoding.unit == 2:
        return Frame(ordinal, offset, raw)
    try:
        return Frame(ordinal, offset, raw.decode(encoding.codec).encode())
    except UnicodeDecodeError as error:
        wrong = raw[error.start : error.start + 4].hex(" ")
        problem = Problem("charset-bytes", Severity.MENDED, "", error.start, f"{wrong} is not {encoding.codec}")
        return Frame(ordinal, offset, raw.decode(encoding.codec, "replace").encode(), (problem,))


def _given_up(held: bytes, ordinal: int, offset: int, code: str) -> Frame:
    detail = f"{len(held)} bytes without an end tag of the record"
    return Frame(ordinal, offset, held, (Problem(code, Severity.ERROR, "", len(held), detail),))


def _parsed(raw: bytes, problems: list[Problem]) -> etree._Element:
    """Parse the element; prefixes that were declared further out in the file are declared around it."""
    size = len(raw)
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        wrong = raw[error.start : error.start + 4].hex(" ")
        problems.append(Problem("charset-bytes", Severity.MENDED, "", error.start, f"{wrong} is not UTF-8"))
        raw = raw.decode("utf-8", "replace").encode()
    try:
        wrapper = _wrapped(raw, b"<w>")
    except etree.XMLSyntaxError as error:
        if error.code != _UNDECLARED_PREFIX:
            raise Unreadable(_not_well_formed(error, raw, len(b"<w>"), size)) from None
        prefixes = sorted(set(_PREFIX.findall(raw)) - {b"xml", b"xmlns"})
        head = b"<w" + b"".join(b' xmlns:%s="urn:%s"' % (prefix, prefix) for prefix in prefixes) + b">"
        try:
            wrapper = _wrapped(raw, head)
        except etree.XMLSyntaxError as second:
            raise Unreadable(_not_well_formed(second, raw, len(head), size)) from None
    if len(wrapper) != 1:
        raise Unreadable(Problem("xml-not-well-formed", Severity.ERROR, "", 0, f"{len(wrapper)} elements, not one"))
    return wrapper[0]


def _wrapped(raw: bytes, head: bytes) -> etree._Element:
    """Parse inside an element of ours: so a document type, and with it an entity, has no place to stand."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(head + raw + b"</w>", parser)


def _not_well_formed(error: etree.XMLSyntaxError, raw: bytes, before: int, size: int) -> Problem:
    line, column = error.position
    offset = max(_offset(b" " * before + raw, line, column) - before, 0)
    return Problem("xml-not-well-formed", Severity.ERROR, "", min(offset, size), str(error.msg))


def _offset(data: bytes, line: int, column: int) -> int:
    place = 0
    for _ in range(line - 1):
        place = data.find(b"\n", place) + 1
    # Lines are told apart by bytes, but columns count characters.
    before = data[place:].decode("utf-8", "replace")[: max(column - 1, 0)]
    return place + len(before.encode())


def _content_of(element: etree._Element) -> str:
    # Comments and stray elements inside are rare; looking for them costs more than reading the text.
    return "".join(element.itertext()) if len(element) else element.text or ""


def _tag(element: etree._Element, problems: list[Problem]) -> str:
    tag = element.get("tag", "")
    if len(tag) != 3:
        problems.append(Problem("tag", Severity.MENDED, tag[:12], -1, f"the tag {tag[:12]!r} has not three characters"))
        tag = tag[:3].rjust(3, "0")
    return tag


def _data_field(element: etree._Element, problems: list[Problem]) -> Field:
    tag = _tag(element, problems)
    subfields: list[Subfield] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] != "subfield":
            problems.append(Problem("xml-element", Severity.MENDED, tag, -1, f"no subfield: {str(child.tag)[:40]}"))
            continue
        code = child.get("code", "")
        if len(code) != 1:
            problems.append(Problem("subfield-code", Severity.MENDED, tag, -1, f"the code is {code[:12]!r}"))
        subfields.append((code[:1], _content_of(child)))
    indicators = _indicator(element, "ind1", tag, problems) + _indicator(element, "ind2", tag, problems)
    if element.text is not None and element.text.strip():
        problems.append(Problem("text-outside", Severity.MENDED, tag, -1, repr(element.text.strip()[:40])))
    return Field(tag, indicators, tuple(subfields))


def _indicator(element: etree._Element, name: str, tag: str, problems: list[Problem]) -> str:
    # The schema of UNIMARC in XML (and Unimarc slim) writes i1 and i2.
    value = element.get(name, element.get("i" + name[-1], " "))
    if len(value) != 1:
        problems.append(Problem("indicators", Severity.MENDED, tag, -1, f"{name} is {value[:12]!r}"))
        value = (value or " ")[:1]
    return value


def _checked_leader(leader: str, problems: list[Problem]) -> str:
    if len(leader) == _LEADER_LENGTH:
        return leader
    problems.append(Problem("leader-length", Severity.MENDED, "", -1, f"{len(leader)} characters, not 24"))
    return leader[:_LEADER_LENGTH].ljust(_LEADER_LENGTH)


def _content(record: Record) -> str:
    parts = [f"<leader>{_text(record.leader, 'leader')}</leader>"]
    for field in record.fields:
        tag = _attribute(field.tag, field.tag)
        if not field.subfields and not field.indicators:
            parts.append(f"<controlfield tag={tag}>{_text(field.data, field.tag)}</controlfield>")
            continue
        one, two = (_attribute(mark, field.tag) for mark in field.indicators.ljust(2)[:2])
        inner = "".join(
            f"<subfield code={_attribute(code, field.tag)}>{_text(value, field.tag)}</subfield>"
            for code, value in field.subfields
        )
        parts.append(f"<datafield tag={tag} ind1={one} ind2={two}>{inner}</datafield>")
    return "".join(parts)


def _attribute(value: str, tag: str) -> str:
    return quoteattr(_possible(value, tag))


def _text(value: str, tag: str) -> str:
    # A bare carriage return would be read back as a line feed.
    return escape(_possible(value, tag), {"\r": "&#13;"})


def _possible(value: str, tag: str) -> str:
    wrong = _NOT_XML.search(value)
    if wrong is not None:
        message = f"field {tag}: U+{ord(wrong.group()):04X} does not exist in XML 1.0"
        raise Unwritable(message)
    return value
