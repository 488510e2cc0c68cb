"""`tongwen libraries`: the members of this installation."""

from __future__ import annotations

import click

from tongwen.cli import installation


@installation.listing("libraries")
@installation.installed
def command(as_json: bool) -> None:
    """List the member libraries; `libraries add` enters one."""
    from tongwen.domain.members import queries

    rows = queries.institutions()
    if as_json:
        installation.print_json(
            [{"code": one.code, "name": one.name_zh, "type": one.type.value, "city": one.city} for one in rows]
        )
        return
    if not rows:
        click.echo("No library is entered yet: tongwen libraries add --help")
    places = queries.places()
    for one in rows:
        click.echo(f"{one.code:<12} {one.name_zh}  {places[one.city].name_zh}  {one.name_en}")


@command.command("add")
@click.argument("code")
@click.option("--name", required=True, help="Name in simplified Chinese.")
@click.option("--name-hant", help="Name in traditional Chinese; default: the same.")
@click.option("--name-en", help="Name in English; default: the same.")
@click.option(
    "--type", "type_", default="university", type=click.Choice(["university", "college", "public", "special"])
)
@click.option("--province", required=True, metavar="GB2260=NAME", help="For example 320000=江苏省.")
@click.option("--city", required=True, metavar="GB2260=NAME", help="For example 320100=南京市.")
@installation.installed
def add(code: str, name: str, name_hant: str | None, name_en: str | None, type_: str, province: str, city: str) -> None:
    """Enter the library CODE, or change what is entered."""
    from tongwen.domain.members import services, types

    codes = []
    for place, option in ((province, "--province"), (city, "--city")):
        number, _, word = place.partition("=")
        if not (number.isdigit() and len(number) == 6 and word):
            raise click.BadParameter(f"{place!r} is not a GB/T 2260 code and a name: 320100=南京市", param_hint=option)
        services.register_place(code=number, name_zh=word, name_zh_hant=word, name_en=word)
        codes.append(number)
    services.register_institution(
        code=code,
        name_zh=name,
        name_zh_hant=name_hant or name,
        name_en=name_en or name,
        type=types.InstitutionType(type_),
        province=codes[0],
        city=codes[1],
    )
    click.echo(f"{code} is entered; load its records with: tongwen load FILE --library {code}")
