from __future__ import annotations

import json

from click.testing import CliRunner, Result

from factories import peers
from tongwen.cli import main


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["kit", "check", "auth", *arguments])


def reader(url: str) -> list[str]:
    return ["--url", url, "--secret", peers.SECRET, "--name", "R001", "--password", peers.RIGHT]


class TestKitCheck:
    def test_says_in_words_what_was_passed(self) -> None:
        with peers.kit_server() as url:
            told = check(*reader(url))
        assert told.exit_code == 0, told.output
        assert "✓ right-password" in told.output
        assert "14 passed, 0 failed, 1 skipped" in told.output
        assert peers.RIGHT not in told.output

    def test_says_it_to_programs_too(self) -> None:
        with peers.kit_server() as url:
            told = check(*reader(url), "--json")
        said = json.loads(told.stdout)
        assert said["passed"] is True
        assert {"check": "reached", "verdict": "passed"}.items() <= said["checks"][0].items()

    def test_ends_with_1_where_something_failed(self) -> None:
        told = check(*reader(f"http://127.0.0.1:{peers.free_port()}"))
        assert told.exit_code == 1
        assert "✗ reached" in told.output

    def test_asks_sip2_with_its_settings(self) -> None:
        with peers.sip2_server(login_required=True) as port:
            told = check(
                *("--source", "sip2", "--host", "127.0.0.1", "--port", str(port), "--set", "login_name=gate"),
                *("--secret", "key", "--name", "R001", "--password", peers.RIGHT),
            )
        assert told.exit_code == 0, told.output

    def test_names_the_option_that_is_wrong(self) -> None:
        told = check("--url", "http://example.org", "--secret", "short", "--name", "x", "--password", "y")
        assert told.exit_code == 2
        assert "--url is no usable address" in told.output
        assert "--secret must have 32 characters" in told.output
