"""What a CQL tree matches in the bib index, and what ranks higher: the tree becomes engine-neutral query nodes.

Han and Latin words of a term form two groups, and both must match: of up to 3 Han bigrams all, of more 86 in 100;
of up to 8 Latin words all, of more 90 in 100. Each token may stand in another field, so `书名 作者` works.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tongwen.core.search import nodes
from tongwen.domain.discovery import types
from tongwen.domain.discovery.rules import document
from tongwen.standards import cql, hanzi, identifiers

_TIE = 0.01
_EXACT_TITLE = 200.0
_LEFT_TITLE = 30.0
_PHRASE_FACTOR = 1.5
_PINYIN_FACTOR = 0.3
_NUMBER = 100.0
_ALL_OF_BIGRAMS, _SHARE_OF_BIGRAMS = 3, 0.86
_ALL_OF_WORDS, _SHARE_OF_WORDS = 8, 0.9
_FEWEST_HAN_AS_ROMAN = 3
_SHORTEST_INITIALS = 3
_SHORTEST_LEFT = 4
_SHORTEST_MASKED = 2
_LONG_NUMBER = 7
_ROMANIZED = ("title", "author", "subject")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_MASKED = re.compile(r"(?<![\w*])([^\W_]+)\*(?![\w*])")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a CQL index looks: text fields with their weights, and which other ways lead there."""

    texts: tuple[tuple[str, float], ...]
    pinyin: tuple[str, ...] = ()
    """Text fields that have a pinyin form (`title_p`, `author_p`)."""
    titles: bool = False
    """Whole titles count."""
    numbers: bool = False
    """Standard numbers count."""


_ANY = Target(
    texts=(("title", 3.0), ("author", 1.8), ("subject", 1.5), ("publisher", 0.8), ("rest", 0.6)),
    pinyin=("title", "author"),
    titles=True,
    numbers=True,
)
_TITLE = Target(texts=(("title", 2.0),), pinyin=("title",), titles=True)
_AUTHOR = Target(texts=(("author", 1.6),), pinyin=("author",))
_SUBJECT = Target(texts=(("subject", 1.2),))
_PUBLISHER = Target(texts=(("publisher", 1.0),))

TARGETS = {
    "cql.serverchoice": _ANY,
    "cql.anywhere": _ANY,
    "cql.keywords": _ANY,
    "dc.title": _TITLE,
    "dc.creator": _AUTHOR,
    "dc.contributor": _AUTHOR,
    "dc.subject": _SUBJECT,
    "dc.publisher": _PUBLISHER,
}
"""Text indexes by their CQL name in lower case."""


def compiled(query: cql.Node | None) -> nodes.Node:
    """Return what a tree matches; None matches everything.

    Raises:
        SearchProblem: `unsupported-index`, `unsupported-relation`, `unsupported-boolean`, with the name as detail.
    """
    match query:
        case None:
            return nodes.Everything()
        case cql.Boolean(operator, left, right):
            return _boolean(operator, compiled(left), compiled(right))
        case cql.Prefixed(node=node):
            return compiled(node)
        case cql.Clause(index, relation, term):
            return _clause(index.lower(), relation.name.lower(), term)


def _boolean(operator: str, left: nodes.Node, right: nodes.Node) -> nodes.Node:
    match operator.lower():
        case "and":
            return nodes.Every((left, right))
        case "or":
            return nodes.Some((left, right))
        case "not":
            return nodes.Without(left, right)
    raise types.SearchProblem("unsupported-boolean", operator)


def _clause(index: str, relation: str, term: str) -> nodes.Node:
    if index == "cql.allrecords":
        return nodes.Everything()
    if index in ("bath.standardidentifier", "bath.isbn", "bath.issn", "dc.identifier"):
        return numbers(term)
    if index == "tongwen.callnumber":
        return _call_number(term)
    if index in ("dc.date", "dc.language", "rec.identifier"):
        return _coded(index, relation, term)
    target = TARGETS.get(index)
    if target is None:
        raise types.SearchProblem("unsupported-index", index)
    return _text(target, relation, term)


def _text(target: Target, relation: str, term: str) -> nodes.Node:
    match relation:
        case "=" | "scr":
            return lenient(target, term)
        case "adj":
            return phrase(target, term)
        case "==" | "exact":
            return _whole(target, term)
        case "all" | "any":
            tokens = _named(hanzi.analyze(term).split())
            parts = tuple(any_field(target, token) for token in tokens)
            if not parts:
                return nodes.Nothing()
            return nodes.Every(parts) if relation == "all" else nodes.Some(parts)
    raise types.SearchProblem("unsupported-relation", relation)


def lenient(target: Target, term: str) -> nodes.Node:
    """Return the match of the search box: most of the words in any fields, the closer to a title the higher."""
    masked = [hanzi.normalize(word) for word in _MASKED.findall(term)]
    plain = _MASKED.sub(" ", term)
    tokens = hanzi.analyze(plain).split()
    han = [token for token in tokens if _EAST_ASIAN.match(token)]
    words = _named(token for token in tokens if not _EAST_ASIAN.match(token))
    groups = [_masked(target, word) for word in masked if len(word) >= _SHORTEST_MASKED]
    if han:
        group = _group(target, han, _ALL_OF_BIGRAMS, _SHARE_OF_BIGRAMS)
        groups.append(group if words or masked else _with_roman(target, group, plain))
    if words:
        group = _group(target, words, _ALL_OF_WORDS, _SHARE_OF_WORDS)
        alone = not han and not masked
        groups.append(_alternatives(group, [*_as_pinyin(target, words), *_as_number(target, plain, alone=alone)]))
    if not groups:
        return nodes.Nothing()
    wanted = groups[0] if len(groups) == 1 else nodes.Every(tuple(groups))
    better = () if masked else _better(target, plain, tokens)
    return nodes.Prefer(wanted, better) if better else wanted


def phrase(target: Target, term: str) -> nodes.Node:
    """Return the match of the words side by side in one field; of one Han character, the character itself."""
    tokens = tuple(hanzi.analyze(term).split())
    if not tokens:
        return nodes.Nothing()
    if len(tokens) == 1:
        return any_field(target, tokens[0])
    return nodes.Best(
        tuple(nodes.Boosted(nodes.Phrase(f"{name}_b", tokens), weight) for name, weight in target.texts), _TIE
    )


def numbers(term: str) -> nodes.Node:
    """Return the match of a standard number in any of its forms (ISBN of 10 and 13 digits, with hyphens or not)."""
    keys = [document.number_key(term)]
    isbn = identifiers.isbn13(term)
    if isbn:
        keys.insert(0, isbn)
    found = [key for key in dict.fromkeys(keys) if key]
    return nodes.Constant(nodes.OneOf("number_x", tuple(found)), _NUMBER) if found else nodes.Nothing()


def _group(target: Target, tokens: list[str], all_of: int, share: float) -> nodes.Node:
    distinct = list(dict.fromkeys(tokens))
    parts = tuple(any_field(target, token) for token in distinct)
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= all_of:
        return nodes.Every(parts)
    return nodes.Some(parts, math.floor(share * len(parts)))


def any_field(target: Target, token: str) -> nodes.Node:
    """Return the match of one token in any field. A single Han character is looked up among single characters."""
    suffix = "u" if len(token) == 1 and _EAST_ASIAN.match(token) else "b"
    fields: list[nodes.Node] = [
        nodes.Boosted(_term(f"{name}_{suffix}", token), weight) for name, weight in target.texts
    ]
    if target.numbers and len(token) >= _LONG_NUMBER and token[:-1].isdigit():
        fields.append(numbers(token))
    return nodes.Best(tuple(fields), _TIE)


def _term(field: str, token: str) -> nodes.Node:
    word, _, sign = token.partition(" ")
    return nodes.Phrase(field, (word, sign)) if sign else nodes.Term(field, token)


def _named(words: Iterable[str]) -> list[str]:
    """Put each sign back to its word: `c ++` is asked for side by side, so that no `C` here and `G++` there matches."""
    found: list[str] = []
    for word in words:
        if word in hanzi.SIGNS and found:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _masked(target: Target, word: str) -> nodes.Node:
    fields = tuple(nodes.Constant(nodes.Prefix(f"{name}_b", word), weight) for name, weight in target.texts)
    return nodes.Best(fields, _TIE)


def _alternatives(group: nodes.Node, others: list[nodes.Node]) -> nodes.Node:
    return nodes.Best((group, *others), _TIE) if others else group


def _as_pinyin(target: Target, words: list[str]) -> list[nodes.Node]:
    """Return other readings of Latin words: as they are typed among the pinyin forms, and divided into syllables.

    One syllable alone is a word of some other language as often as not, and would find every 龙 for `long`.
    """
    if not target.pinyin or not all(word.isascii() for word in words):
        return []
    readings = [tuple(reading.split()) for reading in hanzi.pinyin_queries(" ".join(words))]
    if any(len(reading) == 1 for reading in readings) or len("".join(words)) < _SHORTEST_INITIALS:
        return []
    typed = tuple(words)
    phrases = [(f"{name}_p", typed) for name in target.pinyin if typed not in readings]
    phrases += [(field, reading) for reading in readings for field in _reading_fields(target)]
    return [nodes.Boosted(nodes.Phrase(field, tokens), _PINYIN_FACTOR) for field, tokens in phrases]


def _reading_fields(target: Target) -> list[str]:
    """Return where syllables may stand: beside Han script, and in the records and headings that are romanised."""
    return [f"{name}_p" for name in target.pinyin] + _romanized_fields(target)


def _romanized_fields(target: Target) -> list[str]:
    """Return where romanised titles and headings stand; the Library of Congress writes them by syllables."""
    fields = [f"{name}_b" for name, _ in target.texts if name in _ROMANIZED]
    return [*fields, "roman"] if target.titles else fields


def _as_number(target: Target, term: str, *, alone: bool) -> list[nodes.Node]:
    """Return the reading of the whole term as a standard number (ISSN, LCCN …), where it looks like one."""
    key = document.number_key(term)
    if not (target.numbers and alone and len(key) >= _LONG_NUMBER and sum(map(str.isdigit, key)) > len(key) // 2):
        return []
    return [numbers(term)]


def _with_roman(target: Target, group: nodes.Node, term: str) -> nodes.Node:
    """Add what is there in pinyin only; of fewer than three syllables too many sound alike."""
    syllables = tuple(hanzi.pinyin(term).split())
    if len(syllables) < _FEWEST_HAN_AS_ROMAN:
        return group
    fields = _romanized_fields(target)
    return _alternatives(group, [nodes.Boosted(nodes.Phrase(field, syllables), _PINYIN_FACTOR) for field in fields])


def _better(target: Target, term: str, tokens: list[str]) -> tuple[nodes.Node, ...]:
    """Return what lifts a match: the words as a phrase, at the beginning of a title, as the whole title."""
    better: list[nodes.Node] = []
    if len(tokens) > 1:
        better += [
            nodes.Boosted(nodes.Phrase(f"{name}_b", tuple(tokens)), weight * _PHRASE_FACTOR)
            for name, weight in target.texts
            if name != "rest"
        ]
    if target.titles:
        title = hanzi.whole_title(term)[: document.LONGEST_VALUE]
        if title:
            better.append(nodes.Constant(nodes.Term("title_x", title), _EXACT_TITLE))
        if len(title) >= (2 if _EAST_ASIAN.match(title) else _SHORTEST_LEFT):
            better.append(nodes.Constant(nodes.Prefix("title_x", title), _LEFT_TITLE))
    return tuple(better)


def _whole(target: Target, term: str) -> nodes.Node:
    if target.titles:
        title = hanzi.whole_title(term)[: document.LONGEST_VALUE]
        return nodes.Term("title_x", title) if title else nodes.Nothing()
    return phrase(target, term)


def _call_number(term: str) -> nodes.Node:
    key = document.shelf_key(term.rstrip("*"))
    if not key:
        return nodes.Nothing()
    return nodes.Some((nodes.Prefix("call_x", key), nodes.Prefix("class_x", key)))


def _coded(index: str, relation: str, term: str) -> nodes.Node:
    if index == "dc.language":
        return nodes.OneOf("language", (term.strip().lower(),))
    values = [int(value) for value in re.findall(r"\d{1,12}", term)]
    if not values:
        return nodes.Nothing()
    if index == "rec.identifier":
        return nodes.OneOf("id", (values[0],))
    low, high = values[0], values[-1]
    match relation:
        case "=" | "==" | "exact" | "within":
            return nodes.Range("year", low, high)
        case "<" | "<=":
            return nodes.Range("year", None, low - (relation == "<"))
        case ">" | ">=":
            return nodes.Range("year", low + (relation == ">"), None)
    raise types.SearchProblem("unsupported-relation", relation)
