"""Progress bars for long work: counts, rate and time left; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int, str], None]
"""Called with how much is done and a word about it."""


@contextmanager
def bar(label: str, total: int, *, shown: bool = True) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs; where that is no terminal, one line at the end."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    if not shown:
        yield lambda _done, _word: None
        return
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TextColumn("{task.fields[word]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(label, total=max(total, 1), word="")

        def advance(done: int, word: str) -> None:
            progress.update(task, completed=done, word=word)

        yield advance
        progress.update(task, completed=max(total, 1))
