"""What a merge is, what taking it back does and why two records cannot be merged, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongwen.domain.catalogue import queries as catalogue
from tongwen.domain.catalogue.queries import UnmergePreview
from tongwen.domain.catalogue.types import HeldBib, UnknownBib
from tongwen.standards.marc.types import Field
from tongwen.web.bib import origins

_MOST_TAGS = 30


def consequences(found: UnmergePreview) -> list[str]:
    """Return what taking a merge back would do, sentence by sentence."""
    number = found.merge.merged_id
    if found.holdings:
        text = ngettext(
            "Record %(n)s stands again, and %(holdings)s holding goes back to it: %(libraries)s.",
            "Record %(n)s stands again, and %(holdings)s holdings go back to it: %(libraries)s.",
            found.holdings,
        )
        libraries = origins.listed(origins.names_of(found.institution_ids))
        said = [text % {"n": number, "holdings": found.holdings, "libraries": libraries}]
    else:
        said = [_("Nobody holds record %(n)s any more, so it is withdrawn.") % {"n": number}]
    if found.leaving:
        said.append(
            _("What only record %(n)s brought leaves record %(survivor)s: %(tags)s.")
            % {"n": number, "survivor": found.survivor_id, "tags": _tags(found.leaving)}
        )
    if found.coming_back:
        said.append(
            _("What it replaced comes back to record %(survivor)s: %(tags)s.")
            % {"survivor": found.survivor_id, "tags": _tags(found.coming_back)}
        )
    if not found.leaving and not found.coming_back:
        said.append(_("The text of record %(survivor)s stays as it is.") % {"survivor": found.survivor_id})
    if found.tags:
        said.append(to_look_at(found.tags, found.survivor_id))
    return said


def _tags(fields: tuple[Field, ...]) -> str:
    return origins.listed(dict.fromkeys(field.tag for field in fields))


def to_look_at(tags: tuple[str, ...], bib_id: int) -> str:
    """Return the sentence that names where in a record a later edit met what a merge brought."""
    named = origins.listed(tags[:_MOST_TAGS])
    text = _("Fields of record %(n)s were edited after the merge; please look at them: %(tags)s.")
    return text % {"n": bib_id, "tags": named}


def why_not(kept_id: int, merged_id: int) -> str:
    """Return why two records cannot be merged now."""
    if kept_id == merged_id:
        return _("A record cannot be merged with itself.")
    for bib_id in (kept_id, merged_id):
        try:
            bib = catalogue.bib(bib_id)
        except UnknownBib:
            return _("No record has the number %(n)s.") % {"n": bib_id}
        if bib.merged_into is not None:
            survivor = catalogue.survivor(bib_id)
            return _("Record %(n)s is part of record %(survivor)s already.") % {"n": bib_id, "survivor": survivor}
    return _("The records have changed meanwhile. Try again.")


def holders(held: HeldBib) -> str:
    """Return the names of the libraries that hold a bib."""
    return origins.listed(origins.names_of(dict.fromkeys(holding.institution_id for holding in held.holdings)))
