"""`tongwen doctor`: what is well, what is not, and what can be mended, in words and for programs."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import click

from tongwen import compiled
from tongwen.cli import installation

_ACTOR = "doctor"
_LOW_DISK = 1 << 30
_NO_DISK = 256 << 20
_NAMED = 10
"""Numbers that a finding names; the rest is counted."""

WELL, NOTE, FAULT = "well", "note", "fault"


class Finding(NamedTuple):
    """What a check has found: `level` is well, note (nothing to do now) or fault."""

    level: str
    words: str


class Check(NamedTuple):
    """Something to look at, and what mends it."""

    name: str
    look: Callable[[], Finding]
    mend: Callable[[], object] | None = None


class Result(NamedTuple):
    """A finding with the check it is of; `was` is what stood there before it was mended."""

    check: str
    level: str
    words: str
    was: str = ""
    can_be_mended: bool = False


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def command(repair: bool, as_json: bool) -> None:
    """Look at database, index, batches, keys, holdings, files, disk and workers; exit code 1 where a fault remains."""
    installation.set_up()
    results: list[Result] = []
    try:
        with installation.database():
            for result in examine(checks(), repair=repair):
                results.append(result)
                if not as_json:
                    _print(result)
    except SystemExit as end:
        if end.code == installation.INTERRUPTED:
            raise
        results.append(Result("database", FAULT, "the database cannot be reached; the line above says why"))
    if as_json:
        installation.print_json([result._asdict() for result in results])
    faults = sum(result.level == FAULT for result in results)
    if not as_json:
        mendable = sum(result.level == FAULT and result.can_be_mended for result in results)
        advice = "; `tongwen doctor --repair` mends them" if mendable == faults else ""
        advice = f"; `tongwen doctor --repair` mends {mendable} of them" if 0 < mendable < faults else advice
        click.echo(f"\n{faults} faults{advice}" if faults else "\nall is well")
    sys.exit(1 if faults else 0)


def _print(result: Result) -> None:
    sign = {WELL: "  ok   ", NOTE: "  note ", FAULT: "  FAULT"}[result.level]
    mended = f"mended, was: {result.was}; now: " if result.was else ""
    click.echo(f"{sign} {result.check:<11} {mended}{result.words}")


def examine(wanted: Sequence[Check], *, repair: bool) -> Iterator[Result]:
    """Look at each in order and mend what is asked for; an unusable database schema ends the examination."""
    for check in wanted:
        found = _look(check)
        was = ""
        if found.level == FAULT and repair and check.mend is not None:
            was = found.words
            problem = _try(check.mend)
            found = _look(check) if problem is None else Finding(FAULT, f"{was}; mending failed: {problem}")
            was = was if problem is None else ""
        yield Result(check.name, found.level, found.words, was, check.mend is not None)
        if check.name == "tables" and found.level == FAULT:
            yield Result("the rest", NOTE, "was not looked at")
            return


def _look(check: Check) -> Finding:
    found: list[Finding] = []
    problem = _try(lambda: found.append(check.look()))
    return found[0] if problem is None else Finding(FAULT, problem)


def _try(function: Callable[[], object]) -> str | None:
    """Call the function; return in one line what kept it from its work."""
    from django.db import DatabaseError

    from tongwen.core.search import port

    try:
        function()
    except (DatabaseError, OSError, RuntimeError, port.IndexUnusable) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None


def checks() -> list[Check]:
    """Return what is looked at, in an order in which a mend does not undo an earlier one."""
    from tongwen.cli import reindex, setup
    from tongwen.core import blobs
    from tongwen.core.postgres import isolation
    from tongwen.domain.catalogue import services as catalogue

    return [
        Check("database", _database),
        Check("tables", _tables, lambda: setup.bring_up_to_date(say=False)),
        Check("isolation", _isolation, isolation.ensure),
        Check("disk", _disk),
        Check("workers", _workers),
        Check("batches", _batches, catalogue.requeue_orphans),
        Check("files", _files),
        Check("drafts", _drafts, lambda: blobs.sweep(_long_ago())),
        Check("holdings", _holdings, lambda: catalogue.mend_holdings(actor=_ACTOR)),
        Check("unheld", _unheld, lambda: catalogue.withdraw_unheld(actor=_ACTOR)),
        Check("keys", _keys, lambda: catalogue.mend_keys(actor=_ACTOR)),
        Check("index", _index, reindex.build),
        Check("in step", _in_step, _catch_up),
        Check("drift", _drift, _mend_drift),
        Check("mail", _mail),
        Check("speed", _speed),
    ]


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NAMED]))
    return f"{shown} and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else shown


def _none_of(numbers: Sequence[int], fault: str, well: str) -> Finding:
    """Return that all is well where there are no such numbers; else the fault, which ends in them."""
    return Finding(FAULT, f"{fault}: {_some(numbers)}") if numbers else Finding(WELL, well)


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return Finding(WELL, f"PostgreSQL {cursor.fetchone()[0].split()[0]} answers")


def _tables() -> Finding:
    from tongwen.cli import setup

    if setup.pending_migrations():
        return Finding(FAULT, "the tables are not those of this version: run `tongwen setup`")
    return Finding(WELL, "the tables are those of this version")


def _isolation() -> Finding:
    from tongwen.core.postgres import isolation

    if faults := isolation.faults():
        return Finding(FAULT, "; ".join(faults))
    return Finding(WELL, "requests see the rows of their institution only")


def _disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.TONGWEN_HOME).free
    words = f"{free >> 20:,} MB are free in {settings.TONGWEN_HOME}"
    return Finding(FAULT if free < _NO_DISK else NOTE if free < _LOW_DISK else WELL, words)


def _workers() -> Finding:
    from tongwen.core import jobs
    from tongwen.domain.catalogue import services

    workers, waiting = jobs.queue()
    if workers:
        return Finding(WELL, f"{workers} live, {waiting} jobs wait")
    batches = services.batches_without_process()
    if batches:
        return Finding(FAULT, f"none lives for batches {_some(batches)}: start `tongwen serve` or `tongwen worker`")
    return Finding(NOTE, "none lives, and nothing waits for one")


def _batches() -> Finding:
    from tongwen.domain.catalogue import services

    fault = "are to run, but no process runs them and no job waits"
    return _none_of(services.forgotten_batches(), fault, "none is left behind")


def _files() -> Finding:
    from tongwen.domain.catalogue import queries

    missing = queries.missing_files()
    needed = [one.batch_id for one in missing if one.is_needed]
    if needed:
        return Finding(FAULT, f"gone although their batches are not done; hand them in again: batches {_some(needed)}")
    if missing:
        return Finding(NOTE, f"{len(missing):,} of batches that are done are not kept any more")
    return Finding(WELL, "the file of every batch is kept")


def _long_ago() -> dt.datetime:
    """Return when a writer must have been killed that has not finished its file."""
    from tongwen.core import clock

    return clock.now() - dt.timedelta(days=1)


def _drafts() -> Finding:
    from tongwen.core import blobs

    found = blobs.drafts(_long_ago())
    if found:
        size = sum(path.stat().st_size for path in found)
        return Finding(FAULT, f"{len(found):,} half-written files of killed processes lie there, {size:,} bytes")
    return Finding(WELL, "no half-written file is left behind")


def _holdings() -> Finding:
    from tongwen.domain.catalogue import queries

    astray = [one.id for one in queries.holdings_astray()]
    well = "each stands where its home leads by the merges that stand"
    return _none_of(astray, "do not stand where their home leads", well)


def _unheld() -> Finding:
    from tongwen.domain.catalogue import queries

    well = "somebody holds every bib of the catalogue"
    return _none_of(queries.unheld_bibs(), "bibs in the catalogue that nobody holds", well)


def _keys() -> Finding:
    from tongwen.domain.catalogue import queries, services

    inactive, lacking = queries.inactive_bibs_with_keys(), services.bibs_lacking_keys()
    faults = [f"bibs that no longer stand have match keys: {_some(inactive)}"] if inactive else []
    faults += [f"bibs lack their match keys: {_some(lacking)}"] if lacking else []
    return Finding(FAULT, "; ".join(faults)) if faults else Finding(WELL, "every bib that stands has its match keys")


def _index() -> Finding:
    from tongwen.domain.discovery import queries

    return Finding(WELL, f"{queries.engine().document_count():,} documents can be searched")


def _in_step() -> Finding:
    from tongwen.core import jobs
    from tongwen.domain.discovery import services

    behind = services.behind()
    if not behind:
        return Finding(WELL, "the index has taken in every change")
    level = NOTE if jobs.queue().workers else FAULT
    return Finding(level, f"the index has still to take in {behind:,} changes; a worker does that")


def _catch_up() -> None:
    from tongwen.domain.discovery import services

    services.wait_until_indexed()


def _mail() -> Finding:
    from django.conf import settings

    from tongwen.core import mail

    if dead := mail.dead():
        return Finding(FAULT, f"given up, `tongwen mail` says why, `tongwen mail send --dead` tries: {_some(dead)}")
    waiting = len(mail.letters(limit=1_000, state="waiting"))
    where = "go to a mail server" if settings.TONGWEN_MAIL_URL else f"become files in {settings.TONGWEN_MAIL_FOLDER}"
    return Finding(WELL, f"mails {where}; {waiting:,} wait")


def _speed() -> Finding:
    match compiled.state():
        case compiled.State.USED:
            return Finding(WELL, "loading runs on compiled modules")
        case compiled.State.STALE:
            return Finding(
                NOTE, "the compiled modules are of other sources and are left aside: make fast makes them anew"
            )
        case compiled.State.ABSENT:
            return Finding(WELL, "loading runs on the sources; make fast compiles them, which quickens loads")


def _drift() -> Finding:
    from tongwen.domain.discovery import services

    drift = services.find_drift()
    parts = [
        f"{words}: {_some(numbers)}"
        for words, numbers in (
            ("not in the index", drift.missing),
            ("shown in an earlier state", drift.stale),
            ("in the index twice", drift.doubled),
            ("in the index only", drift.surplus),
        )
        if numbers
    ]
    if parts:
        return Finding(FAULT, "; ".join(parts))
    return Finding(WELL, f"catalogue and index agree on all {drift.compared:,} bibs")


def _mend_drift() -> None:
    from tongwen.domain.discovery import services

    services.mend_drift(services.find_drift(), actor=_ACTOR)
