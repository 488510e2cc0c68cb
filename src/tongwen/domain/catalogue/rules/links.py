"""How bibs hang together: set and volume, host and component, earlier and later title, series.

Records name each other by number where they can and by title where they must. A bib that others may point to (a set,
a serial, a collection) carries what it can be pointed to by; a bib that points carries what it points to. Both are
hashed alike, so that a link is an equality, found whichever record came first.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Final, NamedTuple

import xxhash

from tongwen.domain.catalogue.rules import forms
from tongwen.standards import hanzi, identifiers
from tongwen.standards.marc import types as marc


class Role(enum.IntEnum):
    """What a bib has to do with the thing a key names. The numbers are stored: never renumber."""

    IS = 0
    VOLUME_OF = 1
    COMPONENT_OF = 2
    CONTINUES = 3
    CONTINUED_BY = 4
    IN_SERIES = 5


class Link(NamedTuple):
    role: Role
    key: int


_POINTED_TO: Final = (marc.Level.SET, marc.Level.SERIAL, marc.Level.INTEGRATING, marc.Level.COLLECTION)
_ROLES: Final = {
    "host": Role.COMPONENT_OF,
    "preceding": Role.CONTINUES,
    "succeeding": Role.CONTINUED_BY,
    "series": Role.IN_SERIES,
}
_MOST: Final = 30


def links(match: marc.MatchView, display: marc.DisplayView) -> tuple[Link, ...]:
    """Return the links of a record; most records have none."""
    if not (match.parts or display.related or match.level in _POINTED_TO):
        return ()
    found = [*_own(match), *_as_volume(match)]
    for related in display.related:
        role = _ROLES.get(related.kind)
        if role is not None:
            found += [Link(_fitting(role, match), key) for key in _keys_of(related, role, match)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _own(match: marc.MatchView) -> Iterator[Link]:
    """What others may point to this record by: numbers always where it can be pointed to, and its titles."""
    if match.level not in _POINTED_TO:
        return
    for number in (*match.issns, *match.isbns):
        yield Link(Role.IS, _hash("number", number))
    for title in (match.title, *match.other_titles):
        if match.level is marc.Level.SET:
            yield from (Link(Role.IS, key) for key in _with_publisher(title, match))
        else:
            yield Link(Role.IS, _hash("serial", _word(title)))


def _as_volume(match: marc.MatchView) -> Iterator[Link]:
    """A numbered part belongs to the set of its title from the same publisher, whether it says so or not."""
    if match.parts and match.level in (marc.Level.MONOGRAPH, marc.Level.UNKNOWN):
        for key in _with_publisher(match.title, match):
            yield Link(Role.VOLUME_OF, key)


def _fitting(role: Role, match: marc.MatchView) -> Role:
    """Return what a host link of a whole book means: it is a volume, not an article or chapter."""
    if role is Role.COMPONENT_OF and match.level is not marc.Level.COMPONENT:
        return Role.VOLUME_OF
    return role


def _keys_of(related: marc.Related, role: Role, match: marc.MatchView) -> Iterator[int]:
    if number := identifiers.issn(related.issn) if related.issn else None:
        yield _hash("number", number)
    if number := identifiers.isbn13(related.isbn) if related.isbn else None:
        yield _hash("number", number)
    if not related.title:
        return
    if _fitting(role, match) is Role.VOLUME_OF:
        yield from _with_publisher(related.title, match)
    yield _hash("serial", _word(related.title))


def _with_publisher(title: str, match: marc.MatchView) -> Iterator[int]:
    for publisher in match.publishers[:2]:
        yield _hash("set", f"{_word(title)}\t{forms.publisher(publisher)}")


def _word(title: str) -> str:
    return hanzi.whole(title)


def _hash(kind: str, text: str) -> int:
    return xxhash.xxh3_64_intdigest(f"{kind}\t{text}".encode("utf-8", "replace")) - (1 << 63)
