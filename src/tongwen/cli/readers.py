"""`tongwen readers`: a library's file of readers, checked and taken over in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tongwen.cli import installation, progress

_SHOWN = 20


@click.group("readers")
def command() -> None:
    """Bring a library's readers in from a file."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--library", required=True, metavar="CODE", help="Code of the library whose readers these are.")
@click.option("--missing", type=click.Choice(["leave", "expire"]), default="leave", show_default=True)
@click.option("--dry-run", is_flag=True, help="Show what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output.")
@installation.installed
def import_(file: Path, library: str, missing: str, dry_run: bool, as_json: bool) -> None:
    """Make the readers of a library those of FILE (CSV), all or nothing; `--missing` is for whom it does not name."""
    from tongwen.core import tenancy
    from tongwen.domain.identity import types
    from tongwen.domain.members import queries as members

    institution = members.institution_by_code(library)
    with tenancy.scope(institution.id):
        try:
            report = _import(file, institution.id, missing, dry_run=dry_run, show=not as_json)
        except types.UnreadableReaders as error:
            installation.fail(f"{file.name} is no file of readers: {error}", installation.UNREADABLE)
    if as_json:
        installation.print_json(report)
    else:
        _print(report)
    if report["state"] not in ("done", "cancelled"):
        installation.fail("nothing was taken over", installation.UNREADABLE)


def _import(file: Path, institution_id: int, missing: str, *, dry_run: bool, show: bool) -> dict[str, Any]:
    from tongwen.core import clock
    from tongwen.domain.identity import types
    from tongwen.domain.identity.queries import readers as queries
    from tongwen.domain.identity.services import readers

    facts: dict[str, Any] = {"actor": "command line", "now": clock.now()}
    with file.open("rb") as source:
        number = readers.receive_readers(institution_id=institution_id, file=source, file_name=file.name, **facts)
    with progress.bar(file.name, file.stat().st_size, shown=show) as advance:
        readers.run_import(
            import_id=number, now=clock.now(), advance=lambda done, lines: advance(done, f"{lines:,} lines")
        )
    if queries.reader_import(number).state is types.ImportState.CHECKED:
        if dry_run:
            readers.cancel_readers(import_id=number, **facts)
        else:
            readers.take_over_readers(import_id=number, missing=types.Missing(missing), **facts)
            readers.run_import(import_id=number, now=clock.now())
    found = queries.reader_import(number)
    return {
        "file": found.file_name,
        "state": found.state.value,
        **found.counts,
        **found.findings,
        "first_problems": [_problem(one) for one in queries.problems(number)[:_SHOWN]],
    }


def _problem(one: Any) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "fault": one.fault.value, "value": one.value}


def _print(report: dict[str, Any]) -> None:
    click.echo(f"{report['file']}: {report['state']}, {report.get('lines', 0):,} lines")
    for name in ("new", "changed", "unchanged", "missing", "identical", "problems"):
        if report.get(name):
            click.echo(f"  {name:<10}{report[name]:>10,}")
    if "fault" in report:
        click.echo(f"  line {report['line']}: {report['fault']} {report['what']}", err=True)
    for one in report["first_problems"]:
        click.echo(f"  line {one['line']}, {one['column'] or 'line'}: {one['fault']} {one['value']}", err=True)
