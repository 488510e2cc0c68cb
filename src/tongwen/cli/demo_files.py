"""The files of the demo: Library of Congress records, dealt out to the demo libraries as if each had sent its own.

The records are the public-domain `BooksAll.2016.part01.utf8` that the source archive of pymarc 5.4.0 carries.
Who holds what follows from a record's control number alone, so that every installation gets the same union.
"""

from __future__ import annotations

import bisect
import gzip
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zlib
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

from stdnum import isbn as isbn_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

ARCHIVE_NAME = "pymarc-5.4.0.tar.gz"
ARCHIVE_SHA256 = "b2016b1674d1956636c99b9bf95b31840c5cb8f22645672a660e66326371b2f3"
ARCHIVE_BYTES = 76_224_964
MEMBER = "pymarc-5.4.0/BooksAll.2016.part01.utf8"
STEP = 12
"""Every 12th record is taken: 20,000 of the 250,000, from all years and scripts of the file."""

SEED = b"tongwen demo 1"
HOLDERS = (0.57, 0.82, 0.93, 0.98, 1.0)
"""How many libraries hold a record: 57 % one, 25 % two, 11 % three, 5 % four, 2 % five; 1.7 in the mean."""

BRIEF_TAGS = frozenset(
    (b"001", b"003", b"005", b"008", b"020", b"040", b"100", b"110", b"111", b"245", b"250", b"260", b"264", b"300"),
)
FIELD_END, RECORD_END = b"\x1e", b"\x1d"
LONGEST_RECORD, LONGEST_FIELD = 99_999, 9_999

_UNHELD_TAG = b"852"
_READ_BYTES = 1 << 22
_REPORT_EVERY = 250
_FETCHING = "pymarc.fetching"


class ArchiveUnusable(ValueError):
    """The archive of the demo's records cannot be read; the message says why."""


class Fetching(NamedTuple):
    """How the fetching of the archive stands: a sentence, and bytes done of bytes in all."""

    words: str
    done: int = 0
    total: int = ARCHIVE_BYTES


@dataclass(frozen=True, slots=True)
class DemoLibrary:
    """What dealing out records needs to know of a library. `variation` is full, brief or hyphens."""

    code: str
    location: str
    weight: int
    variation: str = "full"


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file ready for loading; `format` is the value of `standards.marc.types.Format`."""

    path: Path
    library_code: str
    format: str
    records: int


def read_libraries(path: Path) -> list[DemoLibrary]:
    """Read the libraries of `samples/libraries.toml`, each with the stack room that takes foreign books."""
    with path.open("rb") as source:
        tables = tomllib.load(source)["libraries"]
    return [DemoLibrary(each["code"], each["locations"][0], each["weight"], each["variation"]) for each in tables]


# The archive


def fetch_archive(cache: Path, progress: Callable[[Fetching], None]) -> Path | None:
    """Return the archive, fetched with pip by version and hash unless the cache has it whole.

    The file comes to its name only when its hash is right, so an interruption leaves nothing half there.
    Returns None where it cannot be fetched; the last words given to `progress` then say why.
    """
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / ARCHIVE_NAME
    if archive.exists():
        if _sha256(archive) == ARCHIVE_SHA256:
            progress(Fetching("The Library of Congress records are in the cache.", ARCHIVE_BYTES))
            return archive
        archive.unlink()
    work = cache / _FETCHING
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
        trouble = _download(work, progress)
        if trouble:
            progress(Fetching(f"The Library of Congress records cannot be fetched: {trouble}"))
            return None
        (work / ARCHIVE_NAME).replace(archive)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    progress(Fetching("The Library of Congress records are fetched.", ARCHIVE_BYTES))
    return archive


def _download(work: Path, progress: Callable[[Fetching], None]) -> str:
    """Let pip fetch the archive into `work`; return what went wrong, "" where nothing did."""
    requirements = work / "requirements.txt"
    requirements.write_text(f"pymarc==5.4.0 --hash=sha256:{ARCHIVE_SHA256}\n", encoding="ascii")
    # pip keeps the growing file in its folder for temporary files; there its size can be watched.
    command = ["env", f"TMPDIR={work}", sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "pymarc"]
    command += ["--require-hashes", "--retries", "2", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-r", str(requirements), "-d", str(work)]
    with (work / "pip.log").open("w+b") as log:
        with _running(command, log) as pip:
            while pip.poll() is None:
                progress(Fetching("Fetching the Library of Congress records …", _fetched_bytes(work)))
                time.sleep(0.2)
        log.seek(0)
        said = log.read().decode("utf-8", "replace").splitlines()
    if pip.returncode:
        errors = [line for line in said if line.startswith("ERROR: ")] or said or ["pip said nothing"]
        return errors[-1].removeprefix("ERROR: ")
    if not (work / ARCHIVE_NAME).exists():
        return f"pip left no {ARCHIVE_NAME}"
    return "" if _sha256(work / ARCHIVE_NAME) == ARCHIVE_SHA256 else "the file that came has another hash"


@contextmanager
def _running(command: Sequence[str], log: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program and end it when the block is left early, by Ctrl-C for one."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def _fetched_bytes(work: Path) -> int:
    """Return the size of the archive that grows below `work`; folders that pip removes while we look cost nothing."""
    size = 0
    for folder, _, names in os.walk(work):
        if ARCHIVE_NAME in names:
            with suppress(FileNotFoundError):
                size = max(size, os.stat(os.path.join(folder, ARCHIVE_NAME)).st_size)  # noqa: PTH116, PTH118 - os.walk
    return min(size, ARCHIVE_BYTES)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


# Its records


def loc_records(archive: Path, count: int) -> Iterator[bytes]:
    """Yield every 12th record of the archive's file, at most `count`, each with its record terminator.

    Raises `ArchiveUnusable` where the archive is damaged or another one.
    """
    try:
        yield from itertools.islice(_all_records(archive), 0, count * STEP, STEP)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise ArchiveUnusable(f"{archive.name} cannot be read: {error}") from error


def _all_records(archive: Path) -> Iterator[bytes]:
    with gzip.open(archive) as unzipped, tarfile.open(fileobj=unzipped, mode="r|") as tar:
        for member in tar:
            if member.name == MEMBER:
                source = tar.extractfile(member)
                if source is not None:
                    yield from _split(source)
                return
    raise ArchiveUnusable(f"{archive.name} holds no {MEMBER}")


def _split(source: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := source.read(_READ_BYTES):
        *whole, rest = (rest + block).split(RECORD_END)
        for record in whole:
            yield record + RECORD_END


# Dealing them out


def write_library_files(
    archive: Path,
    folder: Path,
    libraries: Sequence[DemoLibrary],
    count: int = 20_000,
    advance: Callable[[int], None] = lambda _: None,
) -> list[DemoFile]:
    """Write one file of MARC 21 in UTF-8 per library and return them in the libraries' order.

    A record goes to one to five libraries, to large ones more often. Each copy says in 852 where it stands, under
    which call number and barcode. `advance` is told how many records were dealt since it was last told.
    A file comes to its name only when all are whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{library.code}-loc.mrc" for library in libraries]
    parts = [path.with_suffix(".part") for path in paths]
    bounds = list(itertools.accumulate(library.weight for library in libraries))
    written = [0] * len(libraries)
    with ExitStack() as stack:
        sinks = [stack.enter_context(part.open("wb")) for part in parts]
        ordinal = 0
        for ordinal, raw in enumerate(loc_records(archive, count), start=1):
            record = _take_apart(raw)
            draws = _draws(record.control_number)
            for place in _holders(draws, bounds):
                written[place] += 1
                sinks[place].write(_copy_for(libraries[place], record, written[place], draws[-1]))
            if ordinal % _REPORT_EVERY == 0:
                advance(_REPORT_EVERY)
        advance(ordinal % _REPORT_EVERY)
    for part, path in zip(parts, paths, strict=True):
        part.replace(path)
    return [DemoFile(p, lib.code, "marc21", n) for p, lib, n in zip(paths, libraries, written, strict=True)]


def _draws(control_number: bytes) -> list[int]:
    """Return sixteen numbers of 32 bits that follow from a control number."""
    digest = hashlib.blake2b(control_number, key=SEED).digest()
    return [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 64, 4)]


def _holders(draws: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """Choose which libraries hold a record, as places in the list whose accumulated weights are `bounds`."""
    wanted = min(1 + bisect.bisect_right(HOLDERS, draws[0] / 2**32), len(bounds))
    chosen: list[int] = []
    for draw in draws[1 : 1 + wanted]:
        place = bisect.bisect_right(bounds, draw * bounds[-1] >> 32)
        while place in chosen:
            place = (place + 1) % len(bounds)
        chosen.append(place)
    return chosen


class _Parts(NamedTuple):
    """A record taken apart: fields with their terminators, and the place of the first one after 852."""

    leader: bytes
    fields: list[tuple[bytes, bytes]]
    insert_at: int
    control_number: bytes
    call_number: bytes


def _take_apart(raw: bytes) -> _Parts:
    """Take an ISO 2709 record apart by its directory."""
    base = int(raw[12:17])
    fields = []
    for at in range(24, base - 1, 12):
        start = base + int(raw[at + 7 : at + 12])
        fields.append((raw[at : at + 3], raw[start : start + int(raw[at + 3 : at + 7])]))
    insert_at = bisect.bisect_right([tag for tag, _ in fields], _UNHELD_TAG)
    first = {tag: data for tag, data in reversed(fields)}  # noqa: C416 - of repeated tags the first must stay
    return _Parts(raw[:24], fields, insert_at, first[b"001"].strip(b" \x1e"), _call_number(first))


def _call_number(first: dict[bytes, bytes]) -> bytes:
    """Return the first LC call number (050) as shelved, the Dewey number (082) in its absence, else b""."""
    for tag in (b"050", b"082"):
        subfields = first.get(tag, b"").rstrip(FIELD_END).split(b"\x1f")[1:]
        numbers = [each[1:].strip() for each in subfields if each[:1] in (b"a", b"b")]
        if numbers:
            return b" ".join(numbers[:2]).replace(b"/", b"")
    return b""


def _copy_for(library: DemoLibrary, record: _Parts, serial: int, draw: int) -> bytes:
    """Write a library's own copy of a record: its 852 fields, and what its practice leaves out or writes otherwise."""
    fields = record.fields
    held = [(_UNHELD_TAG, _holding(library, record, f"{library.code}{serial:07d}"))]
    if draw % 13 == 0:
        held.append((_UNHELD_TAG, _holding(library, record, f"{library.code}{serial:07d}B")))
    if library.variation == "hyphens":
        fields = [(tag, _hyphenate(data) if tag == b"020" else data) for tag, data in fields]
    whole = [*fields[: record.insert_at], *held, *fields[record.insert_at :]]
    if not (library.variation == "brief" and draw % 3 == 0) and _fits(whole):
        return _put_together(record.leader, whole)
    brief = [each for each in whole if each[0] in BRIEF_TAGS or each in held or _is_pair_of_brief(each)]
    return _put_together(record.leader[:17] + b"7" + record.leader[18:], brief)


def _holding(library: DemoLibrary, record: _Parts, barcode: str) -> bytes:
    """Write an 852 (MARC 21 Holdings: $a library, $b location, $h call number, $p barcode)."""
    scheme = b"0" if record.call_number[:1].isalpha() else b"1" if record.call_number else b" "
    call_number = b"\x1fh" + record.call_number if record.call_number else b""
    place = f"\x1fa{library.code}\x1fb{library.location}".encode()
    return scheme + b" " + place + call_number + b"\x1fp" + barcode.encode("ascii") + FIELD_END


def _hyphenate(data: bytes) -> bytes:
    """Write the ISBN of an 020 $a with its hyphens; a wrong one stays as it is."""
    head, mark, rest = data.partition(b"\x1fa")
    number, *others = rest.split(b" ", 1) if b" " in rest.split(b"\x1f", 1)[0] else (rest.rstrip(FIELD_END),)
    if not mark or not number.isalnum() or not isbn_numbers.is_valid(number.decode("ascii", "replace")):
        return data
    written = isbn_numbers.format(number.decode("ascii")).encode("ascii")
    return head + mark + written + (b" " + others[0] if others else FIELD_END)


def _is_pair_of_brief(field: tuple[bytes, bytes]) -> bool:
    """Tell whether a field is the original script (880 $6) of one that a brief copy keeps."""
    return field[0] == b"880" and field[1][4:7] in BRIEF_TAGS


def _fits(fields: Sequence[tuple[bytes, bytes]]) -> bool:
    longest = max(len(data) for _, data in fields)
    return longest <= LONGEST_FIELD and 26 + sum(12 + len(data) for _, data in fields) <= LONGEST_RECORD


def _put_together(leader: bytes, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Write ISO 2709 from fields that have their terminators; lengths and base address are counted anew."""
    directory = []
    start = 0
    for tag, data in fields:
        size = len(data)
        directory.append(b"%b%04d%05d" % (tag, size, start))
        start += size
    base = 25 + 12 * len(fields)
    head = b"%05d%b%05d%b" % (base + start + 1, leader[5:12], base, leader[17:])
    return b"".join((head, *directory, FIELD_END, *(data for _, data in fields), RECORD_END))
