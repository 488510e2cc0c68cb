"""`tongwen audit`: who did what to which thing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from tongwen.cli import installation

if TYPE_CHECKING:
    from tongwen.core import audit


@click.command("audit")
@click.option("--library", metavar="CODE", help="Acts of this library only.")
@click.option("--actor", default="", metavar="NAME", help="What this person did.")
@click.option(
    "--action", default="", metavar="ACT", help="Acts of this kind, such as role.give, or role for all of it."
)
@click.option("--text", default="", help="Words of the thing or of the details.")
@click.option("--from", "from_date", type=click.DateTime(["%Y-%m-%d"]), help="Since this day.")
@click.option("--to", "to_date", type=click.DateTime(["%Y-%m-%d"]), help="Until this day.")
@click.option("--limit", default=50, show_default=True, help="Newest entries to show; 0 for all.")
@click.option("--json", "form", flag_value="json", help="One JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="CSV that a spreadsheet may open.")
@installation.installed
def command(
    library: str | None,
    actor: str,
    action: str,
    text: str,
    from_date: dt.datetime | None,
    to_date: dt.datetime | None,
    limit: int,
    form: str | None,
) -> None:
    """Show the audit trail, the newest entries first. Nothing in it can be changed or removed."""
    from itertools import islice

    from tongwen.core import audit
    from tongwen.domain.members import queries as members

    search = audit.Search(
        institution_ids=frozenset({members.institution_by_code(library).id}) if library else None,
        actor=actor,
        action=action,
        text=text,
        from_at=_begin(from_date),
        to_at=_begin(to_date, days=1),
    )
    if form:
        lines = audit.json_lines(search) if form == "json" else audit.csv_lines(search)
        head = 1 if form == "csv" else 0
        for line in islice(lines, limit + head if limit else None):
            click.echo(line.rstrip("\r\n"))
        return
    names = {one.id: one.code for one in members.institutions()}
    for entry in islice(audit.entries(search), limit or None):
        click.echo(_line(entry, names))


def _begin(date: dt.datetime | None, *, days: int = 0) -> dt.datetime | None:
    from django.utils import timezone

    return None if date is None else timezone.make_aware(date + dt.timedelta(days=days))


def _line(entry: audit.Entry, names: dict[int, str]) -> str:
    from django.utils import timezone

    moment = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    library = names.get(entry.institution_id or 0, "–")
    detail = " ".join(f"{name}={value}" for name, value in entry.detail.items())
    return f"{moment}  {library}  {entry.actor}  {entry.action}  {entry.subject}  {detail}".rstrip()
