"""What runs within an installation, in a process of its own: `python -m bench.inside PART …`, which prints JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tongwen.cli import installation
from tongwen.config import env


def main() -> None:
    """Set the installation of TONGWEN_HOME up and run the part."""
    env.prepare_command()
    installation.set_up()
    part, *arguments = sys.argv[1:]
    with installation.database():
        result = _PARTS[part](*arguments)
    print(json.dumps(result, ensure_ascii=False))


def _count() -> int:
    from tongwen.domain.discovery import queries

    return queries.engine().document_count()


def _steps(file: str, number: str, server: str) -> dict[str, Any]:
    from bench import steps

    return steps.measure(Path(file), int(number), int(server))


def _search(file: str) -> dict[str, Any]:
    from bench import search

    return search.ask(Path(file))


def _limits(file: str, server: str) -> list[dict[str, Any]]:
    from bench import limits

    return limits.measure(Path(file), int(server))


def _tokens(library: str) -> dict[str, str]:
    from bench import tokens

    return tokens.register(library)


def _reader(file: str, stop: str) -> dict[str, Any]:
    from bench import meanwhile

    return meanwhile.read(Path(file), Path(stop))


def _editor(stop: str) -> dict[str, Any]:
    from bench import meanwhile

    return meanwhile.edit(Path(stop))


def _duplicates() -> dict[str, Any]:
    from bench import duplicates

    return duplicates.find()


def _isolation(rounds: str) -> dict[str, Any]:
    from bench import isolation

    return isolation.ask(int(rounds))


def _login(sip2_port: str, kit_url: str) -> dict[str, Any]:
    from bench import login

    return login.inside(int(sip2_port), kit_url)


def _readers(file: str) -> dict[str, Any]:
    from bench import readers

    return readers.ask(Path(file))


_PARTS: dict[str, Callable[..., Any]] = {
    "tokens": _tokens,
    "count": _count,
    "steps": _steps,
    "search": _search,
    "limits": _limits,
    "reader": _reader,
    "editor": _editor,
    "duplicates": _duplicates,
    "isolation": _isolation,
    "login": _login,
    "readers": _readers,
}

if __name__ == "__main__":
    main()
