"""`tongwen kit`: what a vendor of library systems tries alone, before a library connects its system."""

from __future__ import annotations

import sys
from typing import Any

import click

from tongwen.cli import installation

_SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}
_SECRETS = {"kit": "secret", "sip2": "login_password", "ldap": "account_password"}


@click.group("kit")
def command() -> None:
    """Try a library system before it is connected."""


@command.group("check")
def check() -> None:
    """Say what a library system does as it must, and what not."""


@check.command("auth")
@click.option("--source", "kind", default="kit", type=click.Choice(["kit", "sip2", "ldap"]), help="Default: kit.")
@click.option("--url", help="Address of the kit or the directory.")
@click.option("--host", help="Host of the SIP2 server.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port of the SIP2 server.")
@click.option("--secret", envvar="TONGWEN_KIT_SECRET", help="Common secret; also read from TONGWEN_KIT_SECRET.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another setting of the source.")
@click.option("--name", required=True, help="A reader who exists for the trial.")
@click.option("--password", help="Her password; asked for when left out.")
@click.option("--expired-name", default="", help="A reader whose card has expired.")
@click.option("--expired-password", default="", help="Her password.")
@click.option("--seconds", default=8.0, type=click.FloatRange(0.1, 60), help="Deadline of each question. Default: 8.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def auth(kind: str, secret: str | None, as_json: bool, **options: Any) -> None:
    """Try whether a system recognises its readers as it must.

    Needs no installation. The exit code is 0 when nothing failed, 1 when something did, 2 for wrong usage.
    """
    installation.set_up()
    from django.conf import settings

    from tongwen.domain.identity import types
    from tongwen.domain.identity.services import sources

    settings.TONGWEN_OUTBOUND_LOOPBACK = True  # The vendor's own machine is what is tried.
    given = _given(options.pop("settings"), {name: options.pop(name) for name in ("url", "host", "port")})
    password = options.pop("password") or click.prompt("Password", hide_input=True)
    try:
        of = sources.candidate(types.SourceKind(kind), given, {_SECRETS[kind]: secret} if secret else {})
    except types.BadSource as error:
        raise click.UsageError("; ".join(_fault(field, code) for field, code in error.problems)) from None
    results = []
    for result in sources.conform(of, sources.Trial(password=password, **options)):
        results.append(result)
        if not as_json:
            click.echo(
                f"{_SIGNS[result.verdict]} {result.check.value:<16} {result.says}  ({result.milliseconds:.0f} ms)"
            )
    _conclude(kind, results, as_json)


def _given(settings: tuple[str, ...], shortcuts: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in shortcuts.items() if value is not None}
    for text in settings:
        name, sign, value = text.partition("=")
        if not sign:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
        given[name] = value == "1" if value in {"0", "1"} and name != "language" else value
    return given


def _fault(field: str, code: str) -> str:
    """Name the option for a field, and what is wrong with it."""
    option = {"url": "--url", "host": "--host", "port": "--port", "secret": "--secret"}.get(field, f"--set {field}=…")
    said = {
        "missing": "is missing",
        "address": "is no usable address: https:// (ldaps:// or ldap:// for a directory)",
        "short": "must have 32 characters or more",
        "certificates": "holds no certificates in PEM",
        "template": "must hold {name} once or more",
    }
    return f"{option} {said.get(code, f'cannot be used ({code})')}"


def _conclude(kind: str, results: list[Any], as_json: bool) -> None:
    counts = {verdict: sum(one.verdict == verdict for one in results) for verdict in _SIGNS}
    if as_json:
        rows = [
            {"check": one.check, "verdict": one.verdict, "says": one.says, "milliseconds": one.milliseconds}
            for one in results
        ]
        installation.print_json({"source": kind, "passed": counts["failed"] == 0, "counts": counts, "checks": rows})
    else:
        click.echo(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    sys.exit(installation.FAILED if counts["failed"] else 0)
