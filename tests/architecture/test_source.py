"""Rules of the source that no linter knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from architecture.project import ROOT, modules, nodes, own_files, text_of

ENVIRONMENT_READERS = {
    "config/env.py": "it is the one reader",
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
LONGEST_FILE = 500
LONG_FILES: dict[str, str] = {
    "src/tongwen/domain/members/migrations/0002_registry.py": "it is one step from one state of the tables to the next",
}
"""Files that may be longer, each with its reason."""


def _reads_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("environ", "environb", "getenv", "getenvb") and getattr(node.value, "id", "") == "os"
    return isinstance(node, ast.ImportFrom) and node.module == "os" and any("env" in name.name for name in node.names)


class TestEnvironment:
    def test_is_read_by_one_module_only(self) -> None:
        found = {module for module, node in nodes((ast.Attribute, ast.ImportFrom)) if _reads_environment(node)}
        assert found == set(ENVIRONMENT_READERS)

    @pytest.mark.parametrize(
        "line", ["os.environ['A']", "os.getenv('A')", "from os import environ", "from os import getenv as g"]
    )
    def test_would_be_seen_in_any_spelling(self, line: str) -> None:
        assert any(_reads_environment(node) for node in ast.walk(ast.parse(line)))


class TestModules:
    def test_are_named_after_what_they_hold(self) -> None:
        words = {part.removesuffix(".py") for name in modules() for part in name.split("/")}
        assert not words & FORBIDDEN_NAMES

    def test_say_what_they_are(self) -> None:
        empty_or_declared = ("__init__.py", "apps.py")
        silent = [
            name
            for name, tree in modules().items()
            if not ast.get_docstring(tree) and "/migrations/" not in name and not name.endswith(empty_or_declared)
        ]
        assert silent == []


def _reason(module: ast.Module, call: ast.Call) -> str:
    """Return the reason that stands in such a call, given in place or as a constant of the module."""
    given = call.args[0] if call.args else next((word.value for word in call.keywords if word.arg == "reason"), None)
    if isinstance(given, ast.Name):
        assigned = [node for node in module.body if isinstance(node, ast.Assign)]
        given = next((node.value for node in assigned if getattr(node.targets[0], "id", "") == given.id), None)
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


class TestUnscopedQueries:
    CALLS = tuple(
        (name, node)
        for name, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("unscoped", "reaching_all")
        if name != "core/postgres/compiler.py"  # It hands on the reason that its query was given.
    )

    def test_give_their_reason_in_words(self) -> None:
        short = [
            f"{name}:{call.lineno}"
            for name, call in self.CALLS
            if len(_reason(modules()[name], call).split()) < 4  # A word or two is no reason.
        ]
        assert short == []

    def test_are_found_at_all(self) -> None:
        assert len(self.CALLS) >= 3

    @pytest.mark.parametrize("call", ["rows.unscoped()", "rows.unscoped('')", "rows.unscoped(reason)"])
    def test_would_be_seen_without_a_reason(self, call: str) -> None:
        module = ast.parse(call)
        expression = module.body[0]
        assert isinstance(expression, ast.Expr)
        assert isinstance(expression.value, ast.Call)
        assert _reason(module, expression.value) == ""


TENANCY_WORDS = (
    "tongwen.institution",
    "tongwen.reach",
    "set_config(",
    "set role",
    "reset role",
    "session authorization",
)
"""What only `core.postgres` may say to the server; anywhere else it would go past what is kept of a connection."""


class TestTenancyOfConnections:
    def test_is_set_in_one_place(self) -> None:
        found = {
            path.relative_to(ROOT).as_posix()
            for path in own_files()
            if path.suffix in (".py", ".sql") and path.relative_to(ROOT).parts[0] == "src"
            if any(word in text_of(path).lower() for word in TENANCY_WORDS)
        }
        assert {Path(name).parent.as_posix() for name in found} == {"src/tongwen/core/postgres"}


def _is_measured(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return path.suffix in (".py", ".html", ".css", ".js", ".sql") and "vendor" not in parts and parts[0] != "locale"


class TestFiles:
    def test_stay_short_enough_to_be_read(self) -> None:
        lengths = {
            path.relative_to(ROOT).as_posix(): len(text_of(path).splitlines())
            for path in own_files()
            if _is_measured(path)
        }
        assert {name for name, length in lengths.items() if length > LONGEST_FILE} == set(LONG_FILES)
