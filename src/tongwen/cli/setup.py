"""`tongwen setup`: bring database, translations and static files up to date; quick when nothing has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from tongwen.cli import installation


def pending_migrations() -> bool:
    """Tell whether the database lacks migrations of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date(say: bool = True) -> None:
    """Migrate the database where needed, compile translations, gather static files, make an empty index."""
    from django.conf import settings
    from django.core.management import call_command

    from tongwen.cli import reindex, translations
    from tongwen.core.postgres import isolation
    from tongwen.domain.catalogue import queries as catalogue
    from tongwen.domain.discovery import services as discovery

    if pending_migrations():
        if say:
            click.echo("  database: creating tables")
        call_command("migrate", verbosity=0, interactive=False)
    if isolation.faults():  # A database that was copied here has other roles.
        isolation.ensure()
    stamp = settings.TONGWEN_HOME / "setup.stamp"
    now = _fingerprint(settings.PROJECT)
    if not stamp.exists() or stamp.read_text() != now:
        if say:
            click.echo("  translations and static files")
        translations.compile_catalogues(settings.PROJECT)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(now)
    if not discovery.index_is_usable():
        if catalogue.number_of_bibs():
            reindex.build()
        else:
            discovery.make_index()


def _fingerprint(project: Path) -> str:
    digest = hashlib.sha256(str(project).encode())
    for path in sorted(_sources(project)):
        facts = path.stat()
        digest.update(f"{path}{facts.st_mtime_ns}{facts.st_size}".encode())
    return digest.hexdigest()


def _sources(project: Path) -> Iterator[Path]:
    yield from (project / "locale").rglob("*.po")
    yield from (Path(name) for folder in (project / "src/tongwen/web").rglob("static") for name in _files(folder))


def _files(folder: Path) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        yield from (os.path.join(parent, name) for name in names)  # noqa: PTH118  Faster where there are many.


@click.command("setup")
def command() -> None:
    """Bring database, translations and static files up to date."""
    installation.set_up()
    with installation.database():
        bring_up_to_date()
    click.echo("Tongwen is set up.")
