"""`tongwen load`: a file of records for a library, in this process, with progress."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tongwen.cli import installation, progress


@click.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--library", required=True, metavar="CODE", help="Code of the library whose records these are.")
@click.option("--format", "format_", type=click.Choice(["marc21", "cnmarc"]), help="Default: told from the records.")
@click.option("--charset", metavar="NAME", help="Default: told from the bytes, with the evidence in the report.")
@click.option("--profile", metavar="NAME", default="", help="Profile of the library to load by (tongwen profiles).")
@click.option("--preview", is_flag=True, help="Show what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON on standard output.")
@installation.installed
def command(
    file: Path, library: str, format_: str | None, charset: str | None, profile: str, preview: bool, as_json: bool
) -> None:
    """Load FILE (ISO 2709, MARCXML or MARC-in-JSON) into the union catalogue."""
    from tongwen.domain.discovery import services as discovery

    with discovery.following():
        report = load_file(
            file,
            library=library,
            format_=format_,
            charset=charset,
            profile=profile,
            preview=preview,
            show=not as_json,
        )
    if as_json:
        installation.print_json(report)
    else:
        print_report(report)


def load_file(
    file: Path,
    *,
    library: str,
    format_: str | None = None,
    charset: str | None = None,
    profile: str = "",
    preview: bool = False,
    show: bool = True,
    actor: str = "command line",
) -> dict[str, Any]:
    """Receive and run a batch; returns its report. Raises UnreadableFile, UnknownInstitution, UnknownProfile."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import services
    from tongwen.domain.members import queries as members

    institution = members.institution_by_code(library)
    told_format, told_charset = declared(format_, charset)
    with tenancy.scope(institution.id), services.load_expected(file.stat().st_size):
        with file.open("rb") as source:
            batch_id = services.receive_batch(
                institution_id=institution.id,
                file=source,
                file_name=file.name,
                format=told_format,
                charset=told_charset,
                profile=profile,
                preview=preview,
                actor=actor,
            )
        return run(batch_id, label=f"{library} {file.name}", show=show)


def run(batch_id: int, *, label: str, show: bool) -> dict[str, Any]:
    """Run a batch of the institution in scope with a progress bar; returns its report."""
    from tongwen.domain.catalogue import queries, services

    batch = queries.batch(batch_id)
    with progress.bar(label, batch.size, shown=show) as advance:
        services.run_batch(batch_id=batch_id, advance=lambda done, counts: advance(done, f"{counts.read:,}"))
    return report(batch_id)


def take_up(batch_id: int, *, show: bool = True) -> dict[str, Any]:
    """Go on with a batch that failed, was cancelled or was killed, its revert included; returns its report."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries, services, types

    with tenancy.scope(queries.batch_institution(batch_id)):
        state = queries.batch(batch_id).state
        if state is types.BatchState.REVERTING:
            services.continue_revert(batch_id=batch_id, actor="command line")
            return report(batch_id)
        if state not in (types.BatchState.LOADING, types.BatchState.PREVIEWING):
            services.resume_batch(batch_id=batch_id, actor="command line")
        return run(batch_id, label=f"batch {batch_id}", show=show)


def declared(format_: str | None, charset: str | None) -> tuple[Any, Any]:
    """Return format and charset as they were named. Raises click.BadParameter for a charset nobody knows."""
    from tongwen.standards.marc import types as marc

    if charset is None:
        return marc.Format(format_) if format_ else None, None
    known = {one.value.casefold().replace("-", ""): one for one in marc.Charset}
    known["gbk"] = known["gb2312"] = marc.Charset.GB18030
    found = known.get(charset.casefold().replace("-", ""))
    if found is None:
        names = ", ".join(one.value for one in marc.Charset)
        raise click.BadParameter(f"unknown charset {charset!r}; known: {names}", param_hint="--charset")
    return marc.Format(format_) if format_ else None, found


def report(batch_id: int) -> dict[str, Any]:
    """Return what is known of a batch, for people and programs."""
    from tongwen.domain.catalogue import queries

    batch = queries.batch(batch_id)
    counts = batch.preview_counts if batch.state == "previewed" and batch.preview_counts else batch.counts
    problems, number = queries.problems(batch_id)
    return {
        "batch": batch.id,
        "file": batch.file_name,
        "state": batch.state.value,
        "profile": batch.profile,
        **counts._asdict(),
        "records_per_second": round(batch.rate),
        "evidence": batch.evidence,
        "message": batch.message,
        "problems": number,
        "first_problems": [
            {
                "record": one.ordinal,
                "offset": one.offset,
                "control_number": one.control_number,
                "severity": one.severity.value,
                "code": one.code,
                "tag": one.tag,
                "position": one.position,
                "detail": one.detail,
            }
            for one in problems[:20]
        ],
    }


def print_report(facts: dict[str, Any]) -> None:
    """Write a report for people: the outcomes, then what was rejected or mended and where."""
    click.echo(f"batch {facts['batch']} {facts['state']}: {facts['read']:,} records read")
    for outcome in ("new", "matched", "updated", "unchanged", "deleted", "review", "rejected", "mended", "warnings"):
        if facts[outcome]:
            click.echo(f"  {outcome:<10}{facts[outcome]:>10,}")
    for one in facts["first_problems"]:
        if one["severity"] != "warning":
            place = f"record {one['record'] + 1} at byte {one['offset']:,}"
            field = f", field {one['tag']}" if one["tag"] else ""
            click.echo(f"  {one['severity']}: {place}{field}: {one['code']} {one['detail']}", err=True)
