"""Why a whole load stopped, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from tongwen.domain.catalogue.types import Batch, UnreadableFile
from tongwen.web.loads import words
from tongwen.web.shared.terms import Word


class Failure(NamedTuple):
    """What to tell the reader, and what only helps whoever runs the system (in English, maybe empty)."""

    sentence: str
    technical: str = ""


_CAUSES: Mapping[re.Pattern[str], Word] = {
    re.compile(r"a worker process ended"): _(
        "A process of the server ended, perhaps for want of memory. Go on with the load; if it stops again, the "
        "administrator should allow fewer processes (TONGWEN_LOAD_PROCESSES)."
    ),
    re.compile(r"the file cannot be read or written \((?P<technical>.*)\);", re.DOTALL): _(
        "The server could not read or write the file. Its administrator should see whether the disk is full or the "
        "folder is missing; then go on with the load."
    ),
    re.compile(r"an error of the program \((?P<technical>.*)\);", re.DOTALL): _(
        "The program made an error. Report it to the administrator, who finds more in the log."
    ),
    re.compile(r"the database refused: (?P<technical>.*); see to it", re.DOTALL): _(
        "The database refused to store the records. Tell the administrator; then go on with the load."
    ),
}
"""Sentences for what `catalogue.services.explain_failure` writes on a batch, by how it begins."""

_UNKNOWN = _("Something stopped the load that has no explanation of its own. Report it to the administrator.")


def of_batch(batch: Batch) -> Failure:
    """Return why a batch failed."""
    code = str(batch.evidence.get("unreadable", ""))
    return Failure(str(words.FILES[code])) if code in words.FILES else of_message(batch.message)


def of_message(message: str) -> Failure:
    """Return what the message of a failed batch says; a message of no known kind is kept as the technical part."""
    for shape, sentence in _CAUSES.items():
        found = shape.match(message)
        if found is not None:
            return Failure(str(sentence), found.groupdict().get("technical", "").strip())
    return Failure(str(_UNKNOWN), message)


def of_file(unreadable: UnreadableFile) -> str:
    """Return what a file is that could not be taken."""
    return str(words.FILES.get(unreadable.code, _("No record could be read from this file.")))
