"""`tongwen match explain`: why two bibs are, may be or are not the same."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.group("match")
def command() -> None:
    """Explain match decisions."""


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
