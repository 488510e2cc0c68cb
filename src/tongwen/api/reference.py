"""The interface for programs as a page for people: made from its OpenAPI description, and every operation can be tried.

Rendered here rather than by a script of somebody else's, which the portal's content security policy would not let run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

_Schema = Mapping[str, Any]
_IN_PATH = re.compile(r"\{(\w+)\}")
_CHOICE = "operation"


class Parameter(NamedTuple):
    """What an operation takes. `words` are its only allowed values, () where there are more."""

    name: str
    place: str
    required: bool
    type: str
    description: str
    words: tuple[str, ...]


class Member(NamedTuple):
    """A member of an object; `target` names the object that it holds, "" where it holds plain values."""

    name: str
    type: str
    target: str
    description: str


class Object(NamedTuple):
    """An object that an answer consists of."""

    name: str
    description: str
    members: tuple[Member, ...]
    words: tuple[str, ...]
    """Its values, where it is one of a few words."""


class Operation(NamedTuple):
    """One thing that can be asked."""

    id: str
    method: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str, str], ...]
    """Status, description, and the object that comes back or ""."""


def page(request: HttpRequest, schema: _Schema) -> HttpResponse:
    """Show the description; `?operation=` with its parameters leads to the answer itself."""
    operations = list(_operations(schema))
    for one in operations:
        if one.id == request.GET.get(_CHOICE):
            return HttpResponseRedirect(_address(one, request.GET))
    context = {"operations": operations, "objects": list(_objects(schema)), "choice": _CHOICE}
    return render(request, "api/reference.html", context)


def _address(operation: Operation, given: Mapping[str, str]) -> str:
    """Return where an operation is asked with these parameters; what is left empty is not sent."""
    path = _IN_PATH.sub(lambda name: quote(given.get(name[1], "").strip() or "0", safe=""), operation.path)
    asked = [(one.name, given.get(one.name, "").strip()) for one in operation.parameters if one.place == "query"]
    query = urlencode([(name, value) for name, value in asked if value])
    return f"{path}?{query}" if query else path


def _operations(schema: _Schema) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield Operation(
                operation["operationId"],
                method.upper(),
                path,
                operation.get("description") or operation["summary"],
                tuple(_parameter(one) for one in operation.get("parameters", ())),
                tuple(_answers(operation["responses"])),
            )


def _parameter(parameter: _Schema) -> Parameter:
    kinds = [one for one in parameter["schema"].get("anyOf", [parameter["schema"]]) if one.get("type") != "null"]
    type_ = " | ".join(_type(kind)[0] for kind in kinds)
    words = tuple(word for kind in kinds for word in kind.get("enum", ()))
    description = parameter.get("description", "")
    return Parameter(parameter["name"], parameter["in"], bool(parameter.get("required")), type_, description, words)


def _answers(responses: _Schema) -> Iterator[tuple[str, str, str]]:
    for status, response in responses.items():
        bodies = [_type(one.get("schema", {})) for one in response.get("content", {}).values()]
        yield str(status), response["description"], next((target for _type, target in bodies), "")


def _objects(schema: _Schema) -> Iterator[Object]:
    for name, one in schema["components"]["schemas"].items():
        members = (
            Member(member, *_type(facts), facts.get("description", ""))
            for member, facts in one.get("properties", {}).items()
        )
        yield Object(name, one.get("description", ""), tuple(members), tuple(one.get("enum", ())))


def _type(schema: _Schema) -> tuple[str, str]:
    """Return the type of a value in words of JSON Schema, and the object that it is or holds, "" where none is."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return name, name
    if "anyOf" in schema:
        kinds = [_type(kind) for kind in schema["anyOf"]]
        return " | ".join(type_ for type_, _target in kinds), next((target for _, target in kinds if target), "")
    if "enum" in schema:
        return " | ".join(str(word) for word in schema["enum"]), ""
    if schema.get("type") == "array":
        inside, target = _type(schema.get("items", {}))
        return f"array of {inside or 'any'}", target
    return str(schema.get("type", "")), ""
