"""Structured logs: one JSON object a line, and no secret in any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SET_UP = """
import django, logging, structlog
django.setup()
log = structlog.get_logger("tongwen.trial")
"""


def written(home: Path, script: str, style: str = "json") -> str:
    """Return what a process with production settings writes to standard error."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "tongwen.config.settings.prod",
        "TONGWEN_HOME": str(home),
        "TONGWEN_LOG_FORMAT": style,
    }
    command = [sys.executable, "-c", SET_UP + script]
    result = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True, timeout=60)
    return result.stderr


def lines(home: Path, script: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(home, script).splitlines()]


class TestLogs:
    def test_are_one_object_a_line_whoever_writes(self, tmp_path: Path) -> None:
        ours, others = lines(
            tmp_path, "log.info('batch loaded', batch=7); logging.getLogger('other').warning('hm %d', 1)"
        )
        assert (ours["event"], ours["batch"], ours["level"], ours["logger"]) == (
            "batch loaded",
            7,
            "info",
            "tongwen.trial",
        )
        assert (others["event"], others["level"]) == ("hm 1", "warning")
        assert ours["timestamp"].endswith("Z")

    def test_keep_chinese_legible(self, tmp_path: Path) -> None:
        assert "红楼梦" in written(tmp_path, "log.info('红楼梦')")

    def test_keep_a_trace_in_one_line(self, tmp_path: Path) -> None:
        (line,) = lines(tmp_path, "\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')")
        assert "ZeroDivisionError" in line["exception"]

    def test_leave_out_what_is_below_the_level(self, tmp_path: Path) -> None:
        assert lines(tmp_path, "log.debug('chatter')") == []

    @pytest.mark.parametrize("style", ["json", "console"])
    def test_hide_secrets_by_their_names(self, tmp_path: Path, style: str) -> None:
        names = ("password", "new_password", "secret_key", "api_token", "Authorization", "cookies", "session_id")
        script = "\n".join(f"log.warning('sign-in', **{{'{name}': 'hunter2'}}, person='wang')" for name in names)
        text = written(tmp_path, script, style)
        assert text.count("wang") == text.count("[hidden]") == len(names)
        assert "hunter2" not in text
