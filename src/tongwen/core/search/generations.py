"""Index generations on disk: `<folder>/<generation>/…` and the pointer file `<folder>/current`.

The pointer is replaced in one step, so a reader sees the old or the new generation and nothing in between.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tongwen.core.search import port

_NAME = re.compile(r"^g\d{6,}$")
_LOCK = "building"
_STAMP = "fingerprint"


class Generations:
    """The generations of one index. `remedy` ends the messages: it tells the operator what to run."""

    def __init__(self, folder: Path, fingerprint: str, remedy: str = "run `tongwen reindex`") -> None:
        self.folder = folder
        self._fingerprint = fingerprint
        self._remedy = remedy

    def current(self) -> Path:
        """Return the folder of the current generation; raises IndexMissing, IndexDamaged, IndexOutdated."""
        name = self._pointer()
        folder = self.folder / name
        try:
            stamp = (folder / _STAMP).read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise self.damaged(f"generation {name} is missing or incomplete") from error
        if stamp != self._fingerprint:
            raise port.IndexOutdated(f"the search index in {self.folder} was made by another version: {self._remedy}")
        return folder

    def damaged(self, what: str) -> port.IndexDamaged:
        """Return the exception for an index that cannot be read."""
        return port.IndexDamaged(f"the search index in {self.folder} cannot be read ({what}): {self._remedy}")

    def new(self) -> Path:
        """Make the folder of the next generation, marked with the schema's fingerprint."""
        numbers = [int(path.name[1:]) for path in self._all()]
        folder = self.folder / f"g{max(numbers, default=0) + 1:06d}"
        folder.mkdir(parents=True)
        (folder / _STAMP).write_text(self._fingerprint + "\n", "ascii")
        return folder

    def switch(self, folder: Path) -> None:
        """Make a generation the current one, durably."""
        pointer = self.folder / "current"
        draft = self.folder / "current.next"
        with draft.open("w", encoding="ascii") as stream:
            stream.write(folder.name + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(pointer)

    def sweep(self) -> None:
        """Remove every generation that is not the current one. Readers keep the files they have open."""
        try:
            keep = self._pointer()
        except port.IndexUnusable:
            keep = ""
        for folder in self._all():
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    def exists(self) -> bool:
        """Return whether there is a pointer, whatever it points to."""
        return (self.folder / "current").exists()

    @contextlib.contextmanager
    def building(self) -> Iterator[None]:
        """Hold the right to build; raises WriterBusy while somebody else has it. A crash releases it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise port.WriterBusy(f"the search index in {self.folder} is being rebuilt already") from error
            yield

    def _all(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if _NAME.match(path.name) and path.is_dir()]

    def _pointer(self) -> str:
        try:
            name = (self.folder / "current").read_text("ascii").strip()
        except FileNotFoundError as error:
            raise port.IndexMissing(f"there is no search index in {self.folder}: {self._remedy}") from error
        except (OSError, ValueError) as error:
            raise self.damaged("the file `current` is unreadable") from error
        if not _NAME.match(name):
            raise self.damaged(f"the file `current` says {name[:40]!r}")
        return name
