"""The floors, rooms and front doors: kept by the sources, and each contract able to catch what it forbids.

For each violation a module is written into a copy of the package, and `lint-imports` must name it under the right
contract. The copy without it must pass, so the contract and nothing else is what fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from architecture.project import ROOT

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NAMES = {contract["id"]: contract["name"] for contract in CONFIGURATION["contracts"]}
TOO_HIGH = {"config", "core", "standards", "domain"}
"""Floors that the contracts about callers of the domain need not name."""


class Violation(NamedTuple):
    """A line that breaks a contract when it stands in this module, and what the report must say of it."""

    contract: str
    module: str
    line: str
    said: str = ""


VIOLATIONS = (
    Violation("floors", "core.planted", "import tongwen.domain.members.types"),
    Violation("floors", "domain.members.services_planted", "import tongwen.web.shared.paging"),
    Violation("floors", "web.planted", "import tongwen.cli.progress"),
    Violation("floors", "api.planted", "import tongwen.web.shared.paging"),
    Violation("floors", "web.planted", "import tongwen.api.problems"),
    Violation("floors", "standards.marc.planted", "import tongwen.core.clock"),
    Violation("floors", "planted", "", said="tongwen.planted"),
    Violation("standards-are-pure", "standards.marc.planted", "import django.conf"),
    Violation("standards-are-pure", "standards.identifiers.planted", "import socket"),
    Violation("standards-order", "standards.marc.planted", "import tongwen.standards.citation.source"),
    Violation("standards-order", "standards.hanzi.planted", "import tongwen.standards.identifiers.isxn"),
    Violation("standards-order", "standards.planted", "", said="tongwen.standards.planted"),
    Violation("engines-stay-home", "domain.discovery.rules.planted", "import tantivy"),
    Violation("engines-stay-home", "web.search.planted", "import tantivy"),
    Violation("engines-stay-home", "api.planted", "import tantivy"),
    Violation("engines-stay-home", "cli.planted", "import tantivy"),
    Violation("domain-order", "domain.members.rules", "import tongwen.domain.catalogue.types"),
    Violation("domain-order", "domain.catalogue.rules.planted", "import tongwen.domain.discovery.types"),
    Violation("domain-order", "domain.planted", "", said="tongwen.domain.planted"),
    Violation("inside-an-app", "domain.catalogue.rules.planted", "import tongwen.domain.catalogue.models"),
    Violation("inside-an-app", "domain.catalogue.queries.planted", "import tongwen.domain.catalogue.services"),
    Violation("inside-an-app", "domain.members.planted", "", said="tongwen.domain.members.planted"),
    Violation("front-doors", "domain.discovery.rules.planted", "import tongwen.domain.catalogue.rules.keys"),
    Violation("front-doors", "domain.discovery.services.planted", "import tongwen.domain.catalogue.models"),
    Violation("front-doors", "web.bib.planted", "import tongwen.domain.catalogue.models"),
    Violation("front-doors", "api.planted", "import tongwen.domain.catalogue.models"),
    Violation("front-doors", "cli.planted", "import tongwen.domain.catalogue.jobs"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `lint-imports` over the package that lies in the folder."""
    script = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", script, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def section(report: str, name: str) -> str:
    """Return what the report says of one broken contract under "Broken contracts"."""
    _, _, broken = report.partition("Broken contracts")
    _, found, rest = broken.partition(f"{name}\n{'-' * len(name)}\n")
    ends = [rest.find(f"\n{other}\n{'-' * len(other)}\n") for other in NAMES.values()]
    return found + rest[: min((end for end in ends if end >= 0), default=len(rest))]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its contracts, in which a violation can be planted."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(
        ROOT / "src" / "tongwen",
        folder / "tongwen",
        ignore=lambda parent, names: {
            name
            for name in names
            if (Path(parent, name).is_file() and not name.endswith(".py")) or name == "__pycache__"
        },
    )
    return folder


class TestContracts:
    def test_are_kept(self, copy: Path) -> None:
        result = lint(copy)
        assert result.returncode == 0, result.stdout + result.stderr
        assert f"Contracts: {len(NAMES)} kept, 0 broken." in result.stdout

    @pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda one: f"{one.contract}: {one.module}: {one.line}")
    def test_catch_what_they_forbid(self, copy: Path, violation: Violation) -> None:
        path = copy / "tongwen" / (violation.module.replace(".", "/") + ".py")
        assert not path.exists()
        path.write_text(f"{violation.line}\n", encoding="utf-8")
        try:
            result = lint(copy)
        finally:
            path.unlink()

        assert result.returncode == 1, result.stdout + result.stderr
        said = section(result.stdout, NAMES[violation.contract])
        assert (violation.said or f"tongwen.{violation.module}") in said, result.stdout

    def test_are_each_shown_to_catch_something(self) -> None:
        assert {violation.contract for violation in VIOLATIONS} == set(NAMES)

    @pytest.mark.parametrize("contract", ["engines-stay-home", "front-doors"])
    def test_bind_every_floor_that_calls_the_domain(self, contract: str) -> None:
        floors = {path.parent.name for path in (ROOT / "src" / "tongwen").glob("*/__init__.py")} - TOO_HIGH
        bound = next(one for one in CONFIGURATION["contracts"] if one["id"] == contract)["source_modules"]
        assert {f"tongwen.{floor}" for floor in floors} <= set(bound)
