"""`tongwen unmerge`: take a merge back."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.command("unmerge")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def command(number: int, as_json: bool) -> None:
    """Take merge NUMBER back: its holdings go home, what it brought goes, later edits stay."""
    from tongwen.domain.catalogue import queries, services
    from tongwen.domain.discovery import services as discovery

    undone = queries.merge(number)
    with discovery.following():
        tags = services.unmerge_bibs_as_operator(merge_id=number, actor="command line")
    if as_json:
        installation.print_json({"merge": number, "stands_again": undone.merged_id, "look_at": tags})
        return
    click.echo(f"bib {undone.merged_id} stands again")
    if tags:
        click.echo(
            f"  edited after the merge, please look at bib {queries.survivor(undone.kept_id)}: {', '.join(tags)}"
        )
