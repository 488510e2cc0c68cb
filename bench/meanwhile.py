"""What people do while files are loaded: one searches, one edits, without a pause, until a file says stop.

Runs within an installation, in processes of their own.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from django.db import connection

from bench import figures, questions, records, scratch
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services, types
from tongwen.domain.discovery import queries as discovery
from tongwen.domain.discovery import types as discovery_types
from tongwen.domain.members import queries as members
from tongwen.standards.marc import types as marc

_SAMPLE = 5_000
_QUESTIONS = 200
_SEED = 3
_PAUSE = 0.02
_EDIT_PAUSE = 0.05
_KEPT_MESSAGES = 5


def _until(stop: Path, pause: float) -> Iterator[int]:
    for number in cycle(range(1 << 30)):
        if stop.exists():
            return
        yield number
        time.sleep(pause)


def read(file: Path, stop: Path) -> dict[str, Any]:
    """Ask one question after the other; returns how long the answers took and what went wrong."""
    asked = questions.make(records.sample(file, _SAMPLE), _QUESTIONS, _SEED)
    library = members.institution_by_code(scratch.LIBRARY).id
    took: list[float] = []
    found = 0
    errors: Counter[str] = Counter()
    for number in _until(stop, _PAUSE):
        one = asked[number % len(asked)]
        search = discovery_types.Search(text=one.text, field=discovery_types.SearchField(one.field), library=library)
        began = time.perf_counter()
        try:
            found += discovery.search(search).total > 0
        except Exception as error:  # noqa: BLE001  Any error at all is what this looks for.
            errors[f"{type(error).__name__}: {error}"[:200]] += 1
        took.append((time.perf_counter() - began) * 1000)
    return {
        "asked": len(took),
        "found_something": found,
        "milliseconds": figures.spread(took) if took else None,
        "errors": dict(errors.most_common(_KEPT_MESSAGES)),
    }


def edit(stop: Path) -> dict[str, Any]:
    """Add a note to one bib after the other; returns how many were saved and what was refused or went wrong."""
    chance = random.Random(_SEED)  # noqa: S311  A fixed choice, no secret.
    library = members.institution_by_code(scratch.LIBRARY).id
    done: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    took: list[float] = []
    with tenancy.scope(library):
        for number in _until(stop, _EDIT_PAUSE):
            bib_id = chance.randint(1, max(1, _last_bib()))
            began = time.perf_counter()
            try:
                done[_edit(bib_id, number)] += 1
            except Exception as error:  # noqa: BLE001  Any error at all is what this looks for.
                errors[f"{type(error).__name__}: {error}"[:200]] += 1
            took.append((time.perf_counter() - began) * 1000)
    return {
        **{name: done[name] for name in ("saved", "gone", "refused")},
        "milliseconds": figures.spread(took) if took else None,
        "errors": dict(errors.most_common(_KEPT_MESSAGES)),
    }


def _last_bib() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 1) FROM bib")
        return int(cursor.fetchone()[0])


def _edit(bib_id: int, number: int) -> str:
    """Save the bib with a note more; one that is withdrawn meanwhile is no error."""
    try:
        bib = catalogue.bib(bib_id)
        note = marc.Field("500", "  ", (("a", f"Seen by the editor, {number}."),))
        changed = bib.record._replace(fields=(*bib.record.fields, note))
        services.edit_bib(bib_id=bib_id, version=bib.version, record=changed, actor="bench editor")
    except types.UnknownBib:
        return "gone"
    except (types.NotAllowedNow, types.EditConflict):
        return "refused"
    return "saved"
