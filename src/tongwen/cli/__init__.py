"""The command line: one module per term of the field, imported only when its command is called."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {
    "audit": ("tongwen.cli.audit", "Search the audit trail and write it out."),
    "batches": ("tongwen.cli.batches", "List, show and order batches; pause, resume and cancel them."),
    "demo": ("tongwen.cli.demo", "Set up the demonstration with real records, and serve it."),
    "doctor": ("tongwen.cli.doctor", "Say what is well and what is not, and mend it."),
    "kit": ("tongwen.cli.kit", "Try a library system before it is connected."),
    "libraries": ("tongwen.cli.libraries", "List member libraries and enter new ones."),
    "load": ("tongwen.cli.load", "Load a file of MARC records for a library."),
    "mail": ("tongwen.cli.mail", "Show the mails that were sent and that wait, and send them."),
    "match": ("tongwen.cli.match", "Explain match decisions."),
    "members": ("tongwen.cli.members", "Import and export the register of member libraries."),
    "merge": ("tongwen.cli.merge", "Make two bibs one."),
    "people": ("tongwen.cli.people", "Enter people who may sign in."),
    "pickup": ("tongwen.cli.pickup", "Show the folders that files are taken from, and look into them."),
    "profiles": ("tongwen.cli.profiles", "List the profiles of loading, keep them and try them."),
    "readers": ("tongwen.cli.readers", "Bring a library's readers in from a file."),
    "reindex": ("tongwen.cli.reindex", "Build the search index anew while the old one serves."),
    "revert": ("tongwen.cli.revert", "Take a batch back."),
    "search": ("tongwen.cli.search", "Search the union catalogue."),
    "serve": ("tongwen.cli.serve", "Serve the portal and run the workers."),
    "setup": ("tongwen.cli.setup", "Bring database, translations and static files up to date."),
    "unmerge": ("tongwen.cli.unmerge", "Take a merge back."),
    "worker": ("tongwen.cli.worker", "Run background jobs and keep the index in step."),
}


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[name][0]).command
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in sorted(_COMMANDS)])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tongwen", prog_name="tongwen")
def main() -> None:
    """Tongwen (同文): libraries build, know and share together.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 the file cannot be read as records; 4 database, index or port
    are not to be had; 130 interrupted.
    """
