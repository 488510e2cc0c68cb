"""The documents say what is so: settings, addresses, problem codes, commands, words of the field."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from architecture.project import ROOT
from architecture.test_permissions import TABLE, named_patterns
from tongwen import cli
from tongwen.config import env
from tongwen.domain.catalogue import types as catalogue
from tongwen.domain.discovery import types as discovery
from tongwen.domain.members import types as members
from tongwen.standards.marc import types as marc
from tongwen.web.loads import words

DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|[`/ (])tongwen ((?:[a-z]+)(?: [a-z]+)?)")


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of Markdown tables whose first cell is code, by that cell."""
    cells = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:3] == "| `")
    return {row[0].strip("` |"): row for row in cells}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
class TestDocument:
    def test_links_to_what_is_there(self, path: Path) -> None:
        targets = [target for target in LINK.findall(path.read_text(encoding="utf-8")) if ":" not in target]
        missing = [target for target in targets if not (path.parent / target.partition("#")[0]).exists()]
        assert missing == []

    def test_names_commands_that_there_are(self, path: Path) -> None:
        group = cli.main
        assert isinstance(group, click.Group)
        known = set(group.list_commands(click.Context(group)))
        named = [found.split() for found in COMMAND.findall(path.read_text(encoding="utf-8"))]
        assert {words[0] for words in named} - known == set()

    def test_names_make_targets_that_there_are(self, path: Path) -> None:
        targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        named = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
        assert named - targets == set()


class TestSettings:
    def test_are_listed_with_their_defaults(self) -> None:
        listed = {name: row[1].strip("`") for name, row in rows(read("reference/settings.md")).items()}
        assert listed == {variable.name: variable.default for variable in env.VARIABLES}


class TestAddresses:
    def test_are_listed_with_who_may_use_them(self) -> None:
        listed = {name: (row[1], row[2]) for name, row in rows(read("reference/urls.md")).items()}
        served = {
            "/" + str(pattern.pattern): (TABLE[pattern.name].get("method", "GET"), TABLE[pattern.name]["who"])
            for pattern in named_patterns()
            if pattern.name
        }
        developers = {name: value for name, value in listed.items() if value[1] == "developers"}
        assert {_without_prefix(name): value for name, value in listed.items()} == {
            _without_prefix(name): value for name, value in (served | developers).items()
        }


def _without_prefix(address: str) -> str:
    """A pattern knows its own part only: what `include` puts before it is left out on both sides."""
    return "/" + address.removeprefix("/api/v1/").removeprefix("/bib/").removeprefix("/")


class TestProblemCodes:
    def test_are_listed(self) -> None:
        listed = rows(read("reference/marc.md").partition("## Problem codes")[2])
        assert set(listed) == set(words.PROBLEMS)


class TestMarc:
    @pytest.mark.parametrize("kind", [marc.Format, marc.Charset, marc.Serialization, marc.Severity])
    def test_values_are_named(self, kind: type[marc.Format]) -> None:
        text = read("reference/marc.md")
        assert [one.value for one in kind if f"`{one.value}`" not in text] == []


class TestGlossary:
    KINDS = (
        catalogue.Band,
        catalogue.BatchState,
        catalogue.Outcome,
        catalogue.Verdict,
        discovery.Tier,
        members.InstitutionType,
        members.SharingDomainKind,
    )

    @pytest.mark.parametrize("kind", KINDS)
    def test_holds_every_word_of_the_domain(self, kind: type[catalogue.Band]) -> None:
        listed = rows(read("glossary.md"))
        assert [one.value for one in kind if one.value not in listed] == []

    def test_has_all_three_languages(self) -> None:
        short = [term for term, row in rows(read("glossary.md")).items() if len(row) < 4 or not all(row[:4])]
        assert short == []


class TestDecisions:
    FILES = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

    def test_are_numbered_without_gaps(self) -> None:
        assert [int(path.name[:4]) for path in self.FILES] == list(range(1, len(self.FILES) + 1))
        assert len(self.FILES) >= 8

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
    def test_say_context_decision_and_consequences(self, path: Path) -> None:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"]

    def test_are_all_in_the_list(self) -> None:
        text = read("adr/README.md")
        assert [path.name for path in self.FILES if f"({path.name})" not in text] == []
