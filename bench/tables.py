"""Figures as Markdown tables: for the terminal at the end of a run, and for README.md."""

from __future__ import annotations

from typing import Any

from bench import records, tables_of_many
from bench.markdown import table

Facts = dict[str, Any]


def report(parts: dict[str, Facts]) -> str:
    """Return all tables of the parts that were measured, with the machine and the command above them."""
    pieces: list[str] = []
    said = ""
    for name, (title, show) in _PARTS.items():
        if name in parts:
            words = _provenance(parts[name])
            pieces += [f"### {title}", *([words] if words != said else []), show(parts[name])]
            said = words
    return "\n\n".join(pieces)


def _provenance(facts: Facts) -> str:
    machine, asked = facts["machine"], facts["asked"]
    whole = asked.get("whole", records.ALL)
    few = f" **Provisional: {asked['records']:,} of {whole:,} records.**" if asked["records"] < whole else ""
    compiled = ", hot modules compiled" if machine.get("compiled") else ""
    return (
        f"`{asked['command']}`, {machine['measured_at'].partition('T')[0]}, commit {machine['commit']}: "
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}{compiled}, load average before {machine['load_average_before']}.{few}"
    )


def _load(facts: Facts) -> str:
    ours, again, zebra = facts["tongwen"], facts["reload"], facts["zebra"]
    columns = [("Tongwen", ours), ("the same file again", again)]
    if "skipped" not in zebra:
        columns.append(("Zebra", zebra))
    lines = [
        ("records/s, file to searchable", *(one["per_second"] for _, one in columns)),
        ("seconds", *(one["seconds"] for _, one in columns)),
        ("– until the first are stored", *(one.get("seconds_to_first") for _, one in columns)),
        ("CPU µs a record", *(one["cpu_us"]["together"] for _, one in columns)),
        *((f"– {kind}", *(one["cpu_us"].get(kind) for _, one in columns)) for kind in ("main", "workers", "postgres")),
        *((f"records/s, {words}", *(_segment(one, place) for _, one in columns)) for place, words in _SEGMENTS),
        *((words, *(_memory(one, *where) for _, one in columns)) for words, where in _MEMORY),
    ]
    rate = facts["ratio"]
    said = (
        f"Zebra was not measured: {zebra['skipped']}."
        if rate is None
        else (
            f"**Rate against Zebra: {rate['rate']} times; CPU a record: {rate['cpu']} times.** "
            f"Zebra takes {zebra['disk_bytes_per_record']:,} bytes a record on the disk and finds: "
            + ", ".join(f"{words} {hits:,}" for words, hits in zebra["hits"].items())
            + "."
        )
    )
    outcome = ", ".join(f"{number:,} {name}" for name, number in ours["outcome"].items() if number)
    return "\n\n".join(
        [
            f"{facts['records']:,} records, {facts['file_bytes'] / 1e6:.0f} MB; {_runs(facts)}; {outcome}.",
            table(["", *(name for name, _ in columns)], lines),
            said,
            _steps(facts["steps"]),
        ]
    )


_SEGMENTS = ((0, "the first 50,000"), (1, "the last 50,000"))
_MEMORY = (
    ("peak MB, main process", ("main", "largest")),
    ("peak MB, largest worker", ("workers", "largest")),
    ("peak MB, PostgreSQL together", ("postgres", "together")),
    ("peak MB, zebraidx", ("zebraidx", "largest")),
)


def _runs(facts: Facts) -> str:
    if facts["runs"] == 1:
        return "one run"
    return f"the median of {facts['runs']} runs ({', '.join(str(one) for one in facts['all_seconds'])} s)"


def _segment(one: Facts, place: int) -> str | None:
    if "segments" not in one:
        return None
    segment = one["segments"][place]
    note = "" if segment["records"] == 50_000 else f" (of {segment['records']:,})"
    return f"{segment['per_second']:,}{note}"


def _memory(one: Facts, kind: str, which: str) -> int | None:
    value: int | None = one["memory_mb"].get(kind, {}).get(which)
    return value


def _steps(steps: Facts) -> str:
    rows = [(one["step"], one["cpu_us"], one["wall_us"]) for one in steps["steps"]]
    rows += [
        ("PostgreSQL's processes", steps["postgres_cpu_us"], None),
        ("the engine's own threads", steps["engine_cpu_us"], None),
    ]
    whole = round(sum(cpu for _, cpu, _ in rows), 1)
    lost = (
        f" Not found, so counted with the step around them: {', '.join(steps['not_found'])}."
        if steps["not_found"]
        else ""
    )
    words = (
        f"Where the time goes, on {steps['records']:,} of the records, one stage after the other in one process.{lost}"
    )
    return f"{words}\n\n{table(['step', 'CPU µs a record', 'wall µs a record'], [*rows, ('together', whole, None)])}"


def _search(facts: Facts) -> str:
    lines = [("all, asked for the first time", *_four(facts["first"]))]
    lines += [(f"– {kind}", *_four(spread)) for kind, spread in facts["kinds"].items()]
    lines.append(("all, asked again", *_four(facts["again"])))
    number = facts["first"]["number"]
    return (
        f"{facts['documents']:,} documents; {facts['found_something']} of {number} questions find something, "
        f"in the median {facts['median_hits']:,} hits.\n\n"
        + table(["milliseconds", "questions", "p50", "p95", "greatest"], lines)
    )


def _four(spread: Facts) -> tuple[Any, ...]:
    return spread["number"], spread["p50"], spread["p95"], spread["greatest"]


def _pages(facts: Facts) -> str:
    many = facts["many_readers"]
    lines = [
        ("one reader", *_four(facts["one_reader"]), facts["one_reader"]["answered"], facts["one_reader"]["kilobytes"]),
        (f"{facts['readers']} readers at once", *_four(many), many["answered"], many["kilobytes"]),
        (
            "everything there is",
            *_four(facts["everything"]),
            facts["everything"]["answered"],
            facts["everything"]["kilobytes"],
        ),
    ]
    memory = [
        (kind, one["processes"], one["largest"], one["together"] or None)
        for kind, one in sorted(facts["memory_mb"].items())
    ]
    return "\n\n".join(
        [
            table(["milliseconds a page", "pages", "p50", "p95", "greatest", "status 200", "KB"], lines),
            f"With {facts['readers']} readers: **{many['per_second']} pages/s**.",
            table(["peak MB while serving", "processes", "largest", "together"], memory),
        ]
    )


def _store(facts: Facts) -> str:
    lines = [
        ("the file that was loaded", facts["file"]),
        ("database", facts["database"]),
        *((f"– {one['table']}: rows", one["rows"]) for one in facts["tables"]),
        *((f"– {one['table']}: indexes", one["indexes"]) for one in facts["tables"]),
        ("search index", facts["index"]),
        ("files kept as they were handed in", facts["kept_files"]),
    ]
    return table(["bytes a record", f"{facts['bibs']:,} bibs"], lines)


def _standards(facts: Facts) -> str:
    rows = [(one["name"], one["us"], one.get("pymarc_us"), one.get("times_faster")) for one in facts["speeds"]]
    rounds = f"{facts['rounds']} rounds, each on a part of them"
    words = f"CPU µs a record over {facts['records']:,} records, the median of {rounds}."
    return f"{words}\n\n{table(['', 'Tongwen', 'pymarc', 'times faster'], rows)}"


def _addresses(facts: Facts) -> str:
    rows = [
        ("the table", facts["per_second"]),
        ("every range, with `ipaddress`", facts["scan_per_second"]),
        ("only reading the address, with `ipaddress`", facts["parse_per_second"]),
    ]
    words = (
        f"{facts['looked_up']:,} addresses, {facts['ranges']:,} ranges; the table takes {facts['building_ms']} ms. "
        f"**{facts['times']:,} times the scan.**"
    )
    return f"{words}\n\n{table(['look-ups a second of CPU', ''], rows)}"


def _isolation(facts: Facts) -> str:
    rows = [(one["name"], one["with"], one["without"], one["more_us"], one["ratio"]) for one in facts["pages"]]
    words = (
        f"{facts['libraries']:,} libraries, {facts['readers']:,} readers ({facts['own_readers']:,} of them of the"
        f" library that is looked at), {facts['batches']:,} batches; medians of {facts['rounds']} rounds, with and"
        f" without in turn. **All pages together: {facts['ratio']} times; the dearest: {facts['greatest_ratio']}"
        " times.**"
    )
    return f"{words}\n\n{table(['milliseconds', 'with', 'without', 'µs more', 'times'], rows)}"


def _login(facts: Facts) -> str:
    columns = list(facts["sources"].items())
    lines = [
        ("log-ins/s, one browser after another", *(one["one"]["per_second"] for _, one in columns)),
        ("p50 of it, ms", *(one["one"]["p50"] for _, one in columns)),
        ("p95 of it, ms", *(one["one"]["p95"] for _, one in columns)),
        (f"log-ins/s, {facts['threads']} at once", *(one["at_once"]["per_second"] for _, one in columns)),
        ("p95 of it, ms", *(one["at_once"]["p95"] for _, one in columns)),
    ]
    note = f"One check of a password by scrypt takes {facts['scrypt_ms']} ms; the local source cannot be quicker."
    return table(["whole requests, one process", *(name for name, _ in columns)], lines) + f"\n\n{note}"


def _tokens(facts: Facts) -> str:
    columns = list(facts["asked_for"].items())
    lines = [
        ("requests/s, one after another", *(one["one"]["per_second"] for _, one in columns)),
        ("p50 of it, ms", *(one["one"]["p50"] for _, one in columns)),
        ("p95 of it, ms", *(one["one"]["p95"] for _, one in columns)),
        (f"requests/s, {facts['at_once']} at once", *(one["at_once"]["per_second"] for _, one in columns)),
        ("p95 of it, ms", *(one["at_once"]["p95"] for _, one in columns)),
    ]
    return table(["through the running portal", *(name for name, _ in columns)], lines)


def _readers(facts: Facts) -> str:
    lines = facts["lines"]
    rows = [
        (name, facts[key], round(lines / facts[key]))
        for name, key in (
            ("checked: read, compared, made searchable", "checking"),
            ("taken over", "taking"),
            ("the same file checked again", "again"),
            ("peer: csv and COPY, nothing checked or searchable", "peer"),
        )
    ]
    searches = [(name, one["hits"], one["ms"], one["slowest"]) for name, one in facts["searches"].items()]
    words = f"{lines:,} lines; the process grew by {facts['megabytes']:,} MB."
    found = f"Among {facts['readers']:,} readers, by"
    return (
        f"{words}\n\n{table(['a file of readers', 'seconds', 'lines/s'], rows)}"
        f"\n\n{table([found, 'hits', 'p50 ms', 'slowest ms'], searches)}"
    )


_PARTS = {
    "readers": ("Readers", _readers),
    "login": ("Log-in", _login),
    "tokens": ("Tokens", _tokens),
    "load": ("Load", _load),
    "scale": ("A million records", tables_of_many.scale),
    "scale-more": ("More", tables_of_many.scale),
    "update": ("The same books again", tables_of_many.update),
    "parallel": ("Four loads at once", tables_of_many.parallel),
    "search": ("Search", _search),
    "pages": ("Pages", _pages),
    "store": ("Disk", _store),
    "standards": ("Standards", _standards),
    "isolation": ("Scope and row-level security", _isolation),
    "addresses": ("Whose an address is", _addresses),
}
