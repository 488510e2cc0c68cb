"""The project's own files, for tests that read them."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tongwen"


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax trees of the package by their path below it (`core/clock.py`)."""
    paths = sorted(SOURCE.rglob("*.py"))
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def nodes(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[str, ast.AST]]:
    """Yield (module, node) for the nodes of these kinds in the whole package."""
    for name, tree in modules().items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, kind))


@functools.cache
def own_files() -> tuple[Path, ...]:
    """Return the files that git tracks or would track; skips where there is no git."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git cannot list the files of this project here")
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    """Return a file's text, "" for a picture or a file of records in another character set."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
