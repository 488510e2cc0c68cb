"""Zebra indexes the same file: the peer of the load, which keeps and indexes records but neither matches nor merges.

Debian's packages idzebra-2.0-utils, idzebra-2.0-common and libidzebra-2.0-mod-grs-marc; yaz for the questions.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from string import Template
from typing import Any

from bench import figures, saying, scratch
from bench.watching import Watch

_CONFIGURATION = Path(__file__).parent / "zebra" / "zebra.cfg"
_QUESTIONS = {
    "history (title)": "@attr 1=4 history",
    "smith (author)": "@attr 1=1003 smith",
    "england (subject)": "@attr 1=21 england",
    "london (anywhere)": "@attr 1=1016 london",
    "no such word": "@attr 1=4 qqzzxyqqzzxy",
}
_HITS = re.compile(r"Number of hits: (\d+)")
_INDEXED = re.compile(r"Records:\s+(\d+) i/u/d (\d+)/(\d+)/(\d+)")
_START_SECONDS = 30


class PeerFailed(RuntimeError):
    """Zebra is there, but did not index or does not find the records: its figures would be worth nothing."""


def missing() -> str:
    """Return why Zebra cannot be measured here, "" where it can."""
    programs = [name for name in ("zebraidx", "zebrasrv", "yaz-client") if shutil.which(name) is None]
    if programs:
        return f"{', '.join(programs)} not installed (Debian: idzebra-2.0-utils, yaz)"
    if _tables() is None:
        return "Zebra's tables are not installed (Debian: idzebra-2.0-common)"
    if _modules() is None:
        return "Zebra's MARC filter is not installed (Debian: libidzebra-2.0-mod-grs-marc)"
    return ""


def index(folder: Path, file: Path, records: int) -> dict[str, Any]:
    """Index the file in an empty register, ask it some questions, remove it; returns what it took.

    Raises:
        PeerFailed: not all records were indexed, or a question found nothing.
    """
    why = missing()
    if why:
        saying.say(f"Zebra is skipped: {why}")
        return {"skipped": why}
    home = folder / "zebra"
    shutil.rmtree(home, ignore_errors=True)
    (home / "register").mkdir(parents=True)
    (home / "zebra.cfg").write_text(
        Template(_CONFIGURATION.read_text(encoding="utf-8")).substitute(
            tables=_tables(), modules=_modules(), register=home / "register"
        ),
        encoding="utf-8",
    )
    saying.say(f"zebraidx, {records:,} records")
    subprocess.run(["zebraidx", "-c", "zebra.cfg", "init"], cwd=home, check=True, capture_output=True)
    result = _indexed(home, file, records)
    result["disk_bytes_per_record"] = round(scratch.size_of(home / "register") / records)
    result["hits"] = _ask(home)
    shutil.rmtree(home)
    saying.say(f"  {result['per_second']:,} records/s, {result['cpu_us']['together']} µs CPU a record")
    return result


def _indexed(home: Path, file: Path, records: int) -> dict[str, Any]:
    with (home / "zebraidx.log").open("w+") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            ["zebraidx", "-c", "zebra.cfg", "update", str(file)], cwd=home, stdout=log, stderr=subprocess.STDOUT
        )
        with scratch.ended(process), Watch({process.pid: lambda _line: "zebraidx"}).running() as watch:
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        said = log.read()
    counted = _INDEXED.findall(said)
    if process.returncode or not counted or int(counted[-1][1]) != records:
        raise PeerFailed(f"zebraidx indexed {counted[-1][1] if counted else 0} of {records} records: {said[-300:]}")
    memory = watch.usage()["zebraidx"]
    return {
        "seconds": round(seconds, 2),
        "per_second": round(records / seconds),
        "cpu_us": {"together": round((used.ru_utime + used.ru_stime) * 1e6 / records, 1)},
        "memory_mb": {"zebraidx": {"largest": figures.megabytes(memory.largest)}},
    }


def _ask(home: Path) -> dict[str, int]:
    """Ask a server on the new register; a register that finds nothing is no peer."""
    socket = "unix:z3950"  # Relative, for the path of a Unix socket may not be long.
    server = subprocess.Popen(
        ["zebrasrv", "-c", "zebra.cfg", socket], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with scratch.ended(server):
        end = time.monotonic() + _START_SECONDS
        while not (home / "z3950").exists() and time.monotonic() < end:
            time.sleep(0.05)
        lines = [f"open {socket}", "base Default", *(f"find {one}" for one in _QUESTIONS.values()), "quit", ""]
        asked = subprocess.run(
            ["yaz-client"],
            cwd=home,
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=False,
            timeout=_START_SECONDS,
        )
    hits = dict(zip(_QUESTIONS, map(int, _HITS.findall(asked.stdout)), strict=False))
    *real, absurd = hits.values() if len(hits) == len(_QUESTIONS) else (0, 0)
    if not all(real) or absurd:
        raise PeerFailed(f"Zebra does not find what it has indexed: {hits or asked.stdout[-300:]}")
    return hits


def _tables() -> Path | None:
    """Return the folder with Zebra's own marc21.abs, attribute sets and character maps."""
    found = _prefix() / "share" / "idzebra-2.0" / "tab"
    return found if (found / "marc21.abs").exists() else None


def _modules() -> Path | None:
    """Return the folder with the filter modules, of which grs.marcxml is in mod-grs-marc."""
    found = [*_prefix().glob("lib/idzebra-2.0/modules"), *_prefix().glob("lib/*/idzebra-2.0/modules")]
    return next((one for one in found if (one / "mod-grs-marc.so").exists()), None)


def _prefix() -> Path:
    return Path(shutil.which("zebraidx") or "/usr/bin/zebraidx").resolve().parents[1]
