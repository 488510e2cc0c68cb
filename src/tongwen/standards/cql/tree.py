"""The query tree of CQL (OASIS searchRetrieve 1.0 part 5, CQL 1.2). `str()` of a node is CQL that means the same.

Terms are kept as they are meant: without quotes, with their masking characters and backslashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"""[^\s()=<>"/]+\Z""")
_RESERVED = frozenset({"and", "or", "not", "prox", "sortby"})


def _quoted(text: str) -> str:
    """Return a word as it stands in a query: quoted where it must be; a quote inside gets a backslash."""
    if _PLAIN.match(text) and text.lower() not in _RESERVED:
        return text
    return '"' + re.sub(r'(\\.)|"', lambda match: match[1] or '\\"', _even_backslashes(text)) + '"'


def _even_backslashes(text: str) -> str:
    """Double a backslash at the very end, which would else escape the closing quote."""
    trailing = len(text) - len(text.rstrip("\\"))
    return text + "\\" if trailing % 2 else text


@dataclass(frozen=True, slots=True)
class Modifier:
    """A modifier of a relation, boolean or sort key: `/name`, `/name=value`."""

    name: str
    comparison: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"/{_quoted(self.name)}{self.comparison}{_quoted(self.value) if self.comparison else ''}"


@dataclass(frozen=True, slots=True)
class Relation:
    """How an index and a term stand to each other: `=`, `==`, `adj`, `all`, `any`, `<`, `>=`, `within` …"""

    name: str = "="
    modifiers: tuple[Modifier, ...] = ()

    def __str__(self) -> str:
        return self.name + "".join(map(str, self.modifiers))


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition. A bare term is the index `cql.serverChoice` with the relation `=`."""

    index: str
    relation: Relation
    term: str

    def __str__(self) -> str:
        if self.index == "cql.serverChoice" and self.relation == Relation():
            return _quoted(self.term)
        return f"{_quoted(self.index)} {self.relation} {_quoted(self.term)}"


@dataclass(frozen=True, slots=True)
class Boolean:
    """Two nodes joined by `and`, `or`, `not` or `prox`; booleans associate to the left and have one precedence."""

    operator: str
    left: Node
    right: Node
    modifiers: tuple[Modifier, ...] = ()

    def __str__(self) -> str:
        right = f"({self.right})" if isinstance(self.right, Boolean | Prefixed) else str(self.right)
        left = f"({self.left})" if isinstance(self.left, Prefixed) else str(self.left)
        return f"{left} {self.operator}{''.join(map(str, self.modifiers))} {right}"


@dataclass(frozen=True, slots=True)
class Prefixed:
    """A node within which a prefix names a context set; without prefix it names the default set."""

    prefix: str
    uri: str
    node: Node

    def __str__(self) -> str:
        name = f"{_quoted(self.prefix)} = " if self.prefix else ""
        return f"> {name}{_quoted(self.uri)} {self.node}"


@dataclass(frozen=True, slots=True)
class SortKey:
    """An index to sort by, with modifiers such as `/sort.descending`."""

    index: str
    modifiers: tuple[Modifier, ...] = ()

    def __str__(self) -> str:
        return _quoted(self.index) + "".join(map(str, self.modifiers))


@dataclass(frozen=True, slots=True)
class Sorted:
    """A whole query with its order."""

    node: Node
    keys: tuple[SortKey, ...]

    def __str__(self) -> str:
        return f"{self.node} sortby {' '.join(map(str, self.keys))}" if self.keys else str(self.node)


Node = Clause | Boolean | Prefixed
