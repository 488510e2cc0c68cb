"""`tongwen people`: who may sign in."""

from __future__ import annotations

import click

from tongwen.cli import installation

_ROLES = [
    "reader",
    "cataloguer",
    "ill_librarian",
    "e_resource_librarian",
    "acquisitions_librarian",
    "reference_librarian",
    "curator",
    "trainer",
    "integrator",
    "institution_administrator",
    "national_administrator",
    "auditor",
]


@click.group("people")
def command() -> None:
    """Enter people who may sign in."""


@command.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name as it is shown.")
@click.option("--library", metavar="CODE", help="Library she belongs to; without it, one who runs the installation.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(_ROLES),
    help="May be given several times; default: cataloguer in a library, otherwise national_administrator.",
)
@click.option("--email", default="", help="Where notices go.")
@click.password_option(help="Asked for when left out.")
@installation.installed
def add(username: str, name: str, library: str | None, roles: tuple[str, ...], email: str, password: str) -> None:
    """Enter USERNAME with a password and roles, or give her a new password and further roles."""
    from django.utils import translation

    from tongwen.core import clock
    from tongwen.domain.identity import services, types
    from tongwen.domain.members import queries as members

    place = types.Place(members.institution_by_code(library).id) if library else types.NATION
    given = roles or (("cataloguer",) if library else ("national_administrator",))
    try:
        # The rules for passwords are Django's, which says only some of them in Chinese; the command speaks English.
        with translation.override("en"):
            number = services.register_person(username=username, display_name=name, password=password, email=email)
            for role in given:
                services.affiliate(
                    person_id=number, role=types.Role(role), place=place, given_by="operator", now=clock.now()
                )
    except (types.WeakPassword, types.WrongPlace) as error:
        installation.fail(str(error))
    click.echo(f"{username} can sign in")
