"""What a reader can open at once: the addresses of the work itself, above its copies."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tongwen.standards.marc.types import DisplayView, Link
from tongwen.web.shared import description
from tongwen.web.shared.components import Linked

_MOST = 3
"""More addresses than this stand in the description only."""
_NOT_READ = ("audio", "video", "image", "map", "score", "software", "object", "kit")


def actions(view: DisplayView, kind: str) -> list[Linked]:
    """Return the links that open the work of this type, the first the one to take; where it leads stands after it."""
    words = _("Open online") if kind in _NOT_READ else _("Read online")
    return [Linked(words, url=link.url, after=_whence(link), outside=True) for link in description.readable(view)][
        :_MOST
    ]


def _whence(link: Link) -> str:
    """Return what the address calls itself, else its host; "" for an address without one."""
    try:
        return link.label or (urlsplit(link.url).hostname or "").removeprefix("www.")
    except ValueError:  # Brackets that are no IPv6 address, as records have them.
        return ""
