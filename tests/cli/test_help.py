"""The command line explains itself, and `docs/reference/cli.md` says the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tongwen import cli

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words (`batches show`)."""
    group = cli.main
    assert isinstance(group, click.Group)
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", one) for word, one in command.commands.items())


COMMANDS = dict(commands())


def section(name: str) -> str:
    """Return what the reference says under the heading of a command."""
    _, _, rest = REFERENCE.read_text(encoding="utf-8").partition(f"\n## tongwen {name}\n")
    return rest.partition("\n## ")[0]


class TestHelp:
    def test_lists_every_command_with_a_sentence(self) -> None:
        result = CliRunner().invoke(cli.main, ["--help"])
        assert result.exit_code == 0
        listed = [line.split()[0] for line in result.output.partition("Commands:")[2].splitlines() if line.strip()]
        assert set(listed) >= {name for name in COMMANDS if " " not in name}

    def test_says_what_the_exit_codes_mean(self) -> None:
        assert "Exit codes" in CliRunner().invoke(cli.main, ["--help"]).output

    @pytest.mark.parametrize("name", COMMANDS)
    def test_of_a_command_says_what_it_and_its_options_do(self, name: str) -> None:
        result = CliRunner().invoke(cli.main, [*name.split(), "--help"])
        assert result.exit_code == 0
        command = COMMANDS[name]
        assert command.help
        silent = [
            parameter.name
            for parameter in command.params
            if isinstance(parameter, click.Option)
            and not parameter.help
            and not (isinstance(parameter.type, click.Choice) or parameter.name == "page")
        ]
        assert silent == []

    def test_of_an_unknown_command_is_wrong_usage(self) -> None:
        result = CliRunner().invoke(cli.main, ["laod"])
        assert result.exit_code == 2
        assert "laod" in result.output


class TestReference:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_has_a_section_that_names_every_option(self, name: str) -> None:
        text = section(name)
        assert text.strip(), f"docs/reference/cli.md has no section `tongwen {name}`"
        options = {
            word
            for parameter in COMMANDS[name].params
            if isinstance(parameter, click.Option)
            for word in parameter.opts
            if word.startswith("--")
        }
        assert {word for word in options if f"`{word}" not in text} == set()
