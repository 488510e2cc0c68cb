"""Write docs/reference/permissions.md from the table of rights; a test holds that the page is up to date."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "tongwen" / "domain" / "identity" / "rules" / "permissions.toml"
PAGE = ROOT / "docs" / "reference" / "permissions.md"
HEAD = """# Roles and permissions

Made by `python tools/permissions.py` from `src/tongwen/domain/identity/rules/permissions.toml`.

A role belongs to a place: an institution, a sharing domain, or the nation (the whole installation). Its permissions
hold in that place only. Somebody may hold several roles in several places, and acts for one place at a time.
"""


def page() -> str:
    """Return the page's text: what each role may do, and which roles it may give."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    permissions = sorted({word for row in rows.values() for word in row["permissions"]})
    lines = [HEAD, "| permission | roles that have it |", "|---|---|"]
    for permission in permissions:
        holders = (role for role, row in rows.items() if permission in row["permissions"])
        lines.append(f"| `{permission}` | {', '.join(f'`{role}`' for role in holders)} |")
    lines += ["", "| role | belongs to | may give |", "|---|---|---|"]
    for role, row in rows.items():
        given = ", ".join(f"`{one}`" for one in row["gives"]) or "–"
        lines.append(f"| `{role}` | {row['level']} | {given} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
