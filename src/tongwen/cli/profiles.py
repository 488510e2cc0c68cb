"""`tongwen profiles`: how the files of a library are loaded, and what that makes of a sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tongwen.cli import installation, load

_ACTOR = "command line"
_PARTS = ("location", "call", "barcode", "copies", "note", "between")


@click.group("profiles", invoke_without_command=True)
@click.option("--library", metavar="CODE", help="Only this library's profiles.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@click.pass_context
def command(context: click.Context, library: str | None, as_json: bool) -> None:
    """List the profiles; `profiles set` keeps one, `profiles try` shows what it makes of a file."""
    if context.invoked_subcommand is None:
        _list(library, as_json)


@installation.installed
def _list(library: str | None, as_json: bool) -> None:
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries
    from tongwen.domain.members import queries as members

    rows = []
    for institution in [members.institution_by_code(library)] if library else members.institutions():
        with tenancy.scope(institution.id):
            rows += [(institution.code, profile) for profile in queries.profiles()]
    if as_json:
        installation.print_json([_facts(code, profile) for code, profile in rows])
        return
    if not rows:
        click.echo("No profile is kept: tongwen profiles set --help")
    for code, one in rows:
        told = ", ".join(filter(None, (one.format and one.format.value, one.charset and one.charset.value)))
        facts = [told or "told from the file", one.overlay.value, f"without items: {one.without_items.value}"]
        facts += [f"copies from {', '.join(one.layouts)}"] if one.layouts else []
        facts += ["deletions ignored"] if one.deletions == "ignore" else []
        facts += ["picked up"] if one.is_picked_up else []
        click.echo(f"{code:<10} {one.name:<20} {'; '.join(facts)}")


def _facts(code: str, profile: Any) -> dict[str, Any]:
    return {
        "library": code,
        "name": profile.name,
        "format": profile.format,
        "charset": profile.charset,
        "fields": {tag: layout._asdict() for tag, layout in profile.layouts.items()},
        "overlay": profile.overlay.value,
        "without_items": profile.without_items.value,
        "deletions": profile.deletions.value,
        "pickup": profile.is_picked_up,
    }


@command.command("set")
@click.argument("library")
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(["marc21", "cnmarc"]), help="Default: told from the records.")
@click.option("--charset", metavar="NAME", help="Default: told from the bytes.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="'TAG PART=CODES …'",
    help="Where copies stand, such as '905 location=a call=s|de barcode=b copies=f note=v between=/'; may be repeated.",
)
@click.option(
    "--overlay",
    default="attach",
    type=click.Choice(["attach", "fill", "upgrade"]),
    help="What a record gives to the union record it matches.",
)
@click.option(
    "--without-items",
    default="hold",
    type=click.Choice(["hold", "reject"]),
    help="What becomes of a record that speaks of no copy.",
)
@click.option(
    "--deletions",
    default="obey",
    type=click.Choice(["obey", "ignore"]),
    help="What becomes of a record that says that it is deleted (LDR/05 d).",
)
@click.option("--pickup/--no-pickup", default=False, help="Take files from the profile's folder.")
@installation.installed
def set_(library: str, name: str, **options: Any) -> None:
    """Keep the profile NAME of LIBRARY, in the place of an earlier one."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries, services, types
    from tongwen.domain.members import queries as members

    institution = members.institution_by_code(library)
    told_format, told_charset = load.declared(options["format_"], options["charset"])
    profile = types.Profile(
        name=name,
        format=told_format,
        charset=told_charset,
        layouts=dict(_layout(text) for text in options["fields"]),
        overlay=types.Overlay(options["overlay"]),
        without_items=types.WithoutItems(options["without_items"]),
        deletions=types.Deletions(options["deletions"]),
        is_picked_up=options["pickup"],
    )
    services.save_profile(institution_id=institution.id, profile=profile, actor=_ACTOR)
    click.echo(f"profile {name} of {library} is kept")
    if profile.is_picked_up:
        with tenancy.scope(institution.id):
            click.echo(f"files are taken from {queries.pickup_folder(queries.profile(name))}")


def _layout(text: str) -> tuple[str, Any]:
    from tongwen.standards.marc import holdings

    tag, *given = text.split()
    parts: dict[str, str] = {}
    for word in given:
        part, sign, codes = word.partition("=")
        if part not in _PARTS or not sign:
            raise click.BadParameter(f"{word!r} is none of {', '.join(_PARTS)} with =", param_hint="--field")
        parts["call_number" if part == "call" else part] = codes
    return tag, holdings.Layout(**{"location": "", "call_number": "", **parts})


@command.command("remove")
@click.argument("library")
@click.argument("name")
@installation.installed
def remove(library: str, name: str) -> None:
    """Forget the profile NAME of LIBRARY; what was loaded by it stays."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services
    from tongwen.domain.members import queries as members

    with tenancy.scope(members.institution_by_code(library).id):
        services.remove_profile(name=name, actor=_ACTOR)
    click.echo(f"profile {name} of {library} is forgotten")


@command.command("try")
@click.argument("library")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def try_(library: str, name: str, file: Path, as_json: bool) -> None:
    """Show what the profile makes of the first 200 records of FILE; nothing is written."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries, services
    from tongwen.domain.members import queries as members

    with tenancy.scope(members.institution_by_code(library).id), file.open("rb") as source:
        trial = services.try_profile(file=source, profile=queries.profile(name))
    if as_json:
        installation.print_json({"evidence": trial.evidence, "records": [_tried(one) for one in trial.records]})
        return
    for one in trial.records:
        click.echo(f"{one.ordinal + 1:>4}  {one.control_number:<16} {one.title.value[:60]}")
        for item in one.items:
            copies = f"  x{item.copies}" if item.copies != 1 else ""
            click.echo(
                f"        {item.location:<20} {item.call_number:<24} {item.barcode}{copies}  {item.note}".rstrip()
            )
        for problem in one.problems:
            click.echo(f"        {problem.severity.value}: {problem.tag} {problem.code} {problem.detail}".rstrip())
    rejected = sum(one.is_rejected for one in trial.records)
    click.echo(
        f"{len(trial.records)} records, {trial.items} copies, {trial.without_items} records without copies,"
        f" {rejected} would be rejected"
    )


def _tried(record: Any) -> dict[str, Any]:
    return {
        "record": record.ordinal,
        "offset": record.offset,
        "control_number": record.control_number,
        "title": record.title.value,
        "items": [item._asdict() for item in record.items],
        "rejected": record.is_rejected,
        "problems": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "tag": one.tag,
                "position": one.offset,
                "detail": one.detail,
            }
            for one in record.problems
        ],
    }
