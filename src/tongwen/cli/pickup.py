"""`tongwen pickup`: the folders that files are taken from."""

from __future__ import annotations

import time

import click

from tongwen.cli import installation


@click.group("pickup", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the pick-up folders with what waits there; `pickup now` takes what has come to rest."""
    if context.invoked_subcommand is None:
        _list(as_json)


@installation.installed
def _list(as_json: bool) -> None:
    from tongwen.domain.catalogue import queries
    from tongwen.domain.members import queries as members

    folders = queries.pickup_folders()
    if as_json:
        installation.print_json(
            [
                {
                    "library": members.institution(one.institution_id).code,
                    "profile": one.profile,
                    "folder": one.path,
                    "waiting": one.waiting,
                    "batches": one.running,
                }
                for one in folders
            ]
        )
        return
    if not folders:
        click.echo("No profile has a pick-up folder: tongwen profiles set --help")
    for one in folders:
        code = members.institution(one.institution_id).code
        running = f", loading: batches {', '.join(map(str, one.running))}" if one.running else ""
        click.echo(f"{code:<10} {one.profile:<20} {len(one.waiting)} waiting{running}  {one.path}")


@command.command("now")
@click.option("--seconds", default=5, show_default=True, type=click.IntRange(1, 600), help="Between the two looks.")
@installation.installed
def now(seconds: int) -> None:
    """Take the files that do not grow between two looks; a worker loads them (`tongwen serve`, `tongwen worker`)."""
    from tongwen.domain.catalogue import services

    watch = services.Pickup()
    services.pick_up(watch)
    time.sleep(seconds)
    taken = services.pick_up(watch)
    for number in taken:
        click.echo(f"batch {number} is queued")
    if not taken:
        click.echo("nothing to take")
