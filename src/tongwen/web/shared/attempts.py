"""Trying to get in: every attempt is counted, and who has to wait is told until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongwen.core import clock, limits
from tongwen.domain.identity import types
from tongwen.web.shared import address
from tongwen.web.shared.templatetags import tongwen as filters


@contextmanager
def counted(request: HttpRequest, *, account: str, institution_id: int | None) -> Iterator[None]:
    """Count an attempt to log in, whoever checks the password inside the block.

    A block that ends well forgets the failures before it. One that says the source cannot be asked does not count.
    Anything else counts as a failure.

    Raises:
        limits.Locked, limits.TooMany: not now; `sentence` says it in words.
    """
    attempt = limits.begin(
        kind=limits.PASSWORD,
        account=account,
        institution_id=institution_id,
        address=address.of(request),
        now=clock.now(),
    )
    try:
        yield
    except (types.Unavailable, types.UnknownSource):
        limits.give_back(attempt)
        raise
    limits.succeeded(attempt)


def sentence(wait: limits.Wait) -> str:
    """Say until when one has to wait. Account or not, known or not: the words are the same."""
    moment = filters.duration(max(1.0, (wait.until - clock.now()).total_seconds()))
    if isinstance(wait, limits.Locked):
        return _("There were too many wrong entries for this name. Try again in %(time)s.") % {"time": moment}
    return _("There were too many wrong entries from your network. Try again in %(time)s.") % {"time": moment}
