"""`tongwen people`: who may sign in."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.group("people")
def command() -> None:
    """Enter people who may sign in."""


@command.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name as it is shown.")
@click.option("--library", metavar="CODE", help="Library she works for; without it, an operator of the installation.")
@click.password_option(help="Asked for when left out.")
@installation.installed
def add(username: str, name: str, library: str | None, password: str) -> None:
    """Enter USERNAME with a password, or give her a new one."""
    from django.utils import translation

    from tongwen.domain.identity import services
    from tongwen.domain.members import queries as members

    try:
        # The rules for passwords are Django's, which says only some of them in Chinese; the command speaks English.
        with translation.override("en"):
            services.register_person(
                username=username,
                display_name=name,
                institution_id=members.institution_by_code(library).id if library else None,
                password=password,
                is_operator=library is None,
            )
    except services.WeakPassword as error:
        installation.fail(str(error))
    click.echo(f"{username} can sign in")
