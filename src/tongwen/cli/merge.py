"""`tongwen merge`: make two bibs one, or show what would come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tongwen.cli import installation

if TYPE_CHECKING:
    from tongwen.domain.catalogue.queries import MergePreview, Part
    from tongwen.standards.marc.types import Field

_ACTOR = "command line"


@click.command("merge")
@click.argument("kept", type=int)
@click.argument("merged", type=int)
@click.option("--preview", is_flag=True, help="Show what would come out, field by field; nothing is written.")
@click.option("--language", default="en", type=click.Choice(["zh-hans", "zh-hant", "en"]))
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def command(kept: int, merged: int, preview: bool, language: str, as_json: bool) -> None:
    """Make the bibs KEPT and MERGED one: all holdings move to KEPT, and MERGED leads there until it is un-merged."""
    from django.utils import translation

    from tongwen.domain.catalogue import queries, services
    from tongwen.domain.discovery import services as discovery

    if preview:
        with translation.override(language):
            _show(queries.merge_preview(kept, merged), as_json=as_json)
        return
    with discovery.following():
        number = services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor=_ACTOR)
    if as_json:
        installation.print_json({"merge": number, "kept": kept, "merged": merged})
        return
    click.echo(f"merge {number}: bib {merged} is part of bib {kept} now; `tongwen unmerge {number}` takes it back")


def _show(found: MergePreview, *, as_json: bool) -> None:
    if as_json:
        installation.print_json(
            {
                "kept": found.kept.bib.id,
                "merged": found.merged.bib.id,
                "format": found.format.value,
                "base": (found.merged if found.base_is_merged else found.kept).bib.id,
                "said_different": found.said_different,
                "fields": [_part_facts(part) for part in found.parts],
                "left_out": [_part_facts(part) for part in found.left_out],
            }
        )
        return
    if found.said_different:
        click.echo("a person has said that these two are not the same")
    click.echo(str(found.words[0]))
    for part in found.parts:
        click.echo(f"  {_side(part, found):10} {_line(part.field)}")
    for part in found.left_out:
        click.echo(f"  left out   {_line(part.field)}")


def _part_facts(part: Part) -> dict[str, Any]:
    return {"field": _line(part.field), "in_kept": part.in_kept, "in_merged": part.in_merged}


def _side(part: Part, found: MergePreview) -> str:
    if part.in_kept and part.in_merged:
        return "both"
    return str((found.kept if part.in_kept else found.merged).bib.id)


def _line(field: Field) -> str:
    if not field.subfields:
        return f"{field.tag}    {field.data}"
    body = "".join(f"${code}{value}" for code, value in field.subfields)
    return f"{field.tag} {field.indicators} {body}"
