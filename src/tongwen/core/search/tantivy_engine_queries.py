"""Compile query nodes to Tantivy queries, and the schema to Tantivy's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import tantivy

from tongwen.core.search import headings, nodes, port

_Query = tantivy.Query
_LEAST, _GREATEST = -(1 << 63), (1 << 63) - 1
_ENGINE_PANIC = "PanicException"
"""Name of the exception in which pyo3 wraps a Rust panic; it derives from BaseException and cannot be imported."""

_OURS = (port.IndexUnusable, port.WriterBusy, port.TooDeep, port.DocumentRefused, port.QueryRefused)


@contextmanager
def told(failure: Callable[[str], Exception]) -> Iterator[None]:
    """Turn what Tantivy raises, panics included, into an exception made by `failure`; the port's own pass."""
    try:
        yield
    except _OURS:
        raise
    except (ValueError, OSError) as error:
        raise failure(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != _ENGINE_PANIC:
            raise
        raise failure(str(error).splitlines()[0]) from error


def tantivy_schema(schema: port.Schema) -> tantivy.Schema:
    """Declare the fields. Integers are signed: deleting by an unsigned term silently deletes nothing."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    for name, kind in schema.fields:
        match kind:
            case port.FieldKind.TEXT:
                builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
            case port.FieldKind.BAG:
                builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
            case port.FieldKind.EXACT:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
            case port.FieldKind.KEYWORD | port.FieldKind.ORDER:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
            case port.FieldKind.INTEGER:
                builder.add_integer_field(name, indexed=True, fast=True)
            case port.FieldKind.STAMP | port.FieldKind.RANK:
                builder.add_integer_field(name, indexed=False, fast=True)
            case port.FieldKind.HEADING:
                builder.add_integer_field(name, indexed=True, fast=True)
                builder.add_bytes_field(headings.label_field(name), stored=True)
    return builder.build()


class Compiler:
    """Makes Tantivy queries for one schema."""

    def __init__(self, schema: port.Schema, compiled_schema: tantivy.Schema) -> None:
        self._schema = schema
        self._compiled = compiled_schema

    def query(self, node: nodes.Node) -> tantivy.Query:
        """Return the query for a node; raises QueryRefused for unknown fields and ill-typed values."""
        with told(port.QueryRefused):
            return self._node(node)

    def narrowed(self, query: nodes.Node, *conditions: nodes.Node) -> tantivy.Query:
        """Return the query within conditions that do not touch its scores."""
        narrowing = [condition for condition in conditions if not isinstance(condition, nodes.Everything)]
        if not narrowing:
            return self.query(query)
        with told(port.QueryRefused):
            parts = [(tantivy.Occur.Must, self._node(query))]
            parts += [(tantivy.Occur.Must, _Query.const_score_query(self._node(node), 0.0)) for node in narrowing]
            return _Query.boolean_query(parts)

    def filter_text(self, node: nodes.Node) -> str | None:
        """Return a condition in Tantivy's query language for a filter aggregation, None where it must be a query."""
        match node:
            case nodes.Everything():
                return "*"
            case nodes.Term(field, int(value)) if value >= 0 and self._is_integer(field):
                return f"{field}:{value}"
            case nodes.OneOf(field, values) if values and self._is_integer(field):
                if all(isinstance(value, int) and value >= 0 for value in values):
                    return f"{field}: IN [{' '.join(map(str, values))}]"
        return None

    def _is_integer(self, field: str) -> bool:
        return self._schema.kind(field) is port.FieldKind.INTEGER

    def _value(self, field: str, value: str | int) -> str | int:
        kind = self._schema.kind(field)
        if kind is port.FieldKind.HEADING:
            return headings.heading_number(value) if isinstance(value, str) else value
        wanted = int if kind is port.FieldKind.INTEGER else str
        if not isinstance(value, wanted):
            raise port.QueryRefused(f"the field {field} holds {wanted.__name__}, not {value!r}")
        return value

    def _all(self, many: tuple[nodes.Node, ...]) -> list[tantivy.Query]:
        return [self._node(node) for node in many]

    def _boolean(self, occur: tantivy.Occur, many: tuple[nodes.Node, ...], minimum: int | None) -> tantivy.Query:
        return _Query.boolean_query([(occur, query) for query in self._all(many)], minimum)

    def _node(self, node: nodes.Node) -> tantivy.Query:  # noqa: C901, PLR0911, PLR0912 - one case for each kind of node
        match node:
            case nodes.Everything():
                return _Query.all_query()
            case nodes.Nothing():
                return _Query.empty_query()
            case nodes.Term(field, value):
                return _Query.term_query(self._compiled, field, self._value(field, value))
            case nodes.OneOf(field, values):
                held = [self._value(field, value) for value in values]
                return _Query.const_score_query(_Query.term_set_query(self._compiled, field, held), 1.0)
            case nodes.Phrase(field, tokens):
                return self._phrase(field, tokens)
            case nodes.Prefix(field, value):
                self._value(field, value)
                return _Query.fuzzy_term_query(self._compiled, field, value, distance=0, prefix=True)
            case nodes.Near(field, value, edits):
                self._value(field, value)
                return _Query.fuzzy_term_query(self._compiled, field, value, distance=edits)
            case nodes.Range():
                return self._range(node)
            case nodes.Best(many, tie):
                return self._node(many[0]) if len(many) == 1 else _Query.disjunction_max_query(self._all(many), tie)
            case nodes.Every(many):
                return self._boolean(tantivy.Occur.Must, many, None) if many else _Query.all_query()
            case nodes.Some(many, minimum):
                return self._boolean(tantivy.Occur.Should, many, max(1, minimum))
            case nodes.Without(wanted, excluded):
                return _Query.boolean_query(
                    [(tantivy.Occur.Must, self._node(wanted)), (tantivy.Occur.MustNot, self._node(excluded))]
                )
            case nodes.Prefer(wanted, better):
                must = [(tantivy.Occur.Must, self._node(wanted))]
                return _Query.boolean_query(must + [(tantivy.Occur.Should, query) for query in self._all(better)])
            case nodes.Boosted(inner, factor):
                return _Query.boost_query(self._node(inner), factor)
            case nodes.Constant(inner, score):
                return _Query.const_score_query(self._node(inner), score)

    def _phrase(self, field: str, tokens: tuple[str, ...]) -> tantivy.Query:
        if self._schema.kind(field) is not port.FieldKind.TEXT:
            raise port.QueryRefused(f"the field {field} keeps no positions for phrases")
        if not tokens:
            return _Query.empty_query()
        if len(tokens) == 1:
            return _Query.term_query(self._compiled, field, tokens[0])
        return _Query.phrase_query(self._compiled, field, cast("list[str | tuple[int, str]]", list(tokens)))

    def _range(self, node: nodes.Range) -> tantivy.Query:
        """Return the range, cut to what 64 bits hold; one that is turned round or lies outside holds nothing."""
        if self._schema.kind(node.field) is not port.FieldKind.INTEGER:
            raise port.QueryRefused(f"the field {node.field} has no ranges")
        low = _LEAST if node.low is None else max(node.low, _LEAST)
        high = _GREATEST if node.high is None else min(node.high, _GREATEST)
        if low > high:
            return _Query.empty_query()
        if node.low is None and node.high is None:
            return _Query.all_query()
        return _Query.range_query(
            self._compiled, node.field, tantivy.FieldType.Integer, lower_bound=low, upper_bound=high
        )
