"""`tongwen search`: the union catalogue from the command line."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.command("search")
@click.argument("text", nargs=-1, required=True)
@click.option("--in", "field", default="any", help="any, title, author, subject, publisher, isbn or callnumber.")
@click.option("--library", metavar="CODE", help="Your library, for the tiers.")
@click.option("--tier", default="nation", type=click.Choice(["library", "city", "province", "nation"]))
@click.option("--page", default=1, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def command(text: tuple[str, ...], field: str, library: str | None, tier: str, page: int, as_json: bool) -> None:
    """Search for TEXT: title, author, subject, ISBN; Han, pinyin or Latin."""
    from tongwen.domain.discovery import queries, types
    from tongwen.domain.members import queries as members

    try:
        search = types.Search(
            text=" ".join(text),
            field=types.SearchField(field),
            tier=types.Tier(tier),
            library=members.institution_by_code(library).id if library else None,
            page=page,
        )
        results = queries.search(search)
    except types.SearchProblem as error:
        installation.fail(str(error))
    except ValueError as error:
        installation.fail(str(error), 2)
    if as_json:
        installation.print_json(
            {
                "total": results.total,
                "tiers": {tier.value: number for tier, number in results.tiers.items()},
                "hits": [
                    {"bib": hit.bib.id, "title": hit.bib.view.title.value, "libraries": hit.in_nation}
                    for hit in results.hits
                ],
            }
        )
        return
    click.echo(f"{results.total:,} records ({results.milliseconds:.0f} ms)")
    for hit in results.hits:
        view = hit.bib.view
        line = " / ".join(part for part in (view.title.value, view.responsibility.value, view.date) if part)
        click.echo(f"{hit.bib.id:>9}  {line}  [{hit.in_nation}]")
