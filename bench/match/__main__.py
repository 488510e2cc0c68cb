"""`python -m bench.match build`, `report`, `pairs`, `loads`: the quality of matching, measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from bench import records, saying
from bench.match import building, gathering, labelled, loads, reports, tables
from tongwen.domain.catalogue.rules import explanation
from tongwen.domain.catalogue.types import Band

_HERE = Path(__file__).parent
_MANIFEST = _HERE / "manifest.json"
_OUT = _HERE.parent / "out" / "match.json"
_WORK = _HERE.parents[1] / "var" / "match"
_PAGE = _HERE.parents[1] / "docs" / "explanation" / "match-quality.md"
_LOC = click.option(
    "--loc", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The unpacked file of 250,000 records."
)


@click.group()
def main() -> None:
    """Measure how well records are matched."""


@main.command()
@_LOC
def build(loc: Path | None) -> None:
    """Build the labelled set and its manifest (about five minutes)."""
    with saying.doing("the labelled set"):
        pairs = building.build(loc or _provided())
    labelled.write(_WORK / "set.pickle", pairs)
    before = _MANIFEST.read_text(encoding="utf-8") if _MANIFEST.exists() else ""
    labelled.write_manifest(_MANIFEST, pairs)
    same = before == _MANIFEST.read_text(encoding="utf-8")
    click.echo(f"{len(pairs)} pairs; the manifest is {'the one committed' if same else 'another than before'}")


@main.command()
def report() -> None:
    """Decide every pair three ways, write bench/out/match.json, print the tables and renew the page in docs."""
    found = reports.judged(_set().pairs)
    facts = _kept() | reports.facts(found)
    _keep(facts)
    click.echo(tables.report(facts))
    tables.renew(_PAGE, facts)


@main.command("loads")
@_LOC
def measure_loads(loc: Path | None) -> None:
    """Measure the share of reviews in whole loads (about ten minutes)."""
    path = loc or _provided()
    found = {}
    for name, measure in (
        ("the samples of twelve libraries", loads.samples),
        ("Library of Congress, 250,000 records, into an empty catalogue", lambda: loads.library_of_congress(path)),
        ("the same file with every identifier taken away", lambda: loads.without_identifiers(path)),
        (
            "the same books described by a second library, 50,000 records, no number but ISBN",
            lambda: loads.second_library(path),
        ),
        (
            "the same, LCCN kept as often as real members have one",
            lambda: loads.second_library(path, loads.REAL_LCCNS),
        ),
    ):
        with saying.doing(name):
            found[name] = measure()
    facts = _kept() | {"loads": found}
    _keep(facts)
    click.echo(tables.loads(facts))
    tables.renew(_PAGE, facts)


@main.command("pairs")
@click.option("--kind", default="", help="Only kinds that begin so.")
@click.option("--wrong", is_flag=True, help="Only merged pairs that are not the same, and lost ones that are.")
@click.option("--reason", default="", help="Only this cause.")
@click.option("--limit", default=20, show_default=True)
def show_pairs(kind: str, wrong: bool, reason: str, limit: int) -> None:
    """Print single pairs of the development part with their decisions; those kept apart are never printed."""
    for one in reports.judged([pair for pair in _set().development if pair.kind.startswith(kind)]):
        lost = one.band is (Band.NEW if one.pair.same else Band.AUTOMATIC)
        if limit <= 0:
            break
        if (wrong and not lost) or (reason and one.decision.reason != reason):
            continue
        limit -= 1
        click.echo(f"\n{one.pair.kind}: {'same' if one.pair.same else 'different'}; {' '.join(one.pair.ids)}")
        click.echo(f"  {one.band.value}, {one.decision.reason if one.proposed else 'no key in common'}")
        for words in tables.sides(one.pair):
            click.echo(f"  {words}")
        click.echo(f"  {explanation.headline(one.decision)}")


def _set() -> labelled.LabelledSet:
    try:
        return labelled.read(_WORK / "set.pickle")
    except FileNotFoundError:
        raise click.ClickException("no set has been built: python -m bench.match build") from None


def _provided() -> Path:
    _WORK.mkdir(parents=True, exist_ok=True)
    try:
        return gathering.provide_library_of_congress(_WORK)
    except records.NoRecords as error:
        raise click.ClickException(str(error)) from error


def _kept() -> dict[str, Any]:
    return json.loads(_OUT.read_text(encoding="utf-8")) if _OUT.exists() else {}


def _keep(facts: dict[str, Any]) -> None:
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _set_up() -> None:
    """Give the phrases of explanations a settings module: they are translatable text."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongwen.config.settings.test")
    django.setup()


if __name__ == "__main__":
    _set_up()
    main(prog_name="python -m bench.match")
