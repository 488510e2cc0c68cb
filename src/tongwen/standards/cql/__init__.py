"""The Contextual Query Language 1.2: the one query language inside, whatever was asked in."""

from tongwen.standards.cql.tree import Boolean, Clause, Modifier, Node, Prefixed, Relation, Sorted, SortKey

__all__ = ["Boolean", "Clause", "Modifier", "Node", "Prefixed", "Relation", "SortKey", "Sorted"]
