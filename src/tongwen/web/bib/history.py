"""The versions of a record, what changed from one to another, and going back to one."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue import services
from tongwen.domain.catalogue.queries import Version
from tongwen.domain.catalogue.types import NotAllowedNow
from tongwen.domain.identity.types import Permission
from tongwen.web.bib import differences, origins
from tongwen.web.shared import access
from tongwen.web.shared.components import Alert


class Line(NamedTuple):
    """A version in the list."""

    version: Version
    reason: str
    author: str
    url: str
    """Where its difference from the version before it is shown, "" for the first."""
    shown: bool


def context(request: HttpRequest, bib_id: int, current: int) -> dict[str, Any]:
    """Return the list of versions, and the difference that `?from=` and `?to=` ask for (else the newest's)."""
    found = catalogue.versions(bib_id)
    numbers = [one.number for one in found]
    after = _asked(request, "to", numbers) or current
    before = _asked(request, "from", numbers) or max((number for number in numbers if number < after), default=after)
    changes = catalogue.version_changes(bib_id, before, after) if before != after else None
    staff = access.institution_of(request) is not None or access.changes_any(request)
    address = reverse("record-history", args=[bib_id])
    restorable = before if after == current else after
    return {
        "lines": [_line(one, numbers, address, after, staff=staff) for one in found],
        "changes": changes,
        "compared": differences.changed(changes.removed, changes.added) if changes else [],
        "other_format": changes is not None and changes.before.format is not changes.after.format,
        "before_label": _("Version %(n)s") % {"n": before},
        "after_label": _("Version %(n)s") % {"n": after},
        "restorable": restorable if restorable != current and access.may_change(request, bib_id) else None,
        "staff": staff,
        "alert": _restored(request, bib_id, numbers, current),
    }


def _line(version: Version, numbers: list[int], address: str, shown: int, *, staff: bool) -> Line:
    before = max((number for number in numbers if number < version.number), default=0)
    url = f"{address}?from={before}&to={version.number}" if before else ""
    return Line(version, origins.reason(version), origins.author(version, staff=staff), url, version.number == shown)


def _asked(request: HttpRequest, name: str, numbers: list[int]) -> int | None:
    """Return the version that a parameter of the address names, None where it names none of this record."""
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return number if number in numbers else None


def _restored(request: HttpRequest, bib_id: int, numbers: list[int], current: int) -> Alert | None:
    """Say that a version was restored, with the way back to the one before."""
    number = _asked(request, "restored", numbers)
    before = _asked(request, "instead", numbers)
    if number is None or before is None or not access.may_change(request, bib_id):
        return None
    text = _("Version %(n)s was restored.") % {"n": number}
    way_back = f"{reverse('record-restore', args=[bib_id])}?version={before}&seen={current}"
    return Alert("good", text, way_back, _("Undo"))


@require_POST
@access.requires(Permission.BIBS_CHANGE, Permission.BIBS_CHANGE_ANY)
def restore(request: HttpRequest, bib_id: int) -> HttpResponse:
    """Make an earlier version the current record (`version`), if nobody has changed it since it was `seen`."""
    asked = [request.POST.get(name) or request.GET.get(name, "") for name in ("version", "seen")]
    if not all(text.isascii() and text.isdigit() and len(text) < 7 for text in asked):
        return HttpResponseBadRequest()
    version, seen = map(int, asked)
    act = services.restore_version_as_operator if access.changes_any(request) else services.restore_version
    address = reverse("record-history", args=[bib_id])
    try:
        act(bib_id=bib_id, version=version, seen=seen, actor=access.actor_name(request))
    except NotAllowedNow:
        messages.warning(request, _("The record has changed meanwhile. Look at its newest version first."))
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(f"{address}?restored={version}&instead={seen}")
