"""What a record takes on the disk: tables with their indexes, the search index, and the file that was handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import saying, scratch

_TABLES = """
SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_total_relation_size(c.oid) > 1048576
ORDER BY pg_total_relation_size(c.oid) DESC
"""


def measure(folder: Path, file: Path) -> dict[str, Any]:
    """Weigh the loaded installation; write-ahead log and logs are left out, for they do not grow with the records."""
    with scratch.installation(folder / "installation") as made:
        return weigh(made, file)


def weigh(made: scratch.Installation, file: Path) -> dict[str, Any]:
    """Weigh an installation that holds what this file holds."""
    bibs = made.value("SELECT count(*) FROM bib")
    with made.connect() as connection:
        connection.execute("CHECKPOINT")
        tables = connection.execute(_TABLES).fetchall()
    database = made.value("SELECT pg_database_size(current_database())")
    documents = made.inside("count")
    index = scratch.size_of(made.home / "index")
    result = {
        "bibs": bibs,
        "documents": documents,
        "file": round(file.stat().st_size / bibs),
        "database": round(database / bibs),
        "index": round(index / documents),
        "kept_files": round(scratch.size_of(made.home / "blobs") / bibs),
        "tables": [
            {"table": name, "rows": round(rows / bibs), "indexes": round(indexes / bibs)}
            for name, rows, indexes in tables
        ],
    }
    saying.say(f"bytes a record: database {result['database']}, index {result['index']}")
    return result
