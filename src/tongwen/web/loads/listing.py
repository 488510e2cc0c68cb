"""Looking for loads in the list: what is asked, as fields of a form and as an address."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongwen.domain.catalogue.queries import BatchSearch
from tongwen.domain.catalogue.types import BatchState
from tongwen.web.shared import terms
from tongwen.web.shared.components import Option

_LONGEST_TEXT = 255


def read(given: QueryDict) -> BatchSearch:
    """Read what is looked for; what makes no sense is left out."""
    state = given.get("state", "")
    return BatchSearch(
        text=given.get("file", "").replace("\0", "").strip()[:_LONGEST_TEXT],
        state=BatchState(state) if state in set(BatchState) else None,
        from_date=_date(given.get("from", "")),
        to_date=_date(given.get("to", "")),
    )


def _date(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if dt.date.min < found < dt.date.max else None


def written(search: BatchSearch) -> str:
    """Return the search as the beginning of a query string, with `&` behind it where it is not empty."""
    facts = {
        "file": search.text,
        "state": search.state or "",
        "from": search.from_date or "",
        "to": search.to_date or "",
    }
    text = urlencode({name: value for name, value in facts.items() if value})
    return f"{text}&" if text else ""


def fields(search: BatchSearch) -> dict[str, Any]:
    """Return what the search form shows."""
    states = [Option("", _("Any state"), search.state is None)]
    states += [Option(state, terms.word(terms.STATES, state), search.state is state) for state in BatchState]
    return {
        "file": search.text,
        "states": states,
        "from": search.from_date.isoformat() if search.from_date else "",
        "to": search.to_date.isoformat() if search.to_date else "",
    }
