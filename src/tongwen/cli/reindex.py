"""`tongwen reindex`: the search index anew."""

from __future__ import annotations

import click

from tongwen.cli import installation, progress


@click.command("reindex")
@installation.installed
def command() -> None:
    """Build the search index anew from the database while the old one serves, then switch."""
    click.echo(f"{build():,} records are searchable")


def build() -> int:
    """Build the index with a progress bar; returns the number of documents."""
    from tongwen.domain.catalogue import queries
    from tongwen.domain.discovery import services

    with progress.bar("index", queries.number_of_bibs()) as advance:
        return services.reindex(advance=lambda done: advance(done, f"{done:,}"))
