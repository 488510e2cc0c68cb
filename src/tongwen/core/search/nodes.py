"""The engine-neutral query: what a document must match, and what makes it a better answer.

Text in these nodes is already analysed (`standards.hanzi`): one token is one indexed term. Every engine
compiles the same nodes, so every engine finds the same documents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everything:
    """Match every document with the same score."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Match no document."""


@dataclass(frozen=True, slots=True)
class Term:
    """Match documents that hold this token or value; scored by its rarity."""

    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Match documents that hold at least one of these values; every match scores alike."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Match the tokens side by side and in this order within one value of a text field."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Match documents with a token or value that begins so; every match scores alike."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Match documents with a token at most so many edits away: one letter more, less or wrong, or two swapped.

    At most two edits; every match scores alike.
    """

    field: str
    value: str
    edits: int


@dataclass(frozen=True, slots=True)
class Range:
    """Match integers from `low` to `high`, both included; None leaves a side open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Best:
    """Match what any node matches; the best score counts, the others add `tie` times theirs."""

    nodes: tuple[Node, ...]
    tie: float = 0.0


@dataclass(frozen=True, slots=True)
class Every:
    """Match what all nodes match; scores add up."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Match what at least `minimum` nodes match; scores add up."""

    nodes: tuple[Node, ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Without:
    """Match `node` less what `excluded` matches."""

    node: Node
    excluded: Node


@dataclass(frozen=True, slots=True)
class Prefer:
    """Match `node`; those that also match some of `better` score higher."""

    node: Node
    better: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Boosted:
    """Match `node` with its score multiplied."""

    node: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """Match `node`, each match with this score."""

    node: Node
    score: float


Node = (
    Everything
    | Nothing
    | Term
    | OneOf
    | Phrase
    | Prefix
    | Near
    | Range
    | Best
    | Every
    | Some
    | Without
    | Prefer
    | Boosted
    | Constant
)

EVERYTHING = Everything()


def bare(node: Node) -> Node:
    """Return a node that matches the same documents and scores nothing, for counting."""
    match node:
        case Prefer(inner) | Boosted(inner) | Constant(inner):
            return bare(inner)
        case Best(many):
            return bare(many[0]) if len(many) == 1 else Some(tuple(map(bare, many)))
        case Every(many):
            return Every(tuple(map(bare, many)))
        case Some(many, minimum):
            return Some(tuple(map(bare, many)), minimum)
        case Without(wanted, excluded):
            return Without(bare(wanted), bare(excluded))
    return node
