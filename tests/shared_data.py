"""Real records that lie beside the project on the team's machines; tests that need them are skipped elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a shared file or folder, or skip the test by the file's name."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the shared data {name} is not on this machine")
    return path
