"""Take the hot modules in their compiled form where there is one that was made of exactly these sources.

`make fast` compiles the modules named in `pyproject.toml` with mypyc, for those who have a C compiler (ADR 0009).
Nothing but speed depends on it: whatever is missing, stale or of another Python is left aside, all or nothing, for
the compiled modules know each other's insides.
"""

from __future__ import annotations

import enum
import hashlib
import importlib.util
import json
import sys
import sysconfig
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path

SOURCES = Path(__file__).parents[1]
"""The folder that holds the package `tongwen`."""

MANIFEST = "manifest.json"
"""{"python": tag, "sources": {module: SHA-256 of its source}, "files": {module: compiled file}}"""


class State(enum.StrEnum):
    """Whether the hot modules run compiled."""

    USED = "used"
    ABSENT = "absent"
    STALE = "stale"


def folder() -> Path:
    """Return where the compiled modules of this Python environment lie."""
    return Path(sysconfig.get_path("platlib")) / "tongwen_compiled"


def digest(module: str) -> str:
    """Return the SHA-256 of a module's source; raises OSError where there is none."""
    return hashlib.sha256((SOURCES / f"{module.replace('.', '/')}.py").read_bytes()).hexdigest()


class _Finder:
    """Finds the compiled modules before Python looks for their sources."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Return the compiled module of this name, None for all others."""
        found = self._files.get(name)
        return None if found is None else importlib.util.spec_from_file_location(name, found)


_state = State.ABSENT


def state() -> State:
    """Return what `use` found."""
    return _state


def use() -> None:
    """Let the imports that follow take the compiled modules, if they are those of these sources and this Python."""
    global _state  # noqa: PLW0603 - said once, at the start of a process
    place = folder()
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return
    _state = State.STALE
    try:
        if manifest["python"] != sys.implementation.cache_tag:
            return
        if any(digest(module) != known for module, known in manifest["sources"].items()):
            return
    except OSError:
        return
    sys.meta_path.insert(0, _Finder({name: place / file for name, file in manifest["files"].items()}))
    _state = State.USED
