"""`tongwen demo`: twelve fictional libraries with real records, set up once and served."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from tongwen.cli import demo_files, demo_members, installation, load, progress, serve

_RECORDS = 20_000
_ACTOR = "demo"
_SHOWN = ("admin", "administrator@d01", "cataloguer@d01", "cataloguer@d02")


class _File(NamedTuple):
    path: Path
    library: str
    format: str


@click.command("demo")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default: TONGWEN_PORT.")
@click.option("--records", default=_RECORDS, show_default=True, help="Library of Congress records to take.")
@click.option("--no-serve", is_flag=True, help="Set up only.")
def command(port: int | None, records: int, no_serve: bool) -> None:
    """Set up the demonstration (once) and serve it until Ctrl-C."""
    installation.set_up()
    host, port = serve.address(None, port)
    claim = contextlib.nullcontext() if no_serve else serve.claimed(host, port)
    with claim, installation.database():
        from tongwen.cli import setup

        setup.bring_up_to_date()
        password = _set_up_once(records)
        if not no_serve:
            serve.run(host, port, words=_log_ins(password))


def _set_up_once(records: int) -> str:
    """Enter the demo's libraries and people and load their files, where that is not done; returns the password."""
    from django.conf import settings

    stamp = settings.TONGWEN_HOME / "demo.json"
    if stamp.exists():
        facts = json.loads(stamp.read_text())
        if facts["done"]:
            return str(facts["password"])
    else:
        facts = {"password": f"demo-{secrets.token_hex(4)}", "done": False}
        stamp.touch(mode=0o600)
        stamp.write_text(json.dumps(facts))
    tables = tomllib.loads((settings.PROJECT / "samples" / "libraries.toml").read_text(encoding="utf-8"))
    click.echo(f"  {len(tables['libraries'])} demo libraries")
    _enter(tables, facts["password"])
    installation.run_and_say_errors(_load_all, records)
    stamp.write_text(json.dumps({**facts, "done": True}))
    return str(facts["password"])


def _enter(tables: dict[str, Any], password: str) -> None:
    from tongwen.domain.members import queries, services, types

    for place in (*tables["provinces"], *tables["cities"]):
        services.register_place(
            code=place["code"], name_zh=place["name_zh"], name_zh_hant=place["name_zh_hant"], name_en=place["name_en"]
        )
    provinces = {city["code"]: city["province"] for city in tables["cities"]}
    for row in tables["libraries"]:
        services.register_institution(
            code=row["code"],
            name_zh=row["name_zh"],
            name_zh_hant=row["name_zh_hant"],
            name_en=row["name_en"],
            type=types.InstitutionType(row["type"]),
            province=provinces[row["city"]],
            city=row["city"],
            isil=row.get("isil", ""),
        )
    ids = {one.code: one.id for one in queries.institutions()}
    for row in tables["domains"]:
        services.register_sharing_domain(
            code=row["code"],
            name_zh=row["name_zh"],
            name_zh_hant=row["name_zh_hant"],
            name_en=row["name_en"],
            kind=types.SharingDomainKind(row["kind"]),
            institution_ids=[ids[code] for code in row["libraries"]],
            place=row.get("place", ""),
        )
    demo_members.enter(tables)
    _enter_people(tables, password)


def _enter_people(tables: dict[str, Any], password: str) -> None:
    from tongwen.core import clock
    from tongwen.domain.identity import services as identity
    from tongwen.domain.identity.types import NATION, Place, Role
    from tongwen.domain.members import queries

    for row in tables["people"]:
        number = identity.register_person(username=row["login"], display_name=row["name_zh"], password=password)
        place = NATION
        if "library" in row:
            place = Place(queries.institution_by_code(row["library"]).id)
        elif "domain" in row:
            place = Place(domain_id=next(one.id for one in queries.sharing_domains() if one.code == row["domain"]))
        for role in row["roles"]:
            identity.affiliate(person_id=number, role=Role(role), place=place, given_by="demo", now=clock.now())


def _load_all(records: int) -> None:
    from tongwen.core import processes
    from tongwen.domain.discovery import services as discovery

    with processes.pool(), discovery.following():
        for file in _files(records):
            _load_once(file)
        click.echo("  index: taking in the last records")


def _files(records: int) -> Iterator[_File]:
    """Yield our own samples first, then the Library of Congress records where they can be had."""
    from django.conf import settings

    samples = settings.PROJECT / "samples" / "files"
    for row in tomllib.loads((samples / "manifest.toml").read_text(encoding="utf-8"))["files"]:
        yield _File(samples / row["name"], row["library"], row["format"])
    archive = _archive(settings.TONGWEN_HOME / "cache")
    if archive is None:
        return
    folder = settings.TONGWEN_HOME / "demo-files"
    libraries = demo_files.read_libraries(settings.PROJECT / "samples" / "libraries.toml")
    with progress.bar(f"dealing {records:,} records out", records) as advance:
        done = 0

        def count(number: int) -> None:
            nonlocal done
            done += number
            advance(done, f"{done:,}")

        dealt = demo_files.write_library_files(archive, folder, libraries, records, count)
    yield from (_File(one.path, one.library_code, one.format) for one in dealt)
    shutil.rmtree(folder, ignore_errors=True)


def _archive(cache: Path) -> Path | None:
    words = ""
    with progress.bar("fetching records", demo_files.ARCHIVE_BYTES) as advance:

        def show(state: demo_files.Fetching) -> None:
            nonlocal words
            words = state.words
            advance(state.done, f"{state.done >> 20} MB")

        archive = demo_files.fetch_archive(cache, show)
    if archive is None:
        click.echo(f"  {words} The demo goes on with samples/ alone.")
    return archive


def _load_once(file: _File) -> None:
    """Load a file, or take it up where an interrupted set-up left it."""
    from tongwen.core import tenancy
    from tongwen.domain.catalogue import queries, types
    from tongwen.domain.members import queries as members

    institution = members.institution_by_code(file.library)
    with tenancy.scope(institution.id):
        earlier = [one for one in queries.batches(institution.id) if one.file_name == file.path.name]
    if not earlier:
        load.load_file(file.path, library=file.library, format_=file.format, actor=_ACTOR)
    elif earlier[0].state is not types.BatchState.LOADED:
        load.take_up(earlier[0].id)


def _log_ins(password: str) -> str:
    from django.conf import settings

    tables = tomllib.loads((settings.PROJECT / "samples" / "libraries.toml").read_text(encoding="utf-8"))
    lines = ["\n\n  Demo log-ins (the password of all: " + password + ")"]
    names = {row["code"]: row["name_zh"] for row in tables["libraries"]}
    shown = [one for one in tables["people"] if one["login"] in _SHOWN]
    lines += [f"    {row['login']:<22} {row['name_zh']}  {names.get(row.get('library', ''), '')}" for row in shown]
    lines.append(f"    … and {len(tables['people']) - len(shown)} more in samples/libraries.toml\n")
    return "\n".join(lines)
