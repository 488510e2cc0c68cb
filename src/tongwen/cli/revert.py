"""`tongwen revert`: take a batch back."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.command("revert")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def command(number: int, as_json: bool) -> None:
    """Take batch NUMBER back: its holdings go, what it changed becomes what it was; later changes are left alone."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries, services, types
    from tongwen.domain.discovery import services as discovery

    with tenancy.scope(queries.batch_institution(number)), discovery.following():
        if queries.batch(number).state is types.BatchState.REVERTING:  # It was killed: go on.
            state = services.continue_revert(batch_id=number, actor="command line")
        else:
            state = services.revert_batch_now(batch_id=number, actor="command line")
        left = queries.left_by_revert(number)
    if as_json:
        installation.print_json({"batch": number, "state": state.value, "left": left})
        return
    click.echo(f"batch {number} {state.value}")
    for record, reason in left:
        click.echo(f"  left as it is: record {record}: {reason}")
