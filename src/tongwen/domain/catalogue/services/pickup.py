"""Taking files from folders: each once, none half-written, each with its report beside it when it is done.

`<TONGWEN_HOME>/pickup/<library>/<profile>/` is where a library's system puts its files. A file that has not grown
between two looks is entered as a batch and moved to `working/`; when the batch is done it goes to `done/` or
`failed/`. Every step can be killed: the next look finds the file where it lies and the note in the database.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import structlog
from django.db import transaction

from tongwen.core import blobs, clock, locks, tenancy
from tongwen.domain.catalogue import queries, types
from tongwen.domain.catalogue.models import Batch, PickedUp
from tongwen.domain.catalogue.queries import pickup as folders
from tongwen.domain.catalogue.services import batches

logger = structlog.get_logger("tongwen.catalogue.pickup")

LOCK = "catalogue.pickup"
ACTOR = "pick-up"
_LONGEST_NAME = 200
"""Bytes; file systems take 255."""
_DONE = (types.BatchState.LOADED, types.BatchState.FAILED, types.BatchState.CANCELLED, types.BatchState.REVERTED)
_REPEATABLE = [types.BatchState.FAILED.value, types.BatchState.CANCELLED.value, types.BatchState.REVERTED.value]


class _Seen(NamedTuple):
    size: int
    changed_ns: int
    inode: int


class Pickup:
    """Looks into the pick-up folders again and again; remembers between two looks how large each file was."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}

    def look(self) -> list[tuple[int, int]]:
        """Take the files that have come to rest since the last look, settle those that are done.

        Returns (batch, institution) of the new batches, which are to be queued. One process looks at a time; what
        cannot be read or moved is logged and left for the next look.
        """
        taken: list[tuple[int, int]] = []
        with locks.try_hold(LOCK) as free:
            if not free:
                return taken
            now_seen: dict[Path, _Seen] = {}
            for profile in queries.picked_up_profiles():
                with tenancy.scope(profile.institution_id), _logged(profile):
                    taken += [(batch_id, profile.institution_id) for batch_id in self._look_into(profile, now_seen)]
                    _settle(profile)
            self._seen = now_seen
        return taken

    def _look_into(self, profile: types.Profile, now_seen: dict[Path, _Seen]) -> list[int]:
        folder = folders.pickup_folder(profile)
        folder.mkdir(parents=True, exist_ok=True)
        taken = []
        for path, seen in _files(folder):
            now_seen[path] = seen
            if self._seen.get(path) != seen:
                continue
            with _logged(profile):
                batch_id = _take(profile, path, seen)
                if batch_id is not None:
                    taken.append(batch_id)
        return taken


@contextmanager
def _logged(profile: types.Profile) -> Iterator[None]:
    """Let one file or folder that makes trouble (rights, a full disk) not keep others waiting."""
    try:
        yield
    except OSError as error:
        logger.warning("pick-up waits", profile=profile.name, reason=str(error))


def _files(folder: Path) -> Iterator[tuple[Path, _Seen]]:
    """Yield the plain files of a folder by name; hidden ones and those of programs that still write are left out."""
    for path in folders.files(folder):
        facts = path.lstat()
        if stat.S_ISREG(facts.st_mode):
            yield path, _Seen(facts.st_size, facts.st_mtime_ns, facts.st_ino)


def _take(profile: types.Profile, path: Path, seen: _Seen) -> int | None:
    """Enter the file as a batch, once; returns the batch's number, None where there is nothing to load."""
    with path.open("rb") as source:
        key, size = blobs.keep(source)
        after = os.fstat(source.fileno())
    if size != seen.size or after.st_mtime_ns != seen.changed_ns:
        return None  # It has grown while it was read: the next look decides anew.
    name = _name(path)
    if not size:
        _file_away(path, "failed", name, {"file": name, "problem": "empty"})
        return None
    before = _taken_before(profile, key)
    if before is not None:
        _repeated(path, before)
        return None
    with blobs.read(key) as kept, transaction.atomic():
        batch_id = batches.receive_batch(
            institution_id=profile.institution_id,
            file=kept,
            file_name=name,
            actor=ACTOR,
            preview=False,
            profile=profile.name,
        )
        PickedUp.objects.create(
            institution_id=profile.institution_id,
            profile_name=profile.name,
            file_name=name,
            blob=key,
            batch_id=batch_id,
        )
    _move(path, _working(path.parent, batch_id, name))
    return batch_id


def _name(path: Path) -> str:
    """Return the name of a file as text: systems write names in UTF-8, older ones in GBK."""
    raw = os.fsencode(path.name)
    for charset in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(charset)
    return raw.decode("utf-8", "replace")


def _taken_before(profile: types.Profile, key: str) -> PickedUp | None:
    """Return the note of the same content taken before from this folder, unless nothing of it is in the catalogue."""
    notes = PickedUp.objects.select_related("batch").filter(profile_name=profile.name, blob=key)
    return notes.exclude(batch__state__in=_REPEATABLE, is_settled=True).order_by("-pk").first()


def _repeated(path: Path, before: PickedUp) -> None:
    name = _name(path)
    working = _working(path.parent, before.batch_id, before.file_name)
    if not before.is_settled and before.file_name == name and not working.exists():
        _move(path, working)  # A kill came between the batch and the moving.
        return
    report = {"file": name, "problem": "taken-before", "batch": before.batch_id}
    _file_away(path, "done", _short(f"{before.batch_id}-again-", name), report)


def _working(folder: Path, batch_id: int, name: str) -> Path:
    return folder / "working" / _short(f"{batch_id}-", name)


def _short(before: str, name: str) -> str:
    """Join so that the file system takes it with `.json` behind: long names keep their end."""
    return before + name.encode()[-_LONGEST_NAME:].decode("utf-8", "ignore")


def _settle(profile: types.Profile) -> None:
    """Move the files whose batches are done, each with its report; a batch that was reverted meanwhile is done too."""
    folder = folders.pickup_folder(profile)
    for note in PickedUp.objects.select_related("batch").filter(profile_name=profile.name, is_settled=False):
        if note.batch.state not in _DONE:
            continue
        place = "done" if note.batch.state == types.BatchState.LOADED else "failed"
        working = _working(folder, note.batch_id, note.file_name)
        _file_away(working, place, working.name, _report(note.batch))
        note.is_settled = True
        note.save(update_fields=["is_settled"])


def _report(batch: Batch) -> dict[str, Any]:
    shown = queries.batch(batch.pk)
    problems, number = queries.problems(batch.pk)
    return {
        "file": shown.file_name,
        "batch": shown.id,
        "profile": shown.profile,
        "state": shown.state.value,
        "message": shown.message,
        "at": clock.now().isoformat(),
        **shown.counts._asdict(),
        "evidence": shown.evidence,
        "problems": number,
        "first_problems": [_facts(one) for one in problems],
    }


def _facts(problem: types.RecordProblem) -> dict[str, Any]:
    return {
        "record": problem.ordinal,
        "offset": problem.offset,
        "control_number": problem.control_number,
        "severity": problem.severity.value,
        "code": problem.code,
        "tag": problem.tag,
        "position": problem.position,
        "detail": problem.detail,
    }


def _file_away(path: Path, place: str, name: str, report: Mapping[str, Any]) -> None:
    """Write the report, then move the file beside it; one that is gone already is not missed."""
    folder = (path.parent.parent if path.parent.name == "working" else path.parent) / place
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}.json"
    draft = target.with_name(f".{target.name}")
    draft.write_bytes(orjson.dumps(dict(report), option=orjson.OPT_INDENT_2))
    draft.replace(target)
    if path.exists():
        _move(path, folder / name)


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    path.replace(target)
