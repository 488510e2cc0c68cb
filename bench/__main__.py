"""`python -m bench [PART …]`: measure, write bench/out/PART.json, print the tables."""

from __future__ import annotations

import json
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import click

from bench import (
    addresses,
    isolation,
    load,
    login,
    machine,
    pages,
    parallel,
    readers,
    records,
    saying,
    scale,
    scratch,
    search,
    standards,
    store,
    tables,
    tokens,
    update,
)

_FOLDER = Path(__file__).parent
_OUT = _FOLDER / "out"
_README = _FOLDER / "README.md"
_BEGIN, _END = "<!-- figures: python -m bench --write-readme -->", "<!-- end of figures -->"
PARTS = ("load", "search", "pages", "store", "standards")
"""What is measured where nothing is named."""

MANY = {"scale": scale, "update": update, "parallel": parallel, "isolation": isolation, "addresses": addresses}
"""What is measured only by name, each on a number of records of its own (`--records`; default `WHOLE`)."""

BY_NAME = {"login": login, "tokens": tokens, "readers": readers}
"""What is measured only by name, without records."""

_OUTS = ("load", "scale", "scale-more", "update", "parallel", *PARTS[1:], "isolation", "addresses", *BY_NAME)


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice((*PARTS, *MANY, *BY_NAME)))
@click.option("--quick", type=click.IntRange(1_000, records.ALL), help="Only so many records, at even distances.")
@click.option(
    "--records",
    "many",
    type=click.IntRange(5_000),
    help="How many records for scale, update, parallel; how many readers for isolation.",
)
@click.option("--runs", type=click.IntRange(1), help="Runs of the load; default 1, with --quick 3.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Work in this folder and keep it.")
@click.option("--write-readme", is_flag=True, help="Measure nothing: put the figures of bench/out into README.md.")
def main(
    parts: tuple[str, ...],
    quick: int | None,
    many: int | None,
    runs: int | None,
    work: Path | None,
    write_readme: bool,
) -> None:
    """Measure PARTS of Tongwen on real records, with Zebra as the peer of the load.

    Default: load, search, pages, store, standards. By name only: scale, update, parallel, isolation, addresses, login,
    tokens, readers.
    """
    if write_readme:
        _write_readme()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # So that what is running is ended and scratch removed.
    number, times = quick or records.ALL, runs or (3 if quick else 1)
    described = machine.describe()
    command = shlex.join(["python", "-m", "bench", *sys.argv[1:]])
    found: dict[str, Any] = {}
    try:
        with scratch.folder(work) as folder:
            for part in [one for one in (*PARTS, *MANY, *BY_NAME) if one in (parts or PARTS)]:
                name, asked, facts = _measured(part, folder, number, times, many)
                found[name] = {"asked": {"command": command, **asked}, "machine": described, **facts}
                _keep(name, found[name])
    except (records.NoRecords, scratch.CommandFailed, scratch.NoSpace, *load.FAILURES) as error:
        raise click.ClickException(str(error)) from error
    print(tables.report(found))
    saying.say(f"done; the figures are in {_OUT.relative_to(_FOLDER.parent)}/")


def _measured(
    part: str, folder: Path, number: int, runs: int, many: int | None
) -> tuple[str, dict[str, int], dict[str, Any]]:
    """Return the name under which the figures are kept, what was asked of how much there is, and the figures."""
    if part in BY_NAME:
        module = BY_NAME[part]
        return part, {"records": records.ALL}, module.measure(folder)
    if part in MANY:
        module = MANY[part]
        wanted = many or module.WHOLE
        name = "scale-more" if part == "scale" and wanted > module.WHOLE else part
        return name, {"records": wanted, "whole": module.WHOLE}, module.measure(folder, wanted)
    file = records.provide(folder, number)
    return part, {"records": number, "whole": records.ALL}, _measure(part, folder, file, number, runs)


def _measure(part: str, folder: Path, file: Path, number: int, runs: int) -> dict[str, Any]:
    if part == "load":
        return load.measure(folder, file, records=number, runs=runs)
    if part == "standards":
        return standards.measure(file)
    load.prepare(folder, file)
    return _OF_LOADED[part](folder, file)


_OF_LOADED = {"search": search.measure, "pages": pages.measure, "store": store.measure}


def _keep(part: str, facts: dict[str, Any]) -> None:
    _OUT.mkdir(exist_ok=True)
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (_OUT / f"{part}.json").write_text(text + "\n", encoding="utf-8")


def _write_readme() -> None:
    parts = {
        one: json.loads((_OUT / f"{one}.json").read_text(encoding="utf-8"))
        for one in _OUTS
        if (_OUT / f"{one}.json").exists()
    }
    if not parts:
        raise click.ClickException("nothing has been measured yet: run python -m bench")
    text = _README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise click.ClickException(f"{_README.name} lacks the marks {_BEGIN} and {_END}")
    _README.write_text(f"{before}{begin}\n\n{tables.report(parts)}\n\n{end}{after}", encoding="utf-8")
    print(f"{_README.name}: {', '.join(parts)}")


if __name__ == "__main__":
    main()
