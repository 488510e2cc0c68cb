"""`tongwen mail`: the notices that were sent, that wait, and that nobody would take."""

from __future__ import annotations

import click

from tongwen.cli import installation


@click.group("mail", invoke_without_command=True)
@click.option("--state", type=click.Choice(["waiting", "sent", "dead"]), default=None, help="Only mails in this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many to list.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@click.pass_context
def command(context: click.Context, state: str | None, limit: int, as_json: bool) -> None:
    """List mails, the newest first; `mail show NUMBER` prints one that became a file, `mail send` sends what waits."""
    if context.invoked_subcommand is None:
        _list(state, limit, as_json)


@installation.installed
def _list(state: str | None, limit: int, as_json: bool) -> None:
    from django.conf import settings

    from tongwen.core import mail

    found = mail.letters(limit=limit, state=state or "")
    if as_json:
        installation.print_json([one._asdict() for one in found])
        return
    for one in found:
        problem = f"  {one.problem}" if one.problem else ""
        click.echo(
            f"{one.id:>6}  {one.state:<8} {one.created_at:%Y-%m-%d %H:%M}  {one.kind:<12} {one.recipient}{problem}"
        )
    if not found:
        click.echo("no mail")
    elif not settings.TONGWEN_MAIL_URL:
        click.echo(f"\nNo mail server is set (TONGWEN_MAIL_URL): mails become files in {settings.TONGWEN_MAIL_FOLDER}")


@command.command("show")
@click.argument("number", type=int)
@installation.installed
def show(number: int) -> None:
    """Print mail NUMBER from its file, with the link that is in it."""
    import email
    from email import policy

    from django.conf import settings

    found = sorted(settings.TONGWEN_MAIL_FOLDER.glob(f"*-{number:06}-*.eml"))
    if not found:
        installation.fail(f"mail {number} is no file in {settings.TONGWEN_MAIL_FOLDER}: `tongwen mail` says its state")
    message = email.message_from_bytes(found[0].read_bytes(), policy=policy.default)
    for name in ("To", "Subject", "Date"):
        click.echo(f"{name}: {message[name]}")
    body = message.get_body()
    click.echo(f"\n{body.get_content()}" if body else "")


@command.command("send")
@click.option("--dead", is_flag=True, help="Also those that were given up.")
@installation.installed
def send(dead: bool) -> None:
    """Send the mails that wait now, without a worker."""
    from tongwen.core import clock, mail

    for number in mail.dead() if dead else []:
        mail.revive(mail_id=number, now=clock.now())
    for one in reversed(mail.letters(limit=10_000, state="waiting")):
        click.echo(f"{one.id:>6}  {mail.attempt(mail_id=one.id, now=clock.now())}")
