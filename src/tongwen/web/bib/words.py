"""Words of the record page: why a version came about, how bibs belong together."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongwen.domain.catalogue.types import Relation
from tongwen.web.shared.terms import Word

REASONS: Mapping[str, Word] = {
    "loaded": _("Came with a load"),
    "redelivered": _("The library delivered its record anew"),
    "merged": _("Another record was merged into it"),
    "unmerged": _("A merge was taken back"),
    "edited": _("Edited by hand"),
    "restored": _("An earlier version was restored"),
    "reverted": _("A load was taken back"),
    "filled": _("A load filled in what was missing"),
    "upgraded": _("A load brought a better record"),
}

BY_HAND = ("edited", "restored")

RELATIONS: Mapping[str, Word] = {
    Relation.SET: _("Belongs to the set"),
    Relation.VOLUME: _("Volumes of this set"),
    Relation.HOST: _("Published in"),
    Relation.COMPONENT: _("Contains"),
    Relation.EARLIER: _("Earlier title"),
    Relation.LATER: _("Later title"),
    Relation.SERIES: _("In the series"),
    Relation.IN_SERIES: _("Records of this series"),
}
