"""`tongwen batches`: what was loaded, and what became of it."""

from __future__ import annotations

import click

from tongwen.cli import installation, load


@click.group("batches", invoke_without_command=True)
@click.option("--library", metavar="CODE", help="Only this library's batches.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@click.pass_context
def command(context: click.Context, library: str | None, as_json: bool) -> None:
    """List batches, the newest first; `batches show|resume|cancel NUMBER` for one of them."""
    if context.invoked_subcommand is None:
        _list(library, as_json)


@installation.installed
def _list(library: str | None, as_json: bool) -> None:
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries
    from tongwen.domain.members import queries as members

    wanted = [members.institution_by_code(library)] if library else members.institutions()
    rows = []
    for institution in wanted:
        with tenancy.scope(institution.id):
            rows += [(batch, institution.code) for batch in queries.batches(institution.id)]
    rows.sort(key=lambda row: -row[0].id)
    if as_json:
        installation.print_json(
            [
                {
                    "batch": one.id,
                    "library": code,
                    "file": one.file_name,
                    "state": one.state.value,
                    **one.counts._asdict(),
                }
                for one, code in rows
            ]
        )
        return
    if not rows:
        click.echo("Nothing has been loaded yet: tongwen load FILE --library CODE")
    for one, code in rows:
        numbers = ", ".join(f"{number:,} {name}" for name, number in one.counts._asdict().items() if number)
        click.echo(f"{one.id:>6}  {code:<10} {one.state.value:<10} {one.file_name:<32} {numbers}")


def _owner(number: int) -> int:
    from tongwen.domain.catalogue import queries

    return queries.batch_institution(number)


@command.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def show(number: int, as_json: bool) -> None:
    """Show the report of a batch."""
    from tongwen.core import tenancy

    with tenancy.scope(_owner(number)):
        facts = load.report(number)
    if as_json:
        installation.print_json(facts)
    else:
        load.print_report(facts)


@command.command("resume")
@click.argument("number", type=int)
@installation.installed
def resume(number: int) -> None:
    """Take up a batch that failed, was cancelled or was killed, behind its last committed record."""
    from tongwen.domain.discovery import services as discovery

    with discovery.following():
        facts = load.take_up(number)
    load.print_report(facts)


@command.command("cancel")
@click.argument("number", type=int)
@installation.installed
def cancel(number: int) -> None:
    """Stop a batch; what is committed stays."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services

    with tenancy.scope(_owner(number)):
        services.cancel_batch(batch_id=number, actor="command line")
    click.echo(f"batch {number} is cancelled; `tongwen revert {number}` takes back what it had loaded")
