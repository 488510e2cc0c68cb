"""The figures of scale, update and parallel as Markdown tables."""

from __future__ import annotations

from typing import Any

from bench.markdown import table

Facts = dict[str, Any]
_OUTCOMES = ("new", "matched", "review", "unchanged", "updated", "rejected")


def scale(facts: Facts) -> str:
    """Return the course of one big load, its limits and what it takes on the disk."""
    loaded, steady, store = facts["load"], facts["steadiness"], facts["store"]
    lines = [
        (
            f"{one['records']:,}",
            one["seconds"],
            one["per_second"],
            one["last_piece_per_second"],
            one["database_bytes_a_record"],
        )
        for one in facts["milestones"]
    ]
    memory = loaded["memory_mb"]
    said = [
        (
            f"{facts['records']:,} records ({facts['real_records']:,} real ones and varied copies of them), "
            f"{facts['file_bytes'] / 1e6:,.0f} MB: **{loaded['per_second']:,} records/s** from file to searchable, "
            f"{loaded['seconds']:,} s, {loaded['cpu_us']['together']} µs CPU a record; {_outcome(loaded)}."
        ),
        table(["records", "seconds", "records/s so far", "the last piece", "bytes a record in the database"], lines),
        _steady(steady),
        (
            f"Peak memory: main process {memory['main']['largest']:,} MB, largest worker "
            f"{memory['workers']['largest'] if 'workers' in memory else 0:,} MB, PostgreSQL together "
            f"{memory['postgres']['together']:,} MB. Bytes a record in the end: database {store['database']:,}, index "
            f"{store['index']:,}, kept file {store['kept_files']:,}."
        ),
        "Each piece of every 50,000 records, records/s: "
        + ", ".join(f"{one['per_second']:,}" for one in loaded["pieces"])
        + ".",
        _limits(facts),
    ]
    return "\n\n".join(said)


def _steady(steady: Facts) -> str:
    words = (
        f"The first {steady['piece']:,} records at {steady['first']:,}/s, the last at {steady['last']:,}/s: "
        f"**{steady['last_to_first']} times**."
    )
    if "copies" in steady:
        rates = ", ".join(f"{one:,}" for one in steady["copies"])
        words += (
            f" The same books, copy after copy: {rates}/s; the last to the first **{steady['last_copy_to_first']} "
            "times**."
        )
    return words


def _limits(facts: Facts) -> str:
    empty, full = facts["limits"]["empty"], facts["limits"]["full"]
    lines = [
        (one["part"], one["per_second"], _cpu(one), later["per_second"], _cpu(later))
        for one, later in zip(empty, full, strict=True)
    ]
    near = facts["nearness"]
    words = (
        f"What each part does alone, on {empty[0]['records']:,} new records, before and after the load. With no "
        "matching and no waiting, the two cores could do "
        f"{near['empty']['ceiling_per_second']:,}/s on an empty base and {near['full']['ceiling_per_second']:,}/s on "
        f"the full one; the load reached {near['empty']['reached']:.0%} and {near['full']['reached']:.0%} of that, "
        f"with {near['full']['cpu_over_floor']} times the CPU of the parts on the full base."
    )
    headings = ["alone", "records/s, empty base", "CPU µs", "records/s, full base", "CPU µs (full)"]
    return f"{words}\n\n{table(headings, lines)}"


def _cpu(one: Facts) -> float:
    return round(float(one["cpu_us"]) + float(one["server_cpu_us"]), 1)


def _outcome(one: Facts) -> str:
    return ", ".join(f"{one['outcome'][name]:,} {name}" for name in _OUTCOMES if one["outcome"][name])


def update(facts: Facts) -> str:
    """Return the loads of the same books, one line each."""
    lines = [
        (
            one["run"],
            one["records"],
            one["seconds"],
            one["per_second"],
            one["to_first_load"],
            one["cpu_us"]["together"],
            one["memory_mb"]["main"]["largest"],
            _outcome(one),
        )
        for one in facts["runs"]
    ]
    month = facts["month"]
    headings = [
        "load",
        "records",
        "seconds",
        "records/s",
        "times the first",
        "CPU µs a record",
        "peak MB, main",
        "outcome",
    ]
    return (
        f"{table(headings, lines)}\n\n"
        f"The month brings {month['changed']:,} records changed in a field, {month['new']:,} new ones and "
        f"{month['deleted']:,} with status d (LDR/05); {facts['deleted_still_held']:,} of the deleted ones are held "
        "after it."
    )


def parallel(facts: Facts) -> str:
    """Return what four loads at once made of the union, beside the same files one after the other."""
    once, turn, compared = facts["at_once"], facts["in_turn"], facts["comparison"]
    lines: list[tuple[Any, ...]] = [
        ("records/s together", once["per_second"], turn["per_second"]),
        ("seconds", once["seconds"], turn["seconds"]),
        *((name, once[key], turn[key]) for name, key in _COMPARED),
        (
            "pairs of bibs the rules would merge",
            once["duplicates"]["would_merge"],
            turn["duplicates"]["would_merge"],
        ),
        (
            "– that nobody was asked about",
            once["duplicates"]["would_merge_and_nobody_was_asked"],
            turn["duplicates"]["would_merge_and_nobody_was_asked"],
        ),
        ("errors in the database's log", once["errors_in_the_log"]["number"], turn["errors_in_the_log"]["number"]),
    ]
    verdict = (
        "The same records stand together in both."
        if compared["same"]
        else f"**{compared['records_that_stand_otherwise']:,} records stand otherwise** (examples in the JSON)."
    )
    files = ", ".join(
        f"{name} {one['records']:,} ({one['order']}, {one['as']})" for name, one in facts["files"].items()
    )
    reader, editor = once["reader"], once["editor"]
    return "\n\n".join(
        [
            (
                f"Of {facts['records']:,} records: {files}; the last is loaded first and reverted meanwhile "
                f"({once['revert']['left']:,} left as changed since)."
            ),
            table(["", "four at once", "one after the other"], lines),
            (
                f"{verdict} Meanwhile a reader asked {reader['asked']:,} questions ({_times(reader)}, {_bad(reader)}), "
                f"an editor saved {editor['saved']:,} bibs ({_times(editor)}, {_bad(editor)})."
            ),
        ]
    )


_COMPARED = (
    ("bibs", "bibs"),
    ("holdings", "holdings"),
    ("holdings that are missing", "missing"),
    ("bibs without holdings", "bibs_without_holdings"),
    ("open reviews", "reviews"),
)


def _times(one: Facts) -> str:
    took = one["milliseconds"]
    return f"p50 {took['p50']} ms, p95 {took['p95']} ms" if took else "none"


def _bad(one: Facts) -> str:
    number = sum(one["errors"].values())
    return f"{number:,} errors" if number else "no errors"
