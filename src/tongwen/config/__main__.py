"""The `tongwen` command: chooses the settings from the environment, then hands over to the command line."""

from __future__ import annotations

from tongwen.cli import main as command_line
from tongwen.config import env


def main() -> None:
    """Run the command line with the settings that the environment asks for."""
    env.prepare_command()
    command_line()


if __name__ == "__main__":
    main()
