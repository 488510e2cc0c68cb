"""`tongwen match`: why two bibs are, may be or are not the same, and what other rules would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tongwen.cli import installation

if TYPE_CHECKING:
    from tongwen.domain.catalogue.queries import Replay


@click.group("match")
def command() -> None:
    """Explain match decisions and weigh them again."""


@command.command("explain")
@click.argument("first", type=int)
@click.argument("second", type=int)
@click.option("--language", default="en", type=click.Choice(["zh-hans", "zh-hant", "en"]))
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def explain(first: int, second: int, language: str, as_json: bool) -> None:
    """Compare the bibs FIRST and SECOND by today's rules and say in words what decides."""
    from django.utils import translation

    from tongwen.domain.catalogue import queries

    with translation.override(language):
        explained = queries.explain_pair(first, second)
        words = [str(word) for word in explained.words]
    decision = explained.decision
    if as_json:
        installation.print_json(
            {
                "band": decision.band.value,
                "score": decision.score,
                "reason": decision.reason,
                "rules": decision.rules_version,
                "said_different": explained.said_different,
                "words": words,
                "features": [feature._asdict() for feature in decision.features],
            }
        )
        return
    for word in words:
        click.echo(word)
    click.echo(f"score {decision.score:.2f}, band {decision.band.value}, rules {decision.rules_version}")


@command.command("replay")
@click.option("--rules", default="", help="A version that came with the release, or a TOML file; today's by default.")
@click.option("--batch", type=int, help="Only the decisions of this batch.")
@click.option("--examples", default=3, show_default=True, type=click.IntRange(0), help="Pairs shown for each change.")
@click.option("--language", default="en", type=click.Choice(["zh-hans", "zh-hant", "en"]))
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@installation.installed
def replay(rules: str, batch: int | None, examples: int, language: str, as_json: bool) -> None:
    """Weigh the stored decisions again with other rules and say what would change; nothing is written."""
    from django.utils import translation

    from tongwen.domain.catalogue import queries, types

    with translation.override(language):
        try:
            found = queries.replay(rules=rules, examples=examples, batch_id=batch)
        except types.UnreadableRules as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        installation.print_json(_replay_facts(found))
        return
    click.echo(f"{found.decisions} decisions weighed again with rules {found.rules_version}")
    for band in types.Band:
        click.echo(f"  {band.value:10} {found.before.get(band, 0):>9} -> {found.after.get(band, 0):>9}")
    for move in found.moves:
        was, becomes = f"{move.before.value} ({move.before_reason})", f"{move.after.value} ({move.after_reason})"
        click.echo(f"{move.decisions:>9}  {was} -> {becomes}")
        for pair in move.examples:
            click.echo(f"           bibs {pair.bib_id}, {pair.candidate_id}: {pair.words}")
    if found.against_a_person:
        click.echo(f"{found.against_a_person} pairs would be merged of which a person said that they are not the same")


def _replay_facts(found: Replay) -> dict[str, Any]:
    return {
        "rules": found.rules_version,
        "decisions": found.decisions,
        "before": {band.value: number for band, number in found.before.items()},
        "after": {band.value: number for band, number in found.after.items()},
        "against_a_person": found.against_a_person,
        "moves": [
            {
                "before": [move.before.value, move.before_reason],
                "after": [move.after.value, move.after_reason],
                "decisions": move.decisions,
                "examples": [[pair.bib_id, pair.candidate_id, pair.words] for pair in move.examples],
            }
            for move in found.moves
        ],
    }
