"""Write to a Tantivy index: one writer thread, documents as JSON text, commits when the caller says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from tongwen.core.search import generations, port
from tongwen.core.search.tantivy_engine_queries import told

_HEAP_BYTES = 128_000_000


class TantivyWriter:
    """The one writer of a generation."""

    def __init__(self, index: tantivy.Index, folder: Path) -> None:
        self._folder = folder
        self._writer: tantivy.IndexWriter | None = None
        with told(self._refused):
            self._writer = index.writer(_HEAP_BYTES, 1)
        self._pending = 0
        self._committed_at = time.monotonic()

    def add(self, document: str) -> None:
        """Add a document whose id is new; raises DocumentRefused where a value does not fit its field."""
        self.add_all((document,))

    def add_all(self, documents: Sequence[str]) -> None:
        """Add documents whose ids are new, in order; raises DocumentRefused at the first with an ill value."""
        add = self._open.add_json
        with told(port.DocumentRefused):
            for document in documents:
                add(document)
                self._pending += 1

    def replace(self, document_id: int, document: str) -> None:
        """Put a document in the place of the one with this id, if there is one."""
        self.delete((document_id,))
        self.add(document)

    def delete(self, document_ids: Sequence[int]) -> None:
        """Remove documents; ids that are not there do no harm."""
        with told(self._failed):
            for document_id in document_ids:
                self._open.delete_documents_by_term("id", document_id)
        self._pending += len(document_ids)

    def commit(self) -> None:
        """Make all changes last and be seen; raises port.IndexWriteFailed."""
        with told(self._failed):
            self._open.commit()
        self._pending = 0
        self._committed_at = time.monotonic()

    def commit_if_due(self, seconds: float) -> bool:
        """Commit when something waits and the last commit lies `seconds` back."""
        if not self._pending or time.monotonic() - self._committed_at < seconds:
            return False
        self.commit()
        return True

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        with told(self._failed):
            self._open.rollback()
        self._pending = 0

    def close(self) -> None:
        """Wait for running merges and release the index; what was not committed is lost."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with told(self._failed):
            writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise port.IndexWriteFailed(f"the writer of {self._folder} is closed")
        return self._writer

    def _refused(self, message: str) -> Exception:
        if "LockBusy" in message:
            return port.WriterBusy(f"somebody else writes to the search index in {self._folder}")
        return self._failed(message)

    def _failed(self, message: str) -> Exception:
        return port.IndexWriteFailed(f"the search index in {self._folder} cannot be written: {message}")


class TantivyBuild:
    """A generation that is being filled while the current one answers."""

    def __init__(self, folders: generations.Generations, create: Callable[[Path], tantivy.Index]) -> None:
        self._folders = folders
        self._claim = folders.building()
        self._claim.__enter__()
        try:
            folders.sweep()
            self._folder = folders.new()
            self._writer = TantivyWriter(create(self._folder), self._folder)
        except BaseException:
            self._claim.__exit__(None, None, None)
            raise
        self._done = False

    @property
    def generation(self) -> str:
        """Return the name of the new generation."""
        return self._folder.name

    @property
    def writer(self) -> TantivyWriter:
        """Return the writer of the new generation."""
        return self._writer

    def switch(self) -> None:
        """Commit, make this generation the current one, and remove the older ones."""
        self._writer.commit()
        self._writer.close()
        self._folders.switch(self._folder)
        self._finish()

    def discard(self) -> None:
        """Remove what was built; the current generation goes on."""
        if self._done:
            return
        self._writer.close()
        self._finish()

    def _finish(self) -> None:
        self._done = True
        self._folders.sweep()
        self._claim.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()
