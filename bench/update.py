"""The same records again: the same file, other libraries' loads of the same books, and the update of a month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import load, records, rewritten, saying, scratch

WHOLE = records.ALL
_BYTES_A_RECORD = 17_000
"""Four files, four times kept, three libraries' holdings with the records of those that differ, and the index."""

_LOG_BYTES = 5 << 30
_SECOND, _THIRD = "BENCH2", "BENCH3"
_STILL_HELD = """
SELECT count(*) FROM holding h JOIN bib b ON b.id = h.bib_id JOIN institution i ON i.id = h.institution_id
WHERE i.code = %s AND b.state = 'active' AND h.source_id = ANY(%s)
"""


def measure(folder: Path, number: int) -> dict[str, Any]:
    """Load, then load again in five ways, each from the start of the command until everything is searchable.

    Raises:
        NoSpace, Disagreement, CommandFailed, NoRecords
    """
    number = min(number, records.ALL)
    scratch.need(folder, number * _BYTES_A_RECORD + _LOG_BYTES)
    file = records.provide(folder, number)
    month = rewritten.month(file, folder / "month.mrc", number)
    theirs = folder / "copies.mrc"
    written = rewritten.copies(file, theirs, _THIRD)
    whole = folder / "revised.mrc"
    revised = rewritten.copies(file, whole, scratch.LIBRARY, rewritten.revised)
    runs: list[dict[str, Any]] = []
    with scratch.fresh(folder / "update") as made:
        for library in (_SECOND, _THIRD):
            scratch.enter_library(made, library)
        for name, path, library, many in (
            ("the first load", file, scratch.LIBRARY, number),
            ("the same file again", file, scratch.LIBRARY, number),
            ("a second library, the same records", file, _SECOND, number),
            ("a third library, its own copies of them", theirs, _THIRD, written),
            ("a month's update of the first", month.file, scratch.LIBRARY, month.records),
            ("the first library's whole file, every record changed", whole, scratch.LIBRARY, revised),
        ):
            saying.say(f"{name}: {many:,} records")
            taken = load.run(made, path, many, library=library)
            bibs = load.check_index(made)
            runs.append({"run": name, "records": many, "bibs_after": bibs, **taken})
            if path == month.file:
                with made.connect() as connection:
                    row = connection.execute(_STILL_HELD, [scratch.LIBRARY, list(month.deleted)]).fetchone()
    _check(runs)
    for path in (theirs, month.file, whole):
        path.unlink()
    first = runs[0]["per_second"]
    return {
        "records": number,
        "runs": [{**one, "to_first_load": round(one["per_second"] / first, 2)} for one in runs],
        "month": {"changed": month.changed, "new": month.new, "deleted": len(month.deleted)},
        "deleted_still_held": row[0] if row else None,
    }


def _check(runs: list[dict[str, Any]]) -> None:
    """See to it that an unchanged file changed nothing. Raises Disagreement."""
    outcome = runs[1]["outcome"]
    if outcome["unchanged"] + outcome["rejected"] != runs[1]["records"]:
        raise load.Disagreement(f"the same file again gave {outcome}")
