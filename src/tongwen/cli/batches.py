"""`tongwen batches`: what was loaded, what became of it, and what runs next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from tongwen.cli import installation, load

_ACTOR = "command line"
_PRIORITIES = ("first", "sooner", "normal", "later")


@click.group("batches", invoke_without_command=True)
@click.option("--library", metavar="CODE", help="Only this library's batches.")
@click.option("--file", "text", metavar="TEXT", default="", help="Only files with this in their names.")
@click.option("--state", metavar="STATE", help="Only batches in this state, such as loaded, failed or waiting.")
@click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="Only those handed in on this day or later.")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Only those handed in on this day or earlier.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many to list.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@click.pass_context
def command(context: click.Context, library: str | None, limit: int, as_json: bool, **wanted: Any) -> None:
    """List batches, the newest first; `batches show|pause|resume|cancel|priority NUMBER` for one of them."""
    if context.invoked_subcommand is None:
        _list(library, wanted, limit, as_json)


@installation.installed
def _list(library: str | None, wanted: dict[str, Any], limit: int, as_json: bool) -> None:
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries
    from tongwen.domain.members import queries as members

    search = _search(**wanted)
    rows = []
    for institution in [members.institution_by_code(library)] if library else members.institutions():
        with tenancy.scope(institution.id):
            rows += [(batch, institution.code) for batch in queries.batches(institution.id, 1, search, size=limit)]
    rows = sorted(rows, key=lambda row: -row[0].id)[:limit]
    if as_json:
        installation.print_json([_facts(batch, code) for batch, code in rows])
        return
    if not rows:
        nothing = "No batch is like that." if any(wanted.values()) else "Nothing has been loaded yet"
        click.echo(nothing if any(wanted.values()) else f"{nothing}: tongwen load FILE --library CODE")
    for one, code in rows:
        numbers = ", ".join(f"{number:,} {name}" for name, number in one.counts._asdict().items() if number)
        state = "waiting" if one.is_waiting else one.state.value
        rank = f" ({one.priority.name.lower()})" if one.priority else ""
        click.echo(f"{one.id:>6}  {code:<10} {state + rank:<10} {one.file_name:<32} {numbers}")


def _search(text: str, state: str | None, from_: dt.datetime | None, to: dt.datetime | None) -> Any:
    from tongwen.domain.catalogue import queries, types

    known = [one.value for one in types.BatchState]
    if state is not None and state not in known:
        raise click.BadParameter(f"{state!r} is none of {', '.join(known)}", param_hint="--state")
    return queries.BatchSearch(
        text,
        types.BatchState(state) if state else None,
        from_.date() if from_ else None,
        to.date() if to else None,
    )


def _facts(batch: Any, code: str) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "library": code,
        "file": batch.file_name,
        "state": batch.state.value,
        "waiting": batch.is_waiting,
        "priority": batch.priority.name.lower(),
        "profile": batch.profile,
        "created_at": batch.created_at.isoformat(),
        **batch.counts._asdict(),
    }


def _owner(number: int) -> int:
    from tongwen.domain.catalogue import queries

    return queries.batch_institution(number)


@command.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def show(number: int, as_json: bool) -> None:
    """Show the report of a batch."""
    from tongwen.core import tenancy

    with tenancy.scope(_owner(number)):
        facts = load.report(number)
    if as_json:
        installation.print_json(facts)
    else:
        load.print_report(facts)


@command.command("resume")
@click.argument("number", type=int)
@installation.installed
def resume(number: int) -> None:
    """Take up a batch that was paused, cancelled or killed, or that failed, behind its last committed record."""
    from tongwen.domain.discovery import services as discovery

    with discovery.following():
        facts = load.take_up(number)
    load.print_report(facts)


@command.command("pause")
@click.argument("number", type=int)
@installation.installed
def pause(number: int) -> None:
    """Stop a batch after the records at hand; it keeps its place until it is resumed."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services

    with tenancy.scope(_owner(number)):
        services.pause_batch(batch_id=number, actor=_ACTOR)
    click.echo(f"batch {number} is paused; `tongwen batches resume {number}` goes on with it")


@command.command("cancel")
@click.argument("number", type=int)
@installation.installed
def cancel(number: int) -> None:
    """Stop a batch; what is committed stays."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services

    with tenancy.scope(_owner(number)):
        services.cancel_batch(batch_id=number, actor=_ACTOR)
    click.echo(f"batch {number} is cancelled; `tongwen revert {number}` takes back what it had loaded")


@command.command("priority")
@click.argument("number", type=int)
@click.argument("priority", type=click.Choice(_PRIORITIES))
@installation.installed
def priority_(number: int, priority: str) -> None:
    """Say when a batch that waits runs: first (before all libraries'), sooner (before its library's own), later."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services, types

    with tenancy.scope(_owner(number)):
        services.prioritise_batch(batch_id=number, priority=types.Priority[priority.upper()], actor=_ACTOR)
    click.echo(f"batch {number}: {priority}")
