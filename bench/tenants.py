"""An installation of many libraries: made of one of each thing, copied by the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import saying, scratch

LIBRARIES = 1_800
READERS = 1_000_000
OWN_READERS = 20_000
BATCHES = 20
"""Of each library."""

CODE = "T0001"
"""The library that is looked at; it has more readers than the others, as a big university has."""

PERSON, PASSWORD = "cataloguer@t0001", "a-bench-of-oak-0815"


def make(made: scratch.Installation, readers: int) -> None:
    """Fill the installation: libraries, their readers with an affiliation each, batches, profiles and sources."""
    scratch.enter_library(made, CODE)
    made.tongwen("people", "add", PERSON, "--name", "量度员", "--library", CODE, "--password", PASSWORD)
    with saying.doing("loading a file for the library that is looked at"):
        made.tongwen("load", str(_file()), "--library", CODE)
    with saying.doing(f"{LIBRARIES:,} libraries"):
        _copy(made, "institution", f"code = '{CODE}'", LIBRARIES - 1, "'code', 'T' || lpad((n + 1)::text, 4, '0')")
    with saying.doing(f"{readers:,} readers"):
        _copy(
            made,
            "person",
            f"username = '{PERSON}'",
            readers,
            "'username', 'reader-' || n, 'display_name', '读者 ' || n",
        )
        _give_places(made)
    with saying.doing(f"{LIBRARIES * BATCHES:,} batches, with profiles and sources"):
        _give_things(made)
    with made.connect() as connection:
        connection.execute("VACUUM ANALYZE")


def _file() -> Path:
    return next((scratch.ROOT / "samples" / "files").glob("*.mrc"))


def _copy(made: scratch.Installation, table: str, which: str, number: int, changes: str) -> None:
    """Copy one row so many times under new numbers; `changes` are pairs of a column and its value, of the number n."""
    columns = made.value(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id'"
    )
    with made.connect() as connection:
        connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM generate_series(1, {number}) AS n,"
            f" LATERAL (SELECT (jsonb_populate_record(t, jsonb_build_object({changes}))).*"
            f" FROM {table} t WHERE {which}) AS copied".encode()
        )


_OF_LIBRARY = f"(SELECT id FROM institution WHERE code = '{CODE}')"


def _give_places(made: scratch.Installation) -> None:
    """Make every reader one of a library: so many of the one that is looked at, the others in turn."""
    _run(
        made,
        f"""
        INSERT INTO affiliation (person_id, role, institution_id, begins_on, given_by)
        SELECT reader.id, 'reader', CASE WHEN reader.n <= {OWN_READERS} THEN {_OF_LIBRARY} ELSE library.id END,
               current_date - 1, 'bench'
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM person WHERE username LIKE 'reader-%') reader
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM institution) library
          ON library.place = reader.n % (SELECT count(*) FROM institution)
        """,
    )


def _give_things(made: scratch.Installation) -> None:
    batch = "id = (SELECT min(id) FROM batch)"
    _copy(made, "batch", batch, LIBRARIES * BATCHES, f"'institution_id', {_NTH}, 'file_name', 'books-' || n || '.mrc'")
    _run(
        made,
        "INSERT INTO load_profile (institution_id, name, format, charset, layouts, overlay, without_items,"
        " is_picked_up) SELECT id, 'monthly-' || n, '', '', '[]', 'attach', 'hold', false"
        " FROM institution, generate_series(1, 3) AS n",
    )
    _run(
        made,
        "INSERT INTO identity_source (institution_id, kind, name_zh, name_zh_hant, name_en, settings, secrets,"
        " is_enabled, position) SELECT id, 'local', '本馆', '本館', 'Local', '{}', '{}', true, 0 FROM institution",
    )


_NTH = "(SELECT min(id) FROM institution) + n % (SELECT count(*) FROM institution)"


def _run(made: scratch.Installation, statement: str) -> None:
    with made.connect() as connection:
        connection.execute(statement.encode())


def facts(made: scratch.Installation) -> dict[str, Any]:
    """Return how much there is."""
    return {
        "libraries": made.value("SELECT count(*) FROM institution"),
        "readers": made.value("SELECT count(*) FROM affiliation WHERE role = 'reader'"),
        "own_readers": made.value(f"SELECT count(*) FROM affiliation WHERE institution_id = {_OF_LIBRARY}"),
        "batches": made.value("SELECT count(*) FROM batch"),
    }
