"""`tongwen pickup`: the folders that files are taken from."""

from __future__ import annotations

import time

import click

from tongwen.cli import installation


@installation.listing("pickup")
@installation.installed
def command(as_json: bool) -> None:
    """List the pick-up folders with what waits there; `pickup now` takes what has come to rest."""
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
