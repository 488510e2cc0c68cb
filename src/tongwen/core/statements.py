"""SQL that is too much for the ORM lives in `sql/*.sql` beside its app: named, commented, read once."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def read(path: Path) -> dict[str, str]:
    """Return the statements of a file by name. Each begins with a line `-- name: word`; comments may follow it."""
    parts = _NAME.split(path.read_text(encoding="utf-8"))
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
