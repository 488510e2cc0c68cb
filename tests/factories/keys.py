"""Whether the match keys in the database are those that the records give."""

from __future__ import annotations

from django.db import connection

from tongwen.domain.catalogue.services import matching


def keys_are_those_of_the_records() -> bool:
    """Tell whether every active bib has the keys of its current record, each once, and nothing else has any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bib WHERE state = 'active'")
        wanted = matching.current_keys(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT bib_id, key FROM match_key")
        found = sorted(cursor.fetchall())
    return found == sorted((bib_id, key) for bib_id, (keys, _) in wanted.items() for key in keys)
