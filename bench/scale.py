"""A million records, or three: does the rate hold while the base grows, and how near is it to what can be had?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import load, records, saying, scratch, store, varied

WHOLE = 1_000_000
_SAMPLE = 50_000
_BYTES_A_RECORD = 6_500
"""Of file, kept file, database and index together, with some to spare."""

_LOG_BYTES = 5 << 30
"""The write-ahead log may grow to 4 GB between two checkpoints."""

_LEAST_BASE = 1_000


def measure(folder: Path, number: int) -> dict[str, Any]:
    """Load so many records, the real ones first and then varied copies of them, and measure the limits beside it.

    Raises:
        NoSpace, Disagreement, CommandFailed, NoRecords
    """
    scratch.need(folder, number * _BYTES_A_RECORD + _LOG_BYTES)
    base = min(records.ALL, max(_LEAST_BASE, number // 4))
    real = records.provide(folder, base)
    file = varied.write(real, folder / f"varied-{number}.mrc", number)
    copies = -(-number // base)
    sample = varied.write(real, folder / f"sample-{number}.mrc", min(_SAMPLE, base), first_copy=copies)
    with scratch.fresh(folder / "scale") as made:
        empty = _limits(made, sample, "an empty installation")
    with scratch.fresh(folder / "scale") as made:
        saying.say(f"tongwen load, {number:,} records: {base:,} real ones and copies of them")
        loaded = load.run(made, file, number)
        bibs = load.check_index(made)
        weighed = store.weigh(made, file)
        full = _limits(made, sample, "the loaded installation")
    return {
        "records": number,
        "real_records": base,
        "file_bytes": file.stat().st_size,
        "bibs": bibs,
        "load": loaded,
        "milestones": _milestones(loaded, number),
        "steadiness": _steadiness(loaded, base),
        "store": weighed,
        "limits": {"empty": empty, "full": full},
        "nearness": {"empty": _nearness(empty, loaded), "full": _nearness(full, loaded)},
    }


def _limits(made: scratch.Installation, sample: Path, words: str) -> Any:
    with saying.doing(f"the limits, on {words}"):
        return made.inside("limits", str(sample), str(made.server_pid))


def _milestones(loaded: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return at every 250,000 stored records: seconds, rate so far, rate of the last piece, bytes of the database."""
    sizes = {records_ // 250_000: (records_, size) for records_, size in loaded["sizes"]}
    found, seconds = [], 0.0
    for piece in loaded["pieces"]:
        seconds += piece["seconds"]
        if piece["to"] % 250_000 == 0 or piece["to"] == number:
            weighed_at, size = sizes.get(piece["to"] // 250_000, (0, 0))
            found.append(
                {
                    "records": piece["to"],
                    "seconds": round(seconds, 1),
                    "per_second": round(piece["to"] / seconds),
                    "last_piece_per_second": piece["per_second"],
                    "database_bytes_a_record": round(size / weighed_at) if weighed_at else None,
                }
            )
    return found


def _steadiness(loaded: dict[str, Any], base: int) -> dict[str, Any]:
    """Compare the last piece with the first, and the last whole copy with the first: the same books, grown base."""
    pieces = loaded["pieces"]
    size = pieces[0]["to"]
    first, last = pieces[0]["per_second"], pieces[-1]["per_second"]
    of_copy = base // size
    found = {"piece": size, "first": first, "last": last, "last_to_first": round(last / first, 3)}
    whole_copies = len(pieces) // of_copy if of_copy and base % size == 0 else 0
    if whole_copies > 1:
        rates = [
            round(base / sum(one["seconds"] for one in pieces[start * of_copy : (start + 1) * of_copy]))
            for start in range(whole_copies)
        ]
        found |= {"copies": rates, "last_copy_to_first": round(rates[-1] / rates[0], 3)}
    return found


def _nearness(limits: list[dict[str, Any]], loaded: dict[str, Any]) -> dict[str, Any]:
    """Say what all cores could do at most if only preparing, COPY and indexing were done and no core ever waited."""
    needed = sum(one["cpu_us"] + one["server_cpu_us"] for one in limits[1:])
    ceiling = scratch.PROCESSES * 1e6 / needed
    return {
        "floor_cpu_us": round(needed, 1),
        "ceiling_per_second": round(ceiling),
        "reached": round(loaded["per_second"] / ceiling, 3),
        "cpu_over_floor": round(loaded["cpu_us"]["together"] / needed, 2),
    }
