"""`tongwen members`: the register of member libraries as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tongwen.cli import installation

if TYPE_CHECKING:
    from tongwen.domain.members.types import ImportReport

_SHOWN = 20


@click.group("members")
def command() -> None:
    """Import and export the register of member libraries."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Enter and change members by a CSV FILE: every line of it, or none."""
    from tongwen.core import clock
    from tongwen.domain.members import services

    content = file.read_bytes()
    report = (
        services.preview_import(content=content)
        if dry_run
        else services.import_members(content=content, actor="operator", now=clock.now())
    )
    if as_json:
        installation.print_json(_as_json(report, imported=not dry_run and not report.problems))
    else:
        _print(report, dry_run)
    if report.problems:
        wrong = f"nothing is imported: {len(report.problems)} problems in {file.name}"
        installation.fail(wrong, installation.UNREADABLE)


def _print(report: ImportReport, dry_run: bool) -> None:
    from django.utils import translation

    from tongwen.web.members import words

    with translation.override("en"):
        for problem in report.problems:
            place = f"line {problem.row}, {problem.field}" if problem.row else problem.field
            click.echo(f"{place}: {words.sentence(problem)}")
    changed = [one for one in report.rows if one.outcome != "unchanged"]
    for one in changed[:_SHOWN] if dry_run else ():
        click.echo(f"line {one.row}: {one.outcome} {one.code} {one.name}")
        for field, before, after in one.fields:
            click.echo(f"    {field}: {before or '(empty)'} -> {after or '(empty)'}")
    if dry_run and len(changed) > _SHOWN:
        click.echo(f"… and {len(changed) - _SHOWN} more")
    counts = ", ".join(f"{report.count(outcome):,} {outcome}" for outcome in ("new", "changed", "unchanged"))
    if not report.problems:
        click.echo(f"{'would be' if dry_run else 'done'}: {counts} ({report.charset})")


def _as_json(report: ImportReport, *, imported: bool) -> dict[str, Any]:
    return {
        "imported": imported,
        "charset": report.charset,
        "rows": [one._asdict() for one in report.rows if one.outcome != "unchanged"],
        "unchanged": report.count("unchanged"),
        "problems": [one._asdict() for one in report.problems],
    }


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@installation.installed
def export_file(file: Path | None) -> None:
    """Write the register as CSV to FILE or to standard output, as `members import` reads it."""
    from tongwen.domain.members import queries

    text = queries.export_members()
    if file is None:
        click.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8", newline="")
    click.echo(f"{file}: {len(queries.institutions()):,} members")
