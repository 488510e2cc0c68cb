"""How a reader's question is understood: the search box becomes a CQL tree, with notes on what was done to it.

The box is read leniently. Words in any language are words: `and`, `或` are searched for, only `AND`, `OR`, `NOT`
in capitals join. Quotes make phrases, a hyphen before a word excludes it, and a standard number is looked up as such.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tongwen.domain.discovery import types
from tongwen.standards import cql, hanzi, identifiers

LONGEST = 500
"""Characters of a question; a citation pasted whole is rarely above 300."""

INDEX_NAMES = {
    types.SearchField.ANY: "cql.serverChoice",
    types.SearchField.TITLE: "dc.title",
    types.SearchField.AUTHOR: "dc.creator",
    types.SearchField.SUBJECT: "dc.subject",
    types.SearchField.PUBLISHER: "dc.publisher",
    types.SearchField.ISBN: "bath.standardIdentifier",
    types.SearchField.CALL_NUMBER: "tongwen.callNumber",
}

_CLOSING = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "「": "」", "『": "』", "《": "》", "＂": "＂"}
_QUOTES = "".join(_CLOSING) + "".join(set(_CLOSING.values()))
_UNIT = re.compile(rf"[^\s{re.escape(_QUOTES)}]+|[{re.escape(_QUOTES)}]|\s+")
_HYPHENS = "-－﹣−"
_ISBN_LABEL = re.compile(r"^isbn[:：]?\s*", re.IGNORECASE)
_ISBN_SHAPE = re.compile(r"\d{9}[\dX]|\d{13}", re.IGNORECASE)
_GAPS = re.compile(r"[\s\-－﹣−‐‑–]")
_PHRASE = cql.Relation("adj")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question means: a tree, or None where everything is asked for."""

    query: cql.Node | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """A run of words or a quoted phrase, or an operator (`AND`, `OR`, `NOT`)."""

    text: str
    quoted: bool = False
    excluded: bool = False
    operator: bool = False


def understand(text: str, field: types.SearchField = types.SearchField.ANY) -> Understood:
    """Return the tree of a question. Notes: `characters-dropped`, `quotes-unbalanced`.

    Raises:
        SearchProblem: `too-long`, or `nothing-to-search` where the text holds no letter or digit.
    """
    if len(text) > LONGEST:
        raise types.SearchProblem("too-long", f"{len(text)} > {LONGEST}")
    cleaned = _cleaned(text)
    notes = ["characters-dropped"] if cleaned != text else []
    cleaned = cleaned.strip()
    if not cleaned:
        if text.strip():
            raise types.SearchProblem("nothing-to-search")
        return Understood(None)
    if field in (types.SearchField.ISBN, types.SearchField.CALL_NUMBER):
        return Understood(cql.Clause(INDEX_NAMES[field], cql.Relation(), cleaned), tuple(notes))
    if field is types.SearchField.ANY and _is_isbn(cleaned):
        return Understood(_number(cleaned), tuple(notes))
    units, balanced = _units(cleaned)
    if not balanced:
        notes.append("quotes-unbalanced")
    query = _joined(units, INDEX_NAMES[field])
    if query is None:
        raise types.SearchProblem("nothing-to-search")
    return Understood(query, tuple(notes))


def _cleaned(text: str) -> str:
    """Drop what is no text: lone surrogates, controls, unassigned and replacement characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_kept(character) for character in text)


def _kept(character: str) -> str:
    if character in "\t\r\n\u3000\u00a0":
        return character
    if character == "\ufffd":
        return " "
    category = unicodedata.category(character)
    if category == "Cf":
        return character if character in "\u200c\u200d" else ""
    return " " if category in ("Cc", "Cs", "Cn", "Co") else character


def _is_isbn(text: str) -> bool:
    """Return whether the text is one ISBN and nothing else, with or without the word ISBN."""
    digits = _GAPS.sub("", _ISBN_LABEL.sub("", text))
    return bool(_ISBN_SHAPE.fullmatch(digits)) and identifiers.isbn13(digits) is not None


def _number(text: str) -> cql.Clause:
    return cql.Clause(INDEX_NAMES[types.SearchField.ISBN], cql.Relation(), _GAPS.sub("", _ISBN_LABEL.sub("", text)))


def _units(text: str) -> tuple[list[_Unit], bool]:
    """Split into words, phrases and operators; False where a quote was not closed (it is then no quote)."""
    units: list[_Unit] = []
    balanced = True
    pieces = _UNIT.findall(text)
    place = 0
    excluded = False
    while place < len(pieces):
        piece = pieces[place]
        place += 1
        if piece.isspace():
            excluded = False
        elif piece in _QUOTES:
            end = _closing(pieces, place, piece)
            if end is None:
                balanced = False
                continue
            units.append(_Unit("".join(pieces[place:end]), quoted=True, excluded=excluded))
            place, excluded = end + 1, False
        elif piece in _HYPHENS:
            excluded = place < len(pieces) and pieces[place] in _QUOTES
        else:
            units.append(_word(piece, starts=place == 1 or not units or pieces[place - 2].isspace()))
    return units, balanced


def _closing(pieces: list[str], place: int, opening: str) -> int | None:
    """Return where the quote that opens is closed; a phrase of nothing is none."""
    wanted = _CLOSING.get(opening)
    if wanted is None:
        return None
    closers = {wanted, '"'} if opening in '"“”' else {wanted}
    for end in range(place, len(pieces)):
        if pieces[end] in closers:
            return end
    return None


def _word(piece: str, *, starts: bool) -> _Unit:
    if piece in ("AND", "OR", "NOT"):
        return _Unit(piece, operator=True)
    if starts and piece[0] in _HYPHENS and piece[1:]:
        return _Unit(piece[1:], excluded=True)
    return _Unit(piece)


def _joined(units: list[_Unit], index: str) -> cql.Node | None:
    """Join the units: OR parts alternatives; within one, neighbouring words are searched together."""
    alternatives = [node for part in _parts(units) if (node := _part(part, index)) is not None]
    if not alternatives:
        return None
    query = alternatives[0]
    for node in alternatives[1:]:
        query = cql.Boolean("or", query, node)
    return query


def _parts(units: list[_Unit]) -> Iterator[list[_Unit]]:
    part: list[_Unit] = []
    for unit in units:
        if unit.operator and unit.text == "OR":
            yield part
            part = []
        else:
            part.append(unit)
    yield part


def _part(units: list[_Unit], index: str) -> cql.Node | None:
    wanted: list[cql.Node] = []
    unwanted: list[cql.Node] = []
    words: list[str] = []
    negated = False
    for unit in units:
        if unit.operator:
            negated = unit.text == "NOT"
            continue
        excluded = unit.excluded or negated
        negated = False
        number = index == INDEX_NAMES[types.SearchField.ANY] and _is_isbn(unit.text)
        if not (excluded or unit.quoted or number):
            words.append(unit.text)
            continue
        node = _clause(unit, index)
        if node is not None:
            (unwanted if excluded else wanted).append(node)
    text = " ".join(words)
    if _has_tokens(text):
        wanted.insert(0, cql.Clause(index, cql.Relation(), text))
    if not wanted and not unwanted:
        return None
    query: cql.Node = wanted[0] if wanted else cql.Clause("cql.allRecords", cql.Relation(), "1")
    for more in wanted[1:]:
        query = cql.Boolean("and", query, more)
    for less in unwanted:
        query = cql.Boolean("not", query, less)
    return query


def _clause(unit: _Unit, index: str) -> cql.Clause | None:
    if not _has_tokens(unit.text):
        return None
    if index == INDEX_NAMES[types.SearchField.ANY] and _is_isbn(unit.text):
        return _number(unit.text)
    return cql.Clause(index, _PHRASE if unit.quoted else cql.Relation(), unit.text)


def _has_tokens(text: str) -> bool:
    return bool(hanzi.analyze(text))
