"""Why a pair waits for a person: the causes by which reviews are grouped."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from tongwen.web.shared.terms import Word

CAUSES: Mapping[str, Word] = {
    "ambiguous": _("Several records of the catalogue fit equally well"),
    "nearly": _("Much agrees, but not enough to be sure"),
    "too-little-in-common": _("Too little in common to be sure"),
    "limit-no-identifier": _("No identifier in common, and not every detail agrees"),
    "limit-ancient": _("Printed before 1912 or a rare book: never merged without a person"),
    "identifier-and-title": _("Same identifier and same title"),
    "full-description": _("Every detail of the description agrees"),
    "same-source-but-title": _("Same record number, but little else agrees"),
}

FEATURES: Mapping[str, Word] = {
    "isbn": _("the ISBN"),
    "wrong-isbn": _("a wrong or cancelled ISBN"),
    "issn": _("the ISSN"),
    "lccn": _("the LCCN"),
    "oclc": _("the OCLC number"),
    "national": _("the national bibliography number"),
    "book-number": _("the unified book number"),
    "title": _("the title"),
    "subtitle": _("the subtitle"),
    "volume": _("the volume or part"),
    "number": _("a number in the title"),
    "edition": _("the edition"),
    "authors": _("the authors"),
    "publisher": _("the publisher"),
    "place": _("the place"),
    "year": _("the year"),
    "extent": _("the extent"),
    "language": _("the language"),
    "translation": _("original or translation"),
    "material": _("the kind of material"),
    "carrier": _("the carrier"),
    "level": _("set or single volume"),
    "series": _("the series"),
    "host": _("the host"),
    "ancient": _("printed before 1912 or a rare book"),
    "same-source": _("the record number"),
}


def cause(reason: str) -> str:
    """Return the heading of a group of reviews; for a cause about one feature, what must be looked at."""
    if reason in CAUSES:
        return str(CAUSES[reason])
    bare = reason.removeprefix("same-source-but-").removeprefix("veto-").removeprefix("limit-")
    feature = max((name for name in FEATURES if bare == name or bare.startswith(f"{name}-")), key=len, default="")
    if not feature:
        return reason
    return translate("To be looked at: %(feature)s") % {"feature": FEATURES[feature]}
