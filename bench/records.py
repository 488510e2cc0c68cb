"""The records that everything is measured with: the Library of Congress file of the demo, whole or a part."""

from __future__ import annotations

import itertools
import shutil
import tarfile
from pathlib import Path

from bench import saying
from tongwen.cli import demo_files
from tongwen.config import env

ALL = 250_000
_COPY_BYTES = 1 << 22


class NoRecords(RuntimeError):
    """The records are not to be had; the message says why."""


def provide(folder: Path, number: int) -> Path:
    """Write the first-hand file of `number` records into the folder and return it.

    Fewer than all are taken at even distances, so that every age and script of the file is in the sample.
    """
    path = folder / f"loc-{number}.mrc"
    if path.exists():
        return path
    archive = _archive()
    scratch = path.with_suffix(".part")
    with saying.doing(f"unpacking {number:,} records"), tarfile.open(archive) as tar:
        source = tar.extractfile(demo_files.MEMBER)
        if source is None:
            raise NoRecords(f"{archive.name} holds no {demo_files.MEMBER}")
        with scratch.open("wb") as sink:
            if number >= ALL:
                shutil.copyfileobj(source, sink, _COPY_BYTES)
            else:
                found = records_of(source.read())
                for record in itertools.islice(found, 0, number * (ALL // number), ALL // number):
                    sink.write(record)
    scratch.replace(path)
    return path


def records_of(data: bytes) -> list[bytes]:
    """Cut a healthy file into its records, each with its terminator."""
    return [record + demo_files.RECORD_END for record in data.split(demo_files.RECORD_END)[:-1]]


def sample(path: Path, number: int) -> list[bytes]:
    """Return `number` records of the file at even distances."""
    found = records_of(path.read_bytes())
    return found[:: max(1, len(found) // number)][:number]


def _archive() -> Path:
    words = ""

    def note(state: demo_files.Fetching) -> None:
        nonlocal words
        words = state.words

    with saying.doing("the archive with the records"):
        archive = demo_files.fetch_archive(env.home() / "cache", note)
    if archive is None:
        raise NoRecords(words)
    return archive
